package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.checksum.Checksum;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.ChangeWitness;
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
import javax.crypto.SecretKey;
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
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/** Puts, copies and deletes objects. */
final class ObjectWrites {
    private static final int MOST_METADATA = 2048;
    private static final int MOST_DELETED = 1000;
    private static final List<String> NEVER_COPIED = List.of("StorageClass", "WebsiteRedirectLocation");
    /** What a copy has as its request says, also where the rest is its source's. */
    private static final List<String> GIVEN_WITH_A_COPY =
            List.of("StorageClass", "WebsiteRedirectLocation", ObjectLocks.MODE, ObjectLocks.UNTIL, ObjectLocks.HOLD);
    /** What belongs to one version, and not to what is made of it. */
    private static final List<String> OF_VERSION = List.of(
            ObjectLocks.MODE, ObjectLocks.UNTIL, ObjectLocks.HOLD, Archives.READABLE_UNTIL, Replications.STATUS);

    private static final ObjectIdentifier CURRENT = ObjectIdentifier.builder().build();

    private final Access access;
    private final ObjectVersions versions;
    private final ObjectReads reads;
    private final Contents contents;
    private final ObjectEncryption encryption;
    private final AccessControlLists lists;
    private final NewVersions fresh;
    private final ObjectLocks locks;
    private final MfaDelete mfa;
    private final ObjectEvents events;
    private final InstantSource clock;

    ObjectWrites(
            Access access,
            ObjectVersions versions,
            ObjectReads reads,
            Contents contents,
            ObjectEncryption encryption,
            AccessControlLists lists,
            NewVersions fresh,
            ObjectLocks locks,
            MfaDelete mfa,
            ObjectEvents events,
            InstantSource clock) {
        this.access = access;
        this.versions = versions;
        this.reads = reads;
        this.contents = contents;
        this.encryption = encryption;
        this.lists = lists;
        this.fresh = fresh;
        this.locks = locks;
        this.mfa = mfa;
        this.events = events;
        this.clock = clock;
    }

    PutObjectResponse put(PutObjectRequest request, RequestBody body) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner(), request.key());
        if (request.writeOffsetBytes() != null) {
            throw AwsError.notImplemented("s3", "PutObject with a write offset");
        }
        Map<String, String> rights = lists.kept(bucket, request.key(), request);
        ObjectSettings given = settings(request, request.metadata(), TagSets.parse(request.tagging()));
        ObjectEncryption.Sealing sealing = encryption.forNew(bucket, request.key(), request);
        ObjectSettings settings = with(given, rights, sealing.kept());
        Contents.Expected expected =
                Contents.Expected.of(request, request.checksumAlgorithmAsString(), request.contentMD5());
        locks.check(bucket, settings, expected.isGiven());
        Checksum kept = expected.algorithm().orElse(Checksum.CRC64NVME);
        Contents.Received received =
                contents.receive(body.contentStreamProvider().newStream(), expected, kept, sealing.key());
        ObjectVersion version = new Write(
                        events.ofPut(), bucket, request.key(), request.ifMatch(), request.ifNoneMatch())
                .store(received, kept, settings);
        PutObjectResponse.Builder response = PutObjectResponse.builder()
                .eTag(Conditions.quoted(received.etag()))
                .expiration(fresh.expiration(bucket, version))
                .versionId(putId(bucket, version));
        ObjectEncryption.tell(response, settings.headers());
        Members.set(response, version.content().checksum());
        return response.build();
    }

    /** What bytes become the content of, and on which conditions; null for none. */
    private final class Write {
        private final ChangeWitness witness;
        private final Bucket bucket;
        private final String key;
        private final String ifMatch;
        private final String ifNoneMatch;

        Write(ChangeWitness witness, Bucket bucket, String key, String ifMatch, String ifNoneMatch) {
            this.witness = witness;
            this.bucket = bucket;
            this.key = key;
            this.ifMatch = ifMatch;
            this.ifNoneMatch = ifNoneMatch;
        }

        ObjectVersion store(Contents.Received received, Checksum kept, ObjectSettings settings) {
            try {
                return versions.witnessedBy(witness)
                        .put(
                                bucket.name(),
                                key,
                                received.content(kept),
                                fresh.settings(bucket, key, settings),
                                current -> Conditions.checkWrite(key, ifMatch, ifNoneMatch, current));
            } catch (AwsError refused) {
                contents.drop(received);
                throw refused;
            }
        }
    }

    CopyObjectResponse copy(CopyObjectRequest request) {
        Bucket bucket =
                access.reached(request.destinationBucket(), request.expectedBucketOwner(), request.destinationKey());
        CopySource from = CopySource.of(
                Members.copySource(request), request.sourceBucket(), request.sourceKey(), request.sourceVersionId());
        Bucket sourceBucket = access.reached(from.bucket(), request.expectedSourceBucketOwner());
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
        ObjectSettings copied = copied(request, source, replaced);
        boolean same = from.bucket().equals(request.destinationBucket())
                && from.key().equals(request.destinationKey())
                && from.versionId() == null;
        if (same && !replaced && !ObjectEncryption.isAsked(request) && copied.equals(plain(source.settings()))) {
            throw Errors.invalidRequest("This copy request is illegal because it is trying to copy an object to itself"
                    + " without changing the object's metadata, storage class, website redirect location or encryption"
                    + " attributes.");
        }
        Checksum kept = checksum(request.checksumAlgorithmAsString(), source);
        Optional<SecretKey> opening = encryption.opening(
                sourceBucket, from.key(), source.settings().headers(), CustomerKey.ofSource(request));
        Map<String, String> rights = lists.kept(bucket, request.destinationKey(), request);
        ObjectEncryption.Sealing sealing = encryption.forNew(bucket, request.destinationKey(), request);
        ObjectSettings settings = with(copied, rights, sealing.kept());
        locks.check(bucket, settings, true);
        Contents.Received received = contents.receive(
                contents.read(
                        source.content(), new ByteRange(0, source.content().size()), opening),
                Contents.Expected.NOTHING,
                kept,
                sealing.key());
        ObjectVersion version = new Write(
                        events.of(ObjectEvent.COPIED, EventCause.call()),
                        bucket,
                        request.destinationKey(),
                        request.ifMatch(),
                        request.ifNoneMatch())
                .store(received, kept, settings);
        CopyObjectResult.Builder result = CopyObjectResult.builder()
                .eTag(Conditions.quoted(received.etag()))
                .lastModified(version.modifiedAt());
        Members.set(result, version.content().checksum());
        CopyObjectResponse.Builder response = CopyObjectResponse.builder()
                .copyObjectResult(result.build())
                .copySourceVersionId(ObjectReads.shownId(sourceBucket, source))
                .expiration(fresh.expiration(bucket, version))
                .versionId(putId(bucket, version));
        ObjectEncryption.tell(response, settings.headers());
        return response.build();
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
        Map<String, String> headers =
                new LinkedHashMap<>(plain(source.settings()).headers());
        headers.keySet().removeAll(NEVER_COPIED);
        for (String name : GIVEN_WITH_A_COPY) {
            Optional.ofNullable(given.headers().get(name)).ifPresent(value -> headers.put(name, value));
        }
        return new ObjectSettings(headers, source.settings().metadata(), tags);
    }

    /** What an object keeps, without who may reach it and how it is encrypted: that is never copied. */
    private static ObjectSettings plain(ObjectSettings settings) {
        Map<String, String> headers = ObjectEncryption.without(settings.headers());
        headers.remove(AccessControl.HEADER);
        headers.remove(AccessControl.OWNER);
        headers.keySet().removeAll(OF_VERSION);
        return new ObjectSettings(headers, settings.metadata(), settings.tags());
    }

    /** The same settings with who may reach an object and how it is encrypted. */
    static ObjectSettings with(ObjectSettings settings, Map<String, String> rights, Map<String, String> encryption) {
        if (rights.isEmpty() && encryption.isEmpty()) {
            return settings;
        }
        Map<String, String> headers = new LinkedHashMap<>(settings.headers());
        headers.putAll(rights);
        headers.putAll(encryption);
        return new ObjectSettings(headers, settings.metadata(), settings.tags());
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
        String redirect = headers.getOrDefault("WebsiteRedirectLocation", "/");
        if (!redirect.startsWith("/") && !redirect.startsWith("http://") && !redirect.startsWith("https://")) {
            throw new AwsError(
                    "InvalidRedirectLocation",
                    400,
                    "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.");
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

    /** The id of a new version: none while the bucket does not make versions. */
    static String putId(Bucket bucket, ObjectVersion version) {
        return bucket.versioning() == Versioning.NEVER ? null : version.id();
    }

    DeleteObjectResponse delete(DeleteObjectRequest request) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        if (request.versionId() != null && MfaDelete.isOn(bucket)) {
            mfa.require(bucket, request.mfa());
        }
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
        if (!CallContext.current().contentVerified()) {
            throw Errors.invalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        }
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        List<ObjectIdentifier> objects = request.delete().objects();
        if (objects.isEmpty() || objects.size() > MOST_DELETED) {
            throw Errors.malformedXml();
        }
        if (MfaDelete.isOn(bucket) && objects.stream().anyMatch(object -> object.versionId() != null)) {
            mfa.require(bucket, request.mfa());
        }
        List<DeletedObject> deleted = new ArrayList<>();
        List<S3Error> errors = new ArrayList<>();
        for (ObjectIdentifier object : objects) {
            String action = object.versionId() == null ? "s3:DeleteObject" : "s3:DeleteObjectVersion";
            List<String> arns = access.arns(request.bucket(), object.key());
            try {
                if (!isAllowed(action, arns)) {
                    throw Errors.accessDenied();
                }
                boolean bypass = Boolean.TRUE.equals(request.bypassGovernanceRetention())
                        && isAllowed("s3:BypassGovernanceRetention", arns);
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

    private static boolean isAllowed(String action, List<String> arns) {
        return arns.stream().allMatch(arn -> CallContext.current().isAllowed(action, arn));
    }

    private DeletedObject delete(Bucket bucket, ObjectIdentifier object, boolean bypass) {
        VersionIds.check(object.versionId());
        String key = object.key();
        DeletedObject.Builder answer = DeletedObject.builder().key(key).versionId(object.versionId());
        if (object.versionId() == null) {
            ObjectSettings settings = fresh.ofMarker(bucket, key);
            versions.witnessedBy(events.ofDeletion(ObjectEvent.REMOVED, ObjectEvent.MARKED, EventCause.call()))
                    .delete(
                            bucket.name(),
                            key,
                            settings,
                            current -> Conditions.checkWrite(key, object.eTag(), null, current))
                    .ifPresent(marker -> answer.deleteMarker(true).deleteMarkerVersionId(marker.id()));
        } else {
            versions.witnessedBy(events.of(ObjectEvent.REMOVED, EventCause.call()))
                    .deleteVersion(bucket.name(), key, object.versionId(), version -> {
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
        ObjectEvent event = tags.isEmpty() ? ObjectEvent.UNTAGGED : ObjectEvent.TAGGED;
        return versions.witnessedBy(events.of(event, EventCause.call()))
                .update(bucket.name(), key, Optional.of(version.id()), settings -> settings.withTags(tags))
                .orElseThrow(() -> Errors.noSuchKey(key));
    }
}
