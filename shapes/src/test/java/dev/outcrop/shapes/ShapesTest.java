package dev.outcrop.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.GetAsyncInvokeResponse;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.StartAsyncInvokeRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

class ShapesTest {
    @Test
    void carriesLikeNamedMembers() {
        ConverseRequest request = ConverseRequest.builder()
                .modelId("m")
                .messages(Message.builder()
                        .role("user")
                        .content(ContentBlock.fromText("hi"))
                        .build())
                .requestMetadata(Map.of("a", "b"))
                .build();

        ConverseStreamRequest copy =
                Shapes.copy(request, ConverseStreamRequest.builder()).build();

        assertThat(copy.modelId()).isEqualTo("m");
        assertThat(copy.messages()).isEqualTo(request.messages());
        assertThat(copy.requestMetadata()).isEqualTo(Map.of("a", "b"));
        assertThat(copy.hasSystem()).isFalse();
    }

    @Test
    void leavesWhatTheSourceDoesNotSet() {
        StartAsyncInvokeRequest request = StartAsyncInvokeRequest.builder()
                .modelId("ignored: the target has none")
                .build();

        GetAsyncInvokeResponse copy = Shapes.copy(
                        request,
                        GetAsyncInvokeResponse.builder()
                                .clientRequestToken("kept")
                                .invocationArn("arn"))
                .build();

        assertThat(copy)
                .isEqualTo(GetAsyncInvokeResponse.builder()
                        .clientRequestToken("kept")
                        .invocationArn("arn")
                        .build());
    }

    @Test
    void carriesMembersWhereverTheyTravel() {
        PutObjectRequest request = PutObjectRequest.builder()
                .bucket("b")
                .contentType("text/plain")
                .metadata(Map.of("k", "v"))
                .build();

        CopyObjectRequest copy =
                Shapes.copy(request, CopyObjectRequest.builder()).build();

        assertThat(copy.contentType()).isEqualTo("text/plain");
        assertThat(copy.metadata()).isEqualTo(Map.of("k", "v"));
        assertThat(copy.destinationBucket()).isNull();
    }
}
