package dev.outcrop.storage.buckets;

import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import java.time.Instant;
import java.util.Optional;

/**
 * One ordered table of records: a type of its own, so that its pages are ranges of the records' primary key.
 *
 * @param type what the records are, with the bucket or upload that they belong to
 */
record Table(String type) {
    static final Table BUCKETS = new Table("s3:bucket");
    /** Contents that nothing refers to any more, under their ids. */
    static final Table GARBAGE = new Table("s3:garbage");

    /** What uploads became that were completed lately, under the ids of the uploads behind their buckets and keys. */
    static final Table COMPLETED = new Table("s3:completed");

    /** Files that nothing seemed to refer to when they were last looked at, under their ids. */
    static final Table SUSPECTS = new Table("s3:suspect");
    /** When the files of buckets were last read, under the buckets' names, and what was found. */
    static final Table SCRUBBED = new Table("s3:scrubbed");

    /** Versions that are yet to be copied to other buckets, under their buckets, keys and ids. */
    static final Table REPLICATION = new Table("s3:replication");

    /** Messages of what happened that are yet to be delivered, in the order of their times. */
    static final Table DELIVERIES = new Table("s3:delivery");

    /** The newest version of each key of a bucket. */
    static Table current(String bucket) {
        return new Table("s3:object:" + bucket);
    }

    /** The older versions, behind their keys by age, newest first; found by their version ids as names. */
    static Table older(String bucket) {
        return new Table("s3:version:" + bucket);
    }

    static Table documents(String bucket) {
        return new Table("s3:document:" + bucket);
    }

    static Table uploads(String bucket) {
        return new Table("s3:upload:" + bucket);
    }

    static Table parts(String upload) {
        return new Table("s3:part:" + upload);
    }

    RecordKey key(String id) {
        return new RecordKey(type, "", "", id);
    }

    /** The records behind a place. */
    RecordQuery behind(String id, int limit) {
        return new RecordQuery(
                type,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                RecordQuery.Order.ID,
                Optional.of(new RecordQuery.Cursor(Instant.EPOCH, "", "", id)),
                limit);
    }
}
