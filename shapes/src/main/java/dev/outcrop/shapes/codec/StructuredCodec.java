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
import com.fasterxml.jackson.dataformat.cbor.CBORFactoryBuilder;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
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
public final class StructuredCodec implements BodyFormat {
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
        return new StructuredCodec(StructuredFormat.RPC_V2_CBOR, limited(cbor(), limits));
    }

    /** Bodies of AWS JSON in CBOR. */
    public static StructuredCodec awsCbor(ReadLimits limits) {
        return new StructuredCodec(StructuredFormat.AWS_CBOR, limited(cbor(), limits));
    }

    /** JSON for our own use: all members, under the names of the description, exact to the nanosecond. */
    static StructuredCodec storage(ReadLimits limits) {
        return new StructuredCodec(StructuredFormat.STORAGE, limited(JsonFactory.builder(), limits));
    }

    /** Half a surrogate pair, which JSON's escapes and broken UTF-8 bring in, is written as the replacement character. */
    private static CBORFactoryBuilder cbor() {
        return CBORFactory.builder().enable(CBORGenerator.Feature.LENIENT_UTF_ENCODING);
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

    @Override
    public String mediaType() {
        return format.mediaType();
    }

    @Override
    public <B extends SdkPojo> B read(InputStream body, B builder) throws IOException {
        Source source = new Source(body);
        try (JsonParser parser = factory.createParser(source)) {
            return read(parser, builder);
        } catch (IOException e) {
            throw source.failure(reason(e));
        }
    }

    @Override
    public <B extends SdkPojo> B read(byte[] body, B builder) {
        try (JsonParser parser = factory.createParser(body)) {
            return read(parser, builder);
        } catch (IOException e) {
            throw new SerializationFailure("", reason(e));
        }
    }

    private <B extends SdkPojo> B read(JsonParser parser, B builder) throws IOException {
        if (parser.nextToken() != null) {
            StructuredReader reader = new StructuredReader(parser, format);
            reader.readBody(builder, ShapeFields.of(builder));
            reader.expectEnd();
        }
        return builder;
    }

    @Override
    public void readMember(InputStream body, SdkPojo builder, ShapeMember member) throws IOException {
        Source source = new Source(body);
        try (JsonParser parser = factory.createParser(source)) {
            if (parser.nextToken() != null) {
                StructuredReader reader = new StructuredReader(parser, format);
                Object value = reader.readValue(member);
                reader.expectEnd();
                member.set(builder, value);
            }
        } catch (IOException e) {
            throw source.failure(reason(e));
        }
    }

    /** The parser's message without the place in the text, which for foreign text says little. */
    private static String reason(IOException e) {
        return e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    }

    /** Writes the members that travel in the body. */
    public void write(SdkPojo shape, BodyBuffer out) {
        generate(out, (generator, writer) -> writer.writeBody(shape));
    }

    /** The members that travel in the body, as bytes. */
    public byte[] write(SdkPojo shape) {
        BodyBuffer buffer = new BodyBuffer();
        write(shape, buffer);
        return buffer.toByteArray();
    }

    /** Writes one member, a structure or document, as the whole body; an empty structure where it is not set. */
    public void writeMember(SdkPojo shape, ShapeMember member, BodyBuffer out) {
        Object value = member.value(shape);
        generate(out, (generator, writer) -> {
            if (value == null) {
                generator.writeStartObject();
                generator.writeEndObject();
            } else {
                writer.writeValue(member, value);
            }
        });
    }

    /**
     * Writes an error: its type, its message, and the members that its exception has besides.
     *
     * @param type      what the client tells it by, as {@code __type}
     * @param message   for people
     * @param exception the exception as the SDK models it, or a shape without members
     */
    public void writeError(String type, ErrorMessage message, SdkPojo exception, BodyBuffer out) {
        writeError(Optional.of(type), message, exception, out);
    }

    /** Writes the exception of an event stream: as an error, but its type stands in the message's headers. */
    public void writeEventException(ErrorMessage message, SdkPojo exception, BodyBuffer out) {
        writeError(Optional.empty(), message, exception, out);
    }

    private void writeError(Optional<String> type, ErrorMessage message, SdkPojo exception, BodyBuffer out) {
        generate(out, (generator, writer) -> {
            generator.writeStartObject();
            if (type.isPresent()) {
                generator.writeStringField("__type", type.get());
            }
            generator.writeStringField(message.memberName(), message.text());
            writer.writeMembers(exception, ShapeFields.of(exception).body());
            generator.writeEndObject();
        });
    }

    private void generate(BodyBuffer out, Generation generation) {
        try (JsonGenerator generator = factory.createGenerator((OutputStream) out)) {
            generation.generate(generator, new StructuredWriter(generator, format));
        } catch (IOException e) {
            throw new UncheckedIOException("a shape cannot be written as " + format, e);
        }
    }

    /** What is written with a generator. */
    private interface Generation {
        void generate(JsonGenerator generator, StructuredWriter writer) throws IOException;
    }
}
