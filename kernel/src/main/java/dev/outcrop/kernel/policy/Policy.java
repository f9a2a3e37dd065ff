package dev.outcrop.kernel.policy;

import dev.outcrop.kernel.ConditionContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.policy.PrincipalElement.Match;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A policy document, compiled. Immutable; evaluating it looks only at the statements about the service in question. */
public final class Policy {
    private static final ConditionContext NO_KEYS = key -> Optional.empty();

    private final List<Statement> statements;
    private final List<Set<String>> services;
    private final Map<String, Selected> byService;
    private final Selected anyService;
    private final List<ServiceAccess> access;
    private final Set<String> keys;

    Policy(
            List<Statement> statements,
            List<Set<String>> services,
            List<ServiceAccess> access,
            Collection<String> keys) {
        this.statements = List.copyOf(statements);
        this.services = List.copyOf(services);
        this.access = List.copyOf(access);
        this.keys = Set.copyOf(keys);
        Set<String> named = new LinkedHashSet<>();
        services.forEach(named::addAll);
        Map<String, Selected> selected = new HashMap<>();
        for (String service : named) {
            selected.put(service, select(statements, services, service));
        }
        byService = Map.copyOf(selected);
        anyService = select(statements, services, "");
    }

    /**
     * Parses and compiles a document.
     *
     * @throws MalformedPolicyException in AWS's words, if AWS's grammar refuses it
     */
    public static Policy parse(String document, PolicyUse use) {
        return new PolicyReader(use).read(document);
    }

    /** The statements that name {@code service}, or do not say which; {@code services} of those is empty. */
    private static Selected select(List<Statement> statements, List<Set<String>> services, String service) {
        List<Statement> denying = new ArrayList<>();
        List<Statement> allowing = new ArrayList<>();
        for (int index = 0; index < statements.size(); index++) {
            if (services.get(index).isEmpty() || services.get(index).contains(service)) {
                (statements.get(index).denies() ? denying : allowing).add(statements.get(index));
            }
        }
        return new Selected(denying.toArray(new Statement[0]), allowing.toArray(new Statement[0]));
    }

    /** A policy of the statements of both. */
    public Policy and(Policy other) {
        List<Statement> all = new ArrayList<>(statements);
        all.addAll(other.statements);
        List<Set<String>> about = new ArrayList<>(services);
        about.addAll(other.services);
        Set<String> asked = new LinkedHashSet<>(keys);
        asked.addAll(other.keys);
        List<ServiceAccess> both = new ArrayList<>(access);
        both.addAll(other.access);
        return new Policy(all, about, both, asked);
    }

    /** What it denies, without what it allows. */
    public Policy denials() {
        List<Statement> denying = new ArrayList<>();
        List<Set<String>> about = new ArrayList<>();
        for (int index = 0; index < statements.size(); index++) {
            if (statements.get(index).denies()) {
                denying.add(statements.get(index));
                about.add(services.get(index));
            }
        }
        return new Policy(denying, about, List.of(), keys);
    }

    /** The condition keys that it asks for, as it writes them, variables included. */
    public Set<String> conditionKeys() {
        return keys;
    }

    /** The services whose actions it names, in lower case; a statement that may be about any service names none. */
    public Set<String> services() {
        return byService.keySet();
    }

    /**
     * Whether {@code principal}, or somebody in its account, can be allowed {@code action} at all, whatever the resource:
     * a statement allows it, perhaps under conditions, and none denies it without.
     */
    public boolean mayAllow(Principal principal, String action) {
        String lowerAction = action.toLowerCase(Locale.ROOT);
        return statements.stream()
                        .anyMatch(statement -> !statement.denies() && speaks(statement, principal, lowerAction))
                && statements.stream()
                        .noneMatch(statement -> statement.denies()
                                && statement.conditions().isEmpty()
                                && speaks(statement, principal, lowerAction));
    }

    private static boolean speaks(Statement statement, Principal principal, String lowerAction) {
        return statement.names(lowerAction, NO_KEYS)
                && statement
                        .principal()
                        .map(element -> element.match(principal, statement.denies()) != Match.NONE)
                        .orElse(true);
    }

    /**
     * Whether a statement allows something to everybody. One whose conditions admit only fixed sources, accounts,
     * organizations or principals does not.
     *
     * <p>Source: "The meaning of public" of the Amazon S3 user guide, which AWS's other services follow.
     */
    public boolean isPublic() {
        return statements.stream()
                .anyMatch(statement -> !statement.denies()
                        && statement
                                .principal()
                                .filter(PrincipalElement::isEverybody)
                                .isPresent()
                        && statement.conditions().stream().noneMatch(Condition::narrows));
    }

    /**
     * Whether some statement allows some action of a service, whatever its resources and conditions.
     *
     * @param service the prefix of its actions, such as {@code s3}
     */
    public boolean grantsAccessTo(String service) {
        String prefix = service.toLowerCase(Locale.ROOT);
        return access.stream().anyMatch(statement -> statement.includes(prefix));
    }

    /** Whether a statement allows it. Statements that name principals must name the one that asks. */
    boolean allows(PolicyQuestion question) {
        return allowed(question) != Match.NONE;
    }

    /** Whether a statement denies it. */
    boolean denies(PolicyQuestion question) {
        for (Statement statement : selected(question).denying) {
            if (match(statement, question) != Match.NONE && statement.applies(question)) {
                return true;
            }
        }
        return false;
    }

    /** The closest way in which a statement allows it. */
    Match allowed(PolicyQuestion question) {
        Match best = Match.NONE;
        for (Statement statement : selected(question).allowing) {
            Match match = match(statement, question);
            if (match.compareTo(best) > 0 && statement.applies(question)) {
                best = match;
            }
        }
        return best;
    }

    /** The {@code Sid}s of the statements that are about a question, the empty string for those without. */
    public List<String> matching(PolicyQuestion question) {
        return statements.stream()
                .filter(statement -> match(statement, question) != Match.NONE && statement.applies(question))
                .map(Statement::id)
                .toList();
    }

    private static Match match(Statement statement, PolicyQuestion question) {
        Optional<PrincipalElement> principal = statement.principal();
        return principal.isEmpty() ? Match.DIRECT : principal.get().match(question.principal(), statement.denies());
    }

    private Selected selected(PolicyQuestion question) {
        return byService.getOrDefault(question.service(), anyService);
    }

    private record Selected(Statement[] denying, Statement[] allowing) {}
}
