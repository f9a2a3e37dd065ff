package dev.outcrop.services.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Authorization;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.kernel.checksum.Checksum;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Objects;
import dev.outcrop.storage.Records;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Object;

class S3ServiceTest {
    private static final ServiceTables TABLES = new ServiceTables();
    private static final int SMALLEST_PART = 5 << 20;

    @TempDir
    private Path path;

    private DataFolder folder;
    private Records records;
    private Objects objects;
    private S3Client s3;

    @BeforeEach
    void open() {
        folder = DataFolder.open(path);
        records = folder.records();
        objects = folder.objects(folder.secrets());
        s3 = client("123456789012");
        s3.createBucket(request -> request.bucket("photos"));
    }

    @AfterEach
    void close() {
        records.close();
        folder.close();
    }

    /** A client of the house, each of whose calls is the root's of {@code account}. */
    private S3Client client(String account) {
        ServedServices services = new ServedServices(TABLES)
                .serve(
                        "s3",
                        S3Client.class,
                        () -> new S3Service(
                                records,
                                objects,
                                BucketDefaults.AWS,
                                S3ServiceTest::noClients,
                                (_, _, _, _, _) -> false,
                                new Ids(),
                                InstantSource.system()));
        Corridor corridor = new Corridor(Authorization.ROOT_ONLY, Throttle.unlimited(), _ -> {});
        CallContext context = CallContext.builder()
                .principal(Principal.root(account, Optional.of("AKIAEXAMPLE")))
                .requestId("11111111-2222-3333-4444-555555555555")
                .build();
        S3Client inner = new Clients(services, corridor).of(S3Client.class);
        return (S3Client) Proxy.newProxyInstance(
                S3Client.class.getClassLoader(), new Class<?>[] {S3Client.class}, (_, method, arguments) -> {
                    try {
                        return context.call(() -> method.invoke(inner, arguments));
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    /** Nothing here is under keys of KMS. */
    private static Clients noClients() {
        throw new IllegalStateException("KMS is not served");
    }

    private static void assertFails(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        failure -> assertThat(failure.awsErrorDetails().errorCode())
                                .isEqualTo(code));
    }

    private String put(String key, String content) {
        return s3.putObject(request -> request.bucket("photos").key(key), RequestBody.fromString(content))
                .versionId();
    }

    private String get(String key) {
        return s3.getObjectAsBytes(request -> request.bucket("photos").key(key)).asUtf8String();
    }

    @Test
    void aBucketNameBelongsToWhoeverTookItFirst() {
        S3Client stranger = client("999999999999");

        s3.createBucket(request -> request.bucket("photos"));
        assertFails("BucketAlreadyExists", () -> stranger.createBucket(request -> request.bucket("photos")));
        assertThat(stranger.listBuckets().buckets()).isEmpty();
        assertThat(s3.listBuckets().buckets())
                .extracting(bucket -> bucket.name())
                .containsExactly("photos");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "Photos", "a..b", "192.168.0.1", "-ab", "xn--ab", "ab-s3alias", "a_b"})
    void refusesBucketNamesThatAwsRefuses(String name) {
        assertFails("InvalidBucketName", () -> s3.createBucket(request -> request.bucket(name)));
    }

    @Test
    void deletesOnlyEmptyBuckets() {
        put("a", "1");

        assertFails("BucketNotEmpty", () -> s3.deleteBucket(request -> request.bucket("photos")));
        s3.deleteObject(request -> request.bucket("photos").key("a"));
        s3.deleteBucket(request -> request.bucket("photos"));
        assertFails("NoSuchBucket", () -> s3.headBucket(request -> request.bucket("photos")));
    }

    @Test
    void givesBackWhatWasPutWithItsHeadersMetadataTagsAndChecksum() {
        var put = s3.putObject(
                request -> request.bucket("photos")
                        .key("a/b c")
                        .contentType("text/plain")
                        .cacheControl("no-cache")
                        .metadata(Map.of("Colour", "red"))
                        .tagging("team=blue&x=1")
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                RequestBody.fromString("hello world"));

        var got = s3.getObjectAsBytes(
                request -> request.bucket("photos").key("a/b c").checksumMode(ChecksumMode.ENABLED));

        assertThat(put.eTag()).isEqualTo("\"5eb63bbbe01eeed093cb22bb8f5acdc3\"");
        assertThat(got.asUtf8String()).isEqualTo("hello world");
        assertThat(got.response().contentType()).isEqualTo("text/plain");
        assertThat(got.response().cacheControl()).isEqualTo("no-cache");
        assertThat(got.response().metadata()).containsExactly(Map.entry("colour", "red"));
        assertThat(got.response().tagCount()).isEqualTo(2);
        assertThat(got.response().checksumCRC32()).isEqualTo("DUoRhQ==").isEqualTo(put.checksumCRC32());
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-3, 0123, bytes 0-3/10",
        "bytes=8-99, 89, bytes 8-9/10",
        "bytes=7-, 789, bytes 7-9/10",
        "bytes=-2, 89, bytes 8-9/10",
        "bytes=3-1, 0123456789,",
        "'bytes=0-1,3-4', 0123456789,"
    })
    void readsRanges(String range, String expected, String contentRange) {
        put("digits", "0123456789");

        var got = s3.getObjectAsBytes(
                request -> request.bucket("photos").key("digits").range(range));

        assertThat(got.asUtf8String()).isEqualTo(expected);
        assertThat(got.response().contentRange()).isEqualTo(contentRange);
        assertFails(
                "InvalidRange",
                () -> s3.getObjectAsBytes(
                        request -> request.bucket("photos").key("digits").range("bytes=10-")));
    }

    @Test
    void readsAndWritesUnderConditions() {
        String etag = s3.putObject(
                        request -> request.bucket("photos").key("a").ifNoneMatch("*"), RequestBody.fromString("1"))
                .eTag();

        assertFails(
                "PreconditionFailed",
                () -> s3.putObject(
                        request -> request.bucket("photos").key("a").ifNoneMatch("*"), RequestBody.fromString("2")));
        assertFails(
                "PreconditionFailed",
                () -> s3.putObject(
                        request -> request.bucket("photos").key("a").ifMatch("other"), RequestBody.fromString("2")));
        assertFails(
                "NoSuchKey",
                () -> s3.putObject(
                        request -> request.bucket("photos").key("b").ifMatch(etag), RequestBody.fromString("2")));
        assertFails(
                "NotModified",
                () -> s3.headObject(request -> request.bucket("photos").key("a").ifNoneMatch(etag)));
        assertFails(
                "PreconditionFailed",
                () -> s3.getObjectAsBytes(
                        request -> request.bucket("photos").key("a").ifMatch("other")));
        s3.putObject(request -> request.bucket("photos").key("a").ifMatch(etag), RequestBody.fromString("2"));
        assertThat(get("a")).isEqualTo("2");
    }

    @Test
    void storesNothingThatIsNotItsChecksum() {
        assertFails(
                "BadDigest",
                () -> s3.putObject(
                        request -> request.bucket("photos").key("a").checksumCRC32("AAAAAA=="),
                        RequestBody.fromString("1")));
        assertFails("NoSuchKey", () -> get("a"));
    }

    @Test
    @SuppressWarnings("deprecation") // The other members are turned to this one by clients of the network.
    void copiesWithTheSourcesMetadataOrOthers() {
        s3.putObject(
                request -> request.bucket("photos").key("a").metadata(Map.of("x", "1")), RequestBody.fromString("1"));

        s3.copyObject(request ->
                request.copySource("photos/a").destinationBucket("photos").destinationKey("b"));

        assertThat(get("b")).isEqualTo("1");
        assertThat(s3.headObject(request -> request.bucket("photos").key("b")).metadata())
                .containsEntry("x", "1");
        assertFails(
                "InvalidRequest",
                () -> s3.copyObject(request -> request.copySource("photos/a")
                        .destinationBucket("photos")
                        .destinationKey("a")));
    }

    @Test
    void listsByPrefixAndDelimiterInPages() {
        List.of("a", "b/1", "b/2", "b/3", "c/1", "d", "e\u0001", "\uD83D\uDE00", "\uFFFD")
                .forEach(key -> put(key, "x"));

        List<String> seen = new ArrayList<>();
        String token = null;
        do {
            String place = token;
            var page = s3.listObjectsV2(request ->
                    request.bucket("photos").delimiter("/").maxKeys(2).continuationToken(place));
            page.commonPrefixes().forEach(prefix -> seen.add(prefix.prefix()));
            page.contents().forEach(object -> seen.add(object.key()));
            token = page.nextContinuationToken();
        } while (token != null);

        assertThat(seen).containsExactlyInAnyOrder("a", "b/", "c/", "d", "e\u0001", "\uFFFD", "\uD83D\uDE00");
        assertThat(s3.listObjectsV2(request -> request.bucket("photos")).contents())
                .extracting(S3Object::key)
                .containsExactly("a", "b/1", "b/2", "b/3", "c/1", "d", "e\u0001", "\uFFFD", "\uD83D\uDE00");
        assertThat(s3.listObjects(
                                request -> request.bucket("photos").prefix("b/").marker("b/1"))
                        .contents())
                .extracting(S3Object::key)
                .containsExactly("b/2", "b/3");
    }

    @Test
    void keepsVersionsAndUndoesDeletions() {
        put("a", "unversioned");
        s3.putBucketVersioning(request -> request.bucket("photos")
                .versioningConfiguration(settings -> settings.status(BucketVersioningStatus.ENABLED)));
        String second = put("a", "second");
        String marker =
                s3.deleteObject(request -> request.bucket("photos").key("a")).versionId();

        assertFails("NoSuchKey", () -> get("a"));
        assertThat(s3.listObjectsV2(request -> request.bucket("photos")).contents())
                .isEmpty();
        var page = s3.listObjectVersions(request -> request.bucket("photos"));
        assertThat(page.versions()).extracting(ObjectVersion::versionId).containsExactly(second, "null");
        assertThat(page.deleteMarkers())
                .extracting(DeleteMarkerEntry::versionId)
                .containsExactly(marker);
        assertThat(s3.getObjectAsBytes(
                                request -> request.bucket("photos").key("a").versionId("null"))
                        .asUtf8String())
                .isEqualTo("unversioned");
        s3.deleteObject(request -> request.bucket("photos").key("a").versionId(marker));
        assertThat(get("a")).isEqualTo("second");
        s3.deleteObject(request -> request.bucket("photos").key("a").versionId(second));
        assertThat(get("a")).isEqualTo("unversioned");
    }

    @Test
    void listsVersionsInPagesThatEndWithinAKey() {
        s3.putBucketVersioning(request -> request.bucket("photos")
                .versioningConfiguration(settings -> settings.status(BucketVersioningStatus.ENABLED)));
        List<String> expected = new ArrayList<>();
        for (String key : List.of("a", "b", "c")) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                ids.addFirst(put(key, key + i));
            }
            expected.addAll(ids);
        }

        List<String> seen = new ArrayList<>();
        var page = s3.listObjectVersions(request -> request.bucket("photos").maxKeys(2));
        page.versions().forEach(version -> seen.add(version.versionId()));
        while (page.isTruncated()) {
            var last = page;
            page = s3.listObjectVersions(request -> request.bucket("photos")
                    .maxKeys(2)
                    .keyMarker(last.nextKeyMarker())
                    .versionIdMarker(last.nextVersionIdMarker()));
            page.versions().forEach(version -> seen.add(version.versionId()));
        }

        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void deletesManyAndTellsKeyByKey() {
        put("a", "1");
        put("b", "2");

        var answer = s3.deleteObjects(request -> request.bucket("photos")
                .delete(delete -> delete.objects(
                        ObjectIdentifier.builder().key("a").build(),
                        ObjectIdentifier.builder().key("b").eTag("other").build(),
                        ObjectIdentifier.builder().key("none").build())));

        assertThat(answer.deleted()).extracting(deleted -> deleted.key()).containsExactly("a", "none");
        assertThat(answer.errors()).extracting(error -> error.code()).containsExactly("PreconditionFailed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CRC32", "CRC64NVME", "SHA256"})
    void partsOfRandomCutsAreTheWhole(String algorithm) {
        Random random = new Random(algorithm.hashCode());
        byte[] whole = new byte[2 * SMALLEST_PART + random.nextInt(SMALLEST_PART)];
        random.nextBytes(whole);
        int cut = SMALLEST_PART + random.nextInt(whole.length - 2 * SMALLEST_PART + 1);
        int[] cuts = {0, cut, whole.length - random.nextInt(whole.length - cut - SMALLEST_PART + 1), whole.length};
        String id = s3.createMultipartUpload(
                        request -> request.bucket("photos").key("big").checksumAlgorithm(algorithm))
                .uploadId();

        List<CompletedPart> parts = new ArrayList<>();
        for (int i = 1; i < cuts.length; i++) {
            int number = i * 3;
            byte[] part = Arrays.copyOfRange(whole, cuts[i - 1], cuts[i]);
            var put = s3.uploadPart(
                    request -> request.bucket("photos").key("big").uploadId(id).partNumber(number),
                    RequestBody.fromBytes(part));
            parts.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(put.eTag())
                    .checksumCRC32(put.checksumCRC32())
                    .checksumCRC64NVME(put.checksumCRC64NVME())
                    .checksumSHA256(put.checksumSHA256())
                    .build());
        }
        var done = s3.completeMultipartUpload(request ->
                request.bucket("photos").key("big").uploadId(id).multipartUpload(upload -> upload.parts(parts)));

        assertThat(done.eTag()).endsWith("-3\"");
        assertThat(s3.getObjectAsBytes(request -> request.bucket("photos").key("big"))
                        .asByteArray())
                .isEqualTo(whole);
        int from = random.nextInt(whole.length);
        assertThat(s3.getObjectAsBytes(
                                request -> request.bucket("photos").key("big").range("bytes=" + from + "-"))
                        .asByteArray())
                .isEqualTo(Arrays.copyOfRange(whole, from, whole.length));
        if (algorithm.equals("CRC64NVME")) {
            Checksum.Computation computation = Checksum.CRC64NVME.begin();
            computation.update(whole, 0, whole.length);
            assertThat(done.checksumCRC64NVME()).isEqualTo(computation.base64());
        }
        assertFails(
                "NoSuchUpload",
                () -> s3.listParts(
                        request -> request.bucket("photos").key("big").uploadId(id)));
    }

    @Test
    void refusesPartsThatAreTooSmallUnknownOrOutOfOrder() {
        String id = s3.createMultipartUpload(request -> request.bucket("photos").key("big"))
                .uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        for (int number = 1; number <= 2; number++) {
            int each = number;
            String etag = s3.uploadPart(
                            request -> request.bucket("photos")
                                    .key("big")
                                    .uploadId(id)
                                    .partNumber(each),
                            RequestBody.fromString("small"))
                    .eTag();
            parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
        }

        assertFails("EntityTooSmall", () -> complete(id, parts));
        assertFails("InvalidPartOrder", () -> complete(id, parts.reversed()));
        assertFails(
                "InvalidPart",
                () -> complete(
                        id,
                        List.of(CompletedPart.builder().partNumber(9).eTag("x").build())));
        s3.abortMultipartUpload(request -> request.bucket("photos").key("big").uploadId(id));
        assertFails("NoSuchUpload", () -> complete(id, parts));
    }

    private void complete(String id, List<CompletedPart> parts) {
        s3.completeMultipartUpload(request ->
                request.bucket("photos").key("big").uploadId(id).multipartUpload(upload -> upload.parts(parts)));
    }

    @Test
    void whatWasAcknowledgedIsThereAfterARestart() {
        put("a", "1");
        records.close();

        records = folder.records();
        s3 = client("123456789012");

        assertThat(get("a")).isEqualTo("1");
    }

    @Test
    void completingAnUploadAgainGivesTheSameAnswer() {
        String upload = s3.createMultipartUpload(
                        request -> request.bucket("photos").key("k"))
                .uploadId();
        String tag = s3.uploadPart(
                        request -> request.bucket("photos")
                                .key("k")
                                .uploadId(upload)
                                .partNumber(1),
                        RequestBody.fromString("hello"))
                .eTag();
        CompletedPart part = CompletedPart.builder().partNumber(1).eTag(tag).build();

        var first = s3.completeMultipartUpload(request ->
                request.bucket("photos").key("k").uploadId(upload).multipartUpload(parts -> parts.parts(part)));
        var again = s3.completeMultipartUpload(request ->
                request.bucket("photos").key("k").uploadId(upload).multipartUpload(parts -> parts.parts(part)));

        assertThat(again).isEqualTo(first);
        assertThat(get("k")).isEqualTo("hello");
        assertFails(
                "NoSuchUpload",
                () -> s3.completeMultipartUpload(request -> request.bucket("photos")
                        .key("k")
                        .uploadId(upload)
                        .multipartUpload(parts -> parts.parts(part.copy(other -> other.eTag("0".repeat(32)))))));
        assertFails(
                "NoSuchUpload",
                () -> s3.abortMultipartUpload(
                        request -> request.bucket("photos").key("k").uploadId(upload)));
    }

    @ParameterizedTest
    @SuppressWarnings("deprecation") // As above.
    @ValueSource(ints = {0, 1, 4096, 4097})
    void readsRangesOfShortObjectsWhereverTheyAreKept(int length) throws Exception {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        s3.putObject(request -> request.bucket("photos").key("k"), RequestBody.fromBytes(content));

        byte[] back = s3.getObjectAsBytes(request -> request.bucket("photos").key("k"))
                .asByteArray();

        assertThat(back).isEqualTo(content);
        if (length > 1) {
            assertThat(s3.getObjectAsBytes(
                                    request -> request.bucket("photos").key("k").range("bytes=1-2"))
                            .asByteArray())
                    .isEqualTo(Arrays.copyOfRange(content, 1, 3));
            s3.copyObject(request ->
                    request.copySource("photos/k").destinationBucket("photos").destinationKey("copy"));
            assertThat(s3.getObjectAsBytes(request -> request.bucket("photos").key("copy"))
                            .asByteArray())
                    .isEqualTo(content);
        }
    }
}
