package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.checksum.Checksum;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.Content;
import dev.outcrop.storage.buckets.ContentChecksum;
import dev.outcrop.storage.buckets.ObjectVersion;
import dev.outcrop.storage.buckets.Part;
import dev.outcrop.storage.buckets.Upload;
import dev.outcrop.storage.buckets.UploadMissingException;
import dev.outcrop.storage.buckets.Uploads;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Uploads in parts. */
final class MultipartUploads {
    private static final long SMALLEST_PART = 5L << 20;
    private static final int MOST_PARTS = 10_000;
    private static final int PAGE = 1000;

    private final Access access;
    private final Uploads uploads;
    private final ObjectWrites writes;
    private final Contents contents;
    private final ObjectEncryption encryption;
    private final AccessControlLists lists;
    private final NewVersions fresh;
    private final ObjectLocks locks;
    private final LifecycleConfigurations lifecycles;
    private final ObjectEvents events;
    private final Ids ids;
    private final InstantSource clock;

    MultipartUploads(
            Access access,
            Uploads uploads,
            ObjectWrites writes,
            Contents contents,
            ObjectEncryption encryption,
            AccessControlLists lists,
            NewVersions fresh,
            ObjectLocks locks,
            LifecycleConfigurations lifecycles,
            ObjectEvents events,
            Ids ids,
            InstantSource clock) {
        this.access = access;
        this.uploads = uploads;
        this.writes = writes;
        this.contents = contents;
        this.encryption = encryption;
        this.lists = lists;
        this.fresh = fresh;
        this.locks = locks;
        this.lifecycles = lifecycles;
        this.events = events;
        this.ids = ids;
        this.clock = clock;
    }

    CreateMultipartUploadResponse create(CreateMultipartUploadRequest request) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner(), request.key());
        Optional<Checksum> algorithm =
                Optional.ofNullable(request.checksumAlgorithmAsString()).map(Contents.Expected::algorithm);
        boolean composite = isComposite(request, algorithm);
        // Ids begin with the time, so that the uploads of a key are listed in their order.
        String id = "%012x".formatted(clock.millis()) + ids.hexadecimal(52);
        Map<String, String> rights = lists.kept(bucket, request.key(), request);
        ObjectEncryption.Sealing sealing = encryption.forNew(bucket, request.key(), request);
        Upload upload = new Upload(
                request.key(),
                id,
                clock.instant(),
                algorithm.map(Checksum::name).orElse(""),
                composite,
                ObjectWrites.with(
                        ObjectWrites.settings(request, request.metadata(), TagSets.parse(request.tagging())),
                        rights,
                        sealing.kept()));
        locks.check(bucket, upload.settings(), true);
        uploads.create(bucket.name(), upload);
        Optional<LifecycleRules.Due> abortion = lifecycles.abortion(bucket, upload);
        CreateMultipartUploadResponse.Builder response = CreateMultipartUploadResponse.builder()
                .abortDate(abortion.map(LifecycleRules.Due::at).orElse(null))
                .abortRuleId(abortion.map(LifecycleRules.Due::rule).orElse(null))
                .bucket(bucket.name())
                .key(request.key())
                .uploadId(id)
                .checksumAlgorithm(request.checksumAlgorithmAsString())
                .checksumType(algorithm.isEmpty() ? null : type(upload));
        ObjectEncryption.tell(response, upload.settings().headers());
        return response.build();
    }

    private static boolean isComposite(CreateMultipartUploadRequest request, Optional<Checksum> algorithm) {
        if (algorithm.isEmpty()) {
            if (request.checksumType() != null) {
                throw Errors.invalidRequest(
                        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
            }
            return false;
        }
        boolean composite = request.checksumType() == null
                ? algorithm.get() != Checksum.CRC64NVME
                : request.checksumType() == ChecksumType.COMPOSITE;
        if (composite ? algorithm.get() == Checksum.CRC64NVME : !algorithm.get().isCyclic()) {
            throw Errors.invalidRequest("The " + (composite ? "COMPOSITE" : "FULL_OBJECT")
                    + " checksum type cannot be used with the "
                    + algorithm.get().name().toLowerCase(Locale.ROOT) + " checksum algorithm.");
        }
        return composite;
    }

    private static ChecksumType type(Upload upload) {
        return upload.composite() ? ChecksumType.COMPOSITE : ChecksumType.FULL_OBJECT;
    }

    private Upload find(Bucket bucket, String key, String id) {
        return uploads.find(bucket.name(), key, id).orElseThrow(() -> Errors.noSuchUpload(id));
    }

    UploadPartResponse put(UploadPartRequest request, RequestBody body) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        Upload upload = find(bucket, request.key(), request.uploadId());
        Contents.Expected expected =
                Contents.Expected.of(request, request.checksumAlgorithmAsString(), request.contentMD5());
        if (!upload.algorithm().isEmpty()
                && expected.algorithm().isPresent()
                && !expected.algorithm().get().name().equals(upload.algorithm())) {
            throw Errors.invalidRequest("Checksum Type mismatch occurred, expected checksum Type: "
                    + upload.algorithm().toLowerCase(Locale.ROOT) + ", actual checksum Type: "
                    + expected.algorithm().get().name().toLowerCase(Locale.ROOT));
        }
        Part part = store(
                bucket,
                upload,
                request.partNumber(),
                body.contentStreamProvider().newStream(),
                expected,
                seal(bucket, upload, request));
        UploadPartResponse.Builder response = UploadPartResponse.builder().eTag(Conditions.quoted(part.etag()));
        ObjectEncryption.tell(response, upload.settings().headers());
        Members.set(response, part.checksum());
        return response.build();
    }

    /** What the parts of an upload are sealed with. */
    private Optional<SecretKey> seal(Bucket bucket, Upload upload, SdkPojo request) {
        return encryption.ofPart(bucket, upload.key(), upload.settings().headers(), CustomerKey.of(request));
    }

    UploadPartCopyResponse copy(UploadPartCopyRequest request) {
        Bucket bucket = access.reached(request.destinationBucket(), request.expectedBucketOwner());
        Upload upload = find(bucket, request.destinationKey(), request.uploadId());
        CopySource from = CopySource.of(
                Members.copySource(request), request.sourceBucket(), request.sourceKey(), request.sourceVersionId());
        Bucket sourceBucket = access.reached(from.bucket(), request.expectedSourceBucketOwner());
        ObjectVersion source = writes.source(from, sourceBucket);
        new Conditions(
                        request.copySourceIfMatch(),
                        request.copySourceIfNoneMatch(),
                        request.copySourceIfModifiedSince(),
                        request.copySourceIfUnmodifiedSince())
                .checkSource(source);
        ByteRange range = range(request.copySourceRange(), source.content().size());
        Optional<SecretKey> opening = encryption.opening(
                sourceBucket, from.key(), source.settings().headers(), CustomerKey.ofSource(request));
        Part part = store(
                bucket,
                upload,
                request.partNumber(),
                contents.read(source.content(), range, opening),
                Contents.Expected.NOTHING,
                seal(bucket, upload, request));
        CopyPartResult.Builder result =
                CopyPartResult.builder().eTag(Conditions.quoted(part.etag())).lastModified(part.modifiedAt());
        Members.set(result, part.checksum());
        UploadPartCopyResponse.Builder response = UploadPartCopyResponse.builder()
                .copyPartResult(result.build())
                .copySourceVersionId(ObjectReads.shownId(sourceBucket, source));
        ObjectEncryption.tell(response, upload.settings().headers());
        return response.build();
    }

    /** Here a range must be whole and lie within the source. */
    private static ByteRange range(String header, long size) {
        if (header == null) {
            return new ByteRange(0, size);
        }
        if (!header.matches("bytes=\\d{1,18}-\\d{1,18}")) {
            throw Errors.invalidArgument(
                    "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the"
                            + " zero-based offsets of the first and last bytes to copy",
                    "x-amz-copy-source-range",
                    header);
        }
        long last = Long.parseLong(header.substring(header.indexOf('-') + 1));
        if (last >= size) {
            throw Errors.invalidArgument(
                    "Range specified is not valid for source object of size: " + size,
                    "x-amz-copy-source-range",
                    header);
        }
        return ByteRange.parse(header, size)
                .orElseThrow(() -> Errors.invalidArgument(
                        "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the"
                                + " zero-based offsets of the first and last bytes to copy",
                        "x-amz-copy-source-range",
                        header));
    }

    private Part store(
            Bucket bucket,
            Upload upload,
            int number,
            InputStream content,
            Contents.Expected expected,
            Optional<SecretKey> seal) {
        if (number < 1 || number > MOST_PARTS) {
            throw Errors.invalidArgument(
                    "Part number must be an integer between 1 and 10000, inclusive",
                    "partNumber",
                    String.valueOf(number));
        }
        Checksum kept = algorithm(upload);
        Contents.Received received = contents.receive(content, expected, kept, seal);
        Part part = new Part(
                number,
                received.id(),
                received.size(),
                received.etag(),
                received.checksum(kept),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                received.sealed());
        try {
            uploads.put(bucket.name(), upload, part);
        } catch (UploadMissingException gone) {
            contents.drop(received);
            throw Errors.noSuchUpload(upload.id());
        }
        return part;
    }

    private static Checksum algorithm(Upload upload) {
        return upload.algorithm().isEmpty() ? Checksum.CRC64NVME : Checksum.valueOf(upload.algorithm());
    }

    ListPartsResponse list(ListPartsRequest request) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        Upload upload = find(bucket, request.key(), request.uploadId());
        int after = request.partNumberMarker() == null ? 0 : request.partNumberMarker();
        int limit = Math.min(PAGE, request.maxParts() == null ? PAGE : request.maxParts());
        List<Part> found = uploads.parts(upload.id(), after, limit + 1);
        List<Part> page = found.subList(0, Math.min(limit, found.size()));
        CallContext context = CallContext.current();
        Optional<LifecycleRules.Due> abortion = lifecycles.abortion(bucket, upload);
        return ListPartsResponse.builder()
                .abortDate(abortion.map(LifecycleRules.Due::at).orElse(null))
                .abortRuleId(abortion.map(LifecycleRules.Due::rule).orElse(null))
                .bucket(bucket.name())
                .key(request.key())
                .uploadId(upload.id())
                .partNumberMarker(after)
                .nextPartNumberMarker(page.isEmpty() ? 0 : page.getLast().number())
                .maxParts(limit)
                .isTruncated(found.size() > page.size())
                .checksumAlgorithm(upload.algorithm().isEmpty() ? null : upload.algorithm())
                .checksumType(upload.algorithm().isEmpty() ? null : type(upload))
                .storageClass(upload.settings().headers().getOrDefault("StorageClass", "STANDARD"))
                .owner(Access.owner(bucket.owner()))
                .initiator(initiator -> initiator
                        .id(context.principal().arn())
                        .displayName(context.principal().id()))
                .parts(page.stream().map(part -> listed(upload, part)).toList())
                .build();
    }

    private static software.amazon.awssdk.services.s3.model.Part listed(Upload upload, Part part) {
        var builder = software.amazon.awssdk.services.s3.model.Part.builder()
                .partNumber(part.number())
                .size(part.size())
                .eTag(Conditions.quoted(part.etag()))
                .lastModified(part.modifiedAt());
        if (!upload.algorithm().isEmpty()) {
            Members.set(builder, part.checksum());
        }
        return builder.build();
    }

    void abort(Bucket bucket, String key, String id) {
        if (!uploads.abort(bucket.name(), key, id)) {
            throw Errors.noSuchUpload(id);
        }
    }

    CompleteMultipartUploadResponse complete(CompleteMultipartUploadRequest request) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        if (request.multipartUpload() == null
                || request.multipartUpload().parts().isEmpty()) {
            throw Errors.malformedXml();
        }
        Optional<Upload> pending = uploads.find(bucket.name(), request.key(), request.uploadId());
        if (pending.isEmpty()) {
            return completed(bucket, request);
        }
        Upload upload = pending.get();
        List<Part> parts = chosen(upload, request.multipartUpload().parts());
        Content content = content(upload, parts);
        if (request.mpuObjectSize() != null && request.mpuObjectSize() != content.size()) {
            throw Errors.invalidRequest("The provided 'x-amz-mp-object-size' header value " + request.mpuObjectSize()
                    + " does not match what was computed: " + content.size());
        }
        verify(request, upload, content.checksum());
        ObjectVersion version;
        try {
            version = uploads.witnessedBy(events.of(ObjectEvent.COMPLETED, EventCause.call()))
                    .complete(
                            bucket.name(),
                            upload.withSettings(fresh.settings(bucket, upload.key(), upload.settings())),
                            parts,
                            content,
                            current -> Conditions.checkWrite(
                                    request.key(), request.ifMatch(), request.ifNoneMatch(), current));
        } catch (UploadMissingException gone) {
            return completed(bucket, request);
        }
        return completed(bucket, version);
    }

    /** Asked again for what was done already: the same answer, as long as it is the same parts. */
    private CompleteMultipartUploadResponse completed(Bucket bucket, CompleteMultipartUploadRequest request) {
        List<String> tags = request.multipartUpload().parts().stream()
                .map(part -> part.eTag() == null ? "" : Conditions.unquoted(part.eTag()))
                .toList();
        ObjectVersion version = uploads.completed(bucket.name(), request.key(), request.uploadId())
                .filter(made -> tags.stream().allMatch(MultipartUploads::isDigest)
                        && made.content().etag().equals(etag(tags)))
                .orElseThrow(() -> Errors.noSuchUpload(request.uploadId()));
        return completed(bucket, version);
    }

    private static boolean isDigest(String tag) {
        return tag.length() == 32 && tag.chars().allMatch(HexFormat::isHexDigit);
    }

    private CompleteMultipartUploadResponse completed(Bucket bucket, ObjectVersion version) {
        Content content = version.content();
        CompleteMultipartUploadResponse.Builder response = CompleteMultipartUploadResponse.builder()
                .bucket(bucket.name())
                .key(version.key())
                .location("https://" + bucket.name() + ".s3." + bucket.region() + ".amazonaws.com/" + version.key())
                .eTag(Conditions.quoted(content.etag()))
                .expiration(fresh.expiration(bucket, version))
                .versionId(ObjectWrites.putId(bucket, version));
        ObjectEncryption.tell(response, version.settings().headers());
        Members.set(response, content.checksum());
        return response.build();
    }

    private List<Part> chosen(Upload upload, List<CompletedPart> wanted) {
        Map<Integer, Part> present = new HashMap<>();
        uploads.parts(upload.id(), 0, MOST_PARTS).forEach(part -> present.put(part.number(), part));
        List<Part> parts = new ArrayList<>();
        for (CompletedPart want : wanted) {
            if (want.partNumber() == null || want.eTag() == null) {
                throw Errors.malformedXml();
            }
            if (!parts.isEmpty() && want.partNumber() <= parts.getLast().number()) {
                throw new AwsError(
                        "InvalidPartOrder",
                        400,
                        "The list of parts was not in ascending order. Parts must be ordered by part number.",
                        Map.of("UploadId", upload.id()));
            }
            Part part = present.get(want.partNumber());
            if (part == null || !part.etag().equals(Conditions.unquoted(want.eTag())) || !agrees(upload, want, part)) {
                throw invalidPart(upload, want);
            }
            parts.add(part);
        }
        for (Part part : parts.subList(0, parts.size() - 1)) {
            if (part.size() < SMALLEST_PART) {
                Map<String, String> details = new LinkedHashMap<>();
                details.put("ProposedSize", String.valueOf(part.size()));
                details.put("MinSizeAllowed", String.valueOf(SMALLEST_PART));
                details.put("PartNumber", String.valueOf(part.number()));
                details.put("ETag", part.etag());
                throw new AwsError(
                        "EntityTooSmall",
                        400,
                        "Your proposed upload is smaller than the minimum allowed size",
                        details);
            }
        }
        return parts;
    }

    private static boolean agrees(Upload upload, CompletedPart want, Part part) {
        Map<String, String> checksums = Members.checksums(want);
        if (upload.composite() && checksums.isEmpty()) {
            String name = upload.algorithm().toLowerCase(Locale.ROOT);
            throw Errors.invalidRequest("The upload was created using a " + name
                    + " checksum. The complete request must include the checksum for each part. It was missing for part "
                    + part.number() + " in the request.");
        }
        String given = checksums.get(part.checksum().algorithm());
        return given == null || given.equals(part.checksum().value());
    }

    private static AwsError invalidPart(Upload upload, CompletedPart want) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("UploadId", upload.id());
        details.put("PartNumber", String.valueOf(want.partNumber()));
        details.put("ETag", Conditions.unquoted(want.eTag()));
        return new AwsError(
                "InvalidPart",
                400,
                "One or more of the specified parts could not be found.  The part may not have been uploaded, or the"
                        + " specified entity tag may not match the part's entity tag.",
                details);
    }

    private static Content content(Upload upload, List<Part> parts) {
        String etag = etag(parts.stream().map(Part::etag).toList());
        long size = parts.stream().mapToLong(Part::size).sum();
        return new Content(upload.id(), parts.size(), size, etag, checksum(upload, parts), new byte[0]);
    }

    /** The entity tag of a whole: the digest of the parts' digests, and how many they are. */
    private static String etag(List<String> parts) {
        ByteArrayOutputStream digests = new ByteArrayOutputStream();
        parts.forEach(part -> digests.writeBytes(HexFormat.of().parseHex(part)));
        return HexFormat.of().formatHex(md5(digests.toByteArray())) + "-" + parts.size();
    }

    private static ContentChecksum checksum(Upload upload, List<Part> parts) {
        Checksum algorithm = algorithm(upload);
        if (upload.composite()) {
            Checksum.Computation computation = algorithm.begin();
            for (Part part : parts) {
                byte[] value = Base64.getDecoder().decode(part.checksum().value());
                computation.update(value, 0, value.length);
            }
            return new ContentChecksum(algorithm.name(), computation.base64() + "-" + parts.size(), true);
        }
        String whole = parts.getFirst().checksum().value();
        for (Part part : parts.subList(1, parts.size())) {
            whole = algorithm.combine(whole, part.checksum().value(), part.size());
        }
        return new ContentChecksum(algorithm.name(), whole, false);
    }

    private static void verify(CompleteMultipartUploadRequest request, Upload upload, ContentChecksum checksum) {
        if (request.checksumType() != null && !upload.algorithm().isEmpty() && request.checksumType() != type(upload)) {
            throw Errors.invalidRequest("The upload was created using the " + type(upload)
                    + " checksum mode. The complete request must use the same checksum mode.");
        }
        Members.checksums(request).forEach((name, value) -> {
            boolean same = name.equals(checksum.algorithm())
                    && value.replaceFirst("-\\d+$", "").equals(checksum.value().replaceFirst("-\\d+$", ""));
            if (!same) {
                throw Errors.badDigest(name);
            }
        });
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has MD5", impossible);
        }
    }
}
