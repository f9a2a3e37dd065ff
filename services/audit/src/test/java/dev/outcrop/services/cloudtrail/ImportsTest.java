package dev.outcrop.services.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.GetImportResponse;
import software.amazon.awssdk.services.cloudtrail.model.ImportFailureListItem;
import software.amazon.awssdk.services.cloudtrail.model.ImportNotFoundException;
import software.amazon.awssdk.services.cloudtrail.model.ImportStatus;
import software.amazon.awssdk.services.cloudtrail.model.InvalidImportSourceException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudtrail.model.QueryStatus;
import software.amazon.awssdk.services.iam.IamClient;

@Timeout(120)
class ImportsTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/importer";
    private static final String FOLDER = "AWSLogs/123456789012/CloudTrail/us-east-1/";

    private static final String READING = """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"],
             "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]}}""";

    @TempDir
    private Path path;

    private AuditHouse house;

    @BeforeEach
    void open() {
        house = new AuditHouse(path);
        house.createLogBucket("logs");
        house.as(
                IamClient.class,
                iam -> iam.createRole(request ->
                        request.roleName("importer").assumeRolePolicyDocument(trust("cloudtrail.amazonaws.com"))));
        house.as(
                IamClient.class,
                iam -> iam.putRolePolicy(request ->
                        request.roleName("importer").policyName("may").policyDocument(READING)));
    }

    private static String trust(String service) {
        return """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                 "Principal": {"Service": "%s"}}}""".formatted(service);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void copiesWhatATrailDelivered() throws Exception {
        house.cloudTrail(
                trails -> trails.createTrail(request -> request.name("all").s3BucketName("logs")));
        house.cloudTrail(trails -> trails.startLogging(request -> request.name("all")));
        house.as(IamClient.class, iam -> iam.createUser(request -> request.userName("one")));
        house.deliver();
        house.as(IamClient.class, iam -> iam.createUser(request -> request.userName("two")));
        house.deliver();
        String store = store();

        GetImportResponse done = done(start(store, "s3://logs/AWSLogs/123456789012/CloudTrail/"));

        assertThat(done.importStatus()).isEqualTo(ImportStatus.COMPLETED);
        assertThat(done.importStatistics().filesCompleted()).isEqualTo(2);
        assertThat(done.importStatistics().failedEntries()).isZero();
        assertThat(users(store)).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void takesWhatHappenedInTheTimeThatIsAskedFor() throws Exception {
        Instant now = house.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        put(
                "2026/11/20/123456789012_CloudTrail_us-east-1_20261120T1000Z_AAAAAAAAAAAAAAAA.json.gz",
                file(event(now.minus(Duration.ofDays(1)), "wanted"), event(now.minus(Duration.ofDays(20)), "early")));
        put(
                "a/b_CloudTrail_us-east-1_" + name(now) + "_BBBBBBBBBBBBBBBB.json.gz",
                file(event(now.minus(Duration.ofHours(1)), "late"), event(now.minus(Duration.ofDays(2)), "also")));
        String store = store();

        GetImportResponse done =
                done(house.cloudTrail(trails -> trails.startImport(request -> request.destinations(store)
                                .importSource(source -> source.s3(s3 -> s3.s3LocationUri("s3://logs")
                                        .s3BucketRegion("us-east-1")
                                        .s3BucketAccessRoleArn(ROLE)))
                                .startEventTime(now.minus(Duration.ofDays(3)))
                                .endEventTime(now.minus(Duration.ofHours(2)))))
                        .importId());

        assertThat(done.importStatus()).isEqualTo(ImportStatus.COMPLETED);
        assertThat(users(store)).contains("also").doesNotContain("early", "late");
    }

    private static String name(Instant time) {
        return time.toString().substring(0, 10).replace("-", "") + "T0000Z";
    }

    @Test
    void tellsWhichFilesItCannotReadAndTakesThoseWhenItIsRetried() throws Exception {
        Instant now = house.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        String day = now.toString().substring(0, 10);
        String good = "x_CloudTrail_us-east-1_" + name(now) + "_GGGGGGGGGGGGGGGG.json.gz";
        String bad = "x_CloudTrail_us-east-1_" + name(now) + "_AAAAAAAAAAAAAAAA.json.gz";
        put(day + "/" + bad, "not compressed".getBytes(StandardCharsets.UTF_8));
        put(day + "/" + good, file(event(now, "good")));
        put(day + "/unrelated.txt", "nothing".getBytes(StandardCharsets.UTF_8));
        String store = store();

        GetImportResponse failed = done(start(store, "s3://logs/"));
        List<ImportFailureListItem> failures = house.cloudTrail(
                        trails -> trails.listImportFailures(request -> request.importId(failed.importId())))
                .failures();
        put(day + "/" + bad, file(event(now, "mended")));
        house.cloudTrail(trails -> trails.startImport(request -> request.importId(failed.importId())));
        GetImportResponse retried = done(failed.importId());

        assertThat(failed.importStatus()).isEqualTo(ImportStatus.FAILED);
        assertThat(failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.location()).endsWith(bad));
        assertThat(retried.importStatus()).isEqualTo(ImportStatus.COMPLETED);
        assertThat(retried.importStatistics().filesCompleted()).isEqualTo(2);
        assertThat(users(store)).containsExactlyInAnyOrder("good", "mended");
        assertThat(house.cloudTrail(trails -> trails.listImports(
                                request -> request.destination(store).importStatus(ImportStatus.COMPLETED)))
                        .imports())
                .singleElement()
                .satisfies(listed -> assertThat(listed.importId()).isEqualTo(failed.importId()));
        assertThatThrownBy(() ->
                        house.cloudTrail(trails -> trails.stopImport(request -> request.importId(failed.importId()))))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void failsWhereTheRoleDoesNotTrustCloudTrailOrMayNotRead() throws Exception {
        house.as(
                IamClient.class,
                iam -> iam.updateAssumeRolePolicy(
                        request -> request.roleName("importer").policyDocument(trust("s3.amazonaws.com"))));
        GetImportResponse distrusted = done(start(store(), "s3://logs/"));
        house.as(
                IamClient.class,
                iam -> iam.updateAssumeRolePolicy(
                        request -> request.roleName("importer").policyDocument(trust("cloudtrail.amazonaws.com"))));
        house.as(
                IamClient.class,
                iam -> iam.deleteRolePolicy(
                        request -> request.roleName("importer").policyName("may")));
        house.cloudTrail(trails -> trails.startImport(request -> request.importId(distrusted.importId())));
        GetImportResponse powerless = done(distrusted.importId());
        house.as(
                IamClient.class,
                iam -> iam.putRolePolicy(request ->
                        request.roleName("importer").policyName("may").policyDocument(READING)));
        house.cloudTrail(trails -> trails.startImport(request -> request.importId(distrusted.importId())));
        GetImportResponse trusted = done(distrusted.importId());

        assertThat(distrusted.importStatus()).isEqualTo(ImportStatus.FAILED);
        assertThat(powerless.importStatus()).isEqualTo(ImportStatus.FAILED);
        assertThat(powerless.importStatistics().eventsCompleted()).isZero();
        assertThat(trusted.importStatus()).isEqualTo(ImportStatus.COMPLETED);
    }

    @Test
    void refusesWhatCannotBeImported() {
        String store = store();

        assertThatThrownBy(() -> start(store, "https://logs/")).isInstanceOf(InvalidImportSourceException.class);
        assertThatThrownBy(() -> house.cloudTrail(trails -> trails.startImport(request -> request.destinations(store))))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> house.cloudTrail(trails ->
                        trails.getImport(request -> request.importId("11111111-2222-3333-4444-555555555555"))))
                .isInstanceOf(ImportNotFoundException.class);
    }

    @Test
    void importsOfOneAccountAreNoneOfAnother() throws Exception {
        String id = start(store(), "s3://logs/");
        done(id);

        assertThatThrownBy(() -> house.as(
                        Principal.root("666666666666", Optional.empty()),
                        AuditHouse.REGION,
                        CloudTrailClient.class,
                        trails -> trails.getImport(request -> request.importId(id))))
                .isInstanceOf(ImportNotFoundException.class);
    }

    @Test
    void readsFilesWithinLimits() throws IOException {
        byte[] bomb = blanks(600);
        byte[] deep = LogFileContent.gzip(("{\"Records\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8));

        assertThat(bomb.length).isLessThan(1 << 20);
        assertThatThrownBy(() -> ImportedFile.read(bomb)).hasMessage("The file is too large.");
        assertThatThrownBy(() -> ImportedFile.read(deep)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> ImportedFile.read(LogFileContent.gzip(
                        "{\"Records\":[{\"eventTime\":\"x\",\"eventID\":\"1\"}]}".getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(IOException.class);
    }

    /** An object that is begun, and so many MiB of blanks, compressed. */
    private static byte[] blanks(int mebibytes) throws IOException {
        byte[] piece = LogFileContent.gzip(" ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        compressed.writeBytes(LogFileContent.gzip("{".getBytes(StandardCharsets.UTF_8)));
        for (int i = 0; i < mebibytes; i++) {
            compressed.writeBytes(piece); // Members of gzip that follow each other are one content.
        }
        return compressed.toByteArray();
    }

    private String store() {
        return house.cloudTrail(trails -> trails.createEventDataStore(
                        request -> request.name("imported").startIngestion(false)))
                .eventDataStoreArn();
    }

    private String start(String store, String location) {
        return house.cloudTrail(trails -> trails.startImport(request -> request.destinations(store)
                        .importSource(source -> source.s3(s3 -> s3.s3LocationUri(location)
                                .s3BucketRegion("us-east-1")
                                .s3BucketAccessRoleArn(ROLE)))))
                .importId();
    }

    private GetImportResponse done(String id) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        GetImportResponse told = house.cloudTrail(trails -> trails.getImport(request -> request.importId(id)));
        while (List.of(ImportStatus.INITIALIZING, ImportStatus.IN_PROGRESS).contains(told.importStatus())
                && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
            told = house.cloudTrail(trails -> trails.getImport(request -> request.importId(id)));
        }
        return told;
    }

    private void put(String key, byte[] content) {
        house.s3(s3 ->
                s3.putObject(request -> request.bucket("logs").key(FOLDER + key), RequestBody.fromBytes(content)));
    }

    private static byte[] file(byte[]... events) {
        return LogFileContent.of(List.of(events)).compressed();
    }

    private static byte[] event(Instant time, String user) {
        return AuditHouse.event(time, "id-" + user, "CreateUser", user, "us-east-1")
                .body();
    }

    /** The users whose making the store tells of. */
    private List<String> users(String arn) throws InterruptedException {
        String store = arn.substring(arn.lastIndexOf('/') + 1);
        String id = house.cloudTrail(trails -> trails.startQuery(request ->
                        request.queryStatement("SELECT element_at(requestParameters, 'userName') AS name FROM " + store
                                + " WHERE eventName = 'CreateUser'")))
                .queryId();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (house.cloudTrail(trails -> trails.describeQuery(request -> request.queryId(id)))
                                .queryStatus()
                        != QueryStatus.FINISHED
                && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return house
                .cloudTrail(trails -> trails.getQueryResults(request -> request.queryId(id)))
                .queryResultRows()
                .stream()
                .map(row -> row.getFirst().get("name").replaceFirst("^made-", ""))
                .toList();
    }
}
