package dev.outcrop.services.s3;

import static dev.outcrop.services.s3.TestStore.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3control.model.AccessPoint;
import software.amazon.awssdk.services.s3control.model.CreateAccessPointResponse;
import software.amazon.awssdk.services.s3control.model.GetAccessPointResponse;
import software.amazon.awssdk.services.s3control.model.ListAccessPointsResponse;

class AccessPointsTest {
    private static final String BUCKET = "shared";
    private static final String POINT = "arn:aws:s3:us-east-1:111111111111:accesspoint/readers";
    private static final String DELEGATED =
            "{'Effect':'Allow','Principal':'*','Action':'*','Resource':['arn:aws:s3:::shared','arn:aws:s3:::shared/*'],"
                    + "'Condition':{'StringEquals':{'s3:DataAccessPointAccount':'111111111111'}}}";
    private static final String JANE = "'Principal':{'AWS':'arn:aws:iam::111111111111:user/jane'}";

    @TempDir
    private Path path;

    private ServedS3 served;
    private S3Client owner;
    private String alias;

    @BeforeEach
    void open() {
        served = new ServedS3(path, BucketDefaults.AWS);
        owner = served.root(ServedS3.OWNER);
        owner.createBucket(request -> request.bucket(BUCKET));
        owner.putObject(request -> request.bucket(BUCKET).key("jane/a"), RequestBody.fromString("a"));
        owner.putObject(request -> request.bucket(BUCKET).key("joe/b"), RequestBody.fromString("b"));
        alias = create("readers").alias();
    }

    @AfterEach
    void close() {
        served.close();
    }

    private CreateAccessPointResponse create(String name) {
        return served.control(
                ServedS3.OWNER,
                control -> control.createAccessPoint(
                        request -> request.accountId(ServedS3.OWNER).name(name).bucket(BUCKET)));
    }

    private void policy(String statements) {
        served.control(
                ServedS3.OWNER,
                control -> control.putAccessPointPolicy(request ->
                        request.accountId(ServedS3.OWNER).name("readers").policy(document(statements))));
    }

    private static String document(String statements) {
        return ("{'Version':'2012-10-17','Statement':[" + statements + "]}").replace('\'', '"');
    }

    private static String get(S3Client s3, String bucket, String key) {
        return s3.getObjectAsBytes(request -> request.bucket(bucket).key(key)).asUtf8String();
    }

    @Test
    void isMadeFoundListedAndForgotten() {
        GetAccessPointResponse found = served.control(
                ServedS3.OWNER,
                control -> control.getAccessPoint(
                        request -> request.accountId(ServedS3.OWNER).name("readers")));

        assertThat(found.bucket()).isEqualTo(BUCKET);
        assertThat(found.accessPointArn()).isEqualTo(POINT);
        assertThat(found.networkOriginAsString()).isEqualTo("Internet");
        assertThat(found.publicAccessBlockConfiguration().blockPublicPolicy()).isTrue();
        assertThat(found.alias()).isEqualTo(alias).matches("readers-[a-z0-9]{33}-s3alias");
        assertFails("AccessPointAlreadyOwnedByYou", () -> create("readers"));
        served.control(
                ServedS3.OWNER,
                control -> control.deleteAccessPoint(
                        request -> request.accountId(ServedS3.OWNER).name("readers")));
        assertFails(
                "NoSuchAccessPoint",
                () -> served.control(
                        ServedS3.OWNER,
                        control -> control.getAccessPoint(
                                request -> request.accountId(ServedS3.OWNER).name("readers"))));
        assertFails("NoSuchBucket", () -> get(owner, alias, "jane/a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upper", "-begins", "ends-", "under_score", "mine-s3alias"})
    void refusesNamesThatCannotBe(String name) {
        assertFails("InvalidAccessPoint", () -> create(name));
    }

    @Test
    void listsInPages() {
        for (int i = 0; i < 5; i++) {
            create("point" + i);
        }
        Set<String> names = new TreeSet<>();
        String[] token = new String[1];

        do {
            ListAccessPointsResponse page = served.control(
                    ServedS3.OWNER,
                    control -> control.listAccessPoints(request -> request.accountId(ServedS3.OWNER)
                            .bucket(BUCKET)
                            .maxResults(2)
                            .nextToken(token[0])));
            assertThat(page.accessPointList()).hasSizeLessThanOrEqualTo(2);
            names.addAll(page.accessPointList().stream().map(AccessPoint::name).toList());
            token[0] = page.nextToken();
        } while (token[0] != null);

        assertThat(names).containsExactly("point0", "point1", "point2", "point3", "point4", "readers");
    }

    @Test
    void nobodyMakesPointsForOthers() {
        assertFails(
                "AccessDenied",
                () -> served.control(
                        ServedS3.STRANGER,
                        control -> control.createAccessPoint(request -> request.accountId(ServedS3.STRANGER)
                                .name("mine")
                                .bucket(BUCKET))));
        assertFails(
                "AccessDenied",
                () -> served.control(
                        ServedS3.STRANGER,
                        control -> control.deleteAccessPoint(
                                request -> request.accountId(ServedS3.OWNER).name("readers"))));
    }

    @Test
    void itsOwnerReachesTheBucketByAliasHostAndArn() {
        for (String name : List.of(alias, "readers-111111111111")) {
            assertThat(get(owner, name, "jane/a")).isEqualTo("a");
            owner.putObject(request -> request.bucket(name).key("new"), RequestBody.fromString("n"));
            assertThat(get(owner, BUCKET, "new")).isEqualTo("n");
            assertThat(owner.listObjectsV2(request -> request.bucket(name).prefix("jane/"))
                            .contents())
                    .hasSize(1);
            owner.deleteObject(request -> request.bucket(name).key("new"));
            assertFails("NoSuchKey", () -> get(owner, BUCKET, "new"));
        }
        assertThat(served.<S3Client, String>inside(ServedS3.OWNER, S3Client.class, s3 -> get(s3, POINT, "joe/b")))
                .isEqualTo("b");
    }

    @Test
    void leavesTheBucketItselfAlone() {
        assertFails("MethodNotAllowed", () -> owner.deleteBucket(request -> request.bucket(alias)));
        assertFails(
                "MethodNotAllowed",
                () -> owner.putBucketPolicy(request -> request.bucket(alias).policy("{}")));
    }

    @Test
    void wantsBothPoliciesToAllow() {
        S3Client jane = served.user(ServedS3.OWNER, "jane", "");
        policy("{'Effect':'Allow'," + JANE + ",'Action':'s3:GetObject','Resource':'" + POINT + "/object/jane/*'}");

        assertFails("AccessDenied", () -> get(jane, alias, "jane/a"));
        owner.putBucketPolicy(request -> request.bucket(BUCKET).policy(document(DELEGATED)));

        assertThat(get(jane, alias, "jane/a")).isEqualTo("a");
        assertFails("AccessDenied", () -> get(jane, alias, "joe/b"));
        assertFails("AccessDenied", () -> get(jane, BUCKET, "jane/a"));
        assertFails(
                "AccessDenied",
                () -> jane.deleteObject(request -> request.bucket(alias).key("jane/a")));
    }

    @Test
    void aCopyReachesItsSourceByItsOwnWayAlone() {
        S3Client jane = served.user(ServedS3.OWNER, "jane", "");
        policy("{'Effect':'Allow'," + JANE + ",'Action':['s3:GetObject','s3:PutObject'],'Resource':'" + POINT
                + "/object/jane/*'}");
        owner.putBucketPolicy(request -> request.bucket(BUCKET).policy(document(DELEGATED)));

        jane.copyObject(request -> request.sourceBucket(alias)
                .sourceKey("jane/a")
                .destinationBucket(alias)
                .destinationKey("jane/copy"));

        assertThat(get(jane, alias, "jane/copy")).isEqualTo("a");
        assertFails(
                "AccessDenied",
                () -> jane.copyObject(request -> request.sourceBucket(BUCKET)
                        .sourceKey("joe/b")
                        .destinationBucket(alias)
                        .destinationKey("jane/stolen")));
    }

    @Test
    void deletesManyOnlyWhereEachIsAllowed() {
        S3Client jane = served.user(ServedS3.OWNER, "jane", "");
        policy("{'Effect':'Allow'," + JANE + ",'Action':'s3:DeleteObject','Resource':'" + POINT + "/object/jane/*'}");
        owner.putBucketPolicy(request -> request.bucket(BUCKET).policy(document(DELEGATED)));

        var answer = jane.deleteObjects(request -> request.bucket(alias)
                .delete(which -> which.objects(
                        ObjectIdentifier.builder().key("jane/a").build(),
                        ObjectIdentifier.builder().key("joe/b").build())));

        assertThat(answer.deleted()).extracting(deleted -> deleted.key()).containsExactly("jane/a");
        assertThat(answer.errors()).extracting(error -> error.key()).containsExactly("joe/b");
    }

    @Test
    void refusesPoliciesOfOthersAndOfThePublic() {
        assertFails(
                "MalformedPolicy",
                () -> policy(
                        "{'Effect':'Allow'," + JANE + ",'Action':'s3:GetObject','Resource':'arn:aws:s3:::shared/*'}"));
        assertFails(
                "MalformedPolicy",
                () -> policy("{'Effect':'Allow'," + JANE + ",'Action':'s3:GetObject','Resource':'" + POINT
                        + "2/object/*'}"));
        assertFails(
                "MalformedPolicy",
                () -> policy("{'Effect':'Allow'," + JANE + ",'Action':'ec2:RunInstances','Resource':'" + POINT + "'}"));
        assertFails(
                "AccessDenied",
                () -> policy("{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'" + POINT
                        + "/object/*'}"));
        assertFails(
                "NoSuchAccessPointPolicy",
                () -> served.control(
                        ServedS3.OWNER,
                        control -> control.getAccessPointPolicy(
                                request -> request.accountId(ServedS3.OWNER).name("readers"))));
    }

    @Test
    void tellsItsPolicyAndWhetherItIsPublic() {
        String statement =
                "{'Effect':'Allow'," + JANE + ",'Action':'s3:GetObject','Resource':'" + POINT + "/object/*'}";
        policy(statement);

        String kept = served.control(
                ServedS3.OWNER,
                control -> control.getAccessPointPolicy(
                                request -> request.accountId(ServedS3.OWNER).name("readers"))
                        .policy());
        boolean isPublic = served.control(
                ServedS3.OWNER,
                control -> control.getAccessPointPolicyStatus(
                                request -> request.accountId(ServedS3.OWNER).name("readers"))
                        .policyStatus()
                        .isPublic());

        assertThat(kept).isEqualTo(document(statement));
        assertThat(isPublic).isFalse();
    }
}
