package dev.outcrop.kernel.policy;

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
    private final List<Statement> statements;
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

    /** The condition keys that it asks for, as it writes them, variables included. */
    public Set<String> conditionKeys() {
        return keys;
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
