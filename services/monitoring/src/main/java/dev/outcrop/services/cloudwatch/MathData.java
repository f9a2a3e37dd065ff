package dev.outcrop.services.cloudwatch;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What an expression is evaluated over: a range of time, and what it names. */
interface MathData {
    /** The last second, exclusive. */
    long end();

    /** The first second of the range at which a period of so many seconds begins. */
    long first(int period);

    /** The period of series that are made of nothing, in seconds. */
    int period();

    /** What another query of the request comes to; empty if there is none with that id. */
    Optional<MathValue> named(String id);

    /** The metrics of the request whose ids contain a text. */
    List<TimeSeries> metrics(String idPart);

    /** A statistic of all metrics that are found. */
    List<TimeSeries> search(SearchExpression search, Statistic statistic, OptionalInt period);

    /** What a query gives. */
    List<TimeSeries> select(InsightsQuery query);

    /** What a series is expected to be at most and at least, that many usual distances from what is expected. */
    List<TimeSeries> band(TimeSeries series, double deviations);
}
