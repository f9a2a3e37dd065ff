package dev.outcrop.wire.stream;

/** Whoever reads an answer. */
public interface Client {
    /** Begins to watch whether it goes away. */
    void watch();

    /** Whether it is known to have gone away; told only while it is watched. */
    boolean isGone();
}
