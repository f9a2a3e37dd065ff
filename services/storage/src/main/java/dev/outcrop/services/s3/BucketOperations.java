package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.Buckets;
import dev.outcrop.storage.buckets.Versioning;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import software.amazon.awssdk.services.s3.model.AccessControlPolicy;
import software.amazon.awssdk.services.s3.model.CreateBucketConfiguration;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.MFADeleteStatus;
import software.amazon.awssdk.services.s3.model.VersioningConfiguration;

/** Buckets themselves. */
final class BucketOperations {
    private static final String OLDEST_REGION = "us-east-1";
    private static final int MOST_BUCKETS = 10_000;

    private final Buckets buckets;
    private final BucketDefaults defaults;
    private final MfaDelete mfa;
    private final InstantSource clock;

    BucketOperations(Buckets buckets, BucketDefaults defaults, MfaDelete mfa, InstantSource clock) {
        this.buckets = buckets;
        this.defaults = defaults;
        this.mfa = mfa;
        this.clock = clock;
    }

    CreateBucketResponse create(CreateBucketRequest request) {
        String name = request.bucket();
        if (!BucketNames.isValid(name)) {
            throw new AwsError(
                    "InvalidBucketName", 400, "The specified bucket is not valid.", Map.of("BucketName", name));
        }
        CallContext context = CallContext.current();
        Map<String, String> settings = access(request, context.account());
        Optional<CreateBucketConfiguration> configuration = Optional.ofNullable(request.createBucketConfiguration());
        String region =
                region(context.region(), configuration.map(CreateBucketConfiguration::locationConstraintAsString));
        Map<String, String> tags = configuration
                .filter(CreateBucketConfiguration::hasTags)
                .map(given -> TagSets.check(given.tags(), TagSets.MOST_OF_BUCKET))
                .orElse(Map.of());
        boolean locks = Boolean.TRUE.equals(request.objectLockEnabledForBucket());
        if (locks) {
            settings.putAll(ObjectLocks.settings());
        }
        Bucket bucket = new Bucket(
                name,
                context.account(),
                region,
                clock.instant(),
                locks ? Versioning.ENABLED : Versioning.NEVER,
                tags,
                settings);
        buckets.create(bucket).ifPresent(present -> refuse(present, region, context));
        return CreateBucketResponse.builder().location("/" + name).build();
    }

    /** Who may reach the bucket: what the request says, and what new buckets have beside. */
    private Map<String, String> access(CreateBucketRequest request, String owner) {
        Map<String, String> settings =
                defaults.settings(Ownership.asked(request.objectOwnership(), request.objectOwnershipAsString()));
        Optional<AccessControlPolicy> list = AskedAccess.of(request).list(owner, owner);
        if (list.isEmpty() || list.equals(Optional.of(AccessControl.canned("private", owner, owner)))) {
            return settings;
        }
        if (!Ownership.hasLists(new Bucket(
                request.bucket(), owner, OLDEST_REGION, clock.instant(), Versioning.NEVER, Map.of(), settings))) {
            throw new AwsError(
                    "InvalidBucketAclWithObjectOwnership",
                    400,
                    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting");
        }
        if (AccessControl.isPublic(list.get()) && settings.containsKey(PublicAccessBlocks.SETTING)) {
            throw new AwsError(
                    "InvalidBucketAclWithBlockPublicAccessError",
                    400,
                    "Bucket cannot have public ACLs set with BlockPublicAccess enabled");
        }
        settings.put(AccessControl.SETTING, AccessControl.text(list.get()));
        return settings;
    }

    /** The owner may create a bucket of {@value #OLDEST_REGION} again, which changes nothing. */
    private static void refuse(Bucket present, String asked, CallContext context) {
        if (!present.owner().equals(context.account())) {
            throw new AwsError(
                    "BucketAlreadyExists",
                    409,
                    "The requested bucket name is not available. The bucket namespace is shared by all users of the"
                            + " system. Please select a different name and try again.",
                    Map.of("BucketName", present.name()));
        }
        boolean oldest = present.region().equals(OLDEST_REGION) && asked.equals(OLDEST_REGION);
        if (!oldest || !context.region().equals(OLDEST_REGION)) {
            throw new AwsError(
                    "BucketAlreadyOwnedByYou",
                    409,
                    "Your previous request to create the named bucket succeeded and you already own it.",
                    Map.of("BucketName", present.name()));
        }
    }

    private static String region(String asked, Optional<String> constraint) {
        if (constraint.isEmpty()) {
            if (!asked.equals(OLDEST_REGION)) {
                throw new AwsError(
                        "IllegalLocationConstraintException",
                        400,
                        "The unspecified location constraint is incompatible for the region specific endpoint this"
                                + " request was sent to.");
            }
            return OLDEST_REGION;
        }
        String region = constraint.get().equals("EU") ? "eu-west-1" : constraint.get();
        if (region.isEmpty() || region.equals(OLDEST_REGION)) {
            throw new AwsError(
                    "InvalidLocationConstraint",
                    400,
                    "The specified location-constraint is not valid",
                    Map.of("LocationConstraint", constraint.get()));
        }
        if (!asked.equals(OLDEST_REGION) && !asked.equals(region)) {
            throw new AwsError(
                    "IllegalLocationConstraintException",
                    400,
                    "The " + region + " location constraint is incompatible for the region specific endpoint this"
                            + " request was sent to.");
        }
        return region;
    }

    ListBucketsResponse list(ListBucketsRequest request) {
        CallContext context = CallContext.current();
        int limit = request.maxBuckets() == null ? MOST_BUCKETS : request.maxBuckets();
        String prefix = request.prefix() == null ? "" : request.prefix();
        String after = request.continuationToken() == null ? "" : decoded(request.continuationToken());
        List<Bucket> found = buckets.list(context.account(), prefix, after, MOST_BUCKETS + 1).stream()
                .filter(bucket ->
                        request.bucketRegion() == null || request.bucketRegion().equals(bucket.region()))
                .toList();
        List<Bucket> page = found.subList(0, Math.min(limit, found.size()));
        return ListBucketsResponse.builder()
                .buckets(page.stream()
                        .map(bucket -> software.amazon.awssdk.services.s3.model.Bucket.builder()
                                .name(bucket.name())
                                .bucketRegion(bucket.region())
                                .creationDate(bucket.createdAt())
                                .build())
                        .toList())
                .owner(Access.owner(context.account()))
                .prefix(request.prefix())
                .continuationToken(
                        found.size() > page.size() ? encoded(page.getLast().name()) : null)
                .build();
    }

    void delete(Bucket bucket) {
        if (!buckets.delete(bucket.name())) {
            throw new AwsError(
                    "BucketNotEmpty",
                    409,
                    "The bucket you tried to delete is not empty",
                    Map.of("BucketName", bucket.name()));
        }
    }

    /** @param password what the header {@code x-amz-mfa} says; null for nothing */
    void version(Bucket bucket, VersioningConfiguration configuration, String password) {
        Optional<String> mfaDelete = Optional.ofNullable(configuration.mfaDeleteAsString());
        if (MfaDelete.isOn(bucket) || mfaDelete.equals(Optional.of(MFADeleteStatus.ENABLED.toString()))) {
            mfa.require(bucket, password);
        }
        String status = configuration.status() == null ? "" : configuration.statusAsString();
        Versioning versioning = switch (status) {
            case "Enabled" -> Versioning.ENABLED;
            case "Suspended" -> Versioning.SUSPENDED;
            case "" ->
                throw new AwsError(
                        "IllegalVersioningConfigurationException", 400, "The Versioning element must be specified");
            default -> throw Errors.malformedXml();
        };
        buckets.update(bucket.name(), present -> {
            ObjectLocks.requireVersions(present, versioning);
            Map<String, String> settings = new HashMap<>(present.settings());
            mfaDelete.ifPresent(on -> settings.put(MfaDelete.SETTING, on));
            return present.withVersioning(versioning).withSettings(settings);
        });
    }

    void tag(Bucket bucket, Map<String, String> tags) {
        buckets.update(bucket.name(), present -> present.withTags(tags));
    }

    /** A token that leads on behind {@code place}; its checksum tells it from what is none. */
    static String encoded(String place) {
        byte[] bytes = place.getBytes(StandardCharsets.UTF_8);
        ByteBuffer token = ByteBuffer.allocate(Integer.BYTES + bytes.length);
        return Base64.getUrlEncoder()
                .encodeToString(token.putInt(checksum(bytes)).put(bytes).array());
    }

    static String decoded(String token) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
            int checksum = bytes.getInt();
            byte[] place = new byte[bytes.remaining()];
            bytes.get(place);
            if (checksum == checksum(place)) {
                return new String(place, StandardCharsets.UTF_8);
            }
        } catch (IllegalArgumentException | BufferUnderflowException foreign) {
            // Said below, as of a token that is only wrong.
        }
        throw Errors.invalidArgument("The continuation token provided is incorrect", "continuation-token", token);
    }

    private static int checksum(byte[] bytes) {
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        return (int) checksum.getValue();
    }
}
