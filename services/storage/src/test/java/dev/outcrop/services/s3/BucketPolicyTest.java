package dev.outcrop.services.s3;

import static dev.outcrop.services.s3.ServedS3.OWNER;
import static dev.outcrop.services.s3.ServedS3.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

class BucketPolicyTest {
    private static final String EVERYTHING = """
            {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}""";

    @TempDir
    private static Path path;

    private static ServedS3 house;
    private static S3Client owner;
    private static S3Client stranger;
    private static S3Client anonymous;
    private static S3Client poor;
    private static S3Client rich;
    private static S3Client strangersPoor;
    private static int buckets;

    private String bucket;

    @BeforeAll
    static void open() {
        house = new ServedS3(path, BucketDefaults.AWS);
        owner = house.root(OWNER);
        stranger = house.root(STRANGER);
        anonymous = house.anonymous();
        poor = house.user(OWNER, "poor", "");
        rich = house.user(OWNER, "rich", EVERYTHING);
        strangersPoor = house.user(STRANGER, "poor", "");
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @BeforeEach
    void createBucket() {
        bucket = "bucket-" + ++buckets;
        owner.createBucket(request -> request.bucket(bucket));
        owner.putObject(request -> request.bucket(bucket).key("a").tagging("team=blue"), RequestBody.fromString("1"));
    }

    static void assertFails(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        failure -> assertThat(failure.awsErrorDetails().errorCode())
                                .as(failure.getMessage())
                                .isEqualTo(code));
    }

    /** Replaces the policy by one whose statements are {@code statements}, in which BUCKET stands for the bucket's ARN. */
    private void policy(String statements) {
        String document = "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements.replace('\'', '"') + "]}";
        owner.putBucketPolicy(
                request -> request.bucket(bucket).policy(document.replace("BUCKET", "arn:aws:s3:::" + bucket)));
    }

    private void letThePublicIn() {
        owner.deletePublicAccessBlock(request -> request.bucket(bucket));
    }

    private String get(S3Client client, String key) {
        return client.getObjectAsBytes(request -> request.bucket(bucket).key(key))
                .asUtf8String();
    }

    @Test
    void nobodyElseReachesABucketWithoutAPolicy() {
        assertThat(get(owner, "a")).isEqualTo("1");
        assertThat(get(rich, "a")).isEqualTo("1");
        for (S3Client other : new S3Client[] {stranger, anonymous, poor, strangersPoor}) {
            assertFails("AccessDenied", () -> get(other, "a"));
            assertFails("AccessDenied", () -> other.listObjectsV2(request -> request.bucket(bucket)));
            assertFails(
                    "AccessDenied",
                    () -> other.putObject(request -> request.bucket(bucket).key("b"), RequestBody.fromString("2")));
            assertFails("AccessDenied", () -> other.deleteBucket(request -> request.bucket(bucket)));
        }
    }

    @Test
    void thatABucketIsMissingLearnsWhoeverMayAsk() {
        for (S3Client other : new S3Client[] {owner, rich, stranger, anonymous}) {
            assertFails("NoSuchBucket", () -> other.listObjectsV2(request -> request.bucket("no-such-bucket")));
        }
        assertFails("AccessDenied", () -> poor.listObjectsV2(request -> request.bucket("no-such-bucket")));
    }

    @Test
    void letsAUserInWhoHasNoPolicyOfItsOwn() {
        policy("""
                {'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::111111111111:user/poor'},
                 'Action':'s3:GetObject','Resource':'BUCKET/*'}""");

        assertThat(get(poor, "a")).isEqualTo("1");
        assertFails("AccessDenied", () -> poor.listObjectsV2(request -> request.bucket(bucket)));
    }

    @Test
    void anotherAccountNeedsTheBucketsPolicyAndItsUsersTheirOwnToo() {
        policy("""
                {'Effect':'Allow','Principal':{'AWS':'222222222222'},'Action':['s3:GetObject','s3:PutObject'],
                 'Resource':'BUCKET/*'}""");

        assertThat(get(stranger, "a")).isEqualTo("1");
        stranger.putObject(request -> request.bucket(bucket).key("b"), RequestBody.fromString("2"));
        assertThat(get(owner, "b")).isEqualTo("2");
        assertFails("AccessDenied", () -> get(strangersPoor, "a"));
        assertFails("AccessDenied", () -> get(poor, "a"));
    }

    @Test
    void aCanonicalIdStandsForItsAccount() {
        String id = stranger.listBuckets().owner().id();
        policy("{'Effect':'Allow','Principal':{'CanonicalUser':'" + id
                + "'},'Action':'s3:GetObject','Resource':'BUCKET/*'}");

        assertThat(get(stranger, "a")).isEqualTo("1");
    }

    @Test
    void aDenialShutsOutEverybodyButNotTheRootFromThePolicyItself() {
        policy("{'Effect':'Deny','Principal':'*','Action':'s3:*','Resource':['BUCKET','BUCKET/*']}");

        assertFails("AccessDenied", () -> get(rich, "a"));
        assertFails("AccessDenied", () -> get(owner, "a"));
        assertFails("AccessDenied", () -> rich.getBucketPolicy(request -> request.bucket(bucket)));
        assertThat(owner.getBucketPolicy(request -> request.bucket(bucket)).policy())
                .contains("Deny");
        owner.deleteBucketPolicy(request -> request.bucket(bucket));
        assertThat(get(rich, "a")).isEqualTo("1");
    }

    @Test
    void onlyTheOwnersAccountTouchesThePolicy() {
        policy("""
                {'Effect':'Allow','Principal':{'AWS':'222222222222'},
                 'Action':['s3:GetBucketPolicy','s3:PutBucketPolicy','s3:DeleteBucketPolicy'],'Resource':'BUCKET'}""");

        assertFails("MethodNotAllowed", () -> stranger.getBucketPolicy(request -> request.bucket(bucket)));
        assertFails("MethodNotAllowed", () -> stranger.deleteBucketPolicy(request -> request.bucket(bucket)));
    }

    @Test
    void anonymousCallsGetWhatThePublicIsAllowed() {
        letThePublicIn();
        policy("{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'BUCKET/*'}");

        assertThat(get(anonymous, "a")).isEqualTo("1");
        assertThat(get(stranger, "a")).isEqualTo("1");
        assertThat(get(poor, "a")).isEqualTo("1");
        assertFails("AccessDenied", () -> anonymous.listObjectsV2(request -> request.bucket(bucket)));
        assertFails("AccessDenied", () -> get(anonymous, "missing"));
        assertFails("NoSuchKey", () -> get(owner, "missing"));
    }

    @Test
    void aPublicPolicyIsRefusedWhereItIsBlocked() {
        assertFails(
                "AccessDenied",
                () -> policy("{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'BUCKET/*'}"));
        assertFails("NoSuchBucketPolicy", () -> owner.getBucketPolicy(request -> request.bucket(bucket)));
    }

    @Test
    void aPublicPolicyOpensNothingToStrangersOnceBucketsAreRestricted() {
        letThePublicIn();
        policy("{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'BUCKET/*'}");
        owner.putPublicAccessBlock(request ->
                request.bucket(bucket).publicAccessBlockConfiguration(block -> block.restrictPublicBuckets(true)));

        assertFails("AccessDenied", () -> get(anonymous, "a"));
        assertFails("AccessDenied", () -> get(stranger, "a"));
        assertThat(get(poor, "a")).isEqualTo("1");
    }

    @Test
    void decidesByTheTagsOfObjects() {
        owner.putObject(request -> request.bucket(bucket).key("b").tagging("team=red"), RequestBody.fromString("2"));
        policy("""
                {'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::111111111111:user/poor'},
                 'Action':'s3:GetObject','Resource':'BUCKET/*',
                 'Condition':{'StringEquals':{'s3:ExistingObjectTag/team':'blue'}}},
                {'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::111111111111:user/poor'},
                 'Action':['s3:PutObject','s3:PutObjectTagging'],'Resource':'BUCKET/*',
                 'Condition':{'StringEquals':{'s3:RequestObjectTag/team':'green'},
                              'ForAllValues:StringEquals':{'s3:RequestObjectTagKeys':['team']}}}""");

        assertThat(get(poor, "a")).isEqualTo("1");
        assertFails("AccessDenied", () -> get(poor, "b"));
        poor.putObject(request -> request.bucket(bucket).key("c").tagging("team=green"), RequestBody.fromString("3"));
        for (String refused : new String[] {"team=red", "team=green&x=1", ""}) {
            assertFails(
                    "AccessDenied",
                    () -> poor.putObject(
                            request -> request.bucket(bucket).key("c").tagging(refused), RequestBody.fromString("4")));
        }
    }

    @Test
    void decidesByPrefixesHeadersAndTheWayOfSigning() {
        policy("""
                {'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::111111111111:user/poor'},
                 'Action':'s3:ListBucket','Resource':'BUCKET','Condition':{'StringEquals':{'s3:prefix':'home/'}}},
                {'Effect':'Deny','Principal':'*','Action':'s3:PutObject','Resource':'BUCKET/*',
                 'Condition':{'StringNotEquals':{'s3:x-amz-server-side-encryption':'AES256'}}},
                {'Effect':'Deny','Principal':'*','Action':'s3:GetObject','Resource':'BUCKET/*',
                 'Condition':{'StringNotEquals':{'s3:authType':'REST-HEADER'}}}""");

        poor.listObjectsV2(request -> request.bucket(bucket).prefix("home/"));
        assertFails("AccessDenied", () -> poor.listObjectsV2(request -> request.bucket(bucket)));
        assertFails(
                "AccessDenied",
                () -> owner.putObject(request -> request.bucket(bucket).key("b"), RequestBody.fromString("2")));
        owner.putObject(
                request -> request.bucket(bucket).key("b").serverSideEncryption("AES256"), RequestBody.fromString("2"));
        assertThat(get(owner, "b")).isEqualTo("2");
    }

    @Test
    void theExpectedOwnerMustBeTheOwner() {
        assertFails(
                "AccessDenied",
                () -> owner.listObjectsV2(request -> request.bucket(bucket).expectedBucketOwner(STRANGER)));
        owner.listObjectsV2(request -> request.bucket(bucket).expectedBucketOwner(OWNER));
    }

    @Test
    @SuppressWarnings("deprecation") // The other members are turned to this one by clients of the network.
    void aCopyReadsOnlyWhatItsCallerMayRead() {
        stranger.createBucket(request -> request.bucket(bucket + "-mine"));

        assertFails(
                "AccessDenied",
                () -> stranger.copyObject(request -> request.copySource(bucket + "/a")
                        .destinationBucket(bucket + "-mine")
                        .destinationKey("stolen")));
    }

    @Test
    @SuppressWarnings("deprecation") // What the network's clients turn into one member comes in two here.
    void aCopyIsDecidedByTheSourceThatIsRead() {
        stranger.createBucket(request -> request.bucket(bucket + "-mine"));
        stranger.putObject(request -> request.bucket(bucket + "-mine").key("a"), RequestBody.fromString("2"));

        assertFails(
                "AccessDenied",
                () -> house.inside(
                        STRANGER,
                        S3Client.class,
                        s3 -> s3.copyObject(request -> request.copySource(bucket + "/a")
                                .sourceBucket(bucket + "-mine")
                                .sourceKey("a")
                                .destinationBucket(bucket + "-mine")
                                .destinationKey("stolen"))));
    }

    @Test
    void saysWhetherAPolicyIsPublic() {
        letThePublicIn();
        policy("""
                {'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'BUCKET/*',
                 'Condition':{'IpAddress':{'aws:SourceIp':'10.0.0.0/16'}}}""");
        assertThat(isPublic()).isFalse();

        policy("{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'BUCKET/*'}");
        assertThat(isPublic()).isTrue();
    }

    private boolean isPublic() {
        return owner.getBucketPolicyStatus(request -> request.bucket(bucket))
                .policyStatus()
                .isPublic();
    }

    @Test
    void requestersPayWhereTheySayThatTheyDo() {
        policy("{'Effect':'Allow','Principal':{'AWS':'222222222222'},'Action':'s3:GetObject','Resource':'BUCKET/*'}");
        owner.putBucketRequestPayment(
                request -> request.bucket(bucket).requestPaymentConfiguration(payment -> payment.payer("Requester")));

        assertThat(get(owner, "a")).isEqualTo("1");
        assertFails("AccessDenied", () -> get(stranger, "a"));
        var got = stranger.getObjectAsBytes(
                request -> request.bucket(bucket).key("a").requestPayer("requester"));
        assertThat(got.asUtf8String()).isEqualTo("1");
        assertThat(got.response().requestChargedAsString()).isEqualTo("requester");
    }
}
