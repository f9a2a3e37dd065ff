package dev.outcrop.engines.audio;

import java.util.Optional;

/** Packets of a codec, out of what contains them. */
interface Packets extends AutoCloseable {
    /** The next one; empty at the end. */
    Optional<byte[]> next();

    /** How many samples, as its codec counts them, the sound has at most, as far as that is known by now; else a large number. */
    default long end() {
        return Long.MAX_VALUE;
    }

    @Override
    void close();
}
