package dev.outcrop.kernel.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ServiceModels;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.shapes.codec.ShapeFields;
import dev.outcrop.shapes.codec.ShapeMember;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.protocol.MarshallLocation;

/**
 * What a call asked for and was answered, as CloudTrail tells it: members in camel case, without bytes, and without what the service's
 * description calls sensitive. Of services that carry their users' own data only what names a resource in the path is
 * told, such as a model's id; never the content.
 *
 * <p>Source: "CloudTrail record contents" of the AWS CloudTrail user guide; "Monitor Amazon Bedrock API calls using
 * CloudTrail" of Amazon Bedrock's.
 */
final class CallParameters {
    /** CloudTrail's own limit; what is larger is left out. */
    static final int LARGEST_BYTES = 100 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(CallParameters.class);
    static final String HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";

    /** Services that carry data and are not called so. */
    private static final Set<String> DATA_SERVICES = Set.of(
            "s3",
            "s3vectors",
            "dynamodb",
            "sqs",
            "sns",
            "kinesis",
            "firehose",
            "rds-data",
            "transcribe-streaming",
            "personalize-events",
            "bedrock-agentcore");

    /** Buffers of its own: those of the thread are taken, since an event is just being written with them. */
    private final JsonFactory json = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.newBoundedPool(1))
            .build();

    private final ServiceModels models;

    CallParameters(ServiceModels models) {
        this.models = models;
    }

    /** Writes the field {@code requestParameters} of {@code event}; null where the call has none to tell. */
    void writeRequest(JsonGenerator event, CallRecord call) throws IOException {
        event.writeFieldName("requestParameters");
        Optional<String> model = call.context().metering().model();
        if (call.request().isPresent()) {
            boolean pathOnly = carriesData(call.service());
            write(event, call, call.request().get(), OperationModel::input, pathOnly);
        } else if (model.isPresent()) {
            event.writeStartObject();
            event.writeStringField("modelId", model.get());
            event.writeEndObject();
        } else {
            event.writeNull();
        }
    }

    /** Writes the field {@code responseElements} of {@code event}, to be asked for calls that change something. */
    void writeResponse(JsonGenerator event, CallRecord call) throws IOException {
        event.writeFieldName("responseElements");
        if (call.response().isPresent() && !carriesData(call.service())) {
            write(event, call, call.response().get(), OperationModel::output, false);
        } else {
            event.writeNull();
        }
    }

    private void write(
            JsonGenerator event,
            CallRecord call,
            SdkPojo value,
            Function<OperationModel, Optional<String>> side,
            boolean pathOnly)
            throws IOException {
        Optional<ServiceModel> service = models.find(call.service());
        Optional<ShapeModel> described = service.flatMap(
                known -> known.operation(call.operation()).flatMap(side).map(known::shape));
        if (!(described.orElse(null) instanceof ShapeModel.Structure shape)) {
            event.writeNull();
            return;
        }
        Limited bytes = new Limited();
        boolean any;
        try (JsonGenerator generator = json.createGenerator((OutputStream) bytes, JsonEncoding.UTF8)) {
            Writer writer = new Writer(generator, service.orElseThrow());
            any = writer.members(value, shape, pathOnly);
        } catch (IOException | RuntimeException untellable) {
            // Too large or too deep, or of a form that nobody foresaw, which must not cost the event or those after it.
            LOG.debug("not all is told of request {}", call.context().requestId(), untellable);
            event.writeStartObject();
            event.writeBooleanField("omitted", true);
            event.writeEndObject();
            return;
        }
        if (any) {
            event.writeRawValue(bytes.text());
        } else {
            event.writeNull();
        }
    }

    private static boolean carriesData(String service) {
        return service.endsWith("-runtime") || DATA_SERVICES.contains(service);
    }

    private static String camelCase(String name) {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    private record Writer(JsonGenerator generator, ServiceModel service) {
        /** Writes a structure, and says whether it has any members to tell. */
        boolean members(SdkPojo value, ShapeModel.Structure shape, boolean pathOnly) throws IOException {
            boolean any = false;
            generator.writeStartObject();
            for (ShapeMember member : ShapeFields.of(value).members()) {
                Optional<Object> present = member.get(value);
                if (present.isEmpty() || (pathOnly && !isInPath(member))) {
                    continue;
                }
                String name = name(member, shape);
                ShapeModel.Member described = shape.members().get(name);
                if (described == null || SecretMembers.isSecret(service, name, described)) {
                    // It may not be told, or nothing says that it may.
                    generator.writeStringField(told(name), HIDDEN);
                } else if (!(service.shape(described.shape()) instanceof ShapeModel.Blob)) {
                    generator.writeFieldName(told(name));
                    value(member, present.get(), service.shape(described.shape()));
                } else {
                    continue;
                }
                any = true;
            }
            generator.writeEndObject();
            return any;
        }

        /** The service's name of a member; the SDK calls some of S3's otherwise. */
        private static String name(ShapeMember member, ShapeModel.Structure shape) {
            return shape.members().containsKey(member.name()) || member.requestName() == null
                    ? member.name()
                    : member.requestName();
        }

        /** CloudTrail's name of a member. */
        private String told(String name) {
            return name.equals("Bucket") && service.summary().id().equals("s3") ? "bucketName" : camelCase(name);
        }

        private static boolean isInPath(ShapeMember member) {
            return member.location() == MarshallLocation.PATH || member.location() == MarshallLocation.GREEDY_PATH;
        }

        private void value(ShapeMember member, Object value, ShapeModel shape) throws IOException {
            if (shape.sensitive()) {
                generator.writeString(HIDDEN);
                return;
            }
            switch (value) {
                case SdkPojo structure
                when shape instanceof ShapeModel.Structure known -> members(structure, known, false);
                case List<?> list
                when shape instanceof ShapeModel.ListOf known ->
                    list(member, list, service.shape(known.member().shape()));
                case Map<?, ?> map
                when shape instanceof ShapeModel.MapOf known ->
                    map(member, map, service.shape(known.value().shape()));
                case Document document -> document(document);
                case Boolean bool -> generator.writeBoolean(bool);
                case Integer number -> generator.writeNumber(number);
                case Long number -> generator.writeNumber(number);
                case Float number -> generator.writeNumber(number);
                case Double number -> generator.writeNumber(number);
                default -> generator.writeString(value.toString());
            }
        }

        private void list(ShapeMember member, List<?> values, ShapeModel shape) throws IOException {
            generator.writeStartArray();
            for (Object value : values) {
                if (value != null && !(shape instanceof ShapeModel.Blob)) {
                    value(member.element(), value, shape);
                }
            }
            generator.writeEndArray();
        }

        private void map(ShapeMember member, Map<?, ?> values, ShapeModel shape) throws IOException {
            generator.writeStartObject();
            for (Map.Entry<?, ?> entry : values.entrySet()) {
                if (entry.getValue() != null && !(shape instanceof ShapeModel.Blob)) {
                    generator.writeFieldName(entry.getKey().toString());
                    value(member.element(), entry.getValue(), shape);
                }
            }
            generator.writeEndObject();
        }

        private void document(Document value) throws IOException {
            if (value.isMap()) {
                generator.writeStartObject();
                for (Map.Entry<String, Document> entry : value.asMap().entrySet()) {
                    generator.writeFieldName(entry.getKey());
                    document(entry.getValue());
                }
                generator.writeEndObject();
            } else if (value.isList()) {
                generator.writeStartArray();
                for (Document element : value.asList()) {
                    document(element);
                }
                generator.writeEndArray();
            } else if (value.isBoolean()) {
                generator.writeBoolean(value.asBoolean());
            } else if (value.isNumber()) {
                generator.writeNumber(value.asNumber().stringValue());
            } else if (value.isString()) {
                generator.writeString(value.asString());
            } else {
                generator.writeNull();
            }
        }
    }

    /** Bytes in memory, up to the largest that may be told. */
    private static final class Limited extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            if (bytes.size() + length > LARGEST_BYTES) {
                throw new IOException("larger than " + LARGEST_BYTES + " bytes");
            }
            bytes.write(buffer, offset, length);
        }

        String text() {
            return bytes.toString(UTF_8);
        }
    }
}
