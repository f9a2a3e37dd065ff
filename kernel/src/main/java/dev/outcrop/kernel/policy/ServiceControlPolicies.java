package dev.outcrop.kernel.policy;

import java.util.List;

/** The policies that an organization sets above its accounts. Safe for concurrent use; answers from memory. */
@FunctionalInterface
public interface ServiceControlPolicies {
    /** What stands above {@code account}: for each level from the root down its policies, each level of which must allow. */
    List<List<Policy>> above(String account);

    /** No organization. */
    ServiceControlPolicies NONE = account -> List.of();
}
