package dev.outcrop.services.s3.select;

import java.io.IOException;
import java.util.Optional;

/** Reads the records of an object, one after the other. */
interface RecordReader extends AutoCloseable {
    /** The largest record, going in and coming out. */
    int LARGEST = 1 << 20;

    /** The next record; empty behind the last. */
    Optional<Value> next() throws IOException;

    @Override
    default void close() throws IOException {
        // Most hold nothing but the stream that they were given.
    }
}
