package dev.outcrop.services.s3;

import static dev.outcrop.services.s3.TestStore.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAbacStatus;
import software.amazon.awssdk.services.s3control.model.Tag;

class TaggedResourcesTest {
    private static final String OTHER = "222222222222";
    private static final Tag GREEN = Tag.builder().key("team").value("green").build();
    private static final software.amazon.awssdk.services.s3.model.Tag BLUE =
            software.amazon.awssdk.services.s3.model.Tag.builder()
                    .key("team")
                    .value("blue")
                    .build();

    @TempDir
    private static Path path;

    private static ServedS3 served;
    private static S3Client owner;

    @BeforeAll
    static void open() {
        served = new ServedS3(path, BucketDefaults.AWS);
        owner = served.root(ServedS3.OWNER);
    }

    @AfterAll
    static void close() {
        served.close();
    }

    private static String document(String text) {
        return text.replace('\'', '"');
    }

    private static String bucket(String name) {
        owner.createBucket(request -> request.bucket(name));
        return "arn:aws:s3:::" + name;
    }

    private static void tag(String account, String arn, Map<String, String> tags) {
        List<Tag> given = tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
        served.control(
                account,
                control -> control.tagResource(
                        request -> request.accountId(account).resourceArn(arn).tags(given)));
    }

    private static void untag(String arn, String... keys) {
        served.control(
                ServedS3.OWNER,
                control -> control.untagResource(request ->
                        request.accountId(ServedS3.OWNER).resourceArn(arn).tagKeys(keys)));
    }

    private static Map<String, String> tags(String arn) {
        return served
                .control(
                        ServedS3.OWNER,
                        control -> control.listTagsForResource(
                                request -> request.accountId(ServedS3.OWNER).resourceArn(arn)))
                .tags()
                .stream()
                .collect(Collectors.toMap(Tag::key, Tag::value));
    }

    @Test
    void tagsOfABucketAreChangedOneByOneAndAreItsOwn() {
        String arn = bucket("tagged");

        assertThat(tags(arn)).isEmpty();
        tag(ServedS3.OWNER, arn, Map.of("team", "red", "stage", "test"));
        tag(ServedS3.OWNER, arn, Map.of("team", "blue"));
        untag(arn, "stage", "never");

        assertThat(tags(arn)).isEqualTo(Map.of("team", "blue"));
        assertThat(owner.getBucketTagging(request -> request.bucket("tagged")).tagSet())
                .extracting(tag -> tag.key() + "=" + tag.value())
                .containsExactly("team=blue");
    }

    @Test
    void refusesWhatIsNotThereAnothersOrTooMuch() {
        String arn = bucket("refusing");
        Map<String, String> many =
                IntStream.range(0, 50).boxed().collect(Collectors.toMap(i -> "key" + i, String::valueOf));
        tag(ServedS3.OWNER, arn, many);

        assertFails("BadRequest", () -> tag(ServedS3.OWNER, arn, Map.of("one", "more")));
        assertFails("InvalidTag", () -> tag(ServedS3.OWNER, arn, Map.of("aws:mine", "not")));
        assertFails("NoSuchBucket", () -> tags("arn:aws:s3:::nowhere-at-all"));
        assertFails("NoSuchAccessPoint", () -> tags("arn:aws:s3:us-east-1:" + ServedS3.OWNER + ":accesspoint/nowhere"));
        assertFails("AccessDenied", () -> tag(OTHER, arn, Map.of("mine", "now")));
        assertThat(tags(arn)).isEqualTo(many);
    }

    @Test
    void thePolicyOfTheBucketDecidesAboutItsTags() {
        String arn = bucket("sealed");
        owner.putBucketPolicy(request -> request.bucket("sealed").policy(document("""
                {'Version':'2012-10-17','Statement':[{'Effect':'Deny','Principal':'*','Action':'s3:TagResource',
                'Resource':'arn:aws:s3:::sealed'}]}""")));

        assertFails("AccessDenied", () -> tag(ServedS3.OWNER, arn, Map.of("team", "red")));
        assertThat(tags(arn)).isEmpty();
    }

    @Test
    void whereTagsDecideTheyAreNotReplacedAsAWhole() {
        String arn = bucket("deciding");
        S3Client red = served.user(ServedS3.OWNER, "red", document("""
                {'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'s3:ListBucket','Resource':'*',
                'Condition':{'StringEquals':{'aws:ResourceTag/team':'red'}}}]}"""));
        tag(ServedS3.OWNER, arn, Map.of("team", "red"));

        assertFails("AccessDenied", () -> red.listObjectsV2(request -> request.bucket("deciding")));
        owner.putBucketAbac(
                request -> request.bucket("deciding").abacStatus(status -> status.status(BucketAbacStatus.ENABLED)));
        assertThat(red.listObjectsV2(request -> request.bucket("deciding")).contents())
                .isEmpty();
        assertFails(
                "MethodNotAllowed",
                () -> owner.putBucketTagging(
                        request -> request.bucket("deciding").tagging(tagging -> tagging.tagSet(BLUE))));
        assertFails("MethodNotAllowed", () -> owner.deleteBucketTagging(request -> request.bucket("deciding")));
        tag(ServedS3.OWNER, arn, Map.of("team", "blue"));
        assertFails("AccessDenied", () -> red.listObjectsV2(request -> request.bucket("deciding")));
    }

    @Test
    void anAccessPointHasTagsFromTheBeginningAndTheyDecide() {
        bucket("pointed");
        owner.putObject(request -> request.bucket("pointed").key("a"), RequestBody.fromString("a"));
        var point = served.control(
                ServedS3.OWNER,
                control -> control.createAccessPoint(request -> request.accountId(ServedS3.OWNER)
                        .name("green-point")
                        .bucket("pointed")
                        .tags(GREEN)));
        S3Client green = served.user(ServedS3.OWNER, "green", document("""
                {'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'s3:GetObject','Resource':'*',
                'Condition':{'StringEquals':{'s3:AccessPointTag/team':'green'}}}]}"""));

        assertThat(tags(point.accessPointArn())).isEqualTo(Map.of("team", "green"));
        assertThat(green.getObjectAsBytes(
                                request -> request.bucket(point.alias()).key("a"))
                        .asUtf8String())
                .isEqualTo("a");
        untag(point.accessPointArn(), "team");
        assertFails(
                "AccessDenied",
                () -> green.getObjectAsBytes(
                        request -> request.bucket(point.alias()).key("a")));
    }
}
