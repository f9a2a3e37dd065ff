package dev.outcrop.engines.audio;

import java.time.Duration;

/**
 * How much is read of a file that somebody else made.
 *
 * @param bytes    the largest file
 * @param length   the longest sound
 * @param channels the most channels
 */
public record AudioLimits(long bytes, Duration length, int channels) {
    /** 2 GB, four hours, eight channels. */
    public static final AudioLimits USUAL = new AudioLimits(2L << 30, Duration.ofHours(4), 8);
}
