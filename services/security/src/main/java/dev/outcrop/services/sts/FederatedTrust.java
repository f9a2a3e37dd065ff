package dev.outcrop.services.sts;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ConditionContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Session;
import dev.outcrop.kernel.policy.PolicyEvaluation;
import dev.outcrop.kernel.policy.PolicyQuestion;
import dev.outcrop.kernel.policy.PolicySources;
import dev.outcrop.kernel.policy.Verdict;
import dev.outcrop.services.iam.IamDirectory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks a role's trust policy about somebody for whom an identity provider speaks. */
final class FederatedTrust {
    private final IamDirectory directory;

    FederatedTrust(IamDirectory directory) {
        this.directory = directory;
    }

    /**
     * The role, if its trust policy lets the provider's people assume it with what is said of them.
     *
     * @param operation such as {@code AssumeRoleWithSAML}
     * @param subject   whom the provider speaks for
     * @param keys      the condition keys that the provider's word gives, in lower case
     * @throws AwsError {@code AccessDenied} if not, or if there is no such role
     */
    IamDirectory.KnownRole trusted(
            String operation,
            String roleArn,
            String provider,
            String subject,
            AssumedRoles.Federation federation,
            Map<String, List<String>> keys) {
        String account = provider.split(":", 6)[4];
        IamDirectory.KnownRole known = directory
                .findRole(roleArn)
                .filter(role -> role.role().arn().split(":", 6)[4].equals(account))
                .orElseThrow(() -> IdentityErrors.notAuthorized(operation));
        Principal principal = new Principal(
                Principal.Kind.FEDERATED,
                provider,
                account,
                subject,
                Optional.empty(),
                Optional.of(new Session(
                        CallContext.current().startedAt(),
                        provider,
                        List.of(),
                        List.of(),
                        Map.of(),
                        Set.of(),
                        Optional.empty(),
                        Optional.of(provider),
                        Optional.empty())));
        List<String> actions = new ArrayList<>(List.of("sts:" + operation));
        if (!federation.tags().isEmpty()) {
            actions.add("sts:TagSession");
        }
        if (federation.sourceIdentity().isPresent()) {
            actions.add("sts:SetSourceIdentity");
        }
        for (String action : actions) {
            PolicyQuestion question =
                    new PolicyQuestion(principal, action, roleArn, account, conditions(provider, federation, keys));
            PolicySources sources = new PolicySources(
                    List.of(), Optional.empty(), Optional.empty(), List.of(), Optional.of(known.trust()));
            if (PolicyEvaluation.evaluate(question, sources) != Verdict.ALLOWED) {
                throw new AwsError("AccessDenied", 403, "Not authorized to perform " + action);
            }
        }
        return known;
    }

    private static ConditionContext conditions(
            String provider, AssumedRoles.Federation federation, Map<String, List<String>> keys) {
        CallContext call = CallContext.current();
        Map<String, List<String>> known = new HashMap<>(keys);
        known.put("aws:federatedprovider", List.of(provider));
        known.put("aws:sourceip", List.of(call.sourceAddress()));
        known.put("aws:securetransport", List.of(Boolean.toString(call.secureTransport())));
        known.put("aws:currenttime", List.of(call.startedAt().toString()));
        known.put("aws:epochtime", List.of(Long.toString(call.startedAt().getEpochSecond())));
        known.put("aws:requestedregion", List.of(call.region()));
        known.put("aws:useragent", List.of(call.userAgent()));
        if (!federation.tags().isEmpty()) {
            known.put("aws:tagkeys", List.copyOf(federation.tags().keySet()));
        }
        federation
                .tags()
                .forEach((key, value) -> known.put("aws:requesttag/" + key.toLowerCase(Locale.ROOT), List.of(value)));
        federation.sourceIdentity().ifPresent(identity -> known.put("sts:sourceidentity", List.of(identity)));
        if (!federation.transitive().isEmpty()) {
            known.put("sts:transitivetagkeys", List.copyOf(federation.transitive()));
        }
        return key -> Optional.ofNullable(known.get(key.toLowerCase(Locale.ROOT)));
    }
}
