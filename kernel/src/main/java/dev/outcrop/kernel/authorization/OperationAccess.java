package dev.outcrop.kernel.authorization;

import dev.outcrop.kernel.Access;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.authorization.AuthorizationTable.ConditionKey;
import dev.outcrop.kernel.authorization.AuthorizationTable.ResourceType;
import dev.outcrop.kernel.authorization.AuthorizationTable.Rule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkRequest;

/** What one operation asks of IAM, ready to be told for a request. */
public final class OperationAccess {
    private final String operation;
    private final String prefix;
    private final boolean free;
    private final List<Rule> rules;
    private final Rule usual;
    private final List<ConditionKey> keys;

    OperationAccess(
            String operation, String prefix, boolean free, List<Rule> rules, Rule usual, List<ConditionKey> keys) {
        this.operation = operation;
        this.prefix = prefix;
        this.free = free;
        this.rules = rules;
        this.usual = usual;
        this.keys = keys;
    }

    /** Whether IAM is not asked at all. */
    public boolean isFree() {
        return free;
    }

    /** The prefix of the service's actions, such as {@code bedrock}. */
    public String prefix() {
        return prefix;
    }

    /** Everything that calls of it may need, whatever the request; empty if it is free. */
    public Set<String> actions() {
        Set<String> actions = new LinkedHashSet<>();
        rules.forEach(rule -> actions.addAll(rule.actions()));
        return actions;
    }

    /** What a call needs, at least one access; not to be asked of a free operation. */
    public List<Access> of(CallContext context, SdkRequest request, Optional<ProtectedResources> resources) {
        Set<Access> accesses = new LinkedHashSet<>();
        for (Rule rule : rules) {
            if (Requirement.allHold(rule.requirements(), request)) {
                add(accesses, rule, context, request, resources);
            }
        }
        if (accesses.isEmpty()) {
            add(accesses, usual, context, request, resources);
        }
        return List.copyOf(accesses);
    }

    private void add(
            Set<Access> accesses,
            Rule rule,
            CallContext context,
            SdkRequest request,
            Optional<ProtectedResources> resources) {
        List<String> named = new ArrayList<>();
        rule.resources().forEach(alternatives -> named.addAll(named(alternatives, context, request)));
        for (String action : rule.actions()) {
            boolean own = action.startsWith(prefix + ":");
            List<String> arns = own && resources.isPresent()
                    ? resources.get().resources(operation, request, List.copyOf(named))
                    : named;
            arns.forEach(arn -> accesses.add(new Access(action, arn)));
        }
    }

    private static List<String> named(List<ResourceType> alternatives, CallContext context, SdkRequest request) {
        for (ResourceType type : alternatives) {
            if (Requirement.allHold(type.requirements(), request)) {
                return type.template().expand(context, request);
            }
        }
        return List.of("*");
    }

    /**
     * The values of one of the service's own condition keys as far as they stand in the request.
     *
     * @param key in lower case
     */
    public Optional<List<String>> condition(String key, SdkRequest request) {
        for (ConditionKey known : keys) {
            boolean same = known.name().equals(key);
            Optional<String> entry = known.entry(key);
            if ((same || entry.isPresent()) && Requirement.allHold(known.requirements(), request)) {
                Optional<List<String>> values =
                        entry.isEmpty() ? known.template().present(request) : entry(known, entry.get(), request);
                if (values.isPresent()) {
                    return values;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<List<String>> entry(ConditionKey key, String name, SdkRequest request) {
        return Optional.of(key.template().members().getFirst().getFirst().entries(request, name))
                .filter(values -> !values.isEmpty());
    }
}
