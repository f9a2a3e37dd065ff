package dev.outcrop.kernel.policy;

import dev.outcrop.kernel.CanonicalUser;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The {@code Principal} or {@code NotPrincipal} of a statement.
 *
 * <p>Source: "AWS JSON policy elements: Principal" and "NotPrincipal" of the IAM user guide.
 *
 * @param named   who, by kind: {@code AWS}, {@code Service}, {@code Federated} or {@code CanonicalUser}
 * @param negated whether everybody else is meant
 */
record PrincipalElement(Map<String, List<String>> named, boolean negated) {
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

    /** What a statement of a resource's policy says to a principal. */
    enum Match {
        /** Nothing. */
        NONE,
        /** It speaks to the principal's account, which decides by its own policies. */
        ACCOUNT,
        /** It speaks to the role or user that the principal is a session of. */
        ISSUER,
        /** It speaks to the principal itself, or to everybody. */
        DIRECT
    }

    /**
     * How the element speaks to {@code principal}.
     *
     * @param denies whether the statement denies: who is excepted from a Deny must be named with the account and role, and
     *     who is named in any way is excepted from an Allow
     */
    Match match(Principal principal, boolean denies) {
        if (!negated) {
            return positive(principal);
        }
        return denies ? excepted(principal) : positive(principal) != Match.NONE ? Match.NONE : Match.DIRECT;
    }

    /** Whether it means everybody, or everybody but some. */
    boolean isEverybody() {
        return negated || of("AWS").contains("*");
    }

    private Match excepted(Principal principal) {
        boolean itself = names(principal.arn())
                || names(principal.id())
                || named.values().stream().anyMatch(values -> values.contains("*"));
        boolean issuer = issuer(principal).map(this::names).orElse(true);
        boolean account = principal.kind() == Principal.Kind.SERVICE
                || principal.kind() == Principal.Kind.ANONYMOUS
                || namesAccount(principal.account());
        return itself && issuer && account ? Match.NONE : Match.DIRECT;
    }

    private Match positive(Principal principal) {
        if (of("AWS").contains("*")) {
            return Match.DIRECT;
        }
        return switch (principal.kind()) {
            case SERVICE -> of("Service").contains(principal.arn()) ? Match.DIRECT : Match.NONE;
            case ANONYMOUS -> Match.NONE;
            case ROOT -> namesAccount(principal.account()) ? Match.DIRECT : Match.NONE;
            case USER, ASSUMED_ROLE, FEDERATED -> ofAccount(principal);
        };
    }

    private Match ofAccount(Principal principal) {
        if (names(principal.arn()) || names(principal.id())) {
            return Match.DIRECT;
        }
        if (issuer(principal).filter(this::names).isPresent() || names(issuerId(principal))) {
            return Match.ISSUER;
        }
        Optional<String> provider = principal.session().flatMap(Session::federatedProvider);
        if (provider.filter(of("Federated")::contains).isPresent()) {
            return Match.DIRECT;
        }
        return namesAccount(principal.account()) ? Match.ACCOUNT : Match.NONE;
    }

    private static Optional<String> issuer(Principal principal) {
        return principal.kind() == Principal.Kind.USER
                ? Optional.empty()
                : principal.session().map(Session::issuer);
    }

    private static String issuerId(Principal principal) {
        int colon = principal.id().indexOf(':');
        return colon < 0 ? principal.id() : principal.id().substring(0, colon);
    }

    private boolean names(String who) {
        return !who.isEmpty() && (of("AWS").contains(who) || of("Service").contains(who));
    }

    private boolean namesAccount(String account) {
        List<String> accounts = of("AWS");
        List<String> canonical = of("CanonicalUser");
        return ACCOUNT.matcher(account).matches()
                && (accounts.contains(account)
                        || accounts.contains("arn:aws:iam::" + account + ":root")
                        || (!canonical.isEmpty() && canonical.contains(CanonicalUser.id(account))));
    }

    private List<String> of(String kind) {
        return named.getOrDefault(kind, List.of());
    }
}
