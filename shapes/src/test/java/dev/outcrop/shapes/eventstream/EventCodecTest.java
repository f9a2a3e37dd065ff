package dev.outcrop.shapes.eventstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.shapes.codec.ErrorMessage;
import dev.outcrop.shapes.codec.SerializationFailure;
import dev.outcrop.shapes.codec.StructuredCodec;
import dev.outcrop.shapes.codec.XmlCodec;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDeltaEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ModelStreamErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.PayloadPart;
import software.amazon.awssdk.services.bedrockruntime.model.ResponseStream;
import software.amazon.awssdk.services.s3.model.RecordsEvent;
import software.amazon.awssdk.services.s3.model.SelectObjectContentEventStream;
import software.amazon.awssdk.services.s3.model.StatsEvent;

class EventCodecTest {
    private static final EventCodec JSON = new EventCodec(StructuredCodec.JSON);
    private static final EventCodec XML = new EventCodec(XmlCodec.XML);
    private static final ServiceTables TABLES = new ServiceTables();

    @Test
    void eventsAreJson() {
        ContentBlockDeltaEvent event = ContentBlockDeltaEvent.builder()
                .contentBlockIndex(0)
                .delta(delta -> delta.text("hi"))
                .build();

        Message message = JSON.event("contentBlockDelta", event);

        assertThat(message.text(Message.MESSAGE_TYPE)).contains("event");
        assertThat(message.text(Message.EVENT_TYPE)).contains("contentBlockDelta");
        assertThat(message.text(Message.CONTENT_TYPE)).contains("application/json");
        assertThat(message.payload())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"delta\":{\"text\":\"hi\"},\"contentBlockIndex\":0}");
        assertThat(JSON.read(message, ContentBlockDeltaEvent.builder()).build()).isEqualTo(event);
    }

    @Test
    void payloadMembersAreTheWholePayload() {
        RecordsEvent records =
                RecordsEvent.builder().payload(SdkBytes.fromUtf8String("a,b\n")).build();
        StatsEvent stats = StatsEvent.builder()
                .details(details -> details.bytesScanned(5L))
                .build();

        Message recordsMessage = XML.event("Records", records);
        Message statsMessage = XML.event("Stats", stats);

        assertThat(recordsMessage.text(Message.CONTENT_TYPE)).contains("application/octet-stream");
        assertThat(recordsMessage.payload()).asString(StandardCharsets.UTF_8).isEqualTo("a,b\n");
        assertThat(XML.read(recordsMessage, RecordsEvent.builder()).build()).isEqualTo(records);
        assertThat(statsMessage.payload())
                .asString(StandardCharsets.UTF_8)
                .endsWith("<Details><BytesScanned>5</BytesScanned></Details>");
        assertThat(XML.read(statsMessage, StatsEvent.builder()).build()).isEqualTo(stats);
    }

    @Test
    void exceptionsSayTheirTypeInAHeader() {
        SdkPojo exception =
                ModelStreamErrorException.builder().originalStatusCode(500).build();

        Message message = JSON.exception("modelStreamErrorException", ErrorMessage.of("broken"), exception);

        assertThat(message.text(Message.MESSAGE_TYPE)).contains("exception");
        assertThat(message.text(Message.EXCEPTION_TYPE)).contains("modelStreamErrorException");
        assertThat(message.payload())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"message\":\"broken\",\"originalStatusCode\":500}");
    }

    @Test
    void errorsHaveNoPayload() {
        Message message = EventCodec.error("InternalError", "sorry");

        assertThat(message.text(Message.MESSAGE_TYPE)).contains("error");
        assertThat(message.text(Message.ERROR_CODE)).contains("InternalError");
        assertThat(message.text(Message.ERROR_MESSAGE)).contains("sorry");
        assertThat(message.payload()).isEmpty();
    }

    @Test
    void theInitialResponseHoldsTheOtherMembers() {
        Message message = JSON.initialResponse(PayloadPart.builder().build());

        assertThat(message.text(Message.EVENT_TYPE)).contains("initial-response");
        assertThat(message.payload()).asString(StandardCharsets.UTF_8).isEqualTo("{}");
    }

    @Test
    void malformedEventsAreRefused() {
        Message message = new Message(Map.of(), "{\"contentBlockIndex\":\"x\"}".getBytes(StandardCharsets.UTF_8));

        assertThatExceptionOfType(SerializationFailure.class)
                .isThrownBy(() -> JSON.read(message, ContentBlockDeltaEvent.builder()));
    }

    @Test
    void eventsKnowTheirTypeHoweverTheyWereBuilt() {
        ShapeModel.Structure stream = stream("bedrock-runtime", "ConverseStreamOutput");

        assertThat(EventShapes.typeOf(
                        stream, ConverseStreamOutput.contentBlockDeltaBuilder().build()))
                .isEqualTo("contentBlockDelta");
        assertThat(EventShapes.typeOf(stream, ContentBlockDeltaEvent.builder().build()))
                .isEqualTo("contentBlockDelta");
        assertThat(EventShapes.typeOf(
                        stream("bedrock-runtime", "ResponseStream"),
                        PayloadPart.builder().build()))
                .isEqualTo("chunk");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        EventShapes.typeOf(stream, ConverseRequest.builder().build()))
                .withMessageContaining("ConverseRequest");
    }

    @Test
    void eventsAreBuiltByTheirType() {
        assertThat(EventShapes.newBuilder(ResponseStream.class, "chunk")).isPresent();
        assertThat(EventShapes.newBuilder(SelectObjectContentEventStream.class, "Stats"))
                .get()
                .isInstanceOf(StatsEvent.Builder.class);
        assertThat(EventShapes.newBuilder(ResponseStream.class, "other")).isEmpty();
    }

    private static ShapeModel.Structure stream(String service, String name) {
        return (ShapeModel.Structure) TABLES.find(service).orElseThrow().shape(name);
    }
}
