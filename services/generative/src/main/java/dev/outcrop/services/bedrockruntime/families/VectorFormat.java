package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * How a vector is written in JSON.
 *
 * <p>Integers are quantised with one scale for all vectors, so that they can be compared: a value of a unit vector of
 * {@code d} dimensions has a standard deviation of {@code 1/√d}, and four of them are mapped onto 127. Bits are 1 for
 * values above zero.
 */
public enum VectorFormat {
    /** Decimal numbers. */
    FLOAT,
    /** Signed bytes, −128 to 127. */
    INT8,
    /** Unsigned bytes, which are the signed ones and 128. */
    UINT8,
    /** A bit a value, eight in a signed byte, the first the most significant: the unsigned byte less 128. */
    BINARY,
    /** A bit a value, eight in an unsigned byte, the first the most significant. */
    UBINARY,
    /** Little-endian 32-bit floats, as base64. */
    BASE64;

    private static final double DEVIATIONS = 4;

    /** The names that Cohere gives them. */
    static List<String> names() {
        return Arrays.stream(values())
                .map(format -> format.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    /**
     * Writes a unit vector.
     *
     * @param dimension of the model's own vector, before it was brought to the length asked for
     */
    public JsonNode write(float[] vector, int dimension) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(vector.length);
        switch (this) {
            case FLOAT -> {
                for (float value : vector) {
                    array.add(value);
                }
            }
            case INT8, UINT8 -> {
                double scale = 127 * Math.sqrt(dimension) / DEVIATIONS;
                int offset = this == UINT8 ? 128 : 0;
                for (float value : vector) {
                    array.add(Math.clamp(Math.round(value * scale), -128, 127) + offset);
                }
            }
            case BINARY, UBINARY -> {
                for (int i = 0; i < vector.length; i += 8) {
                    array.add(bits(vector, i) - (this == BINARY ? 128 : 0));
                }
            }
            case BASE64 -> {
                ByteBuffer bytes =
                        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(vector);
                return TextNode.valueOf(Base64.getEncoder().encodeToString(bytes.array()));
            }
        }
        return array;
    }

    private static int bits(float[] vector, int from) {
        int bits = 0;
        for (int i = from; i < from + 8; i++) {
            bits = bits << 1 | (i < vector.length && vector[i] > 0 ? 1 : 0);
        }
        return bits;
    }
}
