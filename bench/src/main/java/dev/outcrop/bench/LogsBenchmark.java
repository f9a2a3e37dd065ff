package dev.outcrop.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.QueryStatus;

/**
 * CloudWatch Logs: calls of PutLogEvents beside Moto server, and queries of Logs Insights beside DuckDB on a Parquet file of
 * the same events. {@code OUTCROP_BENCH_EVENTS} says how many events are queried, 10 million if it is not set.
 */
final class LogsBenchmark implements Benchmark {
    private static final AwsCredentialsIdentity KEY = AwsCredentialsIdentity.create("test", "test");
    private static final String GROUP = "bench";
    private static final int STREAMS = 20;
    private static final int CONNECTIONS = 16;
    private static final int EVENTS_A_CALL = 10;
    private static final int EVENTS_A_BATCH = 5000;
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration MEASURE = Duration.ofSeconds(10);
    private static final long SPAN = Duration.ofHours(10).toMillis();
    private static final int ROUNDS = 3;
    private static final Duration LONGEST_QUERY = Duration.ofMinutes(10);

    /** A query, and SQL that finds the same in the table {@code events}. */
    private record Question(String name, String query, String sql) {}

    private static final List<Question> QUESTIONS = List.of(
            new Question(
                    "events an hour",
                    "stats count(*) as n by bin(1h) as t",
                    "SELECT time_bucket(INTERVAL 1 HOUR, make_timestamp(ts * 1000)) AS t, count(*) FROM events GROUP BY t"),
            new Question(
                    "errors an hour",
                    "filter @message like /ERR[A-Z]+/ | stats count(*) as n by bin(1h) as t",
                    "SELECT time_bucket(INTERVAL 1 HOUR, make_timestamp(ts * 1000)) AS t, count(*) FROM events"
                            + " WHERE regexp_matches(message, 'ERR[A-Z]+') GROUP BY t"),
            new Question(
                    "latency by status",
                    "stats avg(latency) as l, count(*) as n by status",
                    "SELECT json_extract_string(message, '$.status') AS s,"
                            + " avg(TRY_CAST(json_extract_string(message, '$.latency') AS DOUBLE)), count(*) FROM events"
                            + " GROUP BY s"),
            new Question(
                    "events of streams",
                    "stats count(*) as n, max(@timestamp) as m by @logStream",
                    "SELECT stream, count(*), max(ts) FROM events GROUP BY stream"));

    @Override
    public String name() {
        return "logs";
    }

    @Override
    public String description() {
        return "PutLogEvents per second, beside Moto; queries of Logs Insights, beside DuckDB on Parquet";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        double theirs;
        try (ServerProcess moto = CallsBenchmark.moto(workplace)) {
            theirs = puts(moto, report);
        }
        try (ServerProcess outcrop = workplace.startOutcrop()) {
            report.atLeast("PutLogEvents, beside Moto", puts(outcrop, report) / theirs, 50, "×");
        }
        try (ServerProcess outcrop = workplace.startOutcrop()) {
            queries(outcrop, workplace.scratch().resolve("events.parquet"), report);
        }
    }

    private static double puts(ServerProcess server, Report report) throws IOException, InterruptedException {
        long now = System.currentTimeMillis();
        prepare(server.port());
        List<InputLogEvent> events = IntStream.range(0, EVENTS_A_CALL)
                .mapToObj(i -> InputLogEvent.builder()
                        .timestamp(now + i)
                        .message(message(i))
                        .build())
                .toList();
        byte[] put = request(
                        server.port(),
                        logs -> logs.putLogEvents(call ->
                                call.logGroupName(GROUP).logStreamName("0").logEvents(events)))
                .bytes(KEY);
        HttpLoad.once(server.port(), put);
        HttpLoad.run(server.port(), put, CONNECTIONS, WARM_UP);
        double cpuBefore = server.cpuSeconds();
        HttpLoad.Result result = HttpLoad.run(server.port(), put, CONNECTIONS, MEASURE);
        report.figure(server.name() + ": PutLogEvents of 10 events", result.callsPerSecond(), "/s");
        report.figure(server.name() + ": p99", result.p99Millis(), "ms");
        report.figure(
                server.name() + ": server CPU a call", (server.cpuSeconds() - cpuBefore) * 1000 / result.calls(), "ms");
        return result.callsPerSecond();
    }

    private static void prepare(int port) throws IOException {
        HttpLoad.once(
                port,
                request(port, logs -> logs.createLogGroup(call -> call.logGroupName(GROUP)))
                        .bytes(KEY));
        for (int stream = 0; stream < STREAMS; stream++) {
            String name = Integer.toString(stream);
            HttpLoad.once(
                    port,
                    request(
                                    port,
                                    logs -> logs.createLogStream(
                                            call -> call.logGroupName(GROUP).logStreamName(name)))
                            .bytes(KEY));
        }
    }

    private static CapturedRequest request(int port, Consumer<CloudWatchLogsClient> call) {
        return CapturedRequest.capture("logs", port, CloudWatchLogsClient.builder(), call);
    }

    /** The same for the same number, each another. */
    private static String message(long number) {
        long mixed = number * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L;
        mixed ^= mixed >>> 32;
        long positive = mixed >>> 1;
        return "{\"level\":\"" + (positive % 50 == 0 ? "ERROR" : "INFO") + "\",\"latency\":" + positive % 997
                + ",\"status\":" + (200 + positive / 7 % 5 * 100) + ",\"path\":\"/api/item/" + positive / 11 % 10_000
                + "\",\"request\":\"" + Long.toHexString(mixed) + Long.toHexString(~mixed) + "\"}";
    }

    private static void queries(ServerProcess server, Path parquet, Report report) throws Exception {
        int count = Integer.parseInt(
                Optional.ofNullable(System.getenv("OUTCROP_BENCH_EVENTS")).orElse("10000000"));
        long begin = System.currentTimeMillis() - SPAN;
        prepare(server.port());
        try (CloudWatchLogsClient logs = CloudWatchLogsClient.builder()
                        .region(Region.US_EAST_1)
                        .endpointOverride(URI.create("http://127.0.0.1:" + server.port()))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                        .build();
                DuckDBConnection duckdb = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            long started = System.nanoTime();
            fill(logs, duckdb, statement, begin, count, parquet);
            report.figure("events put and written to Parquet", count / ((System.nanoTime() - started) / 1e9), "/s");
            Map<Question, List<Double>> ours = new LinkedHashMap<>();
            Map<Question, List<Double>> theirs = new LinkedHashMap<>();
            for (int round = 0; round <= ROUNDS; round++) {
                for (Question question : QUESTIONS) {
                    double own = insights(logs, question.query(), begin, count);
                    double other = sql(duckdb, question.sql());
                    if (round > 0) {
                        ours.computeIfAbsent(question, _ -> new ArrayList<>()).add(own);
                        theirs.computeIfAbsent(question, _ -> new ArrayList<>()).add(other);
                    }
                }
            }
            for (Question question : QUESTIONS) {
                double own = median(ours.get(question));
                double other = median(theirs.get(question));
                report.figure("Logs Insights: " + question.name(), own, "s");
                report.figure("DuckDB on Parquet: " + question.name(), other, "s");
                report.atMost(question.name() + ", beside DuckDB", own / other, 2, "×");
            }
        }
    }

    private static double median(List<Double> seconds) {
        return seconds.stream().sorted().toList().get(seconds.size() / 2);
    }

    /** Puts events to the server and writes the same to a Parquet file, which becomes the table {@code events}. */
    private static void fill(
            CloudWatchLogsClient logs,
            DuckDBConnection duckdb,
            Statement statement,
            long begin,
            int count,
            Path parquet)
            throws SQLException {
        statement.execute("SET threads = " + Runtime.getRuntime().availableProcessors());
        statement.execute("CREATE TABLE filled (ts BIGINT, stream VARCHAR, message VARCHAR)");
        try (DuckDBAppender appender = duckdb.createAppender("main", "filled")) {
            for (int from = 0; from < count; from += EVENTS_A_BATCH) {
                int to = Math.min(count, from + EVENTS_A_BATCH);
                String stream = Integer.toString(from / EVENTS_A_BATCH % STREAMS);
                List<InputLogEvent> batch = new ArrayList<>();
                for (int i = from; i < to; i++) {
                    long timestamp = begin + SPAN / 2 * i / count;
                    String message = message(i);
                    batch.add(InputLogEvent.builder()
                            .timestamp(timestamp)
                            .message(message)
                            .build());
                    appender.beginRow();
                    appender.append(timestamp);
                    appender.append(stream);
                    appender.append(message);
                    appender.endRow();
                }
                logs.putLogEvents(
                        call -> call.logGroupName(GROUP).logStreamName(stream).logEvents(batch));
            }
        }
        statement.execute("COPY filled TO '" + parquet + "' (FORMAT parquet, COMPRESSION zstd)");
        statement.execute("DROP TABLE filled");
        statement.execute("CREATE VIEW events AS SELECT * FROM '" + parquet + "'");
    }

    /** How many seconds a query takes, as its caller sees it. */
    private static double insights(CloudWatchLogsClient logs, String query, long begin, int count)
            throws InterruptedException, IOException {
        long started = System.nanoTime();
        String id = logs.startQuery(call -> call.logGroupName(GROUP)
                        .startTime(begin / 1000)
                        .endTime((begin + SPAN) / 1000)
                        .queryString(query))
                .queryId();
        while (System.nanoTime() - started < LONGEST_QUERY.toNanos()) {
            GetQueryResultsResponse results = logs.getQueryResults(call -> call.queryId(id));
            if (results.status() == QueryStatus.COMPLETE) {
                if (results.statistics().recordsScanned() != count) {
                    throw new IOException("not all events were read: " + results.statistics());
                }
                return (System.nanoTime() - started) / 1e9;
            }
            if (results.status() != QueryStatus.RUNNING && results.status() != QueryStatus.SCHEDULED) {
                throw new IOException("the query \"" + query + "\" ended " + results.statusAsString());
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new IOException("the query \"" + query + "\" takes too long");
    }

    private static double sql(Connection duckdb, String sql) throws SQLException {
        long started = System.nanoTime();
        try (PreparedStatement statement = duckdb.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            long length = 0;
            while (rows.next()) {
                length += String.valueOf(rows.getObject(1)).getBytes(UTF_8).length;
            }
            if (length == 0) {
                throw new SQLException("no rows for " + sql);
            }
        }
        return (System.nanoTime() - started) / 1e9;
    }
}
