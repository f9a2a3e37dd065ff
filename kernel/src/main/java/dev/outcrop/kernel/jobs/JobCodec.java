package dev.outcrop.kernel.jobs;

import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Session;
import dev.outcrop.storage.RecordKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Jobs as bytes. */
final class JobCodec {
    private static final int FORMAT = 1;
    private static final int ABSENT = -1;

    private JobCodec() {}

    static byte[] write(Job job) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeByte(FORMAT);
            data.writeUTF(job.kind());
            data.writeUTF(job.status().name());
            Principal principal = job.principal();
            data.writeUTF(principal.kind().name());
            data.writeUTF(principal.arn());
            data.writeUTF(principal.account());
            data.writeUTF(principal.id());
            bytes(data, principal.accessKeyId().map(JobCodec::utf8));
            data.writeBoolean(principal.session().isPresent());
            if (principal.session().isPresent()) {
                session(data, principal.session().get());
            }
            bytes(data, Optional.of(job.input()));
            bytes(data, job.checkpoint());
            data.writeDouble(job.progress());
            bytes(data, job.reason().map(JobCodec::utf8));
            data.writeInt(job.attempts());
            data.writeLong(job.submittedAt().toEpochMilli());
            data.writeLong(job.startedAt().map(Instant::toEpochMilli).orElse((long) ABSENT));
            data.writeLong(job.endedAt().map(Instant::toEpochMilli).orElse((long) ABSENT));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    static Job read(RecordKey key, byte[] body) {
        try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(body))) {
            int format = data.readByte();
            if (format != FORMAT) {
                throw new IOException("format " + format + " was written by a newer version");
            }
            String kind = data.readUTF();
            Job.Status status = Job.Status.valueOf(data.readUTF());
            Principal principal = new Principal(
                    Principal.Kind.valueOf(data.readUTF()),
                    data.readUTF(),
                    data.readUTF(),
                    data.readUTF(),
                    bytes(data).map(JobCodec::text),
                    data.readBoolean() ? Optional.of(session(data)) : Optional.empty());
            return new Job(
                    key.account(),
                    key.region(),
                    key.id(),
                    kind,
                    status,
                    principal,
                    bytes(data).orElseThrow(),
                    bytes(data),
                    data.readDouble(),
                    bytes(data).map(JobCodec::text),
                    data.readInt(),
                    Instant.ofEpochMilli(data.readLong()),
                    instant(data.readLong()),
                    instant(data.readLong()));
        } catch (IOException damaged) {
            throw new UncheckedIOException("job " + key.id() + " cannot be read", damaged);
        }
    }

    private static void session(DataOutputStream data, Session session) throws IOException {
        data.writeLong(session.issuedAt().toEpochMilli());
        data.writeUTF(session.issuer());
        texts(data, session.policies());
        texts(data, session.policyArns());
        texts(data, session.tags().keySet());
        texts(data, session.tags().values());
        texts(data, session.transitiveTags());
        bytes(data, session.sourceIdentity().map(JobCodec::utf8));
        bytes(data, session.federatedProvider().map(JobCodec::utf8));
        data.writeLong(session.authenticatedAt().map(Instant::toEpochMilli).orElse((long) ABSENT));
    }

    private static Session session(DataInputStream data) throws IOException {
        Instant issuedAt = Instant.ofEpochMilli(data.readLong());
        String issuer = data.readUTF();
        List<String> policies = texts(data);
        List<String> policyArns = texts(data);
        List<String> names = texts(data);
        List<String> values = texts(data);
        Map<String, String> tags = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            tags.put(names.get(i), values.get(i));
        }
        return new Session(
                issuedAt,
                issuer,
                policies,
                policyArns,
                tags,
                Set.copyOf(texts(data)),
                bytes(data).map(JobCodec::text),
                bytes(data).map(JobCodec::text),
                instant(data.readLong()));
    }

    private static void texts(DataOutputStream data, Collection<String> texts) throws IOException {
        data.writeInt(texts.size());
        for (String text : texts) {
            bytes(data, Optional.of(utf8(text)));
        }
    }

    private static List<String> texts(DataInputStream data) throws IOException {
        int count = data.readInt();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(text(bytes(data).orElseThrow()));
        }
        return texts;
    }

    private static void bytes(DataOutputStream data, Optional<byte[]> value) throws IOException {
        data.writeInt(value.isPresent() ? value.get().length : ABSENT);
        if (value.isPresent()) {
            data.write(value.get());
        }
    }

    private static Optional<byte[]> bytes(DataInputStream data) throws IOException {
        int length = data.readInt();
        return length == ABSENT ? Optional.empty() : Optional.of(data.readNBytes(length));
    }

    private static Optional<Instant> instant(long millis) {
        return millis == ABSENT ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
