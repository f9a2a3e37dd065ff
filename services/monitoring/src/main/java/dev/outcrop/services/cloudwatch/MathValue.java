package dev.outcrop.services.cloudwatch;

import java.util.List;

/** What a part of a math expression comes to. */
sealed interface MathValue permits TimeSeries, MathValue.Scalar, MathValue.Many, MathValue.Word {
    /** One number. */
    record Scalar(double value) implements MathValue {}

    /** An array of series. */
    record Many(List<TimeSeries> series) implements MathValue {
        public Many {
            series = List.copyOf(series);
        }
    }

    /** A string, or a name such as {@code REPEAT} or {@code ASC}, that tells a function something. */
    record Word(String text) implements MathValue {}
}
