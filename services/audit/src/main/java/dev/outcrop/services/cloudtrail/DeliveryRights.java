package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ConditionContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.policy.PolicyEvaluation;
import dev.outcrop.kernel.policy.PolicyQuestion;
import dev.outcrop.kernel.policy.PolicySources;
import dev.outcrop.kernel.policy.ResourcePolicy;
import dev.outcrop.kernel.policy.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the policies of buckets and topics let CloudTrail do, asked before it does it. */
final class DeliveryRights {
    private DeliveryRights() {}

    /**
     * Whether a resource's policy lets CloudTrail do something for the account of the call.
     *
     * @param document  the policy
     * @param sourceArn the trail or event data store that it does so for
     */
    static boolean allow(String document, String action, String resource, String sourceArn) {
        String account = CallContext.current().account();
        Map<String, String> values = Map.of(
                "aws:sourcearn",
                sourceArn,
                "aws:sourceaccount",
                account,
                "aws:securetransport",
                "true",
                "aws:principalisawsservice",
                "true",
                "aws:principalservicename",
                OwnCalls.NAME,
                "s3:x-amz-acl",
                "bucket-owner-full-control");
        ConditionContext conditions = key ->
                Optional.ofNullable(values.get(key.toLowerCase(Locale.ROOT))).map(List::of);
        PolicySources sources = new PolicySources(
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.of(ResourcePolicy.of(resource, document, false)));
        PolicyQuestion question =
                new PolicyQuestion(Principal.service(OwnCalls.NAME, account), action, resource, account, conditions);
        return PolicyEvaluation.evaluate(question, sources) == Verdict.ALLOWED;
    }
}
