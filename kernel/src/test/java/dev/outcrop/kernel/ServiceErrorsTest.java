package dev.outcrop.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.shapes.ServiceTables;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ModelErrorException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

class ServiceErrorsTest {
    private static final ServiceTables TABLES = new ServiceTables();
    private static final Principal NOBODY = Principal.ANONYMOUS;
    private static final AuthorizationDecision.Denied DENIED = new AuthorizationDecision.Denied(
            new Access("s3:GetObject", "arn:aws:s3:::b/k"), "with an explicit deny in a resource-based policy");

    @Test
    void usesTheCodesThatTheServiceModels() {
        ServedService bedrock = served("bedrock-runtime", BedrockRuntimeClient.class);

        assertThat(ServiceErrors.accessDenied(bedrock, NOBODY, DENIED, Optional.empty())
                        .code())
                .isEqualTo("AccessDeniedException");
        assertThat(ServiceErrors.throttled(bedrock).code()).isEqualTo("ThrottlingException");
    }

    @Test
    void usesTheCodesOfTheQueryProtocolWhereTheServiceModelsNone() {
        ServedService sts = served("sts", StsClient.class);

        assertThat(ServiceErrors.accessDenied(sts, NOBODY, DENIED, Optional.empty())
                        .code())
                .isEqualTo("AccessDenied");
        assertThat(ServiceErrors.throttled(sts).code()).isEqualTo("Throttling");
        assertThat(ServiceErrors.throttled(sts).getMessage()).isEqualTo("Rate exceeded");
    }

    @Test
    void quotesTheResourceWhereAmazonS3Does() {
        ServedService s3 = served("s3", S3Client.class);
        Principal root = Principal.root("111111111111", Optional.empty());

        AwsError error = ServiceErrors.accessDenied(s3, root, DENIED, Optional.empty());

        assertThat(error.code()).isEqualTo("AccessDenied");
        assertThat(error.getMessage())
                .isEqualTo(
                        "User: arn:aws:iam::111111111111:root is not authorized to perform: s3:GetObject on resource: "
                                + "\"arn:aws:s3:::b/k\" with an explicit deny in a resource-based policy");
        assertThat(ServiceErrors.accessDenied(s3, NOBODY, DENIED, Optional.empty())
                        .getMessage())
                .isEqualTo("Access Denied");
    }

    @Test
    void givesTheDetailsOfAnErrorToTheMembersOfItsClass() {
        ServedService bedrock = served("bedrock-runtime", BedrockRuntimeClient.class);
        AwsError error = new AwsError("ModelErrorException", 424, "no", Map.of("resourceName", "m", "Elsewhere", "x"));

        Answer.Failure failure = bedrock.errors().failure("id", error);

        assertThat(((ModelErrorException) failure.exception()).resourceName()).isEqualTo("m");
        assertThat(failure.details()).containsExactly(Map.entry("Elsewhere", "x"));
    }

    private static <C> ServedService served(String id, Class<C> client) {
        Object proxy = Proxy.newProxyInstance(
                client.getClassLoader(), new Class<?>[] {client}, (self, method, arguments) -> null);
        return ServedService.of(TABLES.find(id).orElseThrow(), (SdkClient) proxy, Optional.empty());
    }
}
