package dev.outcrop.kernel.policy;

import java.util.List;
import java.util.Optional;

/**
 * Which services a statement allows something of.
 *
 * @param negated  whether all are meant but {@code services}
 * @param services patterns of prefixes of actions
 */
record ServiceAccess(boolean negated, List<WildcardPattern> services) {
    /** @param service the prefix of its actions, in lower case */
    boolean includes(String service) {
        return services.stream().anyMatch(pattern -> pattern.matches(service, key -> Optional.empty())) != negated;
    }
}
