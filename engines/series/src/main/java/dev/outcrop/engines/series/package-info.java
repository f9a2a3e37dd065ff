/**
 * Numbers over time: {@link dev.outcrop.engines.series.Summary summaries} of what was measured in a stretch of time,
 * {@link dev.outcrop.engines.series.Distribution distributions} that can be merged, compact
 * {@link dev.outcrop.engines.series.Block blocks} of them, and a {@link dev.outcrop.engines.series.SeasonalModel model} of
 * what is to be expected.
 */
package dev.outcrop.engines.series;
