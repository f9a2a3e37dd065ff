package dev.outcrop.services.s3vectors;

import dev.outcrop.shapes.codec.StoredShapes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import software.amazon.awssdk.services.s3vectors.model.Index;

/**
 * An index as it is kept.
 *
 * @param id    its own, so that one of the same name that comes later has other files
 * @param key   that its files are under, sealed
 */
record StoredIndex(VectorArn place, String id, byte[] key, Index shape) {
    byte[] write() {
        byte[] body = StoredShapes.write(shape);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeUTF(id);
            data.writeInt(key.length);
            data.write(key);
            data.write(body);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    static StoredIndex read(VectorArn place, byte[] body) {
        try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(body))) {
            String id = data.readUTF();
            byte[] key = data.readNBytes(data.readInt());
            return new StoredIndex(place, id, key, StoredShapes.read(data.readAllBytes(), Index::builder));
        } catch (IOException damaged) {
            throw new UncheckedIOException("the index " + place.arn() + " cannot be read", damaged);
        }
    }
}
