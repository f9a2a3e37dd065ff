package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.services.s3.select.ObjectSelection;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.storage.ObjectMissingException;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.ChangeWitness;
import dev.outcrop.storage.buckets.ContentChecksum;
import dev.outcrop.storage.buckets.ObjectVersion;
import dev.outcrop.storage.buckets.ObjectVersions;
import dev.outcrop.storage.buckets.Part;
import dev.outcrop.storage.buckets.Versioning;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.crypto.SecretKey;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesRequest;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.ObjectPart;
import software.amazon.awssdk.services.s3.model.SelectObjectContentRequest;

/** Reads objects. */
final class ObjectReads {
    private static final String STANDARD = "STANDARD";
    /** How a request says that it wants checksums, in whatever case. */
    private static final String ENABLED = "ENABLED";

    private static final int PAGE = 1000;

    private final Access access;
    private final ObjectVersions versions;
    private final Contents contents;
    private final ObjectEncryption encryption;
    private final LifecycleConfigurations lifecycles;
    private final InstantSource clock;

    ObjectReads(
            Access access,
            ObjectVersions versions,
            Contents contents,
            ObjectEncryption encryption,
            LifecycleConfigurations lifecycles,
            InstantSource clock) {
        this.access = access;
        this.versions = versions;
        this.contents = contents;
        this.encryption = encryption;
        this.lifecycles = lifecycles;
        this.clock = clock;
    }

    /** What a read gives of a version. */
    private record Selected(Bucket bucket, ObjectVersion version, Optional<ByteRange> range, Optional<Integer> parts) {
        ByteRange bytes() {
            return range.orElseGet(() -> new ByteRange(0, version.content().size()));
        }

        String contentRange() {
            return range.map(part -> part.of(version.content().size())).orElse(null);
        }
    }

    <T> T get(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        Conditions conditions = new Conditions(
                request.ifMatch(), request.ifNoneMatch(), request.ifModifiedSince(), request.ifUnmodifiedSince());
        try {
            return get(request, conditions, transformer);
        } catch (ObjectMissingException replaced) {
            // It was replaced between the look at its record and at its file.
            return get(request, conditions, transformer);
        }
    }

    private <T> T get(
            GetObjectRequest request, Conditions conditions, ResponseTransformer<GetObjectResponse, T> transformer) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        Selected selected = select(
                bucket,
                version(bucket, request.key(), request.versionId(), "GET"),
                conditions,
                request.range(),
                request.partNumber());
        ObjectVersion version = selected.version();
        Archives.requireReadable(version, clock.instant());
        Optional<SecretKey> seal =
                encryption.opening(bucket, request.key(), version.settings().headers(), CustomerKey.of(request));
        HeadObjectResponse described = described(selected, request, request.checksumModeAsString());
        InputStream content = contents.read(version.content(), selected.bytes(), seal);
        CallContext.current().metering().firstOutput();
        try {
            return transformer.transform(
                    Shapes.copy(described, GetObjectResponse.builder()).build(), AbortableInputStream.create(content));
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException("the object could not be handed out", failure);
        }
    }

    /** The bytes that a statement reads, of whoever may read them. */
    ObjectSelection.Source selected(SelectObjectContentRequest request) {
        if (CallContext.current().principal().kind() == Principal.Kind.ANONYMOUS) {
            throw Errors.accessDenied();
        }
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        ObjectVersion version = version(bucket, request.key(), null, "POST");
        Archives.requireReadable(version, clock.instant());
        Optional<SecretKey> seal =
                encryption.opening(bucket, request.key(), version.settings().headers(), CustomerKey.of(request));
        return new ObjectSelection.Source() {
            @Override
            public long size() {
                return version.content().size();
            }

            @Override
            public InputStream read(long first) {
                return contents.read(version.content(), new ByteRange(first, size() - first), seal);
            }
        };
    }

    HeadObjectResponse head(HeadObjectRequest request) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        Selected selected = select(
                bucket,
                version(bucket, request.key(), request.versionId(), "HEAD"),
                new Conditions(
                        request.ifMatch(),
                        request.ifNoneMatch(),
                        request.ifModifiedSince(),
                        request.ifUnmodifiedSince()),
                request.range(),
                request.partNumber());
        return described(selected, request, request.checksumModeAsString());
    }

    /** What is said of a version beside its bytes. */
    private HeadObjectResponse described(Selected selected, SdkPojo request, String mode) {
        Bucket bucket = selected.bucket();
        ObjectVersion version = selected.version();
        requireKey(version, request);
        HeadObjectResponse.Builder response = HeadObjectResponse.builder()
                .acceptRanges("bytes")
                .contentLength(selected.bytes().length())
                .contentRange(selected.contentRange())
                .eTag(Conditions.quoted(version.content().etag()))
                .expiration(lifecycles.expirationHeader(bucket, version).orElse(null))
                .lastModified(version.modifiedAt())
                .metadata(version.settings().metadata())
                .partsCount(selected.parts().orElse(null))
                .restore(Archives.restoreHeader(version, clock.instant()).orElse(null))
                .tagCount(count(version))
                .versionId(shownId(bucket, version));
        Members.set(response, headers(bucket, version));
        ObjectEncryption.tell(response, version.settings().headers());
        Map<String, String> overrides = Members.overrides(request);
        if (!overrides.isEmpty() && CallContext.current().principal().kind() == Principal.Kind.ANONYMOUS) {
            throw Errors.invalidRequest("Request specific response headers cannot be used for anonymous GET requests.");
        }
        Members.set(response, overrides);
        if (ENABLED.equalsIgnoreCase(mode) && selected.range().isEmpty()) {
            Members.set(response, version.content().checksum());
        }
        return response.build();
    }

    GetObjectAttributesResponse attributes(GetObjectAttributesRequest request) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        ObjectVersion version = version(bucket, request.key(), request.versionId(), "GET");
        requireKey(version, request);
        List<ObjectAttributes> wanted = request.objectAttributes();
        GetObjectAttributesResponse.Builder response = GetObjectAttributesResponse.builder()
                .lastModified(version.modifiedAt())
                .versionId(shownId(bucket, version));
        if (wanted.contains(ObjectAttributes.E_TAG)) {
            response.eTag(version.content().etag());
        }
        if (wanted.contains(ObjectAttributes.OBJECT_SIZE)) {
            response.objectSize(version.content().size());
        }
        if (wanted.contains(ObjectAttributes.STORAGE_CLASS)) {
            response.storageClass(version.settings().headers().getOrDefault("StorageClass", STANDARD));
        }
        if (wanted.contains(ObjectAttributes.CHECKSUM)) {
            response.checksum(
                    checksum -> Members.set(checksum, bare(version.content().checksum())));
        }
        if (wanted.contains(ObjectAttributes.OBJECT_PARTS) && version.content().parts() > 0) {
            List<Part> parts = contents.parts(version.content());
            int after = request.partNumberMarker() == null ? 0 : request.partNumberMarker();
            int limit = Math.min(PAGE, request.maxParts() == null ? PAGE : request.maxParts());
            List<Part> behind =
                    parts.stream().filter(part -> part.number() > after).toList();
            List<Part> page = behind.subList(0, Math.min(limit, behind.size()));
            boolean listed = version.content().checksum().composite();
            response.objectParts(objectParts -> objectParts
                    .totalPartsCount(parts.size())
                    .partNumberMarker(after)
                    .nextPartNumberMarker(
                            page.isEmpty() ? after : page.getLast().number())
                    .maxParts(limit)
                    .isTruncated(behind.size() > page.size())
                    .parts(listed ? page.stream().map(ObjectReads::objectPart).toList() : null));
        }
        return response.build();
    }

    private static ContentChecksum bare(ContentChecksum checksum) {
        return new ContentChecksum(
                checksum.algorithm(), checksum.value().replaceFirst("-\\d+$", ""), checksum.composite());
    }

    private static ObjectPart objectPart(Part part) {
        ObjectPart.Builder builder =
                ObjectPart.builder().partNumber(part.number()).size(part.size());
        Members.set(builder, part.checksum());
        return builder.build();
    }

    /**
     * The version that a request means.
     *
     * @param id     its id; null for the current one
     * @param method what errors say was tried
     */
    ObjectVersion version(Bucket bucket, String key, String id, String method) {
        VersionIds.check(id);
        CallContext context = CallContext.current();
        Optional<ObjectVersion> found = access.decided(
                bucket.name(),
                key,
                Optional.ofNullable(id),
                () -> id == null ? versions.current(bucket.name(), key) : versions.version(bucket.name(), key, id));
        if (found.isEmpty()) {
            AwsError error = missing(bucket, key);
            throw id == null ? error : Errors.noSuchVersion(key, id);
        }
        ObjectVersion version = found.get();
        if (version.deleteMarker()) {
            context.addResponseHeader("x-amz-delete-marker", "true");
            if (bucket.versioning() != Versioning.NEVER) {
                context.addResponseHeader("x-amz-version-id", version.id());
            }
            if (id == null) {
                throw missing(bucket, key);
            }
            context.addResponseHeader("Allow", "DELETE");
            context.addResponseHeader("Last-Modified", HttpDates.format(version.modifiedAt()));
            throw Errors.deleteMarker(method);
        }
        return version;
    }

    /** Changes the headers that are kept with a version, in the transaction that {@code change} sees them in. */
    void change(Bucket bucket, ObjectVersion version, ChangeWitness witness, Consumer<Map<String, String>> change) {
        Optional<ObjectVersion> changed = versions.witnessedBy(witness)
                .update(bucket.name(), version.key(), Optional.of(version.id()), settings -> {
                    Map<String, String> headers = new LinkedHashMap<>(settings.headers());
                    change.accept(headers);
                    return settings.withHeaders(headers);
                });
        if (changed.isEmpty()) {
            throw Errors.noSuchKey(version.key());
        }
    }

    /** That nothing is under a key learns only who may list the bucket. */
    private static AwsError missing(Bucket bucket, String key) {
        CallContext.current().require("s3:ListBucket", "arn:aws:s3:::" + bucket.name());
        return Errors.noSuchKey(key);
    }

    private Selected select(
            Bucket bucket, ObjectVersion version, Conditions conditions, String range, Integer partNumber) {
        try {
            conditions.check(version);
        } catch (AwsError error) {
            if (error.status() == 304) {
                CallContext.current()
                        .addResponseHeader(
                                "ETag", Conditions.quoted(version.content().etag()));
            }
            throw error;
        }
        long size = version.content().size();
        if (partNumber == null) {
            return new Selected(bucket, version, ByteRange.parse(range, size), Optional.empty());
        }
        if (range != null) {
            throw Errors.invalidRequest("Cannot specify both Range header and partNumber query parameter");
        }
        if (version.content().parts() == 0) {
            if (partNumber != 1) {
                throw noSuchPart(partNumber, 1);
            }
            return new Selected(
                    bucket,
                    version,
                    size == 0 ? Optional.empty() : Optional.of(new ByteRange(0, size)),
                    Optional.empty());
        }
        List<Part> parts = contents.parts(version.content());
        if (partNumber < 1 || partNumber > parts.size()) {
            throw noSuchPart(partNumber, parts.size());
        }
        long first =
                parts.subList(0, partNumber - 1).stream().mapToLong(Part::size).sum();
        ByteRange bytes = new ByteRange(first, parts.get(partNumber - 1).size());
        return new Selected(bucket, version, Optional.of(bytes), Optional.of(parts.size()));
    }

    private static AwsError noSuchPart(int number, int count) {
        return new AwsError(
                "InvalidPartNumber",
                416,
                "The requested partnumber is not satisfiable",
                Errors.details(
                        "PartNumberRequested", String.valueOf(number), "ActualPartCount", String.valueOf(count)));
    }

    private static Map<String, String> headers(Bucket bucket, ObjectVersion version) {
        Map<String, String> headers = new LinkedHashMap<>(version.settings().headers());
        ObjectLocks.hide(bucket, version.key(), headers);
        headers.remove("StorageClass", STANDARD);
        headers.putIfAbsent("ContentType", "binary/octet-stream");
        return headers;
    }

    private static Integer count(ObjectVersion version) {
        int count = version.settings().tags().size();
        return count == 0 ? null : count;
    }

    /** The version's id as answers tell it: null where the bucket never kept versions. */
    static String shownId(Bucket bucket, ObjectVersion version) {
        return bucket.versioning() == Versioning.NEVER ? null : version.id();
    }

    /** Of what is under a customer's key, even its headers are told only to who brings the key. */
    private static void requireKey(ObjectVersion version, SdkPojo request) {
        ObjectEncryption.ofCustomer(version.settings().headers(), CustomerKey.of(request));
    }
}
