package dev.outcrop.storage.buckets;

import dev.outcrop.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bodies of records: a format byte, and the fields in their order. What an earlier version of this program wrote is
 * read, too: format 1 had no sealed bytes.
 */
final class BodyCodec {
    private static final byte FORMAT = 2;
    private static final byte FIRST_WITH_SEALED_BYTES = 2;

    private BodyCodec() {}

    static byte[] write(Bucket bucket) {
        return written(out -> {
            text(out, bucket.owner());
            text(out, bucket.region());
            instant(out, bucket.createdAt());
            text(out, bucket.versioning().name());
            map(out, bucket.tags());
            map(out, bucket.settings());
        });
    }

    static Bucket bucket(String name, byte[] body) {
        return read(
                body,
                in -> new Bucket(
                        name, text(in), text(in), instant(in), Versioning.valueOf(text(in)), map(in), map(in)));
    }

    static byte[] write(ObjectVersion version) {
        return written(out -> {
            text(out, version.id());
            out.writeLong(version.sequence());
            instant(out, version.modifiedAt());
            out.writeBoolean(version.deleteMarker());
            Content content = version.content();
            text(out, content.id());
            out.writeInt(content.parts());
            out.writeLong(content.size());
            text(out, content.etag());
            checksum(out, content.checksum());
            bytes(out, content.sealed());
            settings(out, version.settings());
        });
    }

    static ObjectVersion version(String key, byte[] body) {
        return read(
                body,
                in -> new ObjectVersion(
                        key,
                        text(in),
                        in.readLong(),
                        instant(in),
                        in.readBoolean(),
                        new Content(text(in), in.readInt(), in.readLong(), text(in), checksum(in), sealed(in, body[0])),
                        settings(in)));
    }

    static byte[] write(Upload upload) {
        return written(out -> {
            text(out, upload.id());
            instant(out, upload.startedAt());
            text(out, upload.algorithm());
            out.writeBoolean(upload.composite());
            settings(out, upload.settings());
        });
    }

    static Upload upload(String key, byte[] body) {
        return read(body, in -> new Upload(key, text(in), instant(in), text(in), in.readBoolean(), settings(in)));
    }

    static byte[] write(Part part) {
        return written(out -> {
            out.writeInt(part.number());
            text(out, part.object());
            out.writeLong(part.size());
            text(out, part.etag());
            checksum(out, part.checksum());
            instant(out, part.modifiedAt());
            bytes(out, part.sealed());
        });
    }

    static Part part(byte[] body) {
        return read(
                body,
                in -> new Part(
                        in.readInt(),
                        text(in),
                        in.readLong(),
                        text(in),
                        checksum(in),
                        instant(in),
                        sealed(in, body[0])));
    }

    static byte[] write(List<Scrub.Damage> damages) {
        return written(out -> {
            out.writeInt(damages.size());
            for (Scrub.Damage damage : damages) {
                text(out, damage.key());
                text(out, damage.version());
                text(out, damage.reason());
            }
        });
    }

    static List<Scrub.Damage> damages(String bucket, byte[] body) {
        return read(body, in -> {
            List<Scrub.Damage> damages = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                damages.add(new Scrub.Damage(bucket, text(in), text(in), text(in)));
            }
            return List.copyOf(damages);
        });
    }

    private static byte[] sealed(DataInputStream in, byte format) throws IOException {
        return format < FIRST_WITH_SEALED_BYTES ? new byte[0] : bytes(in);
    }

    private static void settings(DataOutputStream out, ObjectSettings settings) throws IOException {
        map(out, settings.headers());
        map(out, settings.metadata());
        map(out, settings.tags());
    }

    private static ObjectSettings settings(DataInputStream in) throws IOException {
        return new ObjectSettings(map(in), map(in), map(in));
    }

    private static void checksum(DataOutputStream out, ContentChecksum checksum) throws IOException {
        text(out, checksum.algorithm());
        text(out, checksum.value());
        out.writeBoolean(checksum.composite());
    }

    private static ContentChecksum checksum(DataInputStream in) throws IOException {
        return new ContentChecksum(text(in), text(in), in.readBoolean());
    }

    private static void instant(DataOutputStream out, Instant instant) throws IOException {
        out.writeLong(instant.toEpochMilli());
    }

    private static Instant instant(DataInputStream in) throws IOException {
        return Instant.ofEpochMilli(in.readLong());
    }

    private static void map(DataOutputStream out, Map<String, String> map) throws IOException {
        out.writeInt(map.size());
        for (Map.Entry<String, String> entry : map.entrySet()) {
            text(out, entry.getKey());
            text(out, entry.getValue());
        }
    }

    private static Map<String, String> map(DataInputStream in) throws IOException {
        Map<String, String> map = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            map.put(text(in), text(in));
        }
        return map;
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        bytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }

    private static byte[] written(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            writing.write(out);
        } catch (IOException impossible) {
            throw new StorageException("memory cannot be written", impossible);
        }
        return bytes.toByteArray();
    }

    private static <T> T read(byte[] body, Reading<T> reading) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
            if (in.readByte() > FORMAT) {
                throw new StorageException("a bucket's record was written by a newer version of this program");
            }
            return reading.read(in);
        } catch (IOException damaged) {
            throw new StorageException("a bucket's record is damaged", damaged);
        }
    }

    @FunctionalInterface
    private interface Writing {
        void write(DataOutputStream out) throws IOException;
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read(DataInputStream in) throws IOException;
    }
}
