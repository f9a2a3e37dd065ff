package dev.outcrop.services.s3;

import static dev.outcrop.services.s3.BucketPolicyTest.assertFails;
import static dev.outcrop.services.s3.ServedS3.OWNER;
import static dev.outcrop.services.s3.ServedS3.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AccessControlPolicy;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.Owner;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.Type;

class AccessControlTest {
    private static final String ALL = "http://acs.amazonaws.com/groups/global/AllUsers";
    private static final String AUTHENTICATED = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";

    @TempDir
    private static Path path;

    private static ServedS3 house;
    private static S3Client owner;
    private static S3Client stranger;
    private static S3Client anonymous;
    private static S3Client poor;
    private static String ownerId;
    private static String strangerId;
    private static int buckets;

    private String bucket;

    @BeforeAll
    static void open() {
        house = new ServedS3(path, BucketDefaults.OPEN);
        owner = house.root(OWNER);
        stranger = house.root(STRANGER);
        anonymous = house.anonymous();
        poor = house.user(OWNER, "poor", "");
        ownerId = owner.listBuckets().owner().id();
        strangerId = stranger.listBuckets().owner().id();
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @BeforeEach
    void createBucket() {
        bucket = "lists-" + ++buckets;
        owner.createBucket(request -> request.bucket(bucket));
    }

    private static void put(S3Client client, String bucket, String key, String acl) {
        client.putObject(request -> request.bucket(bucket).key(key).acl(acl), RequestBody.fromString("1"));
    }

    private static String get(S3Client client, String bucket, String key) {
        return client.getObjectAsBytes(request -> request.bucket(bucket).key(key))
                .asUtf8String();
    }

    private static void check(boolean may, org.assertj.core.api.ThrowableAssert.ThrowingCallable call)
            throws Throwable {
        if (may) {
            call.call();
        } else {
            assertFails("AccessDenied", call);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // bucket,           object,             read,  list,  write
        "private,            private,            false, false, false",
        "private,            public-read,        true,  false, false",
        "private,            public-read-write,  true,  false, false",
        "public-read,        private,            false, true,  false",
        "public-read,        public-read,        true,  true,  false",
        "public-read,        public-read-write,  true,  true,  false",
        "public-read-write,  private,            false, true,  true",
        "public-read-write,  public-read,        true,  true,  true",
        "public-read-write,  public-read-write,  true,  true,  true",
        "authenticated-read, authenticated-read, true,  true,  false"
    })
    void listsOfBucketAndObjectDecideWhatStrangersMay(
            String ofBucket, String ofObject, boolean read, boolean list, boolean write) throws Throwable {
        owner.putBucketAcl(request -> request.bucket(bucket).acl(ofBucket));
        put(owner, bucket, "a", ofObject);
        put(owner, bucket, "b", "private");
        boolean authenticated = ofBucket.equals("authenticated-read");

        for (S3Client other : new S3Client[] {stranger, anonymous}) {
            boolean named = !authenticated || other.equals(stranger);
            check(read && named, () -> get(other, bucket, "a"));
            assertFails("AccessDenied", () -> get(other, bucket, "b"));
            check(list && named, () -> other.listObjectsV2(request -> request.bucket(bucket)));
            check(list && named, () -> other.listObjects(request -> request.bucket(bucket)));
            check(
                    write,
                    () -> other.putObject(request -> request.bucket(bucket).key("c"), RequestBody.fromString("3")));
            assertFails("AccessDenied", () -> other.getBucketAcl(request -> request.bucket(bucket)));
        }
    }

    @Test
    void aNewBucketAndItsObjectsAreTheirOwnersAlone() {
        put(owner, bucket, "a", null);

        var ofBucket = owner.getBucketAcl(request -> request.bucket(bucket));
        var ofObject = owner.getObjectAcl(request -> request.bucket(bucket).key("a"));

        assertThat(ofBucket.owner().id()).isEqualTo(ownerId);
        assertThat(ofBucket.grants()).containsExactly(user(ownerId, Permission.FULL_CONTROL));
        assertThat(ofObject.owner().id()).isEqualTo(ownerId);
        assertThat(ofObject.grants()).containsExactly(user(ownerId, Permission.FULL_CONTROL));
    }

    private static Grant user(String id, Permission permission) {
        return Grant.builder()
                .grantee(grantee -> grantee.type(Type.CANONICAL_USER).id(id))
                .permission(permission)
                .build();
    }

    private static Grant group(String uri, Permission permission) {
        return Grant.builder()
                .grantee(grantee -> grantee.type(Type.GROUP).uri(uri))
                .permission(permission)
                .build();
    }

    @Test
    void cannedListsGrantWhatTheirNamesSay() {
        Grant own = user(ownerId, Permission.FULL_CONTROL);

        assertThat(canned("public-read")).containsExactly(own, group(ALL, Permission.READ));
        assertThat(canned("public-read-write"))
                .containsExactly(own, group(ALL, Permission.READ), group(ALL, Permission.WRITE));
        assertThat(canned("authenticated-read")).containsExactly(own, group(AUTHENTICATED, Permission.READ));
        assertThat(canned("private")).containsExactly(own);
        assertFails("InvalidArgument", () -> canned("public-ready"));
    }

    private List<Grant> canned(String name) {
        owner.putBucketAcl(request -> request.bucket(bucket).acl(name));
        return owner.getBucketAcl(request -> request.bucket(bucket)).grants();
    }

    @ParameterizedTest
    @CsvSource({
        "READ,         true,  false, false, false",
        "WRITE,        false, true,  false, false",
        "READ_ACP,     false, false, true,  false",
        "WRITE_ACP,    false, false, false, true",
        "FULL_CONTROL, true,  true,  true,  true"
    })
    void aGrantOfABucketGivesAnAccountThatAndNoMore(
            Permission permission, boolean read, boolean write, boolean readAcp, boolean writeAcp) throws Throwable {
        owner.putBucketAcl(request -> request.bucket(bucket)
                .accessControlPolicy(
                        list(ownerId, user(ownerId, Permission.FULL_CONTROL), user(strangerId, permission))));

        check(read, () -> stranger.listObjectsV2(request -> request.bucket(bucket)));
        check(write, () -> stranger.putObject(request -> request.bucket(bucket).key("x"), RequestBody.fromString("1")));
        check(readAcp, () -> stranger.getBucketAcl(request -> request.bucket(bucket)));
        check(
                writeAcp,
                () -> stranger.putBucketAcl(request -> request.bucket(bucket).acl("public-read")));
        assertFails("AccessDenied", () -> stranger.deleteBucket(request -> request.bucket(bucket)));
        assertFails("AccessDenied", () -> anonymous.getBucketAcl(request -> request.bucket(bucket)));
    }

    private static AccessControlPolicy list(String owner, Grant... grants) {
        return AccessControlPolicy.builder()
                .owner(Owner.builder().id(owner).build())
                .grants(grants)
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "READ,         true,  false, false",
        "READ_ACP,     false, true,  false",
        "WRITE_ACP,    false, false, true",
        "FULL_CONTROL, true,  true,  true"
    })
    void aGrantOfAnObjectGivesAnAccountThatAndNoMore(
            Permission permission, boolean read, boolean readAcp, boolean writeAcp) throws Throwable {
        put(owner, bucket, "a", null);
        owner.putObjectAcl(request -> request.bucket(bucket)
                .key("a")
                .accessControlPolicy(
                        list(ownerId, user(ownerId, Permission.FULL_CONTROL), user(strangerId, permission))));

        check(read, () -> get(stranger, bucket, "a"));
        check(
                readAcp,
                () -> stranger.getObjectAcl(request -> request.bucket(bucket).key("a")));
        check(
                writeAcp,
                () -> stranger.putObjectAcl(
                        request -> request.bucket(bucket).key("a").acl("public-read")));
        assertFails("AccessDenied", () -> get(anonymous, bucket, writeAcp ? "none" : "a"));
    }

    @Test
    void aGrantToItsOwnAccountGivesAUserNothingThatItsPoliciesDoNot() {
        put(owner, bucket, "a", null);

        assertFails("AccessDenied", () -> get(poor, bucket, "a"));
        owner.putObjectAcl(request -> request.bucket(bucket).key("a").acl("public-read"));
        assertThat(get(poor, bucket, "a")).isEqualTo("1");
    }

    @Test
    void headersGrantToAccountsAndGroups() {
        String granted = "id=\"" + strangerId + "\", uri=" + ALL;
        owner.putObject(
                request -> request.bucket(bucket).key("a").grantRead(granted).grantReadACP("id=" + strangerId),
                RequestBody.fromString("1"));

        assertThat(owner.getObjectAcl(request -> request.bucket(bucket).key("a"))
                        .grants())
                .containsExactlyInAnyOrder(
                        user(strangerId, Permission.READ),
                        group(ALL, Permission.READ),
                        user(strangerId, Permission.READ_ACP));
        assertThat(get(anonymous, bucket, "a")).isEqualTo("1");
    }

    @Test
    void refusesGrantsToNobodyAndListsThatAreNone() {
        assertFails("InvalidArgument", () -> grantTo(user("_foo", Permission.READ)));
        assertFails("InvalidArgument", () -> grantTo(group("http://example.com/everybody", Permission.READ)));
        assertFails(
                "UnresolvableGrantByEmailAddress",
                () -> grantTo(Grant.builder()
                        .grantee(grantee ->
                                grantee.type(Type.AMAZON_CUSTOMER_BY_EMAIL).emailAddress("nobody@example.com"))
                        .permission(Permission.READ)
                        .build()));
        assertFails(
                "AccessDenied",
                () -> owner.putBucketAcl(request -> request.bucket(bucket)
                        .accessControlPolicy(list(strangerId, user(ownerId, Permission.FULL_CONTROL)))));
        assertFails(
                "InvalidRequest",
                () -> owner.putBucketAcl(
                        request -> request.bucket(bucket).acl("private").grantRead("id=" + strangerId)));
        assertFails("MissingSecurityHeader", () -> owner.putBucketAcl(request -> request.bucket(bucket)));
        Grant[] many = new Grant[101];
        java.util.Arrays.fill(many, user(strangerId, Permission.READ));
        assertFails("MalformedACLError", () -> grantTo(many));
    }

    private void grantTo(Grant... grants) {
        owner.putBucketAcl(request -> request.bucket(bucket).accessControlPolicy(list(ownerId, grants)));
    }

    @Test
    void anObjectBelongsToWhoeverWroteIt() {
        owner.putBucketAcl(request -> request.bucket(bucket).acl("public-read-write"));
        put(stranger, bucket, "a", null);

        assertThat(owner(stranger, "a")).isEqualTo(strangerId);
        assertFails("AccessDenied", () -> get(owner, bucket, "a"));
        put(stranger, bucket, "b", "bucket-owner-read");
        assertThat(get(owner, bucket, "b")).isEqualTo("1");
        assertFails(
                "AccessDenied",
                () -> owner.getObjectAcl(request -> request.bucket(bucket).key("b")));
        put(stranger, bucket, "c", "bucket-owner-full-control");
        assertThat(owner(owner, "c")).isEqualTo(strangerId);
    }

    private String owner(S3Client client, String key) {
        return client.getObjectAcl(request -> request.bucket(bucket).key(key))
                .owner()
                .id();
    }

    @Test
    void theBucketsOwnerMayHaveObjectsThatAreGivenToIt() {
        owner.putBucketOwnershipControls(request -> request.bucket(bucket)
                .ownershipControls(controls ->
                        controls.rules(software.amazon.awssdk.services.s3.model.OwnershipControlsRule.builder()
                                .objectOwnership("BucketOwnerPreferred")
                                .build())));
        owner.putBucketAcl(request -> request.bucket(bucket).acl("public-read-write"));
        put(stranger, bucket, "mine", null);
        put(stranger, bucket, "given", "bucket-owner-full-control");

        assertThat(owner(stranger, "mine")).isEqualTo(strangerId);
        assertThat(owner(owner, "given")).isEqualTo(ownerId);
        assertThat(get(owner, bucket, "given")).isEqualTo("1");
    }

    @Test
    void theBucketsOwnerStillDeletesAndDeniesWhatIsNotItsOwn() {
        owner.putBucketAcl(request -> request.bucket(bucket).acl("public-read-write"));
        put(stranger, bucket, "a", "public-read");
        owner.putBucketPolicy(request -> request.bucket(bucket).policy("""
                {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObject",
                 "Resource":"arn:aws:s3:::%s/*"}]}""".formatted(bucket)));

        assertFails("AccessDenied", () -> get(stranger, bucket, "a"));
        owner.deleteObject(request -> request.bucket(bucket).key("a"));
    }

    @Test
    void listsDoNotCountWhereTheBucketOwnsEverything() {
        owner.createBucket(request -> request.bucket(bucket + "-e").objectOwnership("BucketOwnerEnforced"));

        assertFails("AccessControlListNotSupported", () -> put(owner, bucket + "-e", "a", "public-read"));
        assertFails("AccessControlListNotSupported", () -> put(owner, bucket + "-e", "a", "private"));
        assertFails(
                "AccessControlListNotSupported",
                () -> owner.putBucketAcl(
                        request -> request.bucket(bucket + "-e").acl("private")));
        put(owner, bucket + "-e", "a", "bucket-owner-full-control");
        assertFails(
                "AccessControlListNotSupported",
                () -> owner.putObjectAcl(
                        request -> request.bucket(bucket + "-e").key("a").acl("private")));
        assertFails(
                "InvalidBucketAclWithObjectOwnership",
                () -> owner.createBucket(request -> request.bucket(bucket + "-f")
                        .objectOwnership("BucketOwnerEnforced")
                        .acl("public-read")));
    }

    @Test
    void publicListsAreBlockedOrIgnored() {
        put(owner, bucket, "a", "public-read");
        owner.putPublicAccessBlock(
                request -> request.bucket(bucket).publicAccessBlockConfiguration(block -> block.blockPublicAcls(true)));

        assertThat(get(anonymous, bucket, "a")).isEqualTo("1");
        assertFails("AccessDenied", () -> put(owner, bucket, "b", "public-read"));
        assertFails(
                "AccessDenied",
                () -> owner.putBucketAcl(request -> request.bucket(bucket).acl("authenticated-read")));
        put(owner, bucket, "b", "private");
        owner.putPublicAccessBlock(request ->
                request.bucket(bucket).publicAccessBlockConfiguration(block -> block.ignorePublicAcls(true)));
        assertFails("AccessDenied", () -> get(anonymous, bucket, "a"));
        owner.deletePublicAccessBlock(request -> request.bucket(bucket));
        assertThat(get(anonymous, bucket, "a")).isEqualTo("1");
        assertFails(
                "NoSuchPublicAccessBlockConfiguration",
                () -> owner.getPublicAccessBlock(request -> request.bucket(bucket)));
    }

    @Test
    void whatIsBlockedForAnAccountIsBlockedInAllItsBuckets() {
        put(owner, bucket, "a", "public-read");
        house.control(
                OWNER,
                control -> control.putPublicAccessBlock(request -> request.accountId(OWNER)
                        .publicAccessBlockConfiguration(block -> block.ignorePublicAcls(true))));
        try {
            assertFails("AccessDenied", () -> get(anonymous, bucket, "a"));
            assertThat(house.control(
                                    OWNER, control -> control.getPublicAccessBlock(request -> request.accountId(OWNER)))
                            .publicAccessBlockConfiguration()
                            .ignorePublicAcls())
                    .isTrue();
            assertFails(
                    "AccessDenied",
                    () -> house.control(
                            STRANGER, control -> control.deletePublicAccessBlock(request -> request.accountId(OWNER))));
        } finally {
            house.control(OWNER, control -> control.deletePublicAccessBlock(request -> request.accountId(OWNER)));
        }
        assertThat(get(anonymous, bucket, "a")).isEqualTo("1");
        assertFails(
                "NoSuchPublicAccessBlockConfiguration",
                () -> house.control(
                        OWNER, control -> control.getPublicAccessBlock(request -> request.accountId(OWNER))));
    }

    @Test
    void theListOfAVersionDecidesAboutThatVersion() {
        owner.putBucketVersioning(
                request -> request.bucket(bucket).versioningConfiguration(settings -> settings.status("Enabled")));
        String first = owner.putObject(
                        request -> request.bucket(bucket).key("a").acl("public-read"), RequestBody.fromString("1"))
                .versionId();
        put(owner, bucket, "a", "private");

        assertFails("AccessDenied", () -> get(anonymous, bucket, "a"));
        assertThat(anonymous
                        .getObjectAsBytes(
                                request -> request.bucket(bucket).key("a").versionId(first))
                        .asUtf8String())
                .isEqualTo("1");
    }

    @Test
    void ofAMissingObjectStrangersLearnThatOnlyWhereTheyMayList() {
        assertFails("AccessDenied", () -> get(stranger, bucket, "none"));
        owner.putBucketAcl(request -> request.bucket(bucket).acl("public-read"));
        assertFails("NoSuchKey", () -> get(stranger, bucket, "none"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d"
                        + " \"&c;&c;&c;&c;&c;&c;&c;&c;\">]><AccessControlPolicy><Owner><ID>&d;</ID></Owner>"
                        + "</AccessControlPolicy>",
                "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/hostname\">]><AccessControlPolicy><Owner><ID>&b;</ID>"
                        + "</Owner></AccessControlPolicy>",
                "<AccessControlPolicy><Owner>",
                "DEEP"
            })
    void xmlThatGrowsReadsFilesOrDoesNotEndIsMalformed(String xml) throws Exception {
        owner.putBucketAcl(request -> request.bucket(bucket)
                .accessControlPolicy(
                        list(ownerId, user(ownerId, Permission.FULL_CONTROL), group(ALL, Permission.WRITE_ACP))));
        String body = xml.equals("DEEP") ? "<a>".repeat(100_000) : xml;

        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(house.uri() + "/" + bucket + "?acl"))
                            .PUT(HttpRequest.BodyPublishers.ofString(body))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("Malformed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../other/a", "a/../../b", "..", "/etc/passwd", "a//b", "%2e%2e%2fother"})
    void keysAreNoPaths(String key) {
        String other = bucket + "-other";
        owner.createBucket(request -> request.bucket(other).objectOwnership("BucketOwnerEnforced"));
        owner.putObject(request -> request.bucket(other).key("a"), RequestBody.fromString("secret"));
        owner.putBucketAcl(request -> request.bucket(bucket).acl("public-read-write"));

        stranger.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString("mine"));

        assertThat(get(stranger, bucket, key)).isEqualTo("mine");
        assertThat(owner.listObjectsV2(request -> request.bucket(bucket)).contents())
                .extracting(object -> object.key())
                .containsExactly(key);
        assertThat(get(owner, other, "a")).isEqualTo("secret");
    }
}
