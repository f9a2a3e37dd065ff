package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.ObjectSettings;
import dev.outcrop.storage.buckets.ObjectVersion;
import dev.outcrop.storage.buckets.ObjectVersions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.s3.model.AccessControlPolicy;
import software.amazon.awssdk.services.s3.model.GetObjectAclRequest;
import software.amazon.awssdk.services.s3.model.GetObjectAclResponse;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.PutBucketAclRequest;
import software.amazon.awssdk.services.s3.model.PutObjectAclRequest;
import software.amazon.awssdk.services.s3.model.PutObjectAclResponse;

/** Gives and takes access control lists. */
final class AccessControlLists {
    private static final String FULL_CONTROL_OF_OWNER = "bucket-owner-full-control";

    private final Access access;
    private final BucketSettings settings;
    private final PublicAccessBlocks blocks;
    private final ObjectVersions versions;
    private final ObjectReads reads;
    private final ObjectEvents events;

    AccessControlLists(
            Access access,
            BucketSettings settings,
            PublicAccessBlocks blocks,
            ObjectVersions versions,
            ObjectReads reads,
            ObjectEvents events) {
        this.access = access;
        this.settings = settings;
        this.blocks = blocks;
        this.versions = versions;
        this.reads = reads;
        this.events = events;
    }

    void put(Bucket bucket, PutBucketAclRequest request) {
        AccessControlPolicy list =
                asked(bucket, bucket.owner(), request, Optional.ofNullable(request.accessControlPolicy()));
        if (!Ownership.hasLists(bucket)) {
            throw notSupported();
        }
        refusePublic(bucket, list, "s3:PutBucketAcl", "");
        settings.put(bucket, AccessControl.SETTING, AccessControl.text(list));
    }

    GetObjectAclResponse get(GetObjectAclRequest request) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        ObjectVersion version = reads.version(bucket, request.key(), request.versionId(), "GET");
        AccessControlPolicy list = Ownership.hasLists(bucket)
                ? AccessControl.ofObject(bucket, version)
                : AccessControl.canned("private", bucket.owner(), bucket.owner());
        return GetObjectAclResponse.builder()
                .owner(list.owner())
                .grants(list.grants())
                .build();
    }

    PutObjectAclResponse put(PutObjectAclRequest request) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        ObjectVersion version = reads.version(bucket, request.key(), request.versionId(), "PUT");
        AccessControlPolicy list = asked(
                bucket,
                AccessControl.owner(bucket, version),
                request,
                Optional.ofNullable(request.accessControlPolicy()));
        if (!Ownership.hasLists(bucket)) {
            throw notSupported();
        }
        refusePublic(bucket, list, "s3:PutObjectAcl", "/" + request.key());
        Optional<ObjectVersion> changed = versions.witnessedBy(events.of(ObjectEvent.LISTED, EventCause.call()))
                .update(bucket.name(), request.key(), Optional.of(version.id()), kept -> with(kept, list));
        if (changed.isEmpty()) {
            throw Errors.noSuchKey(request.key());
        }
        return PutObjectAclResponse.builder().build();
    }

    private static ObjectSettings with(ObjectSettings kept, AccessControlPolicy list) {
        Map<String, String> headers = new LinkedHashMap<>(kept.headers());
        headers.put(AccessControl.HEADER, AccessControl.text(list));
        return new ObjectSettings(headers, kept.metadata(), kept.tags());
    }

    /** The list that headers or the body ask for, not both. */
    private static AccessControlPolicy asked(
            Bucket bucket, String owner, SdkPojo request, Optional<AccessControlPolicy> body) {
        Optional<AccessControlPolicy> headers = AskedAccess.of(request).list(owner, bucket.owner());
        if (headers.isPresent() && body.isPresent()) {
            throw new AwsError("UnexpectedContent", 400, "This request does not support content");
        }
        if (headers.isPresent()) {
            return headers.get();
        }
        AccessControlPolicy list = body.orElseThrow(() -> new AwsError(
                "MissingSecurityHeader",
                400,
                "Your request was missing a required header",
                Map.of("MissingHeaderName", "x-amz-acl")));
        AccessControl.check(list.grants());
        String id = Access.owner(owner).id();
        if (list.owner() == null || list.owner().id() == null) {
            throw AccessControl.malformed();
        }
        if (!list.owner().id().equals(id)) {
            throw Errors.accessDenied();
        }
        return list;
    }

    private void refusePublic(Bucket bucket, AccessControlPolicy list, String action, String key) {
        if (AccessControl.isPublic(list) && blocks.blocks(bucket, PublicAccessBlocks.Block.PUBLIC_ACLS)) {
            throw PublicAccessBlocks.refusal(
                    action, bucket.name() + key, "public access control lists (ACLs)", "BlockPublicAcls");
        }
    }

    /**
     * What is kept of the access to an object that {@code request} puts into a bucket.
     *
     * @throws AwsError if the bucket takes no such list
     */
    Map<String, String> kept(Bucket bucket, String key, SdkPojo request) {
        AskedAccess asked = AskedAccess.of(request);
        ObjectOwnership ownership = Ownership.of(bucket);
        if (ownership == ObjectOwnership.BUCKET_OWNER_ENFORCED) {
            if (!asked.isEmpty() && !isFullControlOfOwner(asked, bucket)) {
                throw notSupported();
            }
            return Map.of();
        }
        String caller = CallContext.current().account();
        boolean given = ownership == ObjectOwnership.BUCKET_OWNER_PREFERRED
                && asked.canned().filter(FULL_CONTROL_OF_OWNER::equals).isPresent();
        String owner = given ? bucket.owner() : caller;
        Map<String, String> kept = new LinkedHashMap<>();
        if (!owner.equals(bucket.owner())) {
            kept.put(AccessControl.OWNER, owner);
        }
        asked.list(owner, bucket.owner()).ifPresent(list -> {
            refusePublic(bucket, list, "s3:PutObject", "/" + key);
            kept.put(AccessControl.HEADER, AccessControl.text(list));
        });
        return kept;
    }

    private static boolean isFullControlOfOwner(AskedAccess asked, Bucket bucket) {
        List<Grant> grants = asked.grants();
        return asked.canned().isPresent()
                ? asked.canned().get().equals(FULL_CONTROL_OF_OWNER)
                : grants.size() == 1
                        && grants.getFirst().permission() == Permission.FULL_CONTROL
                        && AccessControl.isAccount(grants.getFirst().grantee(), bucket.owner());
    }

    private static AwsError notSupported() {
        return new AwsError("AccessControlListNotSupported", 400, "The bucket does not allow ACLs");
    }
}
