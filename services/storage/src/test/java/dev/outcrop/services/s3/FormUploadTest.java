package dev.outcrop.services.s3;

import static dev.outcrop.services.s3.ServedS3.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

class FormUploadTest {
    private static final String BOUNDARY = "the-boundary-of-the-tests";

    @TempDir
    private static Path path;

    private static ServedS3 house;
    private static S3Client owner;
    private static HttpClient http;
    private static int buckets;

    private String bucket;

    @BeforeAll
    static void open() {
        house = new ServedS3(path, BucketDefaults.OPEN);
        owner = house.root(OWNER);
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void close() {
        http.close();
        house.close();
    }

    @BeforeEach
    void createBucket() {
        bucket = "forms-" + ++buckets;
        owner.createBucket(request -> request.bucket(bucket));
    }

    private static byte[] mac(String algorithm, byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String expiration(Duration ahead) {
        return house.now().plus(ahead).toString();
    }

    private String conditions() {
        return "{'bucket':'" + bucket + "'},['starts-with','$key','foo'],['starts-with','$Content-Type','text/plain'],"
                + "['content-length-range',0,1024]";
    }

    private String policy(String conditions) {
        return "{'expiration':'" + expiration(Duration.ofHours(1)) + "','conditions':[" + conditions + "]}";
    }

    private static String encoded(String policy) {
        return Base64.getEncoder().encodeToString(policy.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /** The fields of a form with a signature of version 2. */
    private static Map<String, String> signed(String policy) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("key", "foo.txt");
        fields.put("AWSAccessKeyId", house.rootKey(OWNER));
        fields.put(
                "signature",
                Base64.getEncoder()
                        .encodeToString(mac(
                                "HmacSHA1",
                                ServedS3.rootSecret(OWNER).getBytes(StandardCharsets.UTF_8),
                                encoded(policy))));
        fields.put("policy", encoded(policy));
        fields.put("Content-Type", "text/plain");
        return fields;
    }

    /** The fields of a form with a signature of version 4. */
    private Map<String, String> signed4(String conditions) {
        String date =
                DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC).format(house.now());
        String time = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .format(house.now());
        String credential = house.rootKey(OWNER) + "/" + date + "/us-east-1/s3/aws4_request";
        String policy = encoded(policy(conditions + ",{'x-amz-algorithm':'AWS4-HMAC-SHA256'},{'x-amz-credential':'"
                + credential + "'},{'x-amz-date':'" + time + "'}"));
        byte[] key = ("AWS4" + ServedS3.rootSecret(OWNER)).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {date, "us-east-1", "s3", "aws4_request"}) {
            key = mac("HmacSHA256", key, part);
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("key", "foo.txt");
        fields.put("policy", policy);
        fields.put("x-amz-algorithm", "AWS4-HMAC-SHA256");
        fields.put("x-amz-credential", credential);
        fields.put("x-amz-date", time);
        fields.put("x-amz-signature", HexFormat.of().formatHex(mac("HmacSHA256", key, policy)));
        fields.put("Content-Type", "text/plain");
        return fields;
    }

    private HttpResponse<String> post(Map<String, String> fields, byte[] file) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        fields.forEach((name, value) -> body.writeBytes(
                ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n")
                        .getBytes(StandardCharsets.UTF_8)));
        body.writeBytes(
                ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"dir/name.txt\""
                                + "\r\nContent-Type: text/plain\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(file);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return send(body.toByteArray());
    }

    private HttpResponse<String> send(byte[] body) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(house.uri() + "/" + bucket))
                            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private HttpResponse<String> post(Map<String, String> fields) {
        return post(fields, "bar".getBytes(StandardCharsets.UTF_8));
    }

    private String get(String key) {
        return owner.getObjectAsBytes(request -> request.bucket(bucket).key(key))
                .asUtf8String();
    }

    @Test
    void aSignedFormPutsAnObject() {
        assertThat(post(signed(policy(conditions()))).statusCode()).isEqualTo(204);
        assertThat(get("foo.txt")).isEqualTo("bar");

        HttpResponse<String> answer = post(signed4(conditions()), "baz".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(answer.headers().firstValue("etag")).contains("\"73feffa4b7f6bb68e44cf984c85f6e88\"");
        assertThat(get("foo.txt")).isEqualTo("baz");
        assertThat(owner.headObject(request -> request.bucket(bucket).key("foo.txt"))
                        .contentType())
                .isEqualTo("text/plain");
    }

    @Test
    void aFormWithoutASignatureIsAnonymous() {
        Map<String, String> fields = new LinkedHashMap<>(Map.of("key", "foo.txt"));

        HttpResponse<String> refused = post(fields);
        owner.putBucketAcl(request -> request.bucket(bucket).acl("public-read-write"));

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("<Code>AccessDenied</Code>");
        fields.put("acl", "public-read");
        assertThat(post(fields).statusCode()).isEqualTo(204);
        assertThat(house.anonymous()
                        .getObjectAsBytes(request -> request.bucket(bucket).key("foo.txt"))
                        .asUtf8String())
                .isEqualTo("bar");
    }

    @Test
    void largeFilesStreamAndBoundariesLookAlikesStay() {
        byte[] file = new byte[3 << 20];
        new java.util.Random(1).nextBytes(file);
        byte[] alike = "\r\n--the-boundary-of-the-test\r\n--the-boundary-of-the-tes\r\n\r\n--"
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 1000; i++) {
            System.arraycopy(alike, 0, file, i * 3000, alike.length);
        }

        HttpResponse<String> answer = post(signed(policy(conditions().replace("1024", "9999999"))), file);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(owner.getObjectAsBytes(request -> request.bucket(bucket).key("foo.txt"))
                        .asByteArray())
                .isEqualTo(file);
    }

    @Test
    void fieldsSayWhatIsKeptAndWhatIsAnswered() {
        Map<String, String> fields = signed(
                policy(
                        conditions()
                                + ",['eq','$x-amz-meta-foo','barclamp'],{'success_action_status':'201'},['starts-with','$tagging','']"));
        fields.put("key", "foo/${filename}");
        fields.put("x-amz-meta-foo", "barclamp");
        fields.put("x-ignore-this", "please");
        fields.put("success_action_status", "201");
        fields.put("tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>1 &#43; 2</Value></Tag></TagSet></Tagging>");

        HttpResponse<String> answer = post(fields);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.body())
                .contains("<Key>foo/name.txt</Key>", "<Bucket>" + bucket + "</Bucket>", "<ETag>&quot;37b51d");
        assertThat(owner.headObject(request -> request.bucket(bucket).key("foo/name.txt"))
                        .metadata())
                .containsEntry("foo", "barclamp");
        assertThat(owner.getObjectTagging(request -> request.bucket(bucket).key("foo/name.txt"))
                        .tagSet())
                .extracting(tag -> tag.key() + "=" + tag.value())
                .containsExactly("a=1 + 2");
    }

    @Test
    void aRedirectTellsWhatWasPut() {
        Map<String, String> fields =
                signed(policy(conditions() + ",['eq','$success_action_redirect','http://example.com/done']"));
        fields.put("success_action_redirect", "http://example.com/done");

        HttpResponse<String> answer = post(fields);

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("location"))
                .contains("http://example.com/done?bucket=" + bucket
                        + "&key=foo.txt&etag=%2237b51d194a7513e45b56f6524f2d51f2%22");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'bucket':'BUCKET'},['starts-with','$key','other'],{'Content-Type':'text/plain'} | 403 | AccessDenied",
                "['starts-with','$key','foo'],{'Content-Type':'text/plain'}                       | 403 | AccessDenied",
                "{'bucket':'other'},['starts-with','$key','foo'],{'Content-Type':'text/plain'}    | 403 | AccessDenied",
                "{'bucket':'BUCKET'},['starts-with','$key','foo']                                 | 403 | AccessDenied",
                "{'bucket':'BUCKET'},{'key':'foo.txt'},{'Content-Type':'text/plain'},{'x':'1'}    | 403 | AccessDenied",
                "{'bucket':'BUCKET'},{'key':'foo.txt'},['starts-with','$Content-Type','text/'],['content-length-range',0,2] | 400 | EntityTooLarge",
                "{'bucket':'BUCKET'},{'key':'foo.txt'},['starts-with','$Content-Type','text/'],['content-length-range',9,99] | 400 | EntityTooSmall",
                "['content-length-range',0]                                                       | 400 | InvalidPolicyDocument",
                "['content-length-range',-1,0]                                                    | 400 | InvalidPolicyDocument",
                "{}                                                                               | 400 | InvalidPolicyDocument",
                "['like','$key','foo']                                                            | 400 | InvalidPolicyDocument",
                "'key'                                                                            | 400 | InvalidPolicyDocument"
            })
    void refusesWhatThePolicyDoesNotAllow(String conditions, int status, String code) {
        HttpResponse<String> answer = post(signed(policy(conditions.replace("BUCKET", bucket))));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("<Code>" + code + "</Code>");
        assertThat(owner.listObjectsV2(request -> request.bucket(bucket)).contents())
                .isEmpty();
    }

    @Test
    void operatorsAndFieldsAreToldApartWithoutCase() {
        String mixed = "{'bUcKeT':'" + bucket + "'},['StArTs-WiTh','$KeY','foo'],{'cOnTeNt-TyPe':'text/plain'}";

        assertThat(post(signed(policy(mixed))).statusCode()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'conditions':[]}",
                "{'expiration':'EXPIRATION'}",
                "{'EXPIRATION':'EXPIRATION','conditions':[]}",
                "{'expiration':'tomorrow','conditions':[]}",
                "{'expiration':'EXPIRATION','conditions':{}}",
                "no JSON",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
            })
    void refusesPoliciesThatAreNone(String policy) {
        HttpResponse<String> answer = post(signed(policy.replace("EXPIRATION", expiration(Duration.ofHours(1)))));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("InvalidPolicyDocument");
    }

    @Test
    void refusesOtherSignaturesKeysAndTimes() {
        Map<String, String> wrong = signed(policy(conditions()));
        wrong.put("signature", wrong.get("signature").replaceFirst("..", "AA"));
        Map<String, String> unknown = signed(policy(conditions()));
        unknown.put("AWSAccessKeyId", "AKIANOBODY");
        Map<String, String> unsigned = signed(policy(conditions()));
        unsigned.remove("signature");
        Map<String, String> keyless = signed(policy(conditions()));
        keyless.remove("key");
        Map<String, String> changed = signed4(conditions());
        changed.put("policy", encoded(policy("{'bucket':'" + bucket + "'},['starts-with','$key','']")));
        Map<String, String> expired =
                signed("{'expiration':'" + expiration(Duration.ofHours(-1)) + "','conditions':[" + conditions() + "]}");

        assertThat(post(wrong).body()).contains("SignatureDoesNotMatch");
        assertThat(post(unknown).body()).contains("InvalidAccessKeyId");
        assertThat(post(unsigned).statusCode()).isEqualTo(400);
        assertThat(post(keyless).statusCode()).isEqualTo(400);
        assertThat(post(changed).body()).contains("SignatureDoesNotMatch");
        assertThat(post(expired).statusCode()).isEqualTo(403);
    }

    @Test
    void refusesFormsThatAreNoneOrTooLong() {
        Map<String, String> large = signed(policy(conditions()));
        large.put("x-ignore-large", "x".repeat(30_000));

        assertThat(post(large).body()).contains("MaxPostPreDataLengthExceeded");
        assertThat(send("no form".getBytes(StandardCharsets.UTF_8)).body()).contains("MalformedPOSTRequest");
        assertThat(send(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nfoo\r\n--"
                                        + BOUNDARY + "--\r\n")
                                .getBytes(StandardCharsets.UTF_8))
                        .body())
                .contains("POST requires exactly one file upload per request.");
    }

    @Test
    void aFieldThatCannotBeReadIsTheFormsFault() {
        Map<String, String> fields =
                signed(policy(conditions() + ",['starts-with','$x-amz-object-lock-retain-until-date','']"));
        fields.put("x-amz-object-lock-retain-until-date", "tomorrow");

        assertThat(post(fields).statusCode()).isEqualTo(400);
    }

    @Test
    void xmlInATagFieldDoesNotGrow() {
        Map<String, String> fields = signed(policy(conditions() + ",['starts-with','$tagging','']"));
        fields.put(
                "tagging",
                "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;\">]><Tagging><TagSet><Tag><Key>&c;"
                        + "</Key><Value>1</Value></Tag></TagSet></Tagging>");

        assertThat(post(fields).statusCode()).isEqualTo(400);
    }
}
