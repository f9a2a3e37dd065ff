package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CanonicalUser;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.ObjectVersion;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.model.AccessControlPolicy;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.Grantee;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.Type;

/**
 * Access control lists: what is in them, where they are kept, and what of them is well formed.
 *
 * <p>Source: "Access control list (ACL) overview", Amazon S3 user guide.
 */
final class AccessControl {
    static final String ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
    static final String AUTHENTICATED_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
    static final String LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery";

    /** Where a bucket keeps its list. */
    static final String SETTING = "accessControl";
    /** Where an object keeps its list. */
    static final String HEADER = "AccessControl";
    /** Where an object keeps the account that owns it, if its bucket is another's; empty for nobody's. */
    static final String OWNER = "OwnerAccount";

    private static final int MOST_GRANTS = 100;
    private static final Set<String> GROUPS = Set.of(ALL_USERS, AUTHENTICATED_USERS, LOG_DELIVERY);
    /** That of EC2, which reads machine images. */
    private static final String EC2 = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c";

    private static final Pattern CANONICAL = Pattern.compile("[0-9a-f]{64}|" + CanonicalUser.ANONYMOUS);

    private AccessControl() {}

    static AccessControlPolicy ofBucket(Bucket bucket) {
        return BucketSettings.read(bucket, SETTING, AccessControlPolicy::builder)
                .orElseGet(() -> canned("private", bucket.owner(), bucket.owner()));
    }

    static AccessControlPolicy ofObject(Bucket bucket, ObjectVersion version) {
        return Optional.ofNullable(version.settings().headers().get(HEADER))
                .map(document -> BucketSettings.read(document, AccessControlPolicy::builder))
                .orElseGet(() -> {
                    String owner = owner(bucket, version);
                    return canned("private", owner, bucket.owner());
                });
    }

    /** The account that owns an object. */
    static String owner(Bucket bucket, ObjectVersion version) {
        return Ownership.hasLists(bucket)
                ? version.settings().headers().getOrDefault(OWNER, bucket.owner())
                : bucket.owner();
    }

    /**
     * The list of a canned one.
     *
     * @param owner       the account of what has the list
     * @param bucketOwner the account of its bucket
     */
    static AccessControlPolicy canned(String name, String owner, String bucketOwner) {
        List<Grant> others = switch (name) {
            case "private" -> List.of();
            case "public-read" -> List.of(group(ALL_USERS, Permission.READ));
            case "public-read-write" -> List.of(group(ALL_USERS, Permission.READ), group(ALL_USERS, Permission.WRITE));
            case "authenticated-read" -> List.of(group(AUTHENTICATED_USERS, Permission.READ));
            case "aws-exec-read" -> List.of(grant(user(EC2), Permission.READ));
            case "bucket-owner-read" -> ofBucketOwner(owner, bucketOwner, Permission.READ);
            case "bucket-owner-full-control" -> ofBucketOwner(owner, bucketOwner, Permission.FULL_CONTROL);
            case "log-delivery-write" ->
                List.of(group(LOG_DELIVERY, Permission.WRITE), group(LOG_DELIVERY, Permission.READ_ACP));
            default -> throw Errors.invalidArgument("", "x-amz-acl", name);
        };
        List<Grant> grants = new java.util.ArrayList<>();
        grants.add(grant(user(CanonicalUser.id(owner)), Permission.FULL_CONTROL));
        grants.addAll(others);
        return AccessControlPolicy.builder()
                .owner(Access.owner(owner))
                .grants(grants)
                .build();
    }

    private static List<Grant> ofBucketOwner(String owner, String bucketOwner, Permission permission) {
        return owner.equals(bucketOwner) ? List.of() : List.of(grant(user(CanonicalUser.id(bucketOwner)), permission));
    }

    private static Grant group(String uri, Permission permission) {
        return grant(Grantee.builder().type(Type.GROUP).uri(uri).build(), permission);
    }

    static Grantee user(String id) {
        return Grantee.builder().type(Type.CANONICAL_USER).id(id).build();
    }

    static Grant grant(Grantee grantee, Permission permission) {
        return Grant.builder().grantee(grantee).permission(permission).build();
    }

    /** Whether a grantee is {@code account}. */
    static boolean isAccount(Grantee grantee, String account) {
        return grantee.type() == Type.CANONICAL_USER
                && CanonicalUser.id(account).equals(grantee.id());
    }

    /** Whether a list gives something to everybody, or to everybody who has an account. */
    static boolean isPublic(AccessControlPolicy list) {
        return list.grants().stream().map(Grant::grantee).anyMatch(AccessControl::isPublic);
    }

    static boolean isPublic(Grantee grantee) {
        return grantee.type() == Type.GROUP
                && (ALL_USERS.equals(grantee.uri()) || AUTHENTICATED_USERS.equals(grantee.uri()));
    }

    /** @throws AwsError if a grant is to nobody that there can be, or of nothing that there is */
    static void check(List<Grant> grants) {
        if (grants.size() > MOST_GRANTS) {
            throw malformed();
        }
        for (Grant grant : grants) {
            if (grant.grantee() == null
                    || grant.grantee().type() == null
                    || grant.permission() == null
                    || grant.permission() == Permission.UNKNOWN_TO_SDK_VERSION) {
                throw malformed();
            }
            check(grant.grantee());
        }
    }

    private static void check(Grantee grantee) {
        switch (grantee.type()) {
            case CANONICAL_USER -> {
                if (grantee.id() == null || !CANONICAL.matcher(grantee.id()).matches()) {
                    throw Errors.invalidArgument("Invalid id", "CanonicalUser/ID", String.valueOf(grantee.id()));
                }
            }
            case GROUP -> {
                if (!GROUPS.contains(String.valueOf(grantee.uri()))) {
                    throw Errors.invalidArgument("Invalid group uri", "Group/URI", String.valueOf(grantee.uri()));
                }
            }
            // Accounts have no addresses here, as AWS takes none any more.
            case AMAZON_CUSTOMER_BY_EMAIL ->
                throw new AwsError(
                        "UnresolvableGrantByEmailAddress",
                        400,
                        "The e-mail address you provided does not match any account on record.");
            case UNKNOWN_TO_SDK_VERSION -> throw malformed();
        }
    }

    static AwsError malformed() {
        return new AwsError(
                "MalformedACLError",
                400,
                "The XML you provided was not well-formed or did not validate against our published schema");
    }

    /** A list's form under which it is kept. */
    static String text(AccessControlPolicy list) {
        return BucketSettings.text(list);
    }
}
