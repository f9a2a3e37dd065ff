package dev.outcrop.engines.audio.encoding;

/** Turns samples of one channel into bytes, piece by piece. For one thread. */
public interface SoundEncoder {
    /** The bytes that more samples make; what is left waits for the next ones. */
    byte[] encode(float[] samples);

    /** The last bytes; nothing may be encoded any more. */
    byte[] finish();
}
