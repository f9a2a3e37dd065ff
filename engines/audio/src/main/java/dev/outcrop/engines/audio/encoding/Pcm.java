package dev.outcrop.engines.audio.encoding;

/** Signed 16-bit samples, the low byte first. */
public final class Pcm implements SoundEncoder {
    @Override
    public byte[] encode(float[] samples) {
        byte[] bytes = new byte[2 * samples.length];
        for (int i = 0; i < samples.length; i++) {
            short value = sample(samples[i]);
            bytes[2 * i] = (byte) value;
            bytes[2 * i + 1] = (byte) (value >> 8);
        }
        return bytes;
    }

    static short sample(float value) {
        return (short) Math.clamp(Math.round(value * 32_767.0), Short.MIN_VALUE, Short.MAX_VALUE);
    }

    @Override
    public byte[] finish() {
        return new byte[0];
    }
}
