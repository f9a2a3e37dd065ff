package dev.outcrop.services.iam;

import dev.outcrop.kernel.Access;
import dev.outcrop.kernel.Authorization;
import dev.outcrop.kernel.AuthorizationDecision;
import dev.outcrop.kernel.AuthorizationRequest;
import dev.outcrop.kernel.ConditionContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Session;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyEvaluation;
import dev.outcrop.kernel.policy.PolicyQuestion;
import dev.outcrop.kernel.policy.PolicySources;
import dev.outcrop.kernel.policy.PolicyUse;
import dev.outcrop.kernel.policy.ResourcePolicy;
import dev.outcrop.kernel.policy.ServiceControlPolicies;
import dev.outcrop.kernel.policy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides about calls by the policies of IAM. */
public final class IamAuthorization implements Authorization {
    private static final String PRINCIPAL_TAG = "aws:principaltag/";
    /** What whoever calls with an API key must be allowed, too. */
    private static final Access BEARER_TOKEN = new Access("bedrock:CallWithBearerToken", "*");

    /** What sessions of users may ask of STS. */
    private static final Set<String> SESSION_ACTIONS =
            Set.of("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity");

    private static final Policy EVERYTHING = Policy.parse(
            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}",
            PolicyUse.IDENTITY);

    /** Whose buckets, queues, groups and buses let other services in by their policies only; topics all have one. */
    private static final Set<String> LET_IN_BY_POLICY = Set.of("s3", "sqs", "logs", "events");

    private final IamDirectory directory;
    private final ServiceControlPolicies serviceControl;
    private final LastUses uses;

    public IamAuthorization(IamDirectory directory, ServiceControlPolicies serviceControl, LastUses uses) {
        this.directory = directory;
        this.serviceControl = serviceControl;
        this.uses = uses;
    }

    @Override
    public AuthorizationDecision decide(AuthorizationRequest request) {
        Principal principal = request.principal();
        if (principal.kind() != Principal.Kind.ROOT && principal.kind() != Principal.Kind.SERVICE) {
            note(request);
        }
        List<List<Policy>> above =
                principal.account().isEmpty() ? List.of() : serviceControl.above(principal.account());
        List<Access> accesses = request.accesses();
        if (isApiKey(principal)) {
            accesses = new ArrayList<>(accesses);
            accesses.addFirst(BEARER_TOKEN);
        }
        for (Access access : accesses) {
            Optional<String> refusal = refusal(request, access, above);
            if (refusal.isPresent()) {
                return new AuthorizationDecision.Denied(access, refusal.get());
            }
        }
        return AuthorizationDecision.ALLOWED;
    }

    private static boolean isLetInByPolicy(Access access) {
        return LET_IN_BY_POLICY.contains(
                access.action().substring(0, access.action().indexOf(':')));
    }

    private static boolean isApiKey(Principal principal) {
        return principal.kind() == Principal.Kind.USER
                && principal
                        .accessKeyId()
                        .filter(id -> id.startsWith(ServiceCredentials.ID_PREFIX))
                        .isPresent();
    }

    private void note(AuthorizationRequest request) {
        Access access = request.accesses().getFirst();
        uses.note(
                request.principal(),
                access.action().substring(0, access.action().indexOf(':')),
                () -> request.conditions(access)
                        .values("aws:RequestedRegion")
                        .map(List::getFirst)
                        .orElse("us-east-1"));
    }

    private Optional<String> refusal(AuthorizationRequest request, Access access, List<List<Policy>> above) {
        Principal principal = request.principal();
        Optional<ResourcePolicy> resource = request.resourcePolicy(access);
        String owner = request.owner(access);
        boolean own = principal.account().equals(owner);
        boolean house =
                principal.kind() == Principal.Kind.SERVICE && (!isLetInByPolicy(access) || request.isMissing(access));
        boolean allMay = principal.kind() == Principal.Kind.ROOT || house;
        if (allMay && own && resource.isEmpty() && above.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> limited = limited(principal, access);
        if (limited.isPresent()) {
            return limited;
        }
        IamDirectory.Identity identity = directory.identity(principal);
        ConditionContext conditions = withTags(request.conditions(access), identity.tags());
        PolicyQuestion question = new PolicyQuestion(principal, access.action(), access.resource(), owner, conditions);
        PolicySources sources = new PolicySources(
                policies(principal, identity), identity.boundary(), session(principal), above, resource);
        Verdict verdict = PolicyEvaluation.evaluate(question, sources);
        if (verdict != Verdict.ALLOWED && !verdict.isExplicitDeny() && request.isGranted(access)) {
            verdict = PolicyEvaluation.evaluateGranted(question, sources);
        }
        // The house works for its accounts in its own name; only a policy of the resource can keep it out.
        boolean keptOut = !house || !own || resource.isPresent();
        return verdict == Verdict.ALLOWED || (!verdict.isExplicitDeny() && !keptOut)
                ? Optional.empty()
                : Optional.of(verdict.reason(access.action()));
    }

    /**
     * What temporary credentials cannot be used for, whatever policies say.
     *
     * <p>Source: "Compare AWS STS credentials" of the IAM user guide.
     */
    private static Optional<String> limited(Principal principal, Access access) {
        boolean ofIam = access.action().startsWith("iam:");
        boolean ofSts = access.action().startsWith("sts:");
        boolean limited = switch (principal.kind()) {
            case FEDERATED ->
                (ofIam || ofSts)
                        && principal
                                .session()
                                .flatMap(Session::federatedProvider)
                                .isEmpty();
            case USER -> {
                if (isApiKey(principal)) {
                    yield !access.action().startsWith("bedrock:");
                }
                boolean withoutDevice = principal
                        .session()
                        .filter(session -> session.authenticatedAt().isEmpty())
                        .isPresent();
                boolean opensRole = SESSION_ACTIONS.contains(access.action());
                yield (ofIam && withoutDevice) || (ofSts && principal.session().isPresent() && !opensRole);
            }
            case ROOT, ASSUMED_ROLE, SERVICE, ANONYMOUS -> false;
        };
        return limited
                ? Optional.of("because no session policy allows the " + access.action() + " action")
                : Optional.empty();
    }

    /** A federated session of the root has the root's rights, narrowed by its session policies. */
    private static List<Policy> policies(Principal principal, IamDirectory.Identity identity) {
        boolean rootsOwn = principal.kind() == Principal.Kind.FEDERATED
                && principal
                        .session()
                        .filter(session -> session.issuer().endsWith(":root"))
                        .isPresent();
        return rootsOwn ? List.of(EVERYTHING) : identity.policies();
    }

    /** A federated user may nothing that its session policies do not allow; other sessions may have none. */
    private Optional<List<Policy>> session(Principal principal) {
        if (principal.session().isEmpty()) {
            return Optional.empty();
        }
        Session session = principal.session().get();
        if (session.policies().isEmpty()
                && session.policyArns().isEmpty()
                && principal.kind() != Principal.Kind.FEDERATED) {
            return Optional.empty();
        }
        List<Policy> policies = new ArrayList<>();
        for (String document : session.policies()) {
            policies.add(directory.compiled().kept(document, PolicyUse.IDENTITY, principal.arn()));
        }
        session.policyArns()
                .forEach(arn -> directory.managed(principal.account(), arn).ifPresent(policies::add));
        return Optional.of(policies);
    }

    /** The principal's tags: those of its session, and else those of its user or role. */
    private static ConditionContext withTags(ConditionContext conditions, Map<String, String> tags) {
        if (tags.isEmpty()) {
            return conditions;
        }
        return key -> {
            Optional<List<String>> given = conditions.values(key);
            if (given.isPresent() || !key.toLowerCase(Locale.ROOT).startsWith(PRINCIPAL_TAG)) {
                return given;
            }
            String name = key.substring(PRINCIPAL_TAG.length());
            return tags.entrySet().stream()
                    .filter(tag -> tag.getKey().equalsIgnoreCase(name))
                    .findFirst()
                    .map(tag -> List.of(tag.getValue()));
        };
    }
}
