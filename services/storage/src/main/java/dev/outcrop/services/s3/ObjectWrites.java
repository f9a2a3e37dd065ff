package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.checksum.Checksum;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.ObjectSettings;
import dev.outcrop.storage.buckets.ObjectVersion;
import dev.outcrop.storage.buckets.ObjectVersions;
import dev.outcrop.storage.buckets.Replications;
import dev.outcrop.storage.buckets.Versioning;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectResult;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/** Puts, copies and deletes objects. */
final class ObjectWrites {
    private static final int MOST_METADATA = 2048;
    private static final int MOST_DELETED = 1000;
    private static final List<String> NEVER_COPIED = List.of(
            "StorageClass",
            "WebsiteRedirectLocation",
            ObjectLocks.MODE,
            ObjectLocks.UNTIL,
            ObjectLocks.HOLD,
            Archives.READABLE_UNTIL,
            Replications.STATUS);
    private static final ObjectIdentifier CURRENT = ObjectIdentifier.builder().build();

    private final Access access;
    private final ObjectVersions versions;
    private final ObjectReads reads;
    private final Contents contents;
    private final ObjectLocks locks;
    private final LifecycleConfigurations lifecycles;
    private final ReplicationConfigurations replications;
    private final InstantSource clock;

    ObjectWrites(
            Access access,
            ObjectVersions versions,
            ObjectReads reads,
            Contents contents,
            ObjectLocks locks,
            LifecycleConfigurations lifecycles,
            ReplicationConfigurations replications,
            InstantSource clock) {
        this.access = access;
        this.versions = versions;
        this.reads = reads;
        this.contents = contents;
        this.locks = locks;
        this.lifecycles = lifecycles;
        this.replications = replications;
        this.clock = clock;
    }

    PutObjectResponse put(PutObjectRequest request, RequestBody body) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner(), request.key());
        refuseUnserved(request.acl(), request.serverSideEncryption(), request.sseCustomerAlgorithm());
        if (request.writeOffsetBytes() != null) {
            throw AwsError.notImplemented("s3", "PutObject with a write offset");
        }
        ObjectSettings settings = settings(request, request.metadata(), TagSets.parse(request.tagging()));
        Contents.Expected expected =
                Contents.Expected.of(request, request.checksumAlgorithmAsString(), request.contentMD5());
        locks.check(bucket, settings, expected.isGiven());
        Checksum kept = expected.algorithm().orElse(Checksum.CRC64NVME);
        Contents.Received received =
                contents.receive(body.contentStreamProvider().newStream(), expected, kept);
        ObjectVersion version =
                store(bucket, request.key(), received, kept, settings, request.ifMatch(), request.ifNoneMatch());
        PutObjectResponse.Builder response = PutObjectResponse.builder()
                .eTag(Conditions.quoted(received.etag()))
                .expiration(lifecycles.expirationHeader(bucket, version).orElse(null))
                .serverSideEncryption(ServerSideEncryption.AES256)
                .versionId(putId(bucket, version));
        Members.set(response, version.content().checksum());
        return response.build();
    }

    private ObjectVersion store(
            Bucket bucket,
            String key,
            Contents.Received received,
            Checksum kept,
            ObjectSettings settings,
            String ifMatch,
            String ifNoneMatch) {
        try {
            return versions.put(
                    bucket.name(),
                    key,
                    received.content(kept),
                    replications.marked(bucket, key, locks.withDefault(bucket, settings), false),
                    current -> Conditions.checkWrite(key, ifMatch, ifNoneMatch, current));
        } catch (AwsError refused) {
            contents.drop(received);
            throw refused;
        }
    }

    CopyObjectResponse copy(CopyObjectRequest request) {
        Bucket bucket =
                access.bucket(request.destinationBucket(), request.expectedBucketOwner(), request.destinationKey());
        refuseUnserved(request.acl(), request.serverSideEncryption(), request.sseCustomerAlgorithm());
        ObjectReads.refuseCustomerKeys(request.copySourceSSECustomerAlgorithm());
        CopySource from = CopySource.of(
                Members.copySource(request), request.sourceBucket(), request.sourceKey(), request.sourceVersionId());
        Bucket sourceBucket = access.bucket(from.bucket(), request.expectedSourceBucketOwner());
        ObjectVersion source = source(from, sourceBucket);
        new Conditions(
                        request.copySourceIfMatch(),
                        request.copySourceIfNoneMatch(),
                        request.copySourceIfModifiedSince(),
                        request.copySourceIfUnmodifiedSince())
                .checkSource(source);
        if (source.content().size() > Contents.LARGEST_PUT) {
            throw Errors.invalidRequest("The specified copy source is larger than the maximum allowable size for a copy"
                    + " source: " + Contents.LARGEST_PUT);
        }
        boolean replaced = request.metadataDirective() == MetadataDirective.REPLACE;
        ObjectSettings settings = copied(request, source, replaced);
        locks.check(bucket, settings, true);
        boolean same = from.bucket().equals(request.destinationBucket())
                && from.key().equals(request.destinationKey())
                && from.versionId() == null;
        if (same && !replaced && settings.equals(source.settings())) {
            throw Errors.invalidRequest("This copy request is illegal because it is trying to copy an object to itself"
                    + " without changing the object's metadata, storage class, website redirect location or encryption"
                    + " attributes.");
        }
        Checksum kept = checksum(request.checksumAlgorithmAsString(), source);
        Contents.Received received = contents.receive(
                contents.read(
                        source.content(), new ByteRange(0, source.content().size())),
                Contents.Expected.NOTHING,
                kept);
        ObjectVersion version = store(
                bucket, request.destinationKey(), received, kept, settings, request.ifMatch(), request.ifNoneMatch());
        CopyObjectResult.Builder result = CopyObjectResult.builder()
                .eTag(Conditions.quoted(received.etag()))
                .lastModified(version.modifiedAt());
        Members.set(result, version.content().checksum());
        return CopyObjectResponse.builder()
                .copyObjectResult(result.build())
                .copySourceVersionId(ObjectReads.shownId(sourceBucket, source))
                .expiration(lifecycles.expirationHeader(bucket, version).orElse(null))
                .serverSideEncryption(ServerSideEncryption.AES256)
                .versionId(putId(bucket, version))
                .build();
    }

    /** The version that is copied. */
    ObjectVersion source(CopySource from, Bucket bucket) {
        try {
            ObjectVersion version = reads.version(bucket, from.key(), from.versionId(), "GET");
            if (!Archives.isReadable(version, clock.instant())) {
                throw new AwsError(
                        "ObjectNotInActiveTierError",
                        403,
                        "The source object of the COPY operation is not in the active tier and is only stored in Amazon"
                                + " S3 Glacier.");
            }
            return version;
        } catch (AwsError error) {
            throw error.status() == 405
                    ? Errors.invalidRequest("The source of a copy request may not specifically refer to a delete marker"
                            + " by version id.")
                    : error;
        }
    }

    private static Checksum checksum(String asked, ObjectVersion source) {
        if (asked != null) {
            return Contents.Expected.algorithm(asked);
        }
        return Contents.algorithm(source.content());
    }

    private static ObjectSettings copied(CopyObjectRequest request, ObjectVersion source, boolean replaced) {
        Map<String, String> tags = request.taggingDirective() == TaggingDirective.REPLACE
                ? TagSets.parse(request.tagging())
                : source.settings().tags();
        ObjectSettings given = settings(request, request.metadata(), tags);
        if (replaced) {
            return given;
        }
        Map<String, String> headers = new LinkedHashMap<>(source.settings().headers());
        for (String name : NEVER_COPIED) {
            headers.remove(name);
            Optional.ofNullable(given.headers().get(name)).ifPresent(value -> headers.put(name, value));
        }
        return new ObjectSettings(headers, source.settings().metadata(), tags);
    }

    /** What a request says to keep with the bytes. */
    static ObjectSettings settings(SdkPojo request, Map<String, String> metadata, Map<String, String> tags) {
        Map<String, String> headers = Members.kept(request);
        String storageClass = headers.get("StorageClass");
        if (storageClass != null && StorageClass.fromValue(storageClass) == StorageClass.UNKNOWN_TO_SDK_VERSION) {
            throw new AwsError(
                    "InvalidStorageClass",
                    400,
                    "The storage class you specified is not valid",
                    Map.of("StorageClassRequested", storageClass));
        }
        headers.computeIfPresent("ContentEncoding", (_, value) -> withoutChunks(value));
        Map<String, String> lowered = new LinkedHashMap<>();
        metadata.forEach((name, value) -> lowered.put(name.toLowerCase(Locale.ROOT), value));
        int size = lowered.entrySet().stream()
                .mapToInt(entry -> (entry.getKey() + entry.getValue()).getBytes(StandardCharsets.UTF_8).length)
                .sum();
        if (size > MOST_METADATA) {
            throw new AwsError(
                    "MetadataTooLarge",
                    400,
                    "Your metadata headers exceed the maximum allowed metadata size",
                    Errors.details("Size", String.valueOf(size), "MaxSizeAllowed", String.valueOf(MOST_METADATA)));
        }
        return new ObjectSettings(headers, lowered, tags);
    }

    /** The encoding that signs a body in chunks is none of the object's. */
    private static String withoutChunks(String encodings) {
        String left = Arrays.stream(encodings.split(","))
                .map(String::strip)
                .filter(encoding -> !encoding.equals("aws-chunked"))
                .collect(Collectors.joining(","));
        return left.isEmpty() ? null : left;
    }

    static void refuseUnserved(ObjectCannedACL acl, ServerSideEncryption encryption, String customerAlgorithm) {
        if (acl != null && acl != ObjectCannedACL.PRIVATE && acl != ObjectCannedACL.BUCKET_OWNER_FULL_CONTROL) {
            throw new AwsError("AccessControlListNotSupported", 400, "The bucket does not allow ACLs");
        }
        if (encryption != null && encryption != ServerSideEncryption.AES256) {
            throw AwsError.notImplemented("s3", "encryption by " + encryption);
        }
        ObjectReads.refuseCustomerKeys(customerAlgorithm);
    }

    /** The id of a new version: none while the bucket does not make versions. */
    static String putId(Bucket bucket, ObjectVersion version) {
        return bucket.versioning() == Versioning.NEVER ? null : version.id();
    }

    DeleteObjectResponse delete(DeleteObjectRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        ObjectIdentifier object = CURRENT.copy(
                copy -> copy.key(request.key()).versionId(request.versionId()).eTag(request.ifMatch()));
        // Whoever says so was asked for the right to when the call came in.
        DeletedObject deleted = delete(bucket, object, Boolean.TRUE.equals(request.bypassGovernanceRetention()));
        return DeleteObjectResponse.builder()
                .deleteMarker(deleted.deleteMarker())
                .versionId(
                        deleted.deleteMarkerVersionId() != null ? deleted.deleteMarkerVersionId() : deleted.versionId())
                .build();
    }

    DeleteObjectsResponse deleteAll(DeleteObjectsRequest request) {
        Bucket bucket = access.bucket(request.bucket(), request.expectedBucketOwner());
        List<ObjectIdentifier> objects = request.delete().objects();
        if (objects.isEmpty() || objects.size() > MOST_DELETED) {
            throw Errors.malformedXml();
        }
        List<DeletedObject> deleted = new ArrayList<>();
        List<S3Error> errors = new ArrayList<>();
        for (ObjectIdentifier object : objects) {
            String action = object.versionId() == null ? "s3:DeleteObject" : "s3:DeleteObjectVersion";
            String arn = "arn:aws:s3:::" + bucket.name() + "/" + object.key();
            try {
                if (!CallContext.current().isAllowed(action, arn)) {
                    throw Errors.accessDenied();
                }
                boolean bypass = Boolean.TRUE.equals(request.bypassGovernanceRetention())
                        && CallContext.current().isAllowed("s3:BypassGovernanceRetention", arn);
                deleted.add(delete(bucket, object, bypass));
            } catch (AwsError error) {
                errors.add(S3Error.builder()
                        .key(object.key())
                        .versionId(object.versionId())
                        .code(error.code())
                        .message(error.getMessage())
                        .build());
            }
        }
        boolean quiet = Boolean.TRUE.equals(request.delete().quiet());
        return DeleteObjectsResponse.builder()
                .deleted(quiet ? null : deleted)
                .errors(errors.isEmpty() ? null : errors)
                .build();
    }

    private DeletedObject delete(Bucket bucket, ObjectIdentifier object, boolean bypass) {
        String key = object.key();
        DeletedObject.Builder answer = DeletedObject.builder().key(key).versionId(object.versionId());
        if (object.versionId() == null) {
            ObjectSettings settings = replications.marked(bucket, key, ObjectSettings.NONE, true);
            versions.delete(
                            bucket.name(),
                            key,
                            settings,
                            current -> Conditions.checkWrite(key, object.eTag(), null, current))
                    .ifPresent(marker -> answer.deleteMarker(true).deleteMarkerVersionId(marker.id()));
        } else {
            versions.deleteVersion(bucket.name(), key, object.versionId(), version -> {
                        Conditions.checkWrite(key, object.eTag(), null, version);
                        version.ifPresent(present -> locks.checkDelete(present, bypass));
                    })
                    .filter(ObjectVersion::deleteMarker)
                    .ifPresent(marker -> answer.deleteMarker(true).deleteMarkerVersionId(marker.id()));
        }
        return answer.build();
    }

    /** Changes the tags of an object, and gives the version whose they are. */
    ObjectVersion tag(Bucket bucket, String key, String versionId, Map<String, String> tags) {
        ObjectVersion version = reads.version(bucket, key, versionId, "PUT");
        return versions.update(bucket.name(), key, Optional.of(version.id()), settings -> settings.withTags(tags))
                .orElseThrow(() -> Errors.noSuchKey(key));
    }
}
