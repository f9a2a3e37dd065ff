package dev.outcrop.kernel;

import dev.outcrop.shapes.codec.StoredShapes;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Writes and reads one shape as it is stored. */
final class ResourceCodec<T extends SdkPojo> {
    private final Function<byte[], T> reader;

    <B extends SdkBuilder<B, T>> ResourceCodec(Supplier<B> newBuilder) {
        reader = bytes -> StoredShapes.read(bytes, newBuilder);
    }

    byte[] write(T shape) {
        return StoredShapes.write(shape);
    }

    T read(byte[] bytes) {
        return reader.apply(bytes);
    }
}
