package dev.outcrop.shapes.codec;

import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * Shapes as JSON that the house keeps for itself. Every member is kept, wherever it travels on the wire, under its name
 * in the service description, so that what was stored can be read when a newer description moves a member.
 */
public final class StoredShapes {
    private static final StructuredCodec CODEC =
            StructuredCodec.storage(new ReadLimits(1L << 30, 1000, Integer.MAX_VALUE, Integer.MAX_VALUE, 1000));

    private StoredShapes() {}

    /** The shape as JSON in UTF-8. */
    public static byte[] write(SdkPojo shape) {
        return CODEC.write(shape);
    }

    /**
     * The shape that {@link #write} made {@code json} of. Members that the shape no longer has are left out.
     *
     * @throws SerializationFailure if it is no such JSON
     */
    public static <B extends SdkBuilder<B, T>, T extends SdkPojo> T read(byte[] json, Supplier<B> newBuilder) {
        B builder = newBuilder.get();
        CODEC.read(json, (SdkPojo) builder);
        return builder.build();
    }
}
