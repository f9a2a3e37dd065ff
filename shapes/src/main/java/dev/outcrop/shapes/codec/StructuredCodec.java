package dev.outcrop.shapes.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.TSFBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Shapes as JSON, and as CBOR, which has the same structures, lists and maps: the bodies of REST-JSON, AWS JSON 1.0 and
 * 1.1, Smithy's RPC v2 CBOR, and the CBOR form of AWS JSON 1.1 that Kinesis clients speak.
 *
 * <p>Reading ignores members that the shape does not have, and refuses values of another type, nulls in lists and maps,
 * and anything after the body, as Smithy's
 * <a href="https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html">tests of malformed requests</a> ask for.
 * Reading of a class's first shape looks up its members; from then on little more than the values is allocated.
 * Safe for concurrent use.
 */
public final class StructuredCodec {
    /** JSON, with the default limits. */
    public static final StructuredCodec JSON = json(ReadLimits.DEFAULT);

    /** Smithy's RPC v2 CBOR, with the default limits. */
    public static final StructuredCodec RPC_V2_CBOR = rpcV2Cbor(ReadLimits.DEFAULT);

    /** The CBOR form of AWS JSON ({@code application/x-amz-cbor-1.1}), with the default limits. */
    public static final StructuredCodec AWS_CBOR = awsCbor(ReadLimits.DEFAULT);

    private final StructuredFormat format;
    private final JsonFactory factory;

    private StructuredCodec(StructuredFormat format, JsonFactory factory) {
        this.format = format;
        this.factory = factory;
    }

    /** JSON bodies. */
    public static StructuredCodec json(ReadLimits limits) {
        return new StructuredCodec(StructuredFormat.JSON, limited(JsonFactory.builder(), limits));
    }

    /** Bodies of RPC v2 CBOR. */
    public static StructuredCodec rpcV2Cbor(ReadLimits limits) {
        return new StructuredCodec(StructuredFormat.RPC_V2_CBOR, limited(CBORFactory.builder(), limits));
    }

    /** Bodies of AWS JSON in CBOR. */
    public static StructuredCodec awsCbor(ReadLimits limits) {
        return new StructuredCodec(StructuredFormat.AWS_CBOR, limited(CBORFactory.builder(), limits));
    }

    /** JSON for our own use: all members, under the names of the description, exact to the nanosecond. */
    static StructuredCodec storage(ReadLimits limits) {
        return new StructuredCodec(StructuredFormat.STORAGE, limited(JsonFactory.builder(), limits));
    }

    private static JsonFactory limited(TSFBuilder<?, ?> builder, ReadLimits limits) {
        builder.streamReadConstraints(StreamReadConstraints.builder()
                .maxDocumentLength(limits.bytes())
                .maxNestingDepth(limits.depth())
                .maxTokenCount(limits.values())
                .maxStringLength(limits.stringLength())
                .maxNumberLength(limits.numberLength())
                .build());
        builder.streamWriteConstraints(StreamWriteConstraints.builder()
                .maxNestingDepth(Integer.MAX_VALUE)
                .build());
        // The source would show foreign text in messages; threads are virtual, so buffers cannot be theirs.
        builder.disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION);
        builder.recyclerPool(JsonRecyclerPools.newConcurrentDequePool());
        return builder.build();
    }

    /** The media type of bodies, without the version that AWS JSON appends. */
    public String mediaType() {
        return format.mediaType();
    }

    /**
     * Reads the members that travel in the body; others are left as they are. An empty body sets none.
     *
     * @return {@code builder}
     * @throws SerializationFailure if the body is not what the shape asks for
     * @throws IOException          if {@code body} cannot be read
     */
    public <B extends SdkPojo> B read(InputStream body, B builder) throws IOException {
        return read(factory.createParser(body), builder);
    }

    /** As {@link #read(InputStream, SdkPojo)}. */
    public <B extends SdkPojo> B read(byte[] body, B builder) {
        try {
            return read(factory.createParser(body), builder);
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail to be read", e);
        }
    }

    private <B extends SdkPojo> B read(JsonParser parser, B builder) throws IOException {
        try (parser) {
            if (parser.nextToken() != null) {
                StructuredReader reader = new StructuredReader(parser, format);
                reader.readBody(builder, ShapeFields.of(builder));
                reader.expectEnd();
            }
            return builder;
        } catch (JsonProcessingException | CharConversionException e) {
            throw failure(e);
        }
    }

    /**
     * Reads a body that is all of one member, a structure or document, and sets it on {@code builder}. An empty body
     * sets nothing.
     *
     * @throws SerializationFailure if the body is not what the member asks for
     * @throws IOException          if {@code body} cannot be read
     */
    public void readMember(InputStream body, SdkPojo builder, ShapeMember member) throws IOException {
        try (JsonParser parser = factory.createParser(body)) {
            if (parser.nextToken() != null) {
                StructuredReader reader = new StructuredReader(parser, format);
                Object value = reader.readValue(member);
                reader.expectEnd();
                member.set(builder, value);
            }
        } catch (JsonProcessingException | CharConversionException e) {
            throw failure(e);
        }
    }

    /** Writes the members that travel in the body. */
    public void write(SdkPojo shape, OutputStream out) throws IOException {
        try (JsonGenerator generator = generator(out)) {
            new StructuredWriter(generator, format).writeBody(shape);
        }
    }

    /** The members that travel in the body, as bytes. */
    public byte[] write(SdkPojo shape) {
        BodyBuffer buffer = new BodyBuffer();
        try {
            write(shape, buffer);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer cannot fail to be written", e);
        }
        return buffer.toByteArray();
    }

    /** Writes one member, a structure or document, as the whole body; an empty structure where it is not set. */
    public void writeMember(SdkPojo shape, ShapeMember member, OutputStream out) throws IOException {
        try (JsonGenerator generator = generator(out)) {
            Object value = member.value(shape);
            if (value == null) {
                generator.writeStartObject();
                generator.writeEndObject();
            } else {
                new StructuredWriter(generator, format).writeValue(member, value);
            }
        }
    }

    /**
     * Writes an error: its type, its message, and the members that its exception has besides.
     *
     * @param type      what the client tells it by, as {@code __type}
     * @param message   for people
     * @param exception the exception as the SDK models it, or a shape without members
     */
    public void writeError(String type, ErrorMessage message, SdkPojo exception, OutputStream out) throws IOException {
        try (JsonGenerator generator = generator(out)) {
            generator.writeStartObject();
            generator.writeStringField("__type", type);
            generator.writeStringField(message.memberName(), message.text());
            new StructuredWriter(generator, format)
                    .writeMembers(exception, ShapeFields.of(exception).body());
            generator.writeEndObject();
        }
    }

    private JsonGenerator generator(OutputStream out) throws IOException {
        JsonGenerator generator = factory.createGenerator(out);
        generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        generator.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
        return generator;
    }

    private static SerializationFailure failure(IOException e) {
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return new SerializationFailure("", message);
    }
}
