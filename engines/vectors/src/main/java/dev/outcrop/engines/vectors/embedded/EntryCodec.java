package dev.outcrop.engines.vectors.embedded;

import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.MetadataValue.Flag;
import dev.outcrop.engines.vectors.MetadataValue.Items;
import dev.outcrop.engines.vectors.MetadataValue.Numeric;
import dev.outcrop.engines.vectors.MetadataValue.Text;
import dev.outcrop.engines.vectors.VectorEntry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes and reads entries as they stand in the log, and what of them Lucene only keeps. */
final class EntryCodec {
    private static final byte PUT = 1;
    private static final byte DELETE = 2;

    private EntryCodec() {}

    /** What a frame of the log does. */
    sealed interface Change {}

    record Put(VectorEntry entry) implements Change {}

    record Delete(String key) implements Change {}

    /**
     * What Lucene keeps beside the vector.
     *
     * @param vector as it was put, where Lucene has it otherwise
     */
    record Body(String key, String text, Map<String, MetadataValue> metadata, Optional<float[]> vector) {}

    @FunctionalInterface
    private interface Writing {
        void to(DataOutputStream data) throws IOException;
    }

    private static byte[] bytes(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            writing.to(data);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    static byte[] puts(List<VectorEntry> entries) {
        return bytes(data -> {
            data.writeInt(entries.size());
            for (VectorEntry entry : entries) {
                data.writeByte(PUT);
                write(data, entry.key());
                write(data, entry.vector());
                write(data, entry.text());
                write(data, entry.metadata());
            }
        });
    }

    static byte[] deletes(Collection<String> keys) {
        return bytes(data -> {
            data.writeInt(keys.size());
            for (String key : keys) {
                data.writeByte(DELETE);
                write(data, key);
            }
        });
    }

    static List<Change> changes(byte[] frame) throws IOException {
        DataInputStream data = new DataInputStream(new ByteArrayInputStream(frame));
        List<Change> changes = new ArrayList<>();
        for (int left = data.readInt(); left > 0; left--) {
            if (data.readByte() == DELETE) {
                changes.add(new Delete(text(data)));
            } else {
                String key = text(data);
                changes.add(new Put(new VectorEntry(key, vector(data), text(data), metadata(data))));
            }
        }
        return changes;
    }

    static byte[] body(VectorEntry entry, boolean withVector) {
        return bytes(data -> {
            write(data, entry.key());
            write(data, entry.text());
            write(data, entry.metadata());
            if (withVector) {
                write(data, entry.vector());
            }
        });
    }

    static Body body(byte[] bytes, int offset, int length) throws IOException {
        DataInputStream data = new DataInputStream(new ByteArrayInputStream(bytes, offset, length));
        String key = text(data);
        String text = text(data);
        Map<String, MetadataValue> metadata = metadata(data);
        return new Body(key, text, metadata, data.available() > 0 ? Optional.of(vector(data)) : Optional.empty());
    }

    private static void write(DataOutputStream data, float[] vector) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES);
        bytes.asFloatBuffer().put(vector);
        data.writeInt(vector.length);
        data.write(bytes.array());
    }

    private static float[] vector(DataInputStream data) throws IOException {
        float[] vector = new float[data.readInt()];
        ByteBuffer.wrap(data.readNBytes(vector.length * Float.BYTES))
                .asFloatBuffer()
                .get(vector);
        return vector;
    }

    /** A value as bytes that are equal where the values are. */
    static byte[] value(MetadataValue value) {
        return bytes(data -> write(data, value));
    }

    private static void write(DataOutputStream data, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        data.writeInt(bytes.length);
        data.write(bytes);
    }

    private static String text(DataInputStream data) throws IOException {
        return new String(data.readNBytes(data.readInt()), StandardCharsets.UTF_8);
    }

    private static void write(DataOutputStream data, Map<String, MetadataValue> metadata) throws IOException {
        data.writeInt(metadata.size());
        for (Map.Entry<String, MetadataValue> entry : metadata.entrySet()) {
            write(data, entry.getKey());
            write(data, entry.getValue());
        }
    }

    private static void write(DataOutputStream data, MetadataValue value) throws IOException {
        switch (value) {
            case Text(String text) -> {
                data.writeByte('s');
                write(data, text);
            }
            case Numeric(double number) -> {
                data.writeByte('n');
                data.writeDouble(number);
            }
            case Flag(boolean flag) -> data.writeByte(flag ? 't' : 'f');
            case Items(List<MetadataValue> values) -> {
                data.writeByte('l');
                data.writeInt(values.size());
                for (MetadataValue item : values) {
                    write(data, item);
                }
            }
        }
    }

    private static Map<String, MetadataValue> metadata(DataInputStream data) throws IOException {
        Map<String, MetadataValue> metadata = new LinkedHashMap<>();
        for (int left = data.readInt(); left > 0; left--) {
            metadata.put(text(data), value(data));
        }
        return metadata;
    }

    private static MetadataValue value(DataInputStream data) throws IOException {
        return switch (data.readByte()) {
            case 's' -> new Text(text(data));
            case 'n' -> new Numeric(data.readDouble());
            case 't' -> new Flag(true);
            case 'f' -> new Flag(false);
            case 'l' -> {
                List<MetadataValue> values = new ArrayList<>();
                for (int left = data.readInt(); left > 0; left--) {
                    values.add(value(data));
                }
                yield new Items(values);
            }
            default -> throw new IOException("metadata has a value of no known type");
        };
    }
}
