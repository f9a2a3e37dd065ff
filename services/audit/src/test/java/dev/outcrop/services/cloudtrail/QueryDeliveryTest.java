package dev.outcrop.services.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Signature;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.cloudtrail.model.DeliveryStatus;
import software.amazon.awssdk.services.cloudtrail.model.DescribeQueryResponse;
import software.amazon.awssdk.services.cloudtrail.model.InsufficientS3BucketPolicyException;
import software.amazon.awssdk.services.cloudtrail.model.QueryStatus;
import software.amazon.awssdk.services.cloudtrail.model.S3BucketDoesNotExistException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.model.S3Object;

@Timeout(120)
class QueryDeliveryTest {
    @TempDir
    private Path path;

    private AuditHouse house;
    private String store;

    @BeforeEach
    void open() {
        house = new AuditHouse(path);
        house.createLogBucket("results");
        String arn = house.cloudTrail(trails -> trails.createEventDataStore(request -> request.name("calls")))
                .eventDataStoreArn();
        store = arn.substring(arn.lastIndexOf('/') + 1);
        for (String name : List.of("bob", "alice")) {
            house.as(IamClient.class, iam -> iam.createUser(request -> request.userName(name)));
        }
        house.ingest();
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void putsResultsAndAFileThatSignsThem() throws Exception {
        DescribeQueryResponse query = query(
                "s3://results/some/where",
                "SELECT element_at(requestParameters, 'userName')" + " AS name, 'a, \"b\"' AS odd FROM " + store
                        + " WHERE eventName = 'CreateUser' ORDER BY name");

        assertThat(query.deliveryStatus()).isEqualTo(DeliveryStatus.SUCCESS);
        assertThat(query.deliveryS3Uri()).isEqualTo("s3://results/some/where");
        List<String> keys = keys();
        assertThat(keys)
                .hasSize(2)
                .allMatch(key -> key.matches("some/where/AWSLogs/123456789012/CloudTrail-Lake/Query/"
                        + "20[0-9]{2}/[0-9]{2}/[0-9]{2}/" + query.queryId() + "/result_(1\\.csv\\.gz|sign\\.json)"));
        byte[] result = object(keys.getFirst());
        assertThat(unpacked(result)).isEqualTo("name,odd\r\nalice,\"a, \"\"b\"\"\"\r\nbob,\"a, \"\"b\"\"\"\r\n");
        JsonNode signed = new ObjectMapper().readTree(object(keys.getLast()));
        assertThat(signed.at("/files/0/fileName").asText()).isEqualTo("result_1.csv.gz");
        assertThat(signed.at("/files/0/fileHashValue").asText()).isEqualTo(LogFileContent.sha256(result));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(
                PublicKeys.of(house, signed.get("publicKeyFingerprint").asText()));
        signature.update(LogFileContent.sha256(result).getBytes(StandardCharsets.UTF_8));
        assertThat(signature.verify(
                        HexFormat.of().parseHex(signed.get("hashSignature").asText())))
                .isTrue();
    }

    @Test
    void refusesBucketsThatAreNotThereOrDoNotLetIt() {
        house.s3(s3 -> s3.createBucket(request -> request.bucket("closed")));

        assertThatThrownBy(() -> query("s3://missing", "SELECT eventID FROM " + store))
                .isInstanceOf(S3BucketDoesNotExistException.class);
        assertThatThrownBy(() -> query("s3://closed", "SELECT eventID FROM " + store))
                .isInstanceOf(InsufficientS3BucketPolicyException.class);
    }

    private DescribeQueryResponse query(String uri, String statement) throws InterruptedException {
        String id = house.cloudTrail(trails -> trails.startQuery(
                        request -> request.queryStatement(statement).deliveryS3Uri(uri)))
                .queryId();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        DescribeQueryResponse told;
        do {
            TimeUnit.MILLISECONDS.sleep(50);
            told = house.cloudTrail(trails -> trails.describeQuery(request -> request.queryId(id)));
        } while (told.queryStatus() != QueryStatus.FINISHED && System.nanoTime() < deadline);
        return told;
    }

    private List<String> keys() {
        return house.s3(s3 -> s3.listObjectsV2(request -> request.bucket("results"))).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private byte[] object(String key) {
        return house.s3(s3 ->
                        s3.getObject(request -> request.bucket("results").key(key), ResponseTransformer.toBytes()))
                .asByteArray();
    }

    private static String unpacked(byte[] compressed) throws Exception {
        try (GZIPInputStream content = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
