package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.authorization.AuthorizationTable;
import dev.outcrop.kernel.policy.CompiledPolicies;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyUse;
import dev.outcrop.shapes.ServiceModels;
import dev.outcrop.shapes.ServiceSummary;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.iam.model.AccessAdvisorUsageGranularityType;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.EntityDetails;
import software.amazon.awssdk.services.iam.model.EntityInfo;
import software.amazon.awssdk.services.iam.model.GenerateServiceLastAccessedDetailsRequest;
import software.amazon.awssdk.services.iam.model.GenerateServiceLastAccessedDetailsResponse;
import software.amazon.awssdk.services.iam.model.GetServiceLastAccessedDetailsRequest;
import software.amazon.awssdk.services.iam.model.GetServiceLastAccessedDetailsResponse;
import software.amazon.awssdk.services.iam.model.GetServiceLastAccessedDetailsWithEntitiesRequest;
import software.amazon.awssdk.services.iam.model.GetServiceLastAccessedDetailsWithEntitiesResponse;
import software.amazon.awssdk.services.iam.model.GroupDetail;
import software.amazon.awssdk.services.iam.model.JobStatusType;
import software.amazon.awssdk.services.iam.model.ListPoliciesGrantingServiceAccessEntry;
import software.amazon.awssdk.services.iam.model.ListPoliciesGrantingServiceAccessRequest;
import software.amazon.awssdk.services.iam.model.ListPoliciesGrantingServiceAccessResponse;
import software.amazon.awssdk.services.iam.model.ManagedPolicyDetail;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.PolicyGrantingServiceAccess;
import software.amazon.awssdk.services.iam.model.PolicyOwnerEntityType;
import software.amazon.awssdk.services.iam.model.PolicyType;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleDetail;
import software.amazon.awssdk.services.iam.model.ServiceLastAccessed;
import software.amazon.awssdk.services.iam.model.UserDetail;

/**
 * Which services users, groups, roles and policies let somebody reach, by which policies, and when they last were.
 *
 * <p>Source: "Refine permissions in AWS using last accessed information" of the IAM user guide.
 */
final class LastAccess {
    private final IamStore store;
    private final CompiledPolicies compiled;
    private final LastUses uses;
    private final ServiceModels services;
    private final Ids ids;
    private final InstantSource clock;
    private volatile SortedMap<String, String> names;

    LastAccess(
            IamStore store,
            CompiledPolicies compiled,
            LastUses uses,
            ServiceModels services,
            Ids ids,
            InstantSource clock) {
        this.store = store;
        this.compiled = compiled;
        this.uses = uses;
        this.services = services;
        this.ids = ids;
        this.clock = clock;
    }

    /** A report that was made. {@code createdAt} and {@code completedAt} in milliseconds. */
    record Job(String id, long createdAt, long completedAt, List<Service> services) {}

    /** A service that could be reached, with its last calls by entity, the newest first. */
    record Service(String namespace, String name, List<LastUses.ServiceUse> uses) {}

    /** A policy in or on an entity. {@code arn} is empty of one that is in it. */
    private record Held(String entityType, String entityName, String policyName, String arn, Policy policy) {}

    GenerateServiceLastAccessedDetailsResponse generateServiceLastAccessedDetails(
            GenerateServiceLastAccessedDetailsRequest request) {
        if (request.granularity() == AccessAdvisorUsageGranularityType.ACTION_LEVEL) {
            throw AwsError.notImplemented("iam", "GenerateServiceLastAccessedDetails with actions");
        }
        Instant begun = clock.instant();
        Set<String> entities = entities(request.arn());
        List<Policy> policies =
                policies(request.arn()).stream().map(Held::policy).toList();
        Map<String, List<LastUses.ServiceUse>> byService = uses.ofServices().stream()
                .filter(use -> entities.contains(use.entity()))
                .sorted(Comparator.comparingLong(LastUses.ServiceUse::at).reversed())
                .collect(Collectors.groupingBy(LastUses.ServiceUse::service));
        List<Service> reached = new ArrayList<>();
        names().forEach((namespace, name) -> {
            if (policies.stream().anyMatch(policy -> policy.grantsAccessTo(namespace))) {
                reached.add(new Service(namespace, name, byService.getOrDefault(namespace, List.of())));
            }
        });
        String id = ids.uuid();
        store.lastAccessJobs.put(
                id, new Job(id, begun.toEpochMilli(), clock.instant().toEpochMilli(), reached), begun);
        return GenerateServiceLastAccessedDetailsResponse.builder().jobId(id).build();
    }

    /** What services are called, by the prefixes of their actions. */
    private SortedMap<String, String> names() {
        SortedMap<String, String> known = names;
        if (known == null) {
            known = new TreeMap<>();
            for (ServiceSummary summary : services.summaries()) {
                known.merge(
                        AuthorizationTable.prefix(summary),
                        summary.fullName(),
                        // Of several APIs of one service the shortest name is the service's own.
                        (one, other) -> one.length() <= other.length() ? one : other);
            }
            names = known;
        }
        return known;
    }

    /** The ARNs of the users and roles that a report about {@code arn} is about. */
    private Set<String> entities(String arn) {
        Set<String> entities = new HashSet<>();
        if (arn.contains(":policy/")) {
            ManagedPolicyDetail policy = store.policy(arn);
            List<String> groups = new ArrayList<>();
            store.groups.all().stream()
                    .filter(group -> isAttached(group.attachedManagedPolicies(), policy.arn()))
                    .forEach(group -> groups.add(group.groupName()));
            store.users.all().stream()
                    .filter(user -> isAttached(user.attachedManagedPolicies(), policy.arn())
                            || user.groupList().stream().anyMatch(groups::contains))
                    .forEach(user -> entities.add(user.arn()));
            store.roles.all().stream()
                    .filter(role -> isAttached(store.rights(role).attachedManagedPolicies(), policy.arn()))
                    .forEach(role -> entities.add(role.arn()));
        } else if (arn.contains(":group/")) {
            String name = store.groups.get(IamDirectory.nameOf(arn)).groupName();
            store.users.all().stream()
                    .filter(user -> user.groupList().contains(name))
                    .forEach(user -> entities.add(user.arn()));
        } else {
            entities.add(arn);
        }
        return entities;
    }

    private static boolean isAttached(List<AttachedPolicy> attached, String arn) {
        return attached.stream().anyMatch(policy -> policy.policyArn().equals(arn));
    }

    /** The policies of what {@code arn} names. */
    private List<Held> policies(String arn) {
        List<Held> held = new ArrayList<>();
        String name = IamDirectory.nameOf(arn);
        if (arn.contains(":user/")) {
            UserDetail user = store.users.get(name);
            add(held, "USER", user.userName(), user.userPolicyList(), user.attachedManagedPolicies());
            store.groupsOf(user)
                    .forEach(group -> add(
                            held,
                            "GROUP",
                            group.groupName(),
                            group.groupPolicyList(),
                            group.attachedManagedPolicies()));
        } else if (arn.contains(":group/")) {
            GroupDetail group = store.groups.get(name);
            add(held, "GROUP", group.groupName(), group.groupPolicyList(), group.attachedManagedPolicies());
        } else if (arn.contains(":role/")) {
            Role role = store.roles.get(name);
            RoleDetail rights = store.rights(role);
            add(held, "ROLE", role.roleName(), rights.rolePolicyList(), rights.attachedManagedPolicies());
        } else if (arn.contains(":policy/")) {
            ManagedPolicyDetail policy = store.policy(arn);
            held.add(new Held("", "", policy.policyName(), policy.arn(), kept(policy)));
        } else {
            throw IamErrors.invalid("Invalid ARN: " + arn + " is not of a user, group, role or policy.");
        }
        return held;
    }

    private void add(
            List<Held> held, String type, String name, List<PolicyDetail> inline, List<AttachedPolicy> attached) {
        inline.forEach(policy -> held.add(new Held(
                type,
                name,
                policy.policyName(),
                "",
                compiled.kept(policy.policyDocument(), PolicyUse.IDENTITY, type + " " + name))));
        attached.forEach(policy -> store.findPolicy(policy.policyArn())
                .ifPresent(found -> held.add(new Held(type, name, found.policyName(), found.arn(), kept(found)))));
    }

    private Policy kept(ManagedPolicyDetail policy) {
        return compiled.kept(IamStore.document(policy), PolicyUse.IDENTITY, policy.arn());
    }

    GetServiceLastAccessedDetailsResponse getServiceLastAccessedDetails(GetServiceLastAccessedDetailsRequest request) {
        Job job = job(request.jobId());
        Listed<Service> page = Listed.page(job.services(), Service::namespace, request.marker(), request.maxItems());
        return GetServiceLastAccessedDetailsResponse.builder()
                .jobStatus(JobStatusType.COMPLETED)
                .jobType(AccessAdvisorUsageGranularityType.SERVICE_LEVEL)
                .jobCreationDate(Instant.ofEpochMilli(job.createdAt()))
                .jobCompletionDate(Instant.ofEpochMilli(job.completedAt()))
                .servicesLastAccessed(
                        page.items().stream().map(LastAccess::shown).toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    private static ServiceLastAccessed shown(Service service) {
        ServiceLastAccessed.Builder shown = ServiceLastAccessed.builder()
                .serviceName(service.name())
                .serviceNamespace(service.namespace())
                .totalAuthenticatedEntities(service.uses().size());
        if (!service.uses().isEmpty()) {
            LastUses.ServiceUse last = service.uses().getFirst();
            shown.lastAuthenticated(Instant.ofEpochMilli(last.at()))
                    .lastAuthenticatedEntity(last.entity())
                    .lastAuthenticatedRegion(last.region());
        }
        return shown.build();
    }

    GetServiceLastAccessedDetailsWithEntitiesResponse getServiceLastAccessedDetailsWithEntities(
            GetServiceLastAccessedDetailsWithEntitiesRequest request) {
        Job job = job(request.jobId());
        Service service = job.services().stream()
                .filter(reached -> reached.namespace().equals(request.serviceNamespace()))
                .findFirst()
                .orElseThrow(() -> IamErrors.noSuchEntity(
                        "The service " + request.serviceNamespace() + " is not part of job " + job.id() + "."));
        List<EntityDetails> details =
                service.uses().stream().flatMap(use -> details(use).stream()).toList();
        Listed<EntityDetails> page =
                Listed.page(details, entity -> entity.entityInfo().arn(), request.marker(), request.maxItems());
        return GetServiceLastAccessedDetailsWithEntitiesResponse.builder()
                .jobStatus(JobStatusType.COMPLETED)
                .jobCreationDate(Instant.ofEpochMilli(job.createdAt()))
                .jobCompletionDate(Instant.ofEpochMilli(job.completedAt()))
                .entityDetailsList(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    /** Entities that were deleted meanwhile are left out. */
    private Optional<EntityDetails> details(LastUses.ServiceUse use) {
        String name = IamDirectory.nameOf(use.entity());
        return IamDirectory.found(() -> {
            EntityInfo.Builder info = EntityInfo.builder().arn(use.entity());
            if (use.entity().contains(":user/")) {
                UserDetail user = store.users.get(name);
                info.type(PolicyOwnerEntityType.USER)
                        .name(user.userName())
                        .id(user.userId())
                        .path(user.path());
            } else {
                Role role = store.roles.get(name);
                info.type(PolicyOwnerEntityType.ROLE)
                        .name(role.roleName())
                        .id(role.roleId())
                        .path(role.path());
            }
            return EntityDetails.builder()
                    .entityInfo(info.build())
                    .lastAuthenticated(Instant.ofEpochMilli(use.at()))
                    .build();
        });
    }

    private Job job(String id) {
        return store.lastAccessJobs
                .find(id)
                .orElseThrow(() -> IamErrors.noSuchEntity("The job with id " + id + " cannot be found."));
    }

    ListPoliciesGrantingServiceAccessResponse listPoliciesGrantingServiceAccess(
            ListPoliciesGrantingServiceAccessRequest request) {
        List<Held> policies = policies(request.arn());
        if (request.arn().contains(":policy/")) {
            throw IamErrors.invalid("Invalid ARN: " + request.arn() + " is not of a user, group or role.");
        }
        List<ListPoliciesGrantingServiceAccessEntry> entries = request.serviceNamespaces().stream()
                .distinct()
                .map(namespace -> ListPoliciesGrantingServiceAccessEntry.builder()
                        .serviceNamespace(namespace)
                        .policies(policies.stream()
                                .filter(held -> held.policy().grantsAccessTo(namespace))
                                .map(LastAccess::shown)
                                .toList())
                        .build())
                .toList();
        Listed<ListPoliciesGrantingServiceAccessEntry> page =
                Listed.page(entries, ListPoliciesGrantingServiceAccessEntry::serviceNamespace, request.marker(), null);
        return ListPoliciesGrantingServiceAccessResponse.builder()
                .policiesGrantingServiceAccess(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    private static PolicyGrantingServiceAccess shown(Held held) {
        PolicyGrantingServiceAccess.Builder shown =
                PolicyGrantingServiceAccess.builder().policyName(held.policyName());
        return held.arn().isEmpty()
                ? shown.policyType(PolicyType.INLINE)
                        .entityType(held.entityType())
                        .entityName(held.entityName())
                        .build()
                : shown.policyType(PolicyType.MANAGED).policyArn(held.arn()).build();
    }
}
