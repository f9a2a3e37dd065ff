package dev.outcrop.storage.buckets;

import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** Goes through all that refers to files. */
final class References {
    private static final int PAGE = 1000;

    private final Records records;

    References(Records records) {
        this.records = records;
    }

    /**
     * A file that something refers to.
     *
     * @param file    its id
     * @param size    of the content, in bytes
     * @param version of the key; empty for a part of an upload that is not complete
     */
    record Reference(String file, long size, String bucket, String key, String version) {}

    /**
     * Tells {@code consumer} of every file that a record refers to, some of them twice. What is moved between tables
     * meanwhile is not missed, as long as it is not moved twice.
     *
     * @return whether all were told of: false if {@code ending} came first
     */
    boolean forEach(Consumer<Reference> consumer, BooleanSupplier ending) {
        return walk(Table.BUCKETS, record -> bucket(record.key().id(), consumer, ending), ending);
    }

    /** The same for one bucket. */
    boolean bucket(String bucket, Consumer<Reference> consumer, BooleanSupplier ending) {
        Function<StoredRecord, Boolean> version = record -> {
            version(bucket, ObjectVersions.version(record), consumer);
            return true;
        };
        Function<StoredRecord, Boolean> upload = record -> {
            Upload found = Uploads.upload(record);
            parts(found.id(), bucket, found.key(), "", consumer);
            return true;
        };
        // Uploads become versions, current versions older ones; deleting makes an older version the current one.
        return walk(Table.uploads(bucket), upload, ending)
                && walk(Table.current(bucket), version, ending)
                && walk(Table.older(bucket), version, ending)
                && walk(Table.current(bucket), version, ending);
    }

    private void version(String bucket, ObjectVersion version, Consumer<Reference> consumer) {
        Content content = version.content();
        if (content.parts() > 0) {
            parts(content.id(), bucket, version.key(), version.id(), consumer);
        } else if (!content.id().isEmpty()) {
            consumer.accept(new Reference(content.id(), content.size(), bucket, version.key(), version.id()));
        }
    }

    private void parts(String upload, String bucket, String key, String version, Consumer<Reference> consumer) {
        for (StoredRecord record : records.list(Table.parts(upload).behind("", RecordQuery.MAXIMUM_LIMIT))) {
            Part part = BodyCodec.part(record.body());
            if (!part.object().isEmpty()) {
                consumer.accept(new Reference(part.object(), part.size(), bucket, key, version));
            }
        }
    }

    private boolean walk(Table table, Function<StoredRecord, Boolean> visit, BooleanSupplier ending) {
        String place = "";
        List<StoredRecord> page;
        do {
            page = records.list(table.behind(place, PAGE));
            for (StoredRecord record : page) {
                if (ending.getAsBoolean() || !visit.apply(record)) {
                    return false;
                }
                place = record.key().id();
            }
        } while (page.size() == PAGE);
        return true;
    }
}
