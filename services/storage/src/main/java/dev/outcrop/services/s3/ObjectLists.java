package dev.outcrop.services.s3;

import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.ContentChecksum;
import dev.outcrop.storage.buckets.Listing;
import dev.outcrop.storage.buckets.Listings;
import dev.outcrop.storage.buckets.ObjectVersion;
import dev.outcrop.storage.buckets.Upload;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Lists what is in buckets. */
final class ObjectLists {
    private static final int PAGE = 1000;

    private final Listings listings;

    ObjectLists(Listings listings) {
        this.listings = listings;
    }

    private static Listing.Range range(String prefix, String delimiter, String after, Integer limit, String name) {
        if (limit != null && limit < 0) {
            throw Errors.invalidArgument(
                    "Argument " + name + " must be an integer between 0 and 2147483647", name, limit.toString());
        }
        return new Listing.Range(
                orEmpty(prefix), orEmpty(delimiter), orEmpty(after), limit == null ? PAGE : Math.min(limit, PAGE));
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /** Nothing is behind an empty page. */
    private static <T> Listing<T> none() {
        return new Listing<>(List.of(), false);
    }

    /** How a list writes keys. */
    private static UnaryOperator<String> encoding(String type) {
        if (type == null) {
            return UnaryOperator.identity();
        }
        if (!type.equals("url")) {
            throw Errors.invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", type);
        }
        return key -> key == null
                ? null
                : URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
    }

    ListObjectsResponse list(Bucket bucket, ListObjectsRequest request) {
        UnaryOperator<String> encoding = encoding(request.encodingTypeAsString());
        Listing.Range range =
                range(request.prefix(), request.delimiter(), request.marker(), request.maxKeys(), "max-keys");
        Listing<ObjectVersion> page = range.limit() == 0 ? none() : listings.objects(bucket.name(), range);
        boolean next = page.truncated() && !range.delimiter().isEmpty();
        return ListObjectsResponse.builder()
                .name(bucket.name())
                .prefix(encoding.apply(range.prefix()))
                .delimiter(encoding.apply(request.delimiter()))
                .marker(encoding.apply(range.after()))
                .maxKeys(range.limit())
                .encodingType(request.encodingType())
                .isTruncated(page.truncated())
                .nextMarker(next ? encoding.apply(page.entries().getLast().key()) : null)
                .commonPrefixes(prefixes(page, encoding))
                .contents(page.items().stream()
                        .map(version -> object(bucket, version, encoding, true))
                        .toList())
                .build();
    }

    ListObjectsV2Response list(Bucket bucket, ListObjectsV2Request request) {
        UnaryOperator<String> encoding = encoding(request.encodingTypeAsString());
        if (request.continuationToken() != null && request.continuationToken().isEmpty()) {
            throw Errors.invalidArgument("The continuation token provided is incorrect", "continuation-token", "");
        }
        String after = request.continuationToken() == null
                ? request.startAfter()
                : BucketOperations.decoded(request.continuationToken());
        Listing.Range range = range(request.prefix(), request.delimiter(), after, request.maxKeys(), "maxKeys");
        Listing<ObjectVersion> page = range.limit() == 0 ? none() : listings.objects(bucket.name(), range);
        boolean owners = Boolean.TRUE.equals(request.fetchOwner());
        return ListObjectsV2Response.builder()
                .name(bucket.name())
                .prefix(encoding.apply(range.prefix()))
                .delimiter(encoding.apply(request.delimiter()))
                .startAfter(encoding.apply(request.startAfter()))
                .continuationToken(request.continuationToken())
                .nextContinuationToken(
                        page.truncated()
                                ? BucketOperations.encoded(
                                        page.entries().getLast().key())
                                : null)
                .maxKeys(range.limit())
                .keyCount(page.entries().size())
                .encodingType(request.encodingType())
                .isTruncated(page.truncated())
                .commonPrefixes(prefixes(page, encoding))
                .contents(page.items().stream()
                        .map(version -> object(bucket, version, encoding, owners))
                        .toList())
                .build();
    }

    private static S3Object object(
            Bucket bucket, ObjectVersion version, UnaryOperator<String> encoding, boolean owner) {
        ContentChecksum checksum = version.content().checksum();
        return S3Object.builder()
                .key(encoding.apply(version.key()))
                .eTag(Conditions.quoted(version.content().etag()))
                .size(version.content().size())
                .lastModified(version.modifiedAt())
                .storageClass(storageClass(version))
                .checksumAlgorithmWithStrings(checksum.algorithm())
                .checksumType(type(checksum))
                .owner(owner ? Access.owner(AccessControl.owner(bucket, version)) : null)
                .build();
    }

    private static ChecksumType type(ContentChecksum checksum) {
        return checksum.composite() ? ChecksumType.COMPOSITE : ChecksumType.FULL_OBJECT;
    }

    private static String storageClass(ObjectVersion version) {
        return version.settings().headers().getOrDefault("StorageClass", "STANDARD");
    }

    private static List<CommonPrefix> prefixes(Listing<?> page, UnaryOperator<String> encoding) {
        return page.commonPrefixes().stream()
                .map(prefix ->
                        CommonPrefix.builder().prefix(encoding.apply(prefix)).build())
                .toList();
    }

    ListObjectVersionsResponse list(Bucket bucket, ListObjectVersionsRequest request) {
        UnaryOperator<String> encoding = encoding(request.encodingTypeAsString());
        String marker = orEmpty(request.versionIdMarker());
        if (!marker.isEmpty() && orEmpty(request.keyMarker()).isEmpty()) {
            throw Errors.invalidArgument(
                    "A version-id marker cannot be specified without a key marker.", "version-id-marker", marker);
        }
        Listing.Range range =
                range(request.prefix(), request.delimiter(), request.keyMarker(), request.maxKeys(), "max-keys");
        Listing<Listings.KeyVersion> page =
                range.limit() == 0 ? none() : listings.versions(bucket.name(), range, marker);
        ListObjectVersionsResponse.Builder response = ListObjectVersionsResponse.builder()
                .name(bucket.name())
                .prefix(encoding.apply(range.prefix()))
                .delimiter(encoding.apply(request.delimiter()))
                .keyMarker(encoding.apply(range.after()))
                .versionIdMarker(marker)
                .maxKeys(range.limit())
                .encodingType(request.encodingType())
                .isTruncated(page.truncated())
                .commonPrefixes(prefixes(page, encoding))
                .versions(page.items().stream()
                        .filter(line -> !line.version().deleteMarker())
                        .map(line -> version(bucket, line, encoding))
                        .toList())
                .deleteMarkers(page.items().stream()
                        .filter(line -> line.version().deleteMarker())
                        .map(line -> marker(bucket, line, encoding))
                        .toList());
        if (page.truncated()) {
            Listing.Entry<Listings.KeyVersion> last = page.entries().getLast();
            response.nextKeyMarker(encoding.apply(last.key()));
            last.item()
                    .ifPresent(
                            line -> response.nextVersionIdMarker(line.version().id()));
        }
        return response.build();
    }

    private static software.amazon.awssdk.services.s3.model.ObjectVersion version(
            Bucket bucket, Listings.KeyVersion line, UnaryOperator<String> encoding) {
        ObjectVersion version = line.version();
        return software.amazon.awssdk.services.s3.model.ObjectVersion.builder()
                .key(encoding.apply(version.key()))
                .versionId(version.id())
                .isLatest(line.latest())
                .eTag(Conditions.quoted(version.content().etag()))
                .size(version.content().size())
                .lastModified(version.modifiedAt())
                .storageClass(storageClass(version))
                .checksumAlgorithmWithStrings(version.content().checksum().algorithm())
                .checksumType(type(version.content().checksum()))
                .owner(Access.owner(bucket.owner()))
                .build();
    }

    private static DeleteMarkerEntry marker(Bucket bucket, Listings.KeyVersion line, UnaryOperator<String> encoding) {
        return DeleteMarkerEntry.builder()
                .key(encoding.apply(line.version().key()))
                .versionId(line.version().id())
                .isLatest(line.latest())
                .lastModified(line.version().modifiedAt())
                .owner(Access.owner(bucket.owner()))
                .build();
    }

    ListMultipartUploadsResponse list(Bucket bucket, ListMultipartUploadsRequest request) {
        UnaryOperator<String> encoding = encoding(request.encodingTypeAsString());
        Listing.Range range =
                range(request.prefix(), request.delimiter(), request.keyMarker(), request.maxUploads(), "max-uploads");
        // Without a key, an upload's id marks no place.
        String marker = range.after().isEmpty() ? "" : orEmpty(request.uploadIdMarker());
        Listing<Upload> page = range.limit() == 0 ? none() : listings.uploads(bucket.name(), range, marker);
        ListMultipartUploadsResponse.Builder response = ListMultipartUploadsResponse.builder()
                .bucket(bucket.name())
                .prefix(encoding.apply(range.prefix()))
                .delimiter(encoding.apply(request.delimiter()))
                .keyMarker(encoding.apply(range.after()))
                .uploadIdMarker(orEmpty(request.uploadIdMarker()))
                .maxUploads(range.limit())
                .encodingType(request.encodingType())
                .isTruncated(page.truncated())
                .commonPrefixes(prefixes(page, encoding))
                .uploads(page.items().stream()
                        .map(upload -> upload(bucket, upload, encoding))
                        .toList());
        if (page.truncated()) {
            Listing.Entry<Upload> last = page.entries().getLast();
            response.nextKeyMarker(encoding.apply(last.key()));
            last.item().ifPresent(upload -> response.nextUploadIdMarker(upload.id()));
        }
        return response.build();
    }

    private static MultipartUpload upload(Bucket bucket, Upload upload, UnaryOperator<String> encoding) {
        boolean checked = !upload.algorithm().isEmpty();
        return MultipartUpload.builder()
                .key(encoding.apply(upload.key()))
                .uploadId(upload.id())
                .initiated(upload.startedAt())
                .storageClass(upload.settings().headers().getOrDefault("StorageClass", "STANDARD"))
                .checksumAlgorithm(checked ? upload.algorithm() : null)
                .checksumType(!checked ? null : upload.composite() ? ChecksumType.COMPOSITE : ChecksumType.FULL_OBJECT)
                .owner(Access.owner(bucket.owner()))
                .initiator(
                        initiator -> initiator.id(Access.owner(bucket.owner()).id()))
                .build();
    }
}
