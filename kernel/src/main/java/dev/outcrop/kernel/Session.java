package dev.outcrop.kernel;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What temporary credentials say beside whom they speak for.
 *
 * @param issuedAt           when they were made
 * @param issuer             ARN of the role or user that they were made for, with its path
 * @param policies           documents of session policies, which only narrow what the issuer may do
 * @param policyArns         managed policies that narrow it, too
 * @param tags               session tags, the issuer's own included
 * @param transitiveTags     keys of the tags that stay when a role is assumed from here
 * @param sourceIdentity     who set off the chain of roles, where that was said
 * @param federatedProvider  the identity provider that vouched for the caller, where one did
 * @param authenticatedAt    when the caller gave a code of a second factor, where one was given
 */
public record Session(
        Instant issuedAt,
        String issuer,
        List<String> policies,
        List<String> policyArns,
        Map<String, String> tags,
        Set<String> transitiveTags,
        Optional<String> sourceIdentity,
        Optional<String> federatedProvider,
        Optional<Instant> authenticatedAt) {
    public Session {
        policies = List.copyOf(policies);
        policyArns = List.copyOf(policyArns);
        tags = Map.copyOf(tags);
        transitiveTags = Set.copyOf(transitiveTags);
    }

    /** A session of {@code issuer} without anything else to say. */
    public static Session of(String issuer, Instant issuedAt) {
        return new Session(
                issuedAt,
                issuer,
                List.of(),
                List.of(),
                Map.of(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
