package dev.outcrop.services.transcribe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StoredRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Where Transcribe keeps what nobody named a bucket for: transcripts, tables of vocabularies, lists of words. Files are
 * encrypted records; a URI lets whoever has it read one file for a quarter of an hour, as AWS's presigned ones do.
 */
final class ServiceBucket {
    private static final String TYPE = "transcribe:file";
    private static final String ENDPOINT = "/_outcrop/transcribe/";
    private static final Duration LIFETIME = Duration.ofMinutes(15);
    private static final String TOKEN = "X-Amz-Signature";

    private final Records records;
    private final Secrets secrets;
    private final InstantSource clock;

    ServiceBucket(Records records, Secrets secrets, InstantSource clock) {
        this.records = records;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** Writes a file of the call's account and region; {@code path} may have been written before. */
    void write(String path, byte[] content) {
        RecordKey key = key(path);
        byte[] body = secrets.encrypt(packed(content), context(key));
        records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            if (present.isPresent()) {
                transaction.update(key, present.get().version(), Optional.empty(), clock.instant(), body);
            } else {
                transaction.insert(key, "", Optional.empty(), clock.instant(), body);
            }
            return null;
        });
    }

    Optional<byte[]> read(String path) {
        return read(key(path));
    }

    private Optional<byte[]> read(RecordKey key) {
        return records.get(key).map(record -> {
            try {
                return unpacked(secrets.decrypt(record.body(), context(key)));
            } catch (GeneralSecurityException | IOException damaged) {
                throw new IllegalStateException("the file " + key.id() + " of Transcribe cannot be read", damaged);
            }
        });
    }

    void delete(String path) {
        RecordKey key = key(path);
        records.write(transaction -> transaction.delete(key));
    }

    /** A URI of a file that is good for a while. */
    String uri(String path) {
        RecordKey key = key(path);
        Instant end = clock.instant().plus(LIFETIME);
        String claim = String.join("\n", key.account(), key.region(), path, Long.toString(end.toEpochMilli()));
        String token =
                Base64.getUrlEncoder().withoutPadding().encodeToString(secrets.encrypt(claim.getBytes(UTF_8), TYPE));
        CallContext call = CallContext.current();
        return call.endpoint().orElse("https://s3." + call.region() + ".amazonaws.com")
                + ENDPOINT
                + key.account()
                + "/"
                + path
                + "?X-Amz-Expires="
                + LIFETIME.toSeconds()
                + "&"
                + TOKEN
                + "="
                + token;
    }

    /** Answers those URIs. */
    Endpoint endpoint() {
        return new Download();
    }

    private final class Download implements Endpoint {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String path() {
            return ENDPOINT + "*";
        }

        @Override
        public Authentication authentication() {
            return Authentication.NONE;
        }

        @Override
        public void handle(EndpointExchange exchange) throws IOException {
            RecordKey key = claimed(exchange.query(TOKEN).orElse(""));
            if (!exchange.path().equals(ENDPOINT + key.account() + "/" + key.id())) {
                throw denied();
            }
            byte[] content =
                    read(key).orElseThrow(() -> new AwsError("NoSuchKey", 404, "The specified key does not exist."));
            String type = key.id().endsWith(".json") ? "application/json" : "text/plain; charset=utf-8";
            exchange.respond(200, Map.of("content-type", type), content);
        }

        private RecordKey claimed(String token) {
            try {
                String claim = new String(secrets.decrypt(Base64.getUrlDecoder().decode(token), TYPE), UTF_8);
                List<String> parts = List.of(claim.split("\n", -1));
                if (Long.parseLong(parts.get(3)) < clock.millis()) {
                    throw new AwsError("AccessDenied", 403, "Request has expired");
                }
                return new RecordKey(TYPE, parts.get(0), parts.get(1), parts.get(2));
            } catch (GeneralSecurityException | IllegalArgumentException foreign) {
                throw denied();
            }
        }

        private static AwsError denied() {
            return new AwsError("AccessDenied", 403, "Access Denied");
        }
    }

    private static RecordKey key(String path) {
        CallContext call = CallContext.current();
        return new RecordKey(TYPE, call.account(), call.region(), path);
    }

    private static String context(RecordKey key) {
        return String.join(" ", TYPE, key.account(), key.region(), key.id());
    }

    private static byte[] packed(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static byte[] unpacked(byte[] packed) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }
}
