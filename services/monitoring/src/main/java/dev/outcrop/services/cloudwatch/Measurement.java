package dev.outcrop.services.cloudwatch;

import dev.outcrop.engines.series.Summary;

/**
 * What somebody measured.
 *
 * @param unit             as it was told; {@code None} if it was not
 * @param seconds          when, since 1970
 * @param isHighResolution whether seconds are told apart
 */
record Measurement(MetricKey metric, String unit, long seconds, boolean isHighResolution, Summary summary) {}
