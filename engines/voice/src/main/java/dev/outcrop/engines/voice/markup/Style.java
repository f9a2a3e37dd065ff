package dev.outcrop.engines.voice.markup;

/**
 * How something is said.
 *
 * @param rate       how fast, 1 as usual
 * @param decibels   how loud, 0 as usual
 * @param pitch      how high, 1 as usual
 * @param whispered  without a voice
 * @param soft       with little voice
 * @param compressed with what is soft made louder
 * @param tract      how long the vocal tract is, 1 as it is
 */
public record Style(
        double rate, double decibels, double pitch, boolean whispered, boolean soft, boolean compressed, double tract) {
    /** As the voice speaks. */
    public static final Style USUAL = new Style(1, 0, 1, false, false, false, 1);

    private static final double SLOWEST = .2;
    private static final double FASTEST = 4;

    Style times(double rateFactor, double moreDecibels, double pitchFactor) {
        return new Style(
                Math.clamp(rate * rateFactor, SLOWEST, FASTEST),
                Math.clamp(decibels + moreDecibels, -100, 12),
                Math.clamp(pitch * pitchFactor, .5, 2),
                whispered,
                soft,
                compressed,
                tract);
    }

    Style whispering() {
        return new Style(rate, decibels, pitch, true, soft, compressed, tract);
    }

    Style softly() {
        return new Style(rate, decibels, pitch, whispered, true, compressed, tract);
    }

    Style compressing() {
        return new Style(rate, decibels, pitch, whispered, soft, true, tract);
    }

    Style withTract(double length) {
        return new Style(rate, decibels, pitch, whispered, soft, compressed, Math.clamp(length, .5, 2));
    }

    /** Whether both can be spoken in one breath: they differ in loudness at most. */
    public boolean flowsInto(Style other) {
        return rate == other.rate
                && pitch == other.pitch
                && whispered == other.whispered
                && soft == other.soft
                && compressed == other.compressed
                && tract == other.tract;
    }
}
