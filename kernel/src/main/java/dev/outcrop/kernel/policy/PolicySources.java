package dev.outcrop.kernel.policy;

import java.util.List;
import java.util.Optional;

/**
 * The policies that have to do with a question.
 *
 * @param identity       those of the user and its groups, or of the role
 * @param boundary       the permissions boundary, where there is one
 * @param session        session policies; empty where the session was opened without
 * @param serviceControl as {@link ServiceControlPolicies#above} gives them
 * @param resource       the policy of the resource, where it has one
 */
public record PolicySources(
        List<Policy> identity,
        Optional<Policy> boundary,
        Optional<List<Policy>> session,
        List<List<Policy>> serviceControl,
        Optional<ResourcePolicy> resource) {
    public PolicySources {
        identity = List.copyOf(identity);
        session = session.map(List::copyOf);
        serviceControl = List.copyOf(serviceControl);
    }

    /** Policies of an identity and nothing else. */
    public static PolicySources ofIdentity(List<Policy> identity) {
        return new PolicySources(identity, Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }
}
