package dev.outcrop.services.s3vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3vectors.S3VectorsClient;
import software.amazon.awssdk.services.s3vectors.model.ConflictException;
import software.amazon.awssdk.services.s3vectors.model.DataType;
import software.amazon.awssdk.services.s3vectors.model.DistanceMetric;
import software.amazon.awssdk.services.s3vectors.model.KmsDisabledException;
import software.amazon.awssdk.services.s3vectors.model.ListOutputVector;
import software.amazon.awssdk.services.s3vectors.model.ListVectorsResponse;
import software.amazon.awssdk.services.s3vectors.model.NotFoundException;
import software.amazon.awssdk.services.s3vectors.model.PutInputVector;
import software.amazon.awssdk.services.s3vectors.model.QueryOutputVector;
import software.amazon.awssdk.services.s3vectors.model.QueryVectorsRequest;
import software.amazon.awssdk.services.s3vectors.model.S3VectorsException;
import software.amazon.awssdk.services.s3vectors.model.SseType;
import software.amazon.awssdk.services.s3vectors.model.ValidationException;

class S3VectorsServiceTest {
    private static final String BUCKET = "arn:aws:s3vectors:us-east-1:111111111111:bucket/movies";
    private static final String INDEX = BUCKET + "/index/plots";

    @TempDir
    private Path folder;

    private VectorsHouse house;

    @BeforeEach
    void open() {
        house = new VectorsHouse(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void makeIndex(DistanceMetric metric) {
        house.vectors(vectors -> vectors.createVectorBucket(request -> request.vectorBucketName("movies")));
        house.vectors(vectors -> vectors.createIndex(request -> request.vectorBucketName("movies")
                .indexName("plots")
                .dataType(DataType.FLOAT32)
                .dimension(2)
                .distanceMetric(metric)
                .metadataConfiguration(metadata -> metadata.nonFilterableMetadataKeys("plot"))));
    }

    private static PutInputVector vector(String key, Document metadata, Float... values) {
        return PutInputVector.builder()
                .key(key)
                .data(data -> data.float32(values))
                .metadata(metadata)
                .build();
    }

    private void put(PutInputVector... given) {
        house.vectors(
                vectors -> vectors.putVectors(request -> request.indexArn(INDEX).vectors(given)));
    }

    private List<QueryOutputVector> query(Consumer<QueryVectorsRequest.Builder> more) {
        return house.vectors(vectors -> vectors.queryVectors(request -> more.accept(request.vectorBucketName("movies")
                        .indexName("plots")
                        .topK(10)
                        .queryVector(data -> data.float32(1f, 0f)))))
                .vectors();
    }

    private static Document map(Object... pairs) {
        Document.MapBuilder map = Document.mapBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            map.putDocument((String) pairs[i], document(pairs[i + 1]));
        }
        return map.build();
    }

    private static Document document(Object value) {
        return switch (value) {
            case Document document -> document;
            case String text -> Document.fromString(text);
            case Integer number -> Document.fromNumber(number);
            case Double number -> Document.fromNumber(number);
            case Boolean flag -> Document.fromBoolean(flag);
            case List<?> items ->
                Document.fromList(
                        items.stream().map(S3VectorsServiceTest::document).toList());
            default -> throw new IllegalArgumentException(value.toString());
        };
    }

    private List<String> found(Document filter) {
        return query(request -> request.filter(filter)).stream()
                .map(QueryOutputVector::key)
                .sorted()
                .toList();
    }

    @Test
    void findsByNearnessWithDistanceAndMetadata() {
        makeIndex(DistanceMetric.COSINE);
        put(vector("same", map("genre", "drama", "year", 1999, "plot", "x".repeat(5000)), 2f, 0f));
        put(vector("across", null, 0f, 1f), vector("near", null, 1f, 1f));

        List<QueryOutputVector> found =
                query(request -> request.topK(2).returnDistance(true).returnMetadata(true));

        assertThat(found).extracting(QueryOutputVector::key).containsExactly("same", "near");
        assertThat(found.getFirst().distance()).isCloseTo(0f, org.assertj.core.data.Offset.offset(1e-6f));
        assertThat(found.get(1).distance()).isCloseTo(0.2929f, org.assertj.core.data.Offset.offset(1e-4f));
        assertThat(found.getFirst().metadata().asMap().get("year").asNumber().intValue())
                .isEqualTo(1999);
        assertThat(found.getFirst().metadata().asMap()).containsKeys("genre", "plot");
    }

    @Test
    void filtersByEveryOperator() {
        makeIndex(DistanceMetric.EUCLIDEAN);
        put(
                vector("a", map("genre", "drama", "year", 1990, "seen", true), 1f, 0f),
                vector("b", map("genre", List.of("drama", "comedy"), "year", 2000.5), 0f, 0f),
                vector("c", map("genre", "horror", "seen", false), 5f, 0f));

        assertThat(found(map("genre", "drama"))).containsExactly("a", "b");
        assertThat(found(map("genre", map("$eq", "comedy")))).containsExactly("b");
        assertThat(found(map("genre", map("$ne", "drama")))).containsExactly("c");
        assertThat(found(map("year", map("$gt", 1990)))).containsExactly("b");
        assertThat(found(map("year", map("$gte", 1990, "$lt", 2000)))).containsExactly("a");
        assertThat(found(map("year", map("$lte", 2000.5)))).containsExactly("a", "b");
        assertThat(found(map("genre", map("$in", List.of("horror", "comedy"))))).containsExactly("b", "c");
        assertThat(found(map("genre", map("$nin", List.of("horror", "comedy")))))
                .containsExactly("a");
        assertThat(found(map("year", map("$exists", false)))).containsExactly("c");
        assertThat(found(map("$or", List.of(map("seen", true), map("genre", "horror")))))
                .containsExactly("a", "c");
        assertThat(found(map("$and", List.of(map("seen", false), map("genre", "horror")))))
                .containsExactly("c");
        assertThat(found(map("seen", true, "genre", "drama"))).containsExactly("a");
    }

    @Test
    void refusesFiltersThatAreNone() {
        makeIndex(DistanceMetric.COSINE);
        Document deep = map("a", 1);
        for (int i = 0; i < 30; i++) {
            deep = map("$and", List.of(deep));
        }
        Document tooDeep = deep;

        for (Document filter : List.of(
                map(),
                map("$and", List.of()),
                map("$not", map("a", 1)),
                map("a", map("$regex", "x")),
                map("a", map("$gt", "text")),
                map("a", map("$in", List.of())),
                map("a", map("$exists", 1)),
                map("a", map()),
                map("a", List.of("x")),
                map("plot", "not filterable"),
                map("a", map("$in", Collections.nCopies(5000, 1))),
                tooDeep)) {
            assertThatThrownBy(() -> query(request -> request.filter(filter)))
                    .as(filter.toString())
                    .isInstanceOf(ValidationException.class);
        }
    }

    @Test
    void refusesVectorsThatDoNotFit() {
        makeIndex(DistanceMetric.COSINE);

        for (PutInputVector vector : List.of(
                vector("zero", null, 0f, 0f),
                vector("not a number", null, Float.NaN, 0f),
                vector("infinite", null, 1f, Float.POSITIVE_INFINITY),
                vector("short", null, 1f),
                vector("text", Document.fromString("none"), 1f, 0f),
                vector("nested", map("a", map("b", 1)), 1f, 0f),
                vector("list in list", map("a", List.of(List.of(1))), 1f, 0f),
                vector("filterable", map("a", "x".repeat(2100)), 1f, 0f),
                vector("all", map("plot", "x".repeat(41_000)), 1f, 0f))) {
            assertThatThrownBy(() -> put(vector("good", null, 1f, 0f), vector))
                    .as(vector.key())
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("'" + vector.key() + "'");
        }
        assertThat(query(request -> {})).isEmpty();
        assertThatThrownBy(() -> query(request -> request.queryVector(data -> data.float32(0f, 0f))))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> query(request -> request.topK(101))).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> query(request -> request.topK(0))).isInstanceOf(ValidationException.class);
    }

    @Test
    void getsAndDeletesByKey() {
        makeIndex(DistanceMetric.EUCLIDEAN);
        put(vector("a", map("n", 0.1, "plot", "p"), 0.1f, -3f), vector("b", null, 0f, 0f));

        var got = house.vectors(vectors -> vectors.getVectors(request -> request.indexArn(INDEX)
                .keys("b", "missing", "a")
                .returnData(true)
                .returnMetadata(true)));

        assertThat(got.vectors()).extracting(vector -> vector.key()).containsExactly("b", "a");
        assertThat(got.vectors().get(1).data().float32()).containsExactly(0.1f, -3f);
        assertThat(got.vectors().get(1).metadata().asMap().get("n").asNumber().doubleValue())
                .isEqualTo(0.1);

        house.vectors(vectors ->
                vectors.deleteVectors(request -> request.indexArn(INDEX).keys("a", "missing")));

        assertThat(query(request -> {})).extracting(QueryOutputVector::key).containsExactly("b");
    }

    @Test
    void listsAllVectorsOnceInPagesAndSegments() {
        makeIndex(DistanceMetric.EUCLIDEAN);
        List<String> keys =
                new ArrayList<>(IntStream.range(0, 60).mapToObj(i -> "key" + i).toList());
        // Keys that are too long for a token.
        IntStream.range(0, 5).forEach(i -> keys.add("鍵".repeat(1000) + i));
        put(keys.stream().map(key -> vector(key, null, 1f, 2f)).toArray(PutInputVector[]::new));

        assertThat(listed(Optional.empty())).containsExactlyInAnyOrderElementsOf(keys);
        List<String> segments = new ArrayList<>();
        for (int segment = 0; segment < 3; segment++) {
            segments.addAll(listed(Optional.of(segment)));
        }
        assertThat(segments).containsExactlyInAnyOrderElementsOf(keys);
        assertThatThrownBy(() -> house.vectors(vectors ->
                        vectors.listVectors(request -> request.indexArn(INDEX).segmentCount(2))))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> house.vectors(vectors ->
                        vectors.listVectors(request -> request.indexArn(INDEX).nextToken("bm9uZQ"))))
                .isInstanceOf(ValidationException.class);
    }

    private List<String> listed(Optional<Integer> segment) {
        List<String> keys = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            Optional<String> present = token;
            ListVectorsResponse page = house.vectors(vectors -> vectors.listVectors(request -> request.indexArn(INDEX)
                    .maxResults(7)
                    .segmentCount(segment.isPresent() ? 3 : null)
                    .segmentIndex(segment.orElse(null))
                    .nextToken(present.orElse(null))));
            page.vectors().stream().map(ListOutputVector::key).forEach(keys::add);
            token = Optional.ofNullable(page.nextToken());
            token.ifPresent(next -> assertThat(next).hasSizeLessThanOrEqualTo(2048));
        } while (token.isPresent());
        return keys;
    }

    @Test
    void keepsBucketsAndIndexesByName() {
        makeIndex(DistanceMetric.COSINE);
        house.vectors(vectors -> vectors.createVectorBucket(request -> request.vectorBucketName("movies-2")));
        house.vectors(vectors -> vectors.createVectorBucket(request -> request.vectorBucketName("books")));

        var buckets = house.vectors(vectors ->
                vectors.listVectorBuckets(request -> request.prefix("movies").maxResults(1)));
        assertThat(buckets.vectorBuckets())
                .extracting(bucket -> bucket.vectorBucketName())
                .containsExactly("movies");
        assertThat(house.vectors(vectors -> vectors.listVectorBuckets(
                                request -> request.prefix("movies").nextToken(buckets.nextToken())))
                        .vectorBuckets())
                .extracting(bucket -> bucket.vectorBucketName())
                .containsExactly("movies-2");
        assertThat(house.vectors(vectors -> vectors.listIndexes(
                                request -> request.vectorBucketArn(BUCKET).prefix("pl")))
                        .indexes())
                .extracting(index -> index.indexArn())
                .containsExactly(INDEX);
        var index = house.vectors(vectors -> vectors.getIndex(request -> request.indexArn(INDEX)))
                .index();
        assertThat(index.dimension()).isEqualTo(2);
        assertThat(index.metadataConfiguration().nonFilterableMetadataKeys()).containsExactly("plot");
        assertThat(index.encryptionConfiguration().sseType()).isEqualTo(SseType.AES256);

        assertThatThrownBy(() -> makeIndex(DistanceMetric.COSINE)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> house.vectors(
                        vectors -> vectors.deleteVectorBucket(request -> request.vectorBucketName("movies"))))
                .isInstanceOf(ConflictException.class);
        for (String name : List.of("Upper", "a_b", "-ab", "ab-", "a.b")) {
            assertThatThrownBy(() -> house.vectors(
                            vectors -> vectors.createVectorBucket(request -> request.vectorBucketName(name))))
                    .as(name)
                    .isInstanceOf(ValidationException.class);
        }
        for (Function<S3VectorsClient, ?> call : List.<Function<S3VectorsClient, ?>>of(
                vectors -> vectors.getVectorBucket(request -> request.vectorBucketName("none")),
                vectors -> vectors.getIndex(
                        request -> request.vectorBucketName("movies").indexName("none")),
                vectors -> vectors.getVectorBucketPolicy(request -> request.vectorBucketName("movies")),
                vectors -> vectors.listTagsForResource(request -> request.resourceArn(BUCKET + "x")))) {
            assertThatThrownBy(() -> house.vectors(call)).isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void deletesAnIndexWithItsVectorsAndFiles() throws Exception {
        makeIndex(DistanceMetric.EUCLIDEAN);
        put(vector("a", null, 1f, 2f));

        house.vectors(vectors -> vectors.deleteIndex(request -> request.indexArn(INDEX)));

        assertThatThrownBy(() -> put(vector("a", null, 1f, 2f))).isInstanceOf(NotFoundException.class);
        try (Stream<Path> left = Files.list(folder.resolve("vectors"))) {
            assertThat(left).isEmpty();
        }
        house.vectors(vectors -> vectors.deleteVectorBucket(request -> request.vectorBucketArn(BUCKET)));
        makeIndex(DistanceMetric.EUCLIDEAN);
        assertThat(query(request -> {})).isEmpty();
    }

    @Test
    void keepsTags() {
        house.vectors(vectors -> vectors.createVectorBucket(
                request -> request.vectorBucketName("movies").tags(Map.of("team", "a"))));
        house.vectors(vectors ->
                vectors.tagResource(request -> request.resourceArn(BUCKET).tags(Map.of("stage", "test"))));
        house.vectors(vectors ->
                vectors.untagResource(request -> request.resourceArn(BUCKET).tagKeys("team")));

        assertThat(house.vectors(vectors -> vectors.listTagsForResource(request -> request.resourceArn(BUCKET)))
                        .tags())
                .isEqualTo(Map.of("stage", "test"));
        assertThatThrownBy(() -> house.vectors(vectors -> vectors.tagResource(
                        request -> request.resourceArn(BUCKET).tags(Map.of("aws:x", "y")))))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void usesTheKeyOfKmsForWhatIsStored() {
        Principal root = Principal.root(VectorsHouse.ACCOUNT, Optional.empty());
        String key = house.as(root, KmsClient.class, kms -> kms.createKey(request -> {}))
                .keyMetadata()
                .arn();
        house.vectors(vectors -> vectors.createVectorBucket(request -> request.vectorBucketName("movies")
                .encryptionConfiguration(
                        encryption -> encryption.sseType(SseType.AWS_KMS).kmsKeyArn(key))));
        house.vectors(vectors -> vectors.createIndex(request -> request.vectorBucketName("movies")
                .indexName("plots")
                .dataType(DataType.FLOAT32)
                .dimension(2)
                .distanceMetric(DistanceMetric.COSINE)));
        put(vector("a", null, 1f, 2f));
        Principal withoutKey = house.user(VectorsHouse.ACCOUNT, "reader", "s3vectors:*");

        assertThatThrownBy(() -> house.as(
                        withoutKey,
                        S3VectorsClient.class,
                        vectors -> vectors.getVectors(
                                request -> request.indexArn(INDEX).keys("a"))))
                .isInstanceOfSatisfying(
                        S3VectorsException.class,
                        refusal -> assertThat(refusal.statusCode()).isEqualTo(403));

        house.as(root, KmsClient.class, kms -> kms.disableKey(request -> request.keyId(key)));

        assertThatThrownBy(() -> query(request -> {})).isInstanceOf(KmsDisabledException.class);
        assertThatThrownBy(() -> put(vector("b", null, 1f, 2f))).isInstanceOf(KmsDisabledException.class);
        assertThatThrownBy(() -> house.vectors(vectors ->
                        vectors.createVectorBucket(request -> request.vectorBucketName("keyless")
                                .encryptionConfiguration(encryption -> encryption.sseType(SseType.AWS_KMS)))))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void letsAnotherAccountInByThePolicyOfTheBucketAlone() {
        makeIndex(DistanceMetric.EUCLIDEAN);
        put(vector("a", map("k", "v"), 1f, 2f));
        Principal stranger = house.user(VectorsHouse.STRANGER, "stranger", "s3vectors:*");
        Function<S3VectorsClient, Object> getting =
                vectors -> vectors.getVectors(request -> request.indexArn(INDEX).keys("a"));
        Function<S3VectorsClient, Object> deleting = vectors ->
                vectors.deleteVectors(request -> request.indexArn(INDEX).keys("a"));

        assertDenied(stranger, getting);

        house.vectors(vectors -> vectors.putVectorBucketPolicy(
                request -> request.vectorBucketName("movies").policy("""
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3vectors:GetVectors",
                 "Principal": {"AWS": "222222222222"}, "Resource": "%s/*"}}""".formatted(BUCKET))));

        assertThat(house.as(stranger, S3VectorsClient.class, getting)).isNotNull();
        assertDenied(stranger, deleting);
        assertThat(house.vectors(
                                vectors -> vectors.getVectorBucketPolicy(request -> request.vectorBucketName("movies")))
                        .policy())
                .contains("222222222222");

        house.vectors(vectors -> vectors.deleteVectorBucketPolicy(request -> request.vectorBucketName("movies")));

        assertDenied(stranger, getting);
        assertThatThrownBy(() -> house.vectors(vectors -> vectors.putVectorBucketPolicy(
                        request -> request.vectorBucketName("movies").policy("{}"))))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void asksForTheRightToGetWhereAQueryTellsMore() {
        makeIndex(DistanceMetric.EUCLIDEAN);
        put(vector("a", map("k", "v"), 1f, 2f));
        Principal user = house.user(VectorsHouse.ACCOUNT, "asker", "s3vectors:QueryVectors", "s3vectors:ListVectors");

        assertThat(house.as(user, S3VectorsClient.class, querying(request -> {})))
                .isNotNull();
        assertDenied(user, querying(request -> request.returnMetadata(true)));
        assertDenied(user, querying(request -> request.filter(map("k", "v"))));
        assertDenied(
                user,
                vectors ->
                        vectors.listVectors(request -> request.indexArn(INDEX).returnData(true)));
        assertThat(house.as(
                                user,
                                S3VectorsClient.class,
                                vectors -> vectors.listVectors(request -> request.indexArn(INDEX)))
                        .vectors())
                .hasSize(1);
    }

    private static Function<S3VectorsClient, Object> querying(Consumer<QueryVectorsRequest.Builder> more) {
        return vectors -> vectors.queryVectors(
                request -> more.accept(request.indexArn(INDEX).topK(1).queryVector(data -> data.float32(1f, 0f))));
    }

    private void assertDenied(Principal principal, Function<S3VectorsClient, Object> call) {
        assertThatThrownBy(() -> house.as(principal, S3VectorsClient.class, call))
                .isInstanceOfSatisfying(
                        S3VectorsException.class,
                        refusal -> assertThat(refusal.statusCode()).isEqualTo(403));
    }
}
