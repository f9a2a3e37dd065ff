package dev.outcrop.kernel.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.Access;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ServiceTables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.GetUserRequest;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.EncryptRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

class OperationAccessTest {
    private static final ServiceTables MODELS = new ServiceTables();

    private final CallContext context = CallContext.builder()
            .principal(new Principal(
                    Principal.Kind.USER,
                    "arn:aws:iam::111122223333:user/team/bob",
                    "111122223333",
                    "AIDA",
                    Optional.empty()))
            .region("eu-west-1")
            .requestId("1")
            .build();

    @Test
    void readingAnObjectNamesItAndItsVersion() {
        assertThat(accesses(
                        "s3",
                        "GetObject",
                        GetObjectRequest.builder().bucket("b").key("a/b c").build()))
                .containsExactly(new Access("s3:GetObject", "arn:aws:s3:::b/a/b c"));
        assertThat(accesses(
                        "s3",
                        "HeadObject",
                        HeadObjectRequest.builder()
                                .bucket("b")
                                .key("k")
                                .versionId("7")
                                .build()))
                .containsExactly(new Access("s3:GetObjectVersion", "arn:aws:s3:::b/k"));
    }

    @Test
    void anObjectBehindAnAccessPointIsNamedBelowIt() {
        assertThat(accesses(
                        "s3",
                        "GetObject",
                        GetObjectRequest.builder()
                                .bucket("arn:aws:s3:eu-west-1:111122223333:accesspoint/p")
                                .key("k")
                                .build()))
                .containsExactly(
                        new Access("s3:GetObject", "arn:aws:s3:eu-west-1:111122223333:accesspoint/p/object/k"));
    }

    @Test
    void listingABucketIsAboutTheBucketWithItsPrefixAsAKey() {
        ListObjectsV2Request request = ListObjectsV2Request.builder()
                .bucket("b")
                .prefix("home/")
                .maxKeys(5)
                .build();

        assertThat(accesses("s3", "ListObjectsV2", request))
                .containsExactly(new Access("s3:ListBucket", "arn:aws:s3:::b"));
        assertThat(operation("s3", "ListObjectsV2").condition("s3:prefix", request))
                .contains(List.of("home/"));
        assertThat(operation("s3", "ListObjectsV2").condition("s3:max-keys", request))
                .contains(List.of("5"));
        assertThat(operation("s3", "ListObjectsV2").condition("s3:delimiter", request))
                .isEmpty();
    }

    @Test
    void writingAnObjectNeedsMoreForItsAclTagsAndLock() {
        PutObjectRequest request = PutObjectRequest.builder()
                .bucket("b")
                .key("k")
                .acl("public-read")
                .tagging("a=b")
                .objectLockMode("GOVERNANCE")
                .build();

        assertThat(accesses("s3", "PutObject", request))
                .extracting(Access::action)
                .containsExactly("s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging", "s3:PutObjectRetention");
    }

    @ParameterizedTest
    @CsvSource({
        "source/key,                s3:GetObject",
        "/source/key,               s3:GetObject",
        "source/k%65y,              s3:GetObject",
        "source/key?versionId=abc,  s3:GetObjectVersion"
    })
    void copyingReadsTheSource(String source, String action) {
        @SuppressWarnings("deprecation") // It is what a request from the network has.
        CopyObjectRequest.Builder request = CopyObjectRequest.builder().copySource(source);

        assertThat(accesses(
                        "s3",
                        "CopyObject",
                        request.destinationBucket("b").destinationKey("k").build()))
                .contains(
                        new Access("s3:PutObject", "arn:aws:s3:::b/k"), new Access(action, "arn:aws:s3:::source/key"));
    }

    @Test
    void copyingWithinTheHouseReadsTheSource() {
        CopyObjectRequest request = CopyObjectRequest.builder()
                .sourceBucket("source")
                .sourceKey("key")
                .sourceVersionId("7")
                .destinationBucket("b")
                .destinationKey("k")
                .build();

        assertThat(accesses("s3", "CopyObject", request))
                .containsExactly(
                        new Access("s3:PutObject", "arn:aws:s3:::b/k"),
                        new Access("s3:GetObjectVersion", "arn:aws:s3:::source/key"));
    }

    @Test
    void deletingManyIsAskedKeyByKeyByTheService() {
        assertThat(operation("s3", "DeleteObjects").isFree()).isTrue();
    }

    @Test
    void aUserIsTheCallerWhereNoneIsNamed() {
        assertThat(accesses("iam", "GetUser", GetUserRequest.builder().build()))
                .containsExactly(new Access("iam:GetUser", "arn:aws:iam::111122223333:user/team/bob"));
        assertThat(accesses(
                        "iam",
                        "GetUser",
                        GetUserRequest.builder().userName("eve").build()))
                .containsExactly(new Access("iam:GetUser", "arn:aws:iam::111122223333:user/eve"));
    }

    @Test
    void aTaggedRoleNeedsTheRightToTag() {
        CreateRoleRequest request = CreateRoleRequest.builder()
                .path("/team/")
                .roleName("reader")
                .tags(Tag.builder().key("cost").value("7").build())
                .build();

        assertThat(accesses("iam", "CreateRole", request))
                .containsExactly(
                        new Access("iam:CreateRole", "arn:aws:iam::111122223333:role/team/reader"),
                        new Access("iam:TagRole", "arn:aws:iam::111122223333:role/team/reader"));
        assertThat(RequestTags.of(request)).isEqualTo(Map.of("cost", "7"));
        assertThat(RequestTags.keys(request)).containsExactly("cost");
    }

    @Test
    void aKeyGoesByItsIdItsArnAndItsAlias() {
        assertThat(accesses("kms", "Encrypt", encrypt("1234")))
                .containsExactly(new Access("kms:Encrypt", "arn:aws:kms:eu-west-1:111122223333:key/1234"));
        assertThat(accesses("kms", "Encrypt", encrypt("arn:aws:kms:us-east-1:999999999999:key/1234")))
                .containsExactly(new Access("kms:Encrypt", "arn:aws:kms:us-east-1:999999999999:key/1234"));
        assertThat(accesses("kms", "Encrypt", encrypt("alias/mine")))
                .containsExactly(new Access("kms:Encrypt", "arn:aws:kms:eu-west-1:111122223333:alias/mine"));
    }

    @Test
    void theServiceTellsWhatTheRequestDoesNot() {
        ProtectedResources keys = new ProtectedResources() {
            @Override
            public List<String> resources(String operation, SdkRequest request, List<String> named) {
                return List.of("arn:aws:kms:eu-west-1:111122223333:key/found");
            }
        };

        List<Access> accesses =
                operation("kms", "Decrypt").of(context, DecryptRequest.builder().build(), Optional.of(keys));

        assertThat(accesses).containsExactly(new Access("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/found"));
    }

    @Test
    void encryptionContextIsAConditionKeyAnEntry() {
        EncryptRequest request = EncryptRequest.builder()
                .encryptionContext(Map.of("app", "outcrop"))
                .build();

        assertThat(operation("kms", "Encrypt").condition("kms:encryptioncontext:app", request))
                .contains(List.of("outcrop"));
        assertThat(operation("kms", "Encrypt").condition("kms:encryptioncontextkeys", request))
                .contains(List.of("app"));
        assertThat(operation("kms", "Encrypt").condition("kms:encryptioncontext:other", request))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "anthropic.claude-3-haiku-20240307-v1:0,    arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
        "eu.anthropic.claude-3-haiku-20240307-v1:0, arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.anthropic.claude-3-haiku-20240307-v1:0",
        "arn:aws:bedrock:us-east-1:1:imported-model/x, arn:aws:bedrock:us-east-1:1:imported-model/x"
    })
    void aConversationIsAnInvocationOfItsModel(String model, String resource) {
        assertThat(accesses(
                        "bedrock-runtime",
                        "Converse",
                        ConverseRequest.builder().modelId(model).build()))
                .containsExactly(new Access("bedrock:InvokeModel", resource));
        assertThat(accesses(
                        "bedrock-runtime",
                        "ConverseStream",
                        ConverseStreamRequest.builder().modelId(model).build()))
                .containsExactly(new Access("bedrock:InvokeModelWithResponseStream", resource));
    }

    private List<Access> accesses(String service, String operation, SdkRequest request) {
        return operation(service, operation).of(context, request, Optional.empty());
    }

    private static OperationAccess operation(String service, String operation) {
        ServiceModel model = MODELS.find(service).orElseThrow();
        return AuthorizationTable.of(model).operation(model.operation(operation).orElseThrow());
    }

    private static EncryptRequest encrypt(String key) {
        return EncryptRequest.builder().keyId(key).build();
    }
}
