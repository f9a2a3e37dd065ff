package dev.outcrop.services.sts;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.AccessKeys;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Session;
import dev.outcrop.services.iam.KeyIds;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StoredRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Temporary access keys. They are kept encrypted until two days after their end, so that whoever uses one late is told
 * that it has expired; their tokens say nothing to anybody. Safe for concurrent use; answers from memory.
 */
public final class TemporaryKeys implements AccessKeys {
    private static final String TYPE = "sts:session";
    private static final int MOST_REMEMBERED = 10_000;
    private static final int TOKEN_BYTES = 192;
    private static final int MOST_DROPPED = 100;
    private static final Duration LONGEST = Duration.ofHours(36);
    private static final Duration KEPT = Duration.ofDays(2);

    private final Records records;
    private final Secrets secrets;
    private final Ids ids;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final ConcurrentMap<String, AccessKey> memory = new ConcurrentHashMap<>();

    public TemporaryKeys(Records records, Secrets secrets, Ids ids, InstantSource clock) {
        this.records = records;
        this.secrets = secrets;
        this.ids = ids;
        this.clock = clock;
        records.watch(TYPE, key -> memory.remove(key.id()), memory::clear);
    }

    /** A new key that speaks for {@code principal} until {@code end}. */
    AccessKey open(Principal principal, Instant end) {
        String id = KeyIds.make("ASIA", principal.account(), random);
        byte[] opaque = new byte[TOKEN_BYTES];
        random.nextBytes(opaque);
        String token = Base64.getEncoder().encodeToString(secrets.encrypt(opaque, "sts:token" + id));
        AccessKey key = new AccessKey(
                id,
                ids.secretAccessKey(),
                new Principal(
                        principal.kind(),
                        principal.arn(),
                        principal.account(),
                        principal.id(),
                        Optional.of(id),
                        principal.session()),
                Optional.of(token),
                Optional.of(end.truncatedTo(ChronoUnit.SECONDS)));
        byte[] body = secrets.encrypt(written(key), TYPE + id);
        records.write(transaction -> {
            transaction.insert(new RecordKey(TYPE, "", "", id), "", Optional.empty(), clock.instant(), body);
            transaction.deleteCreatedBefore(TYPE, clock.instant().minus(LONGEST).minus(KEPT), MOST_DROPPED);
            return null;
        });
        return key;
    }

    @Override
    public Optional<AccessKey> find(String accessKeyId) {
        if (!accessKeyId.startsWith("ASIA")) {
            return Optional.empty();
        }
        AccessKey known = memory.get(accessKeyId);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<AccessKey> kept =
                records.get(new RecordKey(TYPE, "", "", accessKeyId)).map(this::read);
        if (kept.isPresent()) {
            if (memory.size() >= MOST_REMEMBERED) {
                memory.clear();
            }
            memory.put(accessKeyId, kept.get());
        }
        return kept;
    }

    private static byte[] written(AccessKey key) {
        Principal principal = key.principal();
        Session session = principal.session().orElseThrow();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            write(data, key.secretAccessKey());
            write(data, key.sessionToken().orElseThrow());
            data.writeLong(key.expiresAt().orElseThrow().toEpochMilli());
            write(data, principal.kind().name());
            write(data, principal.arn());
            write(data, principal.account());
            write(data, principal.id());
            data.writeLong(session.issuedAt().toEpochMilli());
            write(data, session.issuer());
            writeAll(data, session.policies());
            writeAll(data, session.policyArns());
            writeAll(data, session.tags().keySet());
            writeAll(data, session.tags().values());
            writeAll(data, session.transitiveTags());
            writeAll(data, session.sourceIdentity().stream().toList());
            writeAll(data, session.federatedProvider().stream().toList());
            data.writeLong(session.authenticatedAt().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private AccessKey read(StoredRecord record) {
        String id = record.key().id();
        try (DataInputStream data =
                new DataInputStream(new ByteArrayInputStream(secrets.decrypt(record.body(), TYPE + id)))) {
            String secret = read(data);
            String token = read(data);
            Instant end = Instant.ofEpochMilli(data.readLong());
            Principal.Kind kind = Principal.Kind.valueOf(read(data));
            String arn = read(data);
            String account = read(data);
            String principalId = read(data);
            Instant issuedAt = Instant.ofEpochMilli(data.readLong());
            String issuer = read(data);
            List<String> policies = readAll(data);
            List<String> policyArns = readAll(data);
            Map<String, String> tags = new LinkedHashMap<>();
            List<String> keys = readAll(data);
            List<String> values = readAll(data);
            for (int index = 0; index < keys.size(); index++) {
                tags.put(keys.get(index), values.get(index));
            }
            Set<String> transitive = new LinkedHashSet<>(readAll(data));
            Optional<String> sourceIdentity = readAll(data).stream().findFirst();
            Optional<String> provider = readAll(data).stream().findFirst();
            long authenticated = data.readLong();
            Session session = new Session(
                    issuedAt,
                    issuer,
                    policies,
                    policyArns,
                    tags,
                    transitive,
                    sourceIdentity,
                    provider,
                    authenticated == Long.MIN_VALUE
                            ? Optional.empty()
                            : Optional.of(Instant.ofEpochMilli(authenticated)));
            return new AccessKey(
                    id,
                    secret,
                    new Principal(kind, arn, account, principalId, Optional.of(id), Optional.of(session)),
                    Optional.of(token),
                    Optional.of(end));
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException("temporary key " + id + " cannot be read", failure);
        }
    }

    private static void write(DataOutputStream data, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        data.writeInt(bytes.length);
        data.write(bytes);
    }

    private static void writeAll(DataOutputStream data, Iterable<String> texts) throws IOException {
        List<String> all = new ArrayList<>();
        texts.forEach(all::add);
        data.writeInt(all.size());
        for (String text : all) {
            write(data, text);
        }
    }

    private static String read(DataInputStream data) throws IOException {
        return new String(data.readNBytes(data.readInt()), StandardCharsets.UTF_8);
    }

    private static List<String> readAll(DataInputStream data) throws IOException {
        List<String> all = new ArrayList<>();
        for (int left = data.readInt(); left > 0; left--) {
            all.add(read(data));
        }
        return all;
    }
}
