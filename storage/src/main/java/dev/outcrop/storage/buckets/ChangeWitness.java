package dev.outcrop.storage.buckets;

import dev.outcrop.storage.RecordTransaction;

/** Sees a change of a version in the transaction that makes it, so that what it writes is written with the change. */
@FunctionalInterface
public interface ChangeWitness {
    /** Sees nothing. */
    ChangeWitness NONE = (_, _, _) -> {};

    /**
     * Called once the change is made; a transaction may be tried more than once.
     *
     * @param version what was put or changed; of what was removed, what it was
     */
    void saw(RecordTransaction transaction, Bucket bucket, ObjectVersion version);
}
