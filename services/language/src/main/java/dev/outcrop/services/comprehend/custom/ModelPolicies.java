package dev.outcrop.services.comprehend.custom;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.policy.MalformedPolicyException;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyUse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.comprehend.model.DescribeResourcePolicyResponse;

/**
 * The policies of models, which let other accounts import them.
 *
 * <p>Source: PutResourcePolicy, DescribeResourcePolicy and DeleteResourcePolicy of the Amazon Comprehend API reference;
 * "Resource-based policies for custom models" of the developer guide.
 */
public final class ModelPolicies {
    private static final int REVISION_LENGTH = 32;

    private final Resources<DescribeResourcePolicyResponse> policies;
    private final Predicate<String> exists;
    private final Ids ids;
    private final InstantSource clock;

    /** @param exists whether there is a model with an ARN in the account of the call */
    ModelPolicies(ResourceStore store, Predicate<String> exists, Ids ids, InstantSource clock) {
        policies = store.resources("comprehend:model-policy", DescribeResourcePolicyResponse::builder);
        this.exists = exists;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Gives a model a policy.
     *
     * @param revision that the present policy must have, if it matters
     * @return the revision of the new one
     */
    public String put(String arn, String document, Optional<String> revision) {
        require(arn);
        try {
            Policy.parse(document, PolicyUse.RESOURCE);
        } catch (MalformedPolicyException malformed) {
            throw Failures.invalid("The resource policy is not valid: " + malformed.getMessage());
        }
        check(arn, revision);
        Instant now = clock.instant();
        DescribeResourcePolicyResponse policy = DescribeResourcePolicyResponse.builder()
                .resourcePolicy(document)
                .policyRevisionId(ids.hexadecimal(REVISION_LENGTH))
                .creationTime(policies.find(arn)
                        .map(DescribeResourcePolicyResponse::creationTime)
                        .orElse(now))
                .lastModifiedTime(now)
                .build();
        policies.put(arn, policy);
        return policy.policyRevisionId();
    }

    public DescribeResourcePolicyResponse get(String arn) {
        require(arn);
        return policies.find(arn).orElseThrow(Failures::missing);
    }

    public void delete(String arn, Optional<String> revision) {
        require(arn);
        if (policies.find(arn).isEmpty()) {
            throw Failures.missing();
        }
        check(arn, revision);
        policies.delete(arn);
    }

    void forget(String arn) {
        policies.delete(arn);
    }

    private void require(String arn) {
        if (!exists.test(arn)) {
            throw Failures.missing();
        }
    }

    private void check(String arn, Optional<String> revision) {
        Optional<String> present = policies.find(arn).map(DescribeResourcePolicyResponse::policyRevisionId);
        if (revision.isPresent() && !revision.equals(present)) {
            throw Failures.invalid("The PolicyRevisionId is not that of the present policy.");
        }
    }

    /** The policy of a model of whatever account and region, if it has one. */
    public Optional<String> policy(String arn) {
        if (!arn.matches("arn:[^:]+:comprehend:[^:]+:[0-9]{12}:(document-classifier|entity-recognizer)/[^*?]+")) {
            return Optional.empty();
        }
        ModelArn parsed = ModelArn.of(arn);
        return CallContext.current().toBuilder()
                .account(parsed.account())
                .region(parsed.region())
                .build()
                .call(() -> policies.find(arn).map(DescribeResourcePolicyResponse::resourcePolicy));
    }
}
