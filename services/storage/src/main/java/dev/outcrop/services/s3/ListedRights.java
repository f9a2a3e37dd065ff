package dev.outcrop.services.s3;

import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.ResourcePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.s3.model.AccessControlPolicy;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.Grantee;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.PutObjectAclRequest;
import software.amazon.awssdk.services.s3.model.Type;

/**
 * Access control lists as the policies that they amount to for somebody: a grant to an account is a statement for the
 * account, which gives its users no more than their own policies do; a grant to a group is one for everybody in it.
 *
 * <p>Source: "Mapping of ACL permissions and access policy permissions" in "Access control list (ACL) overview", Amazon S3
 * user guide.
 */
final class ListedRights {
    private static final String LOG_DELIVERY_SERVICE = "logging.s3.amazonaws.com";

    private static final List<String> READ = List.of(
            "s3:ListBucket",
            "s3:ListBucketVersions",
            "s3:ListBucketMultipartUploads",
            "s3:GetObject",
            "s3:GetObjectVersion",
            "s3:GetObjectAcl",
            "s3:GetObjectVersionAcl");

    private ListedRights() {}

    /** What the list of a bucket allows {@code principal}, as far as {@code request} goes; empty for nothing. */
    static Optional<Policy> ofBucket(
            AccessControlPolicy list, Principal principal, boolean publicIgnored, SdkRequest request) {
        // Whoever may list what is there may learn that an object is not, and one that is has a list of its own.
        // Whoever may write an object may say with it who may read it, which is its own from then on.
        List<String> write = request instanceof PutObjectAclRequest
                ? List.of("s3:PutObject", "s3:DeleteObject")
                : List.of("s3:PutObject", "s3:DeleteObject", "s3:PutObjectAcl");
        return policy(list, principal, publicIgnored, permission -> switch (permission) {
            case READ -> READ;
            case WRITE -> write;
            case READ_ACP -> List.of("s3:GetBucketAcl");
            case WRITE_ACP -> List.of("s3:PutBucketAcl");
            case FULL_CONTROL, UNKNOWN_TO_SDK_VERSION -> List.of();
        });
    }

    /** What the list of an object allows {@code principal}; empty for nothing. */
    static Optional<Policy> ofObject(AccessControlPolicy list, Principal principal, boolean publicIgnored) {
        return policy(list, principal, publicIgnored, permission -> switch (permission) {
            case READ -> List.of("s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTorrent");
            case READ_ACP -> List.of("s3:GetObjectAcl", "s3:GetObjectVersionAcl");
            case WRITE_ACP -> List.of("s3:PutObjectAcl", "s3:PutObjectVersionAcl");
            case WRITE, FULL_CONTROL, UNKNOWN_TO_SDK_VERSION -> List.of();
        });
    }

    /** The actions that a permission comes to. */
    @FunctionalInterface
    private interface Mapping {
        List<String> actions(Permission permission);
    }

    private static Optional<Policy> policy(
            AccessControlPolicy list, Principal principal, boolean publicIgnored, Mapping mapping) {
        List<String> statements = new ArrayList<>();
        for (Grant grant : list.grants()) {
            List<String> actions = actions(grant.permission(), mapping);
            Optional<String> who = who(grant.grantee(), principal, publicIgnored);
            if (who.isPresent() && !actions.isEmpty()) {
                statements.add("{\"Effect\":\"Allow\",\"Principal\":" + who.get() + ",\"Action\":"
                        + actions.stream().map(action -> '"' + action + '"').collect(Collectors.joining(",", "[", "]"))
                        + ",\"Resource\":\"*\"}");
            }
        }
        return statements.isEmpty()
                ? Optional.empty()
                : Optional.of(ResourcePolicy.of(
                                "an access control list",
                                "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}",
                                false)
                        .policy());
    }

    private static List<String> actions(Permission permission, Mapping mapping) {
        if (permission != Permission.FULL_CONTROL) {
            return mapping.actions(permission);
        }
        List<String> actions = new ArrayList<>();
        for (Permission each : List.of(Permission.READ, Permission.WRITE, Permission.READ_ACP, Permission.WRITE_ACP)) {
            actions.addAll(mapping.actions(each));
        }
        return actions;
    }

    /** Whom a statement for {@code grantee} would name, if that is {@code principal}. */
    private static Optional<String> who(Grantee grantee, Principal principal, boolean publicIgnored) {
        if (grantee.type() == Type.CANONICAL_USER) {
            return !principal.account().isEmpty() && AccessControl.isAccount(grantee, principal.account())
                    ? Optional.of("{\"AWS\":\"" + principal.account() + "\"}")
                    : Optional.empty();
        }
        if (AccessControl.LOG_DELIVERY.equals(grantee.uri())) {
            return principal.arn().equals(LOG_DELIVERY_SERVICE)
                    ? Optional.of("{\"Service\":\"" + LOG_DELIVERY_SERVICE + "\"}")
                    : Optional.empty();
        }
        boolean authenticated = AccessControl.AUTHENTICATED_USERS.equals(grantee.uri());
        boolean named = AccessControl.isPublic(grantee)
                && !publicIgnored
                && !(authenticated && principal.kind() == Principal.Kind.ANONYMOUS);
        return named ? Optional.of("\"*\"") : Optional.empty();
    }
}
