package dev.outcrop.services.s3;

import dev.outcrop.kernel.Access;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.RequestSignature;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.ResourcePolicy;
import dev.outcrop.services.s3.PublicAccessBlocks.Block;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.ObjectVersion;
import dev.outcrop.storage.buckets.ObjectVersions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.PutObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;

/**
 * What IAM is told of buckets and objects: whose they are, and what their policies and access control lists say.
 *
 * <p>Source: "How Amazon S3 authorizes a request" and "Access control list (ACL) overview", Amazon S3 user guide.
 */
final class S3Resources {
    private static final String ARN = "arn:aws:s3:::";
    private static final String IN_POINT = "/object/";
    private static final String EXISTING_TAG = "s3:existingobjecttag/";
    private static final String REQUEST_TAG = "s3:requestobjecttag/";
    private static final String BUCKET_TAG = "s3:buckettag/";
    private static final String POINT_TAG = "s3:accesspointtag/";

    /** Of the root of a bucket's account, which no policy can shut out of changing the policy. */
    private static final Set<String> OF_POLICIES =
            Set.of("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy");

    /** What concerns an object that is there, and so the account that owns it. */
    private static final Set<String> OF_OWNED_OBJECTS = Set.of(
            "s3:GetObject",
            "s3:GetObjectVersion",
            "s3:GetObjectAcl",
            "s3:GetObjectVersionAcl",
            "s3:PutObjectAcl",
            "s3:PutObjectVersionAcl");

    private final dev.outcrop.services.s3.Access access;
    private final BucketPolicies policies;
    private final AccessPointPolicies pointPolicies;
    private final PublicAccessBlocks blocks;
    private final ObjectVersions versions;

    S3Resources(
            dev.outcrop.services.s3.Access access,
            BucketPolicies policies,
            AccessPointPolicies pointPolicies,
            PublicAccessBlocks blocks,
            ObjectVersions versions) {
        this.access = access;
        this.policies = policies;
        this.pointPolicies = pointPolicies;
        this.blocks = blocks;
        this.versions = versions;
    }

    /** A bucket's name, and the key of what is in it; empty for the bucket itself. */
    private record Place(String bucket, String key) {
        private static Optional<Place> inPoint(String arn) {
            int object = arn.indexOf(IN_POINT);
            String key = object < 0 ? "" : arn.substring(object + IN_POINT.length());
            return AccessPoints.place(arn).map(point -> new Place(point.arn(), key));
        }

        static Optional<Place> of(String arn) {
            if (!arn.startsWith(ARN)) {
                return inPoint(arn);
            }
            if (arn.startsWith("arn:", ARN.length())) {
                // Where a request gives an access point's ARN as its bucket.
                return inPoint(arn.substring(ARN.length()));
            }
            String name = arn.substring(ARN.length());
            int slash = name.indexOf('/');
            return Optional.of(
                    slash < 0 ? new Place(name, "") : new Place(name.substring(0, slash), name.substring(slash + 1)));
        }
    }

    /** What a request is about: what it names, and the bucket behind each access point, since both must allow it. */
    List<String> resources(SdkRequest request, List<String> named) {
        List<String> all = new ArrayList<>();
        for (String arn : named) {
            Optional<Place> place = Place.of(arn);
            if (place.isPresent() && !(request instanceof CreateBucketRequest)) {
                all.addAll(access.arns(place.get().bucket(), place.get().key()));
            } else {
                all.add(arn);
            }
        }
        requireBuckets(request, all);
        return all;
    }

    /**
     * Checks what comes before any right: who pays, and that there is a bucket at all where nobody in particular asks. Others
     * learn that from the operation, if their own policies let them ask.
     */
    private void requireBuckets(SdkRequest request, List<String> arns) {
        if (request instanceof CreateBucketRequest) {
            return;
        }
        boolean anonymous = CallContext.current().principal().kind() == Principal.Kind.ANONYMOUS;
        for (String arn : arns) {
            Optional<Place> place =
                    Place.of(arn).filter(found -> access.pointOf(arn).isEmpty());
            Optional<Bucket> bucket = place.flatMap(named -> access.find(named.bucket()));
            bucket.ifPresent(found -> BucketAccessSettings.requirePayer(found, request));
            if (place.isPresent() && bucket.isEmpty() && anonymous) {
                throw Errors.noSuchBucket(place.get().bucket());
            }
        }
    }

    /** The account of what {@code asked} is about; a bucket that is to be made is the caller's. */
    Optional<String> owner(Access asked, SdkRequest request) {
        if (request instanceof CreateBucketRequest) {
            return Optional.of(CallContext.current().account());
        }
        Optional<AccessPoints.Place> point = AccessPoints.place(asked.resource());
        if (point.isPresent()) {
            return point.map(AccessPoints.Place::account);
        }
        Optional<Place> place = Place.of(asked.resource());
        Optional<Bucket> bucket = place.flatMap(named -> access.find(named.bucket()));
        return bucket.map(found -> owned(found, place.get(), asked, request)
                .map(version -> AccessControl.owner(found, version))
                .orElse(found.owner()));
    }

    /** The object that is there, where its own owner and list count. */
    private Optional<ObjectVersion> owned(Bucket bucket, Place place, Access asked, SdkRequest request) {
        return OF_OWNED_OBJECTS.contains(asked.action()) && Ownership.hasLists(bucket)
                ? version(place, asked, request)
                : Optional.empty();
    }

    private Optional<ObjectVersion> version(Place place, Access asked, SdkRequest request) {
        if (place.key().isEmpty()) {
            return Optional.empty();
        }
        boolean copies = request instanceof CopyObjectRequest || request instanceof UploadPartCopyRequest;
        boolean source = copies && asked.action().startsWith("s3:Get");
        Optional<String> id = source ? sourceVersion(request) : Members.text(request, "VersionId");
        Optional<ObjectVersion> found = access.decide(
                place.bucket(),
                place.key(),
                id,
                () -> id.isPresent()
                        ? versions.version(place.bucket(), place.key(), id.get())
                        : versions.current(place.bucket(), place.key()));
        return found.filter(version -> !version.deleteMarker());
    }

    /** The access point by which what {@code asked} is about is reached; a copy has one on each of its sides. */
    private Optional<AccessPoints.Point> point(Access asked, SdkRequest request) {
        boolean copies = request instanceof CopyObjectRequest || request instanceof UploadPartCopyRequest;
        Optional<String> name;
        if (copies && asked.action().startsWith("s3:Get")) {
            name = Optional.of(source(request).bucket());
        } else {
            name = Members.text(request, "Bucket").or(() -> Members.text(request, "DestinationBucket"));
        }
        return name.flatMap(access::point);
    }

    private static CopySource source(SdkRequest request) {
        return CopySource.of(
                Members.copySource(request),
                Members.text(request, "SourceBucket").orElse(null),
                Members.text(request, "SourceKey").orElse(null),
                Members.text(request, "SourceVersionId").orElse(null));
    }

    private static Optional<String> sourceVersion(SdkRequest request) {
        return Optional.ofNullable(source(request).versionId());
    }

    /** What the policy of the bucket and the lists of bucket and object say together. */
    Optional<ResourcePolicy> policy(Access asked, Principal principal, SdkRequest request) {
        Optional<AccessPoints.Point> point = access.pointOf(asked.resource());
        if (point.isPresent()) {
            boolean stranger = !principal.account().equals(point.get().place().account())
                    && principal.kind() != Principal.Kind.SERVICE;
            return pointPolicies.deciding(point.get(), stranger).map(all -> new ResourcePolicy(all, false));
        }
        Optional<Place> place = Place.of(asked.resource());
        Optional<Bucket> found = request instanceof CreateBucketRequest
                ? Optional.empty()
                : place.flatMap(named -> access.find(named.bucket()));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Bucket bucket = found.get();
        boolean ofOwner = principal.account().equals(bucket.owner());
        if (ofOwner && principal.kind() == Principal.Kind.ROOT && OF_POLICIES.contains(asked.action())) {
            return Optional.empty();
        }
        Optional<Policy> policy = policies.find(bucket).map(own -> restricted(bucket, own, principal, ofOwner));
        if (Ownership.hasLists(bucket)) {
            policy = withLists(policy, bucket, place.get(), asked, principal, request);
        }
        return policy.map(all -> new ResourcePolicy(all, false));
    }

    /** A public policy opens nothing to strangers where public buckets are restricted. */
    private Policy restricted(Bucket bucket, Policy policy, Principal principal, boolean ofOwner) {
        boolean stranger = !ofOwner && principal.kind() != Principal.Kind.SERVICE;
        return stranger && policy.isPublic() && blocks.blocks(bucket, Block.PUBLIC_BUCKETS) ? policy.denials() : policy;
    }

    private Optional<Policy> withLists(
            Optional<Policy> policy,
            Bucket bucket,
            Place place,
            Access asked,
            Principal principal,
            SdkRequest request) {
        boolean ignored = blocks.blocks(bucket, Block.IGNORED_ACLS);
        Optional<ObjectVersion> object = owned(bucket, place, asked, request);
        Optional<Policy> granted = object.isPresent()
                ? ListedRights.ofObject(AccessControl.ofObject(bucket, object.get()), principal, ignored)
                : ListedRights.ofBucket(AccessControl.ofBucket(bucket), principal, ignored, request);
        // The policy of a bucket allows nothing of objects that are another account's, but it denies.
        boolean foreign = object.filter(
                        version -> !AccessControl.owner(bucket, version).equals(bucket.owner()))
                .isPresent();
        Optional<Policy> own = foreign ? policy.map(Policy::denials) : policy;
        return own.isPresent() && granted.isPresent()
                ? Optional.of(own.get().and(granted.get()))
                : own.or(() -> granted);
    }

    /** The tags of an access point, or of a bucket, where it is set that they count. */
    Map<String, String> tags(String arn) {
        Optional<AccessPoints.Point> point = access.pointOf(arn);
        if (point.isPresent()) {
            return access.tags(point.get());
        }
        return Place.of(arn)
                .filter(place -> place.key().isEmpty())
                .flatMap(place -> access.find(place.bucket()))
                .filter(BucketAccessSettings::tagsCount)
                .map(Bucket::tags)
                .orElse(Map.of());
    }

    /** The values of S3's own condition keys that do not stand in a member of the request. */
    Optional<List<String>> condition(String key, Access asked, SdkRequest request) {
        if (key.startsWith(EXISTING_TAG)) {
            return Place.of(asked.resource())
                    .flatMap(place -> version(place, asked, request))
                    .flatMap(version -> tag(version.settings().tags(), key.substring(EXISTING_TAG.length())));
        }
        if (key.startsWith(REQUEST_TAG)) {
            return tag(requestTags(request), key.substring(REQUEST_TAG.length()));
        }
        if (key.startsWith(POINT_TAG)) {
            return point(asked, request).flatMap(point -> tag(access.tags(point), key.substring(POINT_TAG.length())));
        }
        if (key.startsWith(BUCKET_TAG)) {
            return Place.of(asked.resource())
                    .flatMap(place -> access.find(place.bucket()))
                    .filter(BucketAccessSettings::tagsCount)
                    .flatMap(bucket -> tag(bucket.tags(), key.substring(BUCKET_TAG.length())));
        }
        return switch (key) {
            case "s3:requestobjecttagkeys" ->
                Optional.of(List.copyOf(requestTags(request).keySet())).filter(keys -> !keys.isEmpty());
            case "s3:dataaccesspointarn" ->
                point(asked, request).map(point -> List.of(point.place().arn()));
            case "s3:dataaccesspointaccount" ->
                point(asked, request).map(point -> List.of(point.place().account()));
            case "s3:accesspointnetworkorigin" -> point(asked, request).map(_ -> List.of("Internet"));
            case "s3:resourceaccount" -> owner(asked, request).map(List::of);
            case "s3:authtype", "s3:signatureage", "s3:signatureversion", "s3:x-amz-content-sha256" ->
                CallContext.current().signature().flatMap(signature -> ofSignature(key, signature));
            default -> Optional.empty();
        };
    }

    private static Optional<List<String>> ofSignature(String key, RequestSignature signature) {
        return switch (key) {
            case "s3:authtype" ->
                one(
                        switch (signature.carrier()) {
                            case HEADER -> "REST-HEADER";
                            case QUERY -> "REST-QUERY-STRING";
                            case FORM -> "POST";
                        });
            case "s3:signatureage" ->
                signature.carrier() == RequestSignature.Carrier.HEADER
                        ? Optional.empty()
                        : one(Long.toString(Duration.between(
                                        signature.signedAt(),
                                        CallContext.current().startedAt())
                                .toMillis()));
            case "s3:signatureversion" -> one("AWS4-HMAC-SHA256");
            default -> signature.content().isEmpty() ? Optional.empty() : one(signature.content());
        };
    }

    private static Map<String, String> requestTags(SdkRequest request) {
        return request instanceof PutObjectTaggingRequest tagging && tagging.tagging() != null
                ? TagSets.check(tagging.tagging().tagSet(), TagSets.MOST_OF_OBJECT)
                : TagSets.parse(Members.text(request, "Tagging").orElse(null));
    }

    /** Condition keys do not tell cases apart, tags do. */
    private static Optional<List<String>> tag(Map<String, String> tags, String name) {
        return tags.entrySet().stream()
                .filter(tag -> tag.getKey().equalsIgnoreCase(name))
                .findFirst()
                .flatMap(tag -> one(tag.getValue()));
    }

    private static Optional<List<String>> one(String value) {
        return Optional.of(List.of(value));
    }
}
