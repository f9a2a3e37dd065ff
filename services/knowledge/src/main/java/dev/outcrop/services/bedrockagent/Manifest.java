package dev.outcrop.services.bedrockagent;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordQuery.Cursor;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The documents of data sources, each a record, in the account and region of the current call. */
final class Manifest {
    private static final String TYPE = "bedrock:knowledge-base-document";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AT_ONCE = 500;

    private final Records records;
    private final PageTokens pageTokens;
    private final InstantSource clock;

    Manifest(Records records, PageTokens pageTokens, InstantSource clock) {
        this.records = records;
        this.pageTokens = pageTokens;
        this.clock = clock;
    }

    /** What the document with {@code identifier} is kept under. */
    static String id(String dataSource, String identifier) {
        return dataSource + "/" + HexFormat.of().formatHex(digest(identifier), 0, 20);
    }

    /** The key of a document's chunk in a store. */
    static String chunkKey(String knowledgeBase, String document, int number) {
        return UUID.nameUUIDFromBytes(digest(knowledgeBase + "/" + document + "/" + number))
                .toString();
    }

    Optional<StoredDocument> find(String dataSource, String identifier) {
        return records.get(key(id(dataSource, identifier))).map(Manifest::read);
    }

    /** The document that is kept under {@code id}. */
    Optional<StoredDocument> get(String id) {
        return records.get(key(id)).map(Manifest::read);
    }

    /** Runs {@code change} on what is known of a document, and keeps what it gives; nothing if it gives nothing. */
    StoredDocument change(StoredDocument document, UnaryOperator<StoredDocument> change) {
        return change(document, change, _ -> {});
    }

    /** The same, together with another change. */
    StoredDocument change(
            StoredDocument document, UnaryOperator<StoredDocument> change, Consumer<RecordTransaction> along) {
        RecordKey key = key(document.id());
        return records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            StoredDocument changed = change.apply(present.map(Manifest::read).orElse(document));
            if (present.isPresent()) {
                transaction.update(key, present.get().version(), Optional.empty(), clock.instant(), write(changed));
            } else {
                transaction.insert(key, document.dataSource(), Optional.empty(), clock.instant(), write(changed));
            }
            along.accept(transaction);
            return changed;
        });
    }

    /** Forgets a document, together with another change. */
    void remove(StoredDocument document, Consumer<RecordTransaction> along) {
        RecordKey key = key(document.id());
        records.write(transaction -> {
            if (transaction.delete(key)) {
                along.accept(transaction);
            }
            return null;
        });
    }

    /** Some documents of a data source. */
    Page<StoredDocument> page(String dataSource, Integer wanted, String token) {
        int most = wanted == null ? 100 : wanted;
        String list = TYPE + " " + dataSource;
        Optional<Cursor> place = Optional.ofNullable(token).map(given -> pageTokens.place(list, given));
        List<StoredRecord> found = records.list(query(dataSource, place, most + 1));
        List<StoredRecord> page = found.subList(0, Math.min(most, found.size()));
        return new Page<>(
                page.stream().map(Manifest::read).toList(),
                found.size() > most
                        ? Optional.of(pageTokens.token(list, Cursor.behind(page.getLast())))
                        : Optional.empty());
    }

    /** Gives all documents of a data source to {@code each}, which may change or remove them. */
    void forEach(String dataSource, Consumer<StoredDocument> each) {
        Optional<Cursor> place = Optional.empty();
        while (true) {
            List<StoredRecord> some = records.list(query(dataSource, place, AT_ONCE));
            some.stream().map(Manifest::read).forEach(each);
            if (some.size() < AT_ONCE) {
                return;
            }
            place = Optional.of(Cursor.behind(some.getLast()));
        }
    }

    private static RecordQuery query(String dataSource, Optional<Cursor> place, int limit) {
        RecordKey any = key("");
        return new RecordQuery(
                TYPE,
                Optional.of(any.account()),
                Optional.of(any.region()),
                Optional.of(dataSource),
                RecordQuery.Order.ID,
                place,
                limit);
    }

    private static RecordKey key(String id) {
        CallContext context = CallContext.current();
        return new RecordKey(TYPE, context.account(), context.region(), id);
    }

    private static byte[] write(StoredDocument document) {
        try {
            return JSON.writeValueAsBytes(document);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static StoredDocument read(StoredRecord record) {
        try {
            return JSON.readValue(record.body(), StoredDocument.class);
        } catch (IOException damaged) {
            throw new UncheckedIOException(record.key().id() + " cannot be read", damaged);
        }
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
