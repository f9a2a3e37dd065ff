package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.CreateServiceLinkedRoleRequest;
import software.amazon.awssdk.services.iam.model.CreateServiceLinkedRoleResponse;
import software.amazon.awssdk.services.iam.model.DeleteServiceLinkedRoleRequest;
import software.amazon.awssdk.services.iam.model.DeleteServiceLinkedRoleResponse;
import software.amazon.awssdk.services.iam.model.DeletionTaskStatusType;
import software.amazon.awssdk.services.iam.model.GetServiceLinkedRoleDeletionStatusRequest;
import software.amazon.awssdk.services.iam.model.GetServiceLinkedRoleDeletionStatusResponse;
import software.amazon.awssdk.services.iam.model.Role;

/**
 * Roles that belong to services of AWS, which name them.
 *
 * <p>Source: "Create a service-linked role" of the IAM user guide, and the pages on service-linked roles of the services'
 * own guides.
 */
final class ServiceLinkedRoles {
    private static final String PATH = "/aws-service-role/";
    private static final int DURATION = 3600;
    /** What the roles of services are called; those that take a suffix end in {@code _}. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("access-analyzer.amazonaws.com", "AWSServiceRoleForAccessAnalyzer"),
            Map.entry("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling_"),
            Map.entry("cks.kms.amazonaws.com", "AWSServiceRoleForKeyManagementServiceCustomKeyStores"),
            Map.entry("cloudtrail.amazonaws.com", "AWSServiceRoleForCloudTrail"),
            Map.entry("config.amazonaws.com", "AWSServiceRoleForConfig"),
            Map.entry("ecs.amazonaws.com", "AWSServiceRoleForECS"),
            Map.entry("elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing"),
            Map.entry("events.amazonaws.com", "AWSServiceRoleForCloudWatchEvents"),
            Map.entry("guardduty.amazonaws.com", "AWSServiceRoleForAmazonGuardDuty"),
            Map.entry("lex.amazonaws.com", "AWSServiceRoleForLexBots"),
            Map.entry("lexv2.amazonaws.com", "AWSServiceRoleForLexV2Bots_"),
            Map.entry("mks.kms.amazonaws.com", "AWSServiceRoleForKeyManagementServiceMultiRegionKeys"),
            Map.entry("opensearchservice.amazonaws.com", "AWSServiceRoleForAmazonOpenSearchService"),
            Map.entry("organizations.amazonaws.com", "AWSServiceRoleForOrganizations"),
            Map.entry("qbusiness.amazonaws.com", "AWSServiceRoleForQBusiness"),
            Map.entry("rds.amazonaws.com", "AWSServiceRoleForRDS"),
            Map.entry("replication.dynamodb.amazonaws.com", "AWSServiceRoleForDynamoDBReplication"),
            Map.entry("sagemaker.amazonaws.com", "AWSServiceRoleForAmazonSageMakerNotebooks"),
            Map.entry("support.amazonaws.com", "AWSServiceRoleForSupport"),
            Map.entry("trustedadvisor.amazonaws.com", "AWSServiceRoleForTrustedAdvisor"));

    private final IamStore store;
    private final Ids ids;
    private final InstantSource clock;

    ServiceLinkedRoles(IamStore store, Ids ids, InstantSource clock) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
    }

    /** A deletion that was done. */
    record Deletion(String task) {}

    /** Whether only a service may change {@code role}. */
    static boolean isLinked(Role role) {
        return role.path().startsWith(PATH);
    }

    CreateServiceLinkedRoleResponse createServiceLinkedRole(CreateServiceLinkedRoleRequest request) {
        String service = request.awsServiceName();
        String name = name(service, Optional.ofNullable(request.customSuffix()));
        String path = PATH + service + "/";
        Role role = Role.builder()
                .roleName(name)
                .path(path)
                .roleId("AROA" + ids.uppercase(17))
                .arn(Entities.arn("role", path, name))
                .createDate(clock.instant())
                .description(request.description())
                .maxSessionDuration(DURATION)
                .assumeRolePolicyDocument(
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Action\":[\"sts:AssumeRole\"],\"Effect\":\"Allow\","
                                + "\"Principal\":{\"Service\":[\"" + service + "\"]}}]}")
                .build();
        try {
            store.roles.insert(role);
        } catch (AwsError failure) {
            throw failure.code().equals("EntityAlreadyExists")
                    ? IamErrors.invalid("Service role name " + name
                            + " has been taken in this account, please try a different suffix.")
                    : failure;
        }
        return CreateServiceLinkedRoleResponse.builder().role(Roles.shown(role)).build();
    }

    private static String name(String service, Optional<String> suffix) {
        String name = NAMES.get(service);
        if (name == null) {
            throw IamErrors.invalid("Service-linked roles of " + service + " are not known");
        }
        boolean takesSuffix = name.endsWith("_");
        if (suffix.isPresent() && !takesSuffix) {
            throw IamErrors.invalid("Custom suffix is not allowed for " + service);
        }
        String plain = takesSuffix ? name.substring(0, name.length() - 1) : name;
        return suffix.map(text -> plain + "_" + text).orElse(plain);
    }

    /** Deletes at once: nothing here uses such a role in secret. */
    DeleteServiceLinkedRoleResponse deleteServiceLinkedRole(DeleteServiceLinkedRoleRequest request) {
        Role role = store.roles.get(request.roleName());
        if (!isLinked(role)) {
            throw IamErrors.invalid("The role " + role.roleName() + " is not linked to a service.");
        }
        String task = "task" + role.path() + role.roleName() + "/" + ids.uuid();
        store.roles.delete(role);
        store.roleRights.delete(role.roleId());
        store.deletions.put(task, new Deletion(task), clock.instant());
        return DeleteServiceLinkedRoleResponse.builder().deletionTaskId(task).build();
    }

    GetServiceLinkedRoleDeletionStatusResponse getServiceLinkedRoleDeletionStatus(
            GetServiceLinkedRoleDeletionStatusRequest request) {
        if (store.deletions.find(request.deletionTaskId()).isEmpty()) {
            throw IamErrors.noSuchEntity("Deletion task " + request.deletionTaskId() + " cannot be found.");
        }
        return GetServiceLinkedRoleDeletionStatusResponse.builder()
                .status(DeletionTaskStatusType.SUCCEEDED)
                .build();
    }
}
