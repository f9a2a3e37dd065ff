package dev.outcrop.services.iam;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ConditionContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Session;
import dev.outcrop.kernel.policy.CompiledPolicies;
import dev.outcrop.kernel.policy.MalformedPolicyException;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyEvaluation;
import dev.outcrop.kernel.policy.PolicyQuestion;
import dev.outcrop.kernel.policy.PolicySources;
import dev.outcrop.kernel.policy.PolicyUse;
import dev.outcrop.kernel.policy.ResourcePolicy;
import dev.outcrop.kernel.policy.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.ContextEntry;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.GetContextKeysForCustomPolicyRequest;
import software.amazon.awssdk.services.iam.model.GetContextKeysForCustomPolicyResponse;
import software.amazon.awssdk.services.iam.model.GetContextKeysForPrincipalPolicyRequest;
import software.amazon.awssdk.services.iam.model.GetContextKeysForPrincipalPolicyResponse;
import software.amazon.awssdk.services.iam.model.GroupDetail;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleDetail;
import software.amazon.awssdk.services.iam.model.SimulateCustomPolicyRequest;
import software.amazon.awssdk.services.iam.model.SimulateCustomPolicyResponse;
import software.amazon.awssdk.services.iam.model.SimulatePrincipalPolicyRequest;
import software.amazon.awssdk.services.iam.model.SimulatePrincipalPolicyResponse;
import software.amazon.awssdk.services.iam.model.Statement;
import software.amazon.awssdk.services.iam.model.UserDetail;

/** What policies would say. Nothing is done; the evaluation is the one that calls meet. */
final class Simulation {
    /** What AWS answers, although its model says otherwise. */
    private static final String IAM_POLICY = "IAM Policy";

    private final IamStore store;
    private final CompiledPolicies compiled;

    Simulation(IamStore store, CompiledPolicies compiled) {
        this.store = store;
        this.compiled = compiled;
    }

    SimulateCustomPolicyResponse simulateCustomPolicy(SimulateCustomPolicyRequest request) {
        Map<String, Policy> policies = new LinkedHashMap<>();
        for (String document : request.policyInputList()) {
            policies.put("PolicyInputList." + (policies.size() + 1), compile(document, PolicyUse.IDENTITY));
        }
        Question question = new Question(
                policies,
                boundary(request.permissionsBoundaryPolicyInputList()),
                resource(request.resourcePolicy()),
                caller(request.callerArn()),
                conditions(request.contextEntries()));
        Listed<EvaluationResult> page = Listed.page(
                results(question, request.actionNames(), request.resourceArns()),
                Simulation::name,
                request.marker(),
                request.maxItems());
        return SimulateCustomPolicyResponse.builder()
                .evaluationResults(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    SimulatePrincipalPolicyResponse simulatePrincipalPolicy(SimulatePrincipalPolicyRequest request) {
        String arn = request.policySourceArn();
        Held held = held(arn);
        Map<String, Policy> policies = held.policies;
        Optional<Policy> boundary =
                boundary(request.permissionsBoundaryPolicyInputList()).or(() -> held.boundary.flatMap(this::boundary));
        for (String document : request.policyInputList()) {
            policies.put("PolicyInputList." + (policies.size() + 1), compile(document, PolicyUse.IDENTITY));
        }
        Question question = new Question(
                policies,
                boundary,
                resource(request.resourcePolicy()),
                caller(request.callerArn() != null ? request.callerArn() : arn.contains(":group/") ? null : arn),
                conditions(request.contextEntries()));
        Listed<EvaluationResult> page = Listed.page(
                results(question, request.actionNames(), request.resourceArns()),
                Simulation::name,
                request.marker(),
                request.maxItems());
        return SimulatePrincipalPolicyResponse.builder()
                .evaluationResults(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    GetContextKeysForCustomPolicyResponse getContextKeysForCustomPolicy(GetContextKeysForCustomPolicyRequest request) {
        Set<String> keys = new LinkedHashSet<>();
        request.policyInputList()
                .forEach(document ->
                        keys.addAll(compile(document, PolicyUse.IDENTITY).conditionKeys()));
        return GetContextKeysForCustomPolicyResponse.builder()
                .contextKeyNames(keys)
                .build();
    }

    GetContextKeysForPrincipalPolicyResponse getContextKeysForPrincipalPolicy(
            GetContextKeysForPrincipalPolicyRequest request) {
        Set<String> keys = new LinkedHashSet<>();
        held(request.policySourceArn()).policies.values().forEach(policy -> keys.addAll(policy.conditionKeys()));
        request.policyInputList()
                .forEach(document ->
                        keys.addAll(compile(document, PolicyUse.IDENTITY).conditionKeys()));
        return GetContextKeysForPrincipalPolicyResponse.builder()
                .contextKeyNames(keys)
                .build();
    }

    /** The policies of a user, group or role by their names, and its boundary. */
    private record Held(Map<String, Policy> policies, Optional<AttachedPermissionsBoundary> boundary) {}

    private Held held(String arn) {
        String name = IamDirectory.nameOf(arn);
        Map<String, Policy> policies = new LinkedHashMap<>();
        if (arn.contains(":user/")) {
            UserDetail user = store.users.get(name);
            add(policies, user.userPolicyList(), user.attachedManagedPolicies());
            store.groupsOf(user)
                    .forEach(group -> add(policies, group.groupPolicyList(), group.attachedManagedPolicies()));
            return new Held(policies, Optional.ofNullable(user.permissionsBoundary()));
        }
        if (arn.contains(":group/")) {
            GroupDetail group = store.groups.get(name);
            add(policies, group.groupPolicyList(), group.attachedManagedPolicies());
            return new Held(policies, Optional.empty());
        }
        if (arn.contains(":role/")) {
            Role role = store.roles.get(name);
            RoleDetail rights = store.rights(role);
            add(policies, rights.rolePolicyList(), rights.attachedManagedPolicies());
            return new Held(policies, Optional.ofNullable(role.permissionsBoundary()));
        }
        throw IamErrors.invalid("Invalid Entity Arn: " + arn + " does not clearly define entity type and name.");
    }

    private record Question(
            Map<String, Policy> policies,
            Optional<Policy> boundary,
            Optional<ResourcePolicy> resource,
            Principal caller,
            ConditionContext conditions) {}

    private static String name(EvaluationResult result) {
        return result.evalActionName() + " " + result.evalResourceName();
    }

    private static List<EvaluationResult> results(Question question, List<String> actions, List<String> given) {
        List<String> resources = given.isEmpty() ? List.of("*") : given;
        List<EvaluationResult> results = new ArrayList<>();
        for (String action : actions) {
            if (action.indexOf(':') < 0) {
                throw IamErrors.invalid("Invalid action name: " + action);
            }
            for (String resource : resources) {
                results.add(result(question, action, resource));
            }
        }
        return results;
    }

    private static EvaluationResult result(Question question, String action, String resource) {
        PolicyQuestion asked =
                new PolicyQuestion(question.caller, action, resource, question.caller.account(), question.conditions);
        Verdict verdict = PolicyEvaluation.evaluate(
                asked,
                new PolicySources(
                        List.copyOf(question.policies.values()),
                        question.boundary,
                        Optional.empty(),
                        List.of(),
                        question.resource));
        List<Statement> matched = new ArrayList<>();
        question.policies.forEach((id, policy) -> policy.matching(asked)
                .forEach(statement -> matched.add(Statement.builder()
                        .sourcePolicyId(id)
                        .sourcePolicyType(IAM_POLICY)
                        .build())));
        Set<String> missing = new LinkedHashSet<>();
        question.policies
                .values()
                .forEach(policy -> policy.conditionKeys().stream()
                        .filter(key -> question.conditions.values(key).isEmpty())
                        .forEach(missing::add));
        EvaluationResult.Builder result = EvaluationResult.builder()
                .evalActionName(action)
                .evalResourceName(resource)
                .evalDecision(
                        verdict == Verdict.ALLOWED
                                ? PolicyEvaluationDecisionType.ALLOWED
                                : verdict.isExplicitDeny()
                                        ? PolicyEvaluationDecisionType.EXPLICIT_DENY
                                        : PolicyEvaluationDecisionType.IMPLICIT_DENY)
                .matchedStatements(matched)
                .missingContextValues(missing);
        if (question.boundary.isPresent()) {
            result.permissionsBoundaryDecisionDetail(detail -> detail.allowedByPermissionsBoundary(
                    verdict != Verdict.NOT_ALLOWED_BY_BOUNDARY && verdict != Verdict.DENIED_BY_BOUNDARY));
        }
        return result.build();
    }

    private void add(Map<String, Policy> policies, List<PolicyDetail> inline, List<AttachedPolicy> attached) {
        inline.forEach(
                policy -> policies.put(policy.policyName(), compile(policy.policyDocument(), PolicyUse.IDENTITY)));
        attached.forEach(policy -> store.findPolicy(policy.policyArn())
                .ifPresent(found ->
                        policies.put(found.policyName(), compile(IamStore.document(found), PolicyUse.IDENTITY))));
    }

    private Optional<Policy> boundary(List<String> documents) {
        if (documents.size() > 1) {
            throw IamErrors.invalid("There can be one permissions boundary at most");
        }
        return documents.stream().findFirst().map(document -> compile(document, PolicyUse.IDENTITY));
    }

    private Optional<Policy> boundary(AttachedPermissionsBoundary attached) {
        return Optional.of(
                compile(IamStore.document(store.policy(attached.permissionsBoundaryArn())), PolicyUse.IDENTITY));
    }

    private Optional<ResourcePolicy> resource(String document) {
        return Optional.ofNullable(document).map(text -> new ResourcePolicy(compile(text, PolicyUse.RESOURCE), false));
    }

    private Policy compile(String document, PolicyUse use) {
        try {
            return compiled.get(document, use);
        } catch (MalformedPolicyException malformed) {
            throw IamErrors.invalid(malformed.getMessage());
        }
    }

    private static Principal caller(String arn) {
        String account = CallContext.current().account();
        if (arn == null) {
            return new Principal(
                    Principal.Kind.USER,
                    "arn:aws:iam::" + account + ":user/simulated",
                    account,
                    "AIDA",
                    Optional.empty());
        }
        if (arn.contains(":role/")) {
            return new Principal(
                    Principal.Kind.ASSUMED_ROLE,
                    "arn:aws:sts::" + account + ":assumed-role/" + IamDirectory.nameOf(arn) + "/simulated",
                    account,
                    "AROA:simulated",
                    Optional.empty(),
                    Optional.of(Session.of(arn, Instant.EPOCH)));
        }
        return new Principal(Principal.Kind.USER, arn, IamDirectory.accountOf(arn), "AIDA", Optional.empty());
    }

    private static ConditionContext conditions(List<ContextEntry> entries) {
        Map<String, List<String>> values = new HashMap<>();
        entries.forEach(entry -> values.put(entry.contextKeyName().toLowerCase(Locale.ROOT), entry.contextKeyValues()));
        return key -> Optional.ofNullable(values.get(key.toLowerCase(Locale.ROOT)));
    }
}
