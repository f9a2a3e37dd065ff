package dev.outcrop.services.cloudtrail;

import dev.outcrop.engines.sql.DeepStack;
import dev.outcrop.engines.sql.SqlQuery;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Work;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.cloudtrail.model.DeliveryStatus;
import software.amazon.awssdk.services.cloudtrail.model.QueryStatisticsForDescribeQuery;
import software.amazon.awssdk.services.cloudtrail.model.QueryStatus;

/** Runs queries, within limits of time, memory and results. */
final class QueryWork implements Work {
    /** The kind of its jobs. */
    static final String KIND = "cloudtrail:query";

    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int MOST_ROWS = 100_000;
    private static final long LARGEST_RESULT = 64L << 20;
    private static final int LONGEST_MESSAGE = 1000;

    private final QueryStore queries;
    private final EventStores stores;
    private final Lake lake;
    private final QueryDelivery delivery;
    private final InstantSource clock;

    QueryWork(QueryStore queries, EventStores stores, Lake lake, QueryDelivery delivery, InstantSource clock) {
        this.queries = queries;
        this.stores = stores;
        this.lake = lake;
        this.delivery = delivery;
        this.clock = clock;
    }

    /** The result is more than may be kept. */
    private static final class TooLargeException extends Exception {
        TooLargeException(String message) {
            super(message);
        }
    }

    @Override
    public void run(JobRun run) {
        CallContext context = CallContext.current();
        DeepStack.call("lake-query", LONGEST.multipliedBy(2), () -> {
            context.run(() -> answer(run));
            return null;
        });
    }

    private void answer(JobRun run) {
        String id = run.job().id();
        Optional<StoredQuery> query = queries.find(id).filter(StoredQuery::isActive);
        if (query.isEmpty()) {
            return;
        }
        queries.update(id, present -> present.with(shape -> shape.queryStatus(QueryStatus.RUNNING)));
        long started = System.nanoTime();
        try {
            Lake.Extent extent = new Lake.Extent(0, 0);
            for (String store : query.get().stores()) {
                extent = extent.plus(lake.catchUp(
                        store, LakeIngestion.oldest(stores.get(EventStores.Place.of(store)), clock.instant())));
                run.proceed();
            }
            int rows = run(run, query.get());
            DeliveryStatus delivered = deliver(id, query.get(), rows);
            finish(id, rows, extent, Duration.ofNanos(System.nanoTime() - started), delivered);
        } catch (SQLTimeoutException late) {
            fail(id, QueryStatus.TIMED_OUT, late.getMessage());
        } catch (TooLargeException | SQLException failure) {
            fail(id, QueryStatus.FAILED, String.valueOf(failure.getMessage()));
        }
    }

    /** What came of the delivery; null, as responses have it, if none is wanted. */
    private DeliveryStatus deliver(String id, StoredQuery query, int rows) {
        String uri = query.query().deliveryS3Uri();
        if (uri == null) {
            return null;
        }
        int pages = (rows + QueryStore.ROWS_TOGETHER - 1) / QueryStore.ROWS_TOGETHER;
        return delivery.deliver(
                uri,
                id,
                storeArn(query.stores()),
                IntStream.range(0, pages).boxed().flatMap(page -> queries.rows(id, page).stream()));
    }

    /** The ARN of the store for which results are put into buckets, the first where there are several. */
    static String storeArn(Set<String> stores) {
        return EventStores.Place.of(stores.stream().sorted().findFirst().orElseThrow())
                .arn();
    }

    private int run(JobRun run, StoredQuery query) throws SQLException, TooLargeException {
        try (Connection connection = lake.connect()) {
            return new SqlQuery(query.sql(), LONGEST, run::proceed)
                    .run(connection, rows -> keep(run.job().id(), rows));
        }
    }

    private int keep(String id, ResultSet rows) throws SQLException, TooLargeException {
        ResultSetMetaData columns = rows.getMetaData();
        List<List<Map<String, String>>> together = new ArrayList<>();
        int count = 0;
        int page = 0;
        long size = 0;
        while (rows.next()) {
            List<Map<String, String>> row = new ArrayList<>();
            for (int column = 1; column <= columns.getColumnCount(); column++) {
                String value = LakeValues.text(rows.getObject(column));
                size += value.length() + columns.getColumnLabel(column).length();
                row.add(Map.of(columns.getColumnLabel(column), value));
            }
            together.add(row);
            count++;
            if (count > MOST_ROWS || size > LARGEST_RESULT) {
                throw new TooLargeException("The result has more than " + MOST_ROWS + " rows or "
                        + (LARGEST_RESULT >> 20) + " MiB; add a LIMIT or select less.");
            }
            if (together.size() == QueryStore.ROWS_TOGETHER) {
                queries.putRows(id, page++, together);
                together.clear();
            }
        }
        if (!together.isEmpty()) {
            queries.putRows(id, page, together);
        }
        return count;
    }

    private void finish(String id, int rows, Lake.Extent extent, Duration time, DeliveryStatus delivered) {
        queries.update(
                id,
                present -> present.with(shape -> shape.queryStatus(QueryStatus.FINISHED)
                                .deliveryStatus(delivered)
                                .queryStatistics(QueryStatisticsForDescribeQuery.builder()
                                        .eventsMatched((long) rows)
                                        .eventsScanned(extent.events())
                                        .bytesScanned(extent.bytes())
                                        .executionTimeInMillis((int) time.toMillis())
                                        .creationTime(present.query()
                                                .queryStatistics()
                                                .creationTime())
                                        .build()))
                        .withRows(rows));
    }

    private void fail(String id, QueryStatus status, String message) {
        String cut = message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE);
        queries.update(
                id,
                present -> present.with(
                        shape -> shape.queryStatus(status).errorMessage(cut.length() < 4 ? "The query failed." : cut)));
    }

    @Override
    public void ended(Job job) {
        switch (job.status()) {
            case STOPPED -> fail(job.id(), QueryStatus.CANCELLED, "The query was cancelled.");
            case FAILED -> fail(job.id(), QueryStatus.FAILED, job.reason().orElse("The query failed."));
            case QUEUED, RUNNING, STOPPING, COMPLETED -> {} // Has told its end itself.
        }
    }
}
