package dev.outcrop.engines.audio;

/**
 * Sound in memory.
 *
 * @param samples    −1 to 1, those of all channels of one moment beside each other
 * @param sampleRate moments a second
 */
public record Sound(float[] samples, int sampleRate, int channels) {
    /** How many moments there are. */
    public int frames() {
        return samples.length / channels;
    }

    /** How long it is. */
    public double seconds() {
        return (double) frames() / sampleRate;
    }

    /** One channel, counted from 0. */
    public float[] channel(int number) {
        return channel(samples, channels, number);
    }

    /** The mean of all channels. */
    public float[] mono() {
        return mono(samples, channels);
    }

    static float[] channel(float[] samples, int channels, int number) {
        if (channels == 1) {
            return samples.clone();
        }
        float[] one = new float[samples.length / channels];
        for (int i = 0; i < one.length; i++) {
            one[i] = samples[i * channels + number];
        }
        return one;
    }

    static float[] mono(float[] samples, int channels) {
        if (channels == 1) {
            return samples.clone();
        }
        float[] mean = new float[samples.length / channels];
        for (int i = 0; i < mean.length; i++) {
            float sum = 0;
            for (int channel = 0; channel < channels; channel++) {
                sum += samples[i * channels + channel];
            }
            mean[i] = sum / channels;
        }
        return mean;
    }
}
