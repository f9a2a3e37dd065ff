package dev.outcrop.services.cloudwatchlogs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.logs.LogStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.AccessDeniedException;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.MalformedQueryException;
import software.amazon.awssdk.services.cloudwatchlogs.model.QueryStatus;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResultField;

/** 120 events, one every 30 seconds before noon, in two streams, partly in segments and partly in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InsightsTest {
    private static final long NOON = LogsHouse.NOON;
    private static final Set<QueryStatus> ENDED =
            Set.of(QueryStatus.COMPLETE, QueryStatus.FAILED, QueryStatus.CANCELLED, QueryStatus.TIMEOUT);

    private LogsHouse house;
    private CloudWatchLogsClient logs;

    @BeforeAll
    void fill(@TempDir Path path) {
        house = new LogsHouse(path, new LogStore.Settings(4096, Duration.ofDays(1)));
        logs = house.logs();
        logs.createLogGroup(request -> request.logGroupName("/app/web"));
        for (String stream : List.of("a", "b")) {
            logs.createLogStream(request -> request.logGroupName("/app/web").logStreamName(stream));
            for (int part = 0; part < 3; part++) {
                int from = part * 20;
                logs.putLogEvents(request -> request.logGroupName("/app/web")
                        .logStreamName(stream)
                        .logEvents(IntStream.range(from, from + 20)
                                .mapToObj(i -> event(stream.equals("a") ? 2 * i : 2 * i + 1))
                                .toList()));
            }
        }
    }

    private static InputLogEvent event(int number) {
        String level = number % 10 == 0 ? "ERROR" : "INFO";
        String message = number % 3 == 0
                ? "[" + level + "] user=u" + number % 4 + " took " + number + " ms"
                : "{\"level\":\"" + level + "\",\"latency\":" + number + ",\"http\":{\"status\":" + (200 + number % 2)
                        + ",\"paths\":[\"/p" + number % 5 + "\"]},\"ip\":\"10.0." + number % 2
                        + ".7\",\"a.b\":\"dotted\"}";
        return InputLogEvent.builder()
                .timestamp(NOON - 3_600_000 + number * 30_000L)
                .message(message)
                .build();
    }

    @AfterAll
    void close() {
        house.close();
    }

    private GetQueryResultsResponse run(String query) {
        String id = logs.startQuery(request -> request.logGroupNames("/app/web")
                        .startTime(NOON / 1000 - 3600)
                        .endTime(NOON / 1000)
                        .queryString(query))
                .queryId();
        LogsHouse.await(() -> ENDED.contains(
                logs.getQueryResults(request -> request.queryId(id)).status()));
        return logs.getQueryResults(request -> request.queryId(id));
    }

    private List<Map<String, String>> rows(String query) {
        GetQueryResultsResponse response = run(query);
        assertThat(response.status()).as(query).isEqualTo(QueryStatus.COMPLETE);
        return response.results().stream()
                .map(row -> row.stream()
                        .filter(field -> !field.field().equals("@ptr"))
                        .collect(Collectors.toMap(ResultField::field, ResultField::value)))
                .toList();
    }

    @Test
    void showsTheLatestEventsByDefault() {
        GetQueryResultsResponse response = run("limit 2");

        assertThat(response.results()).hasSize(2);
        assertThat(response.results().getFirst())
                .extracting(ResultField::field)
                .containsExactly("@timestamp", "@message", "@ptr");
        assertThat(response.results().getFirst().getFirst().value()).isEqualTo("2026-01-15 11:59:30.000");
        assertThat(response.statistics().recordsScanned()).isEqualTo(120);
        assertThat(response.statistics().recordsMatched()).isEqualTo(120);
        assertThat(response.statistics().bytesScanned()).isPositive();
    }

    @Test
    void findsTheEventOfAResultAgain() {
        String pointer =
                run("filter latency = 7").results().getFirst().getLast().value();

        Map<String, String> found =
                logs.getLogRecord(request -> request.logRecordPointer(pointer)).logRecord();

        assertThat(found)
                .containsEntry("latency", "7")
                .containsEntry("http.paths.0", "/p2")
                .containsEntry("@logStream", "b")
                .containsEntry("@log", "123456789012:/app/web");
        CloudWatchLogsClient other = house.client(CloudWatchLogsClient.class, "999999999999");
        assertThatThrownBy(() -> other.getLogRecord(request -> request.logRecordPointer(pointer)))
                .hasMessageContaining("invalid");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '`',
            value = {
                "filter level = \"ERROR\" → 8",
                "filter level != \"ERROR\" → 72",
                "filter @message like /ERROR/ → 12",
                "filter @message like \"ERROR\" → 12",
                "filter @message =~ /(?i)error/ → 12",
                "filter @message not like /ERROR/ → 108",
                "filter latency > 100 → 13",
                "filter latency >= 100 and latency < 110 → 7",
                "filter http.status = 201 → 40",
                "filter `a.b` = 'dotted' → 80",
                "filter http.paths.0 in [\"/p1\", \"/p2\"] → 32",
                "filter latency not in [1, 2] → 118",
                "filter ispresent(latency) → 80",
                "filter not ispresent(latency) → 40",
                "filter @logStream = 'a' → 60",
                "filter isIpv4InSubnet(ip, \"10.0.1.0/24\") → 40",
                "filter isValidIp(ip) → 80",
                "filter strcontains(@message, \"took\") → 40",
                "filter latency % 2 = 0 or level = \"ERROR\" → 40",
                "filter @timestamp > 1768478340000 → 1",
                "filter level = \"INFO\" | filter latency < 10 | fields latency * 2 as double → 6",
                "parse @message \"user=* took * ms\" as user, took | filter took > 100 → 6",
                "parse @message /user=(?<user>\\S+) took (?<took>\\d+)/ | filter user = \"u1\" → 10",
                "parse @message 'user=* ' as user | filter ispresent(user) → 40",
                "dedup @logStream → 2",
                "dedup level → 42",
                "fields 1 | limit 5 | limit 3 → 3",
                "fields @message # a comment with | bars → 120",
            })
    void findsWhatIsAskedFor(String query, int results) {
        assertThat(rows(query)).hasSize(results);
    }

    @Test
    void aggregates() {
        assertThat(rows("stats count(*) as n, avg(latency), min(latency), max(latency) by level | sort level"))
                .contains(Map.of(
                        "level", "ERROR", "n", "8", "avg(latency)", "60", "min(latency)", "10", "max(latency)", "110"));
        assertThat(rows("stats count(*) by bin(30m) as t | sort t"))
                .containsExactly(
                        Map.of("t", "2026-01-15 11:00:00.000", "count(*)", "60"),
                        Map.of("t", "2026-01-15 11:30:00.000", "count(*)", "60"));
        assertThat(rows("filter ispresent(latency) | stats pct(latency, 50) as p, stddev(latency) > 0 as s,"
                        + " count_distinct(level) as d, sum(latency) / count(*) as mean, earliest(latency) as e,"
                        + " latest(latency) as l, sortsFirst(level) as f"))
                .containsExactly(
                        Map.of("p", "60", "s", "1", "d", "2", "mean", "60", "e", "1", "l", "119", "f", "ERROR"));
        assertThat(rows(
                        "stats count(*) as c by @logStream, bin(1m) | stats max(c) as m, count(*) as minutes by @logStream"
                                + " | sort @logStream desc | limit 1"))
                .containsExactly(Map.of("@logStream", "b", "m", "1", "minutes", "60"));
        assertThat(run("filter level = 'ERROR' | stats count(*) by bin(1h)")
                        .statistics()
                        .recordsMatched())
                .isEqualTo(8);
    }

    @Test
    void computes() {
        assertThat(rows(
                        "filter latency = 7 | display concat('<', level, '>') as c, strlen(level) as l, toupper('x') as u,"
                                + " substr(level, 1, 2) as s, replace(level, 'I', 'i') as r, trim('  t ') as t,"
                                + " abs(-2) as a, ceil(1.2) as ce, floor(1.8) as f, greatest(1, 3, 2) as g, sqrt(16) as sq,"
                                + " 2 ^ 3 as p, 10 % 3 as m, 1 / 0 as none, coalesce(missing, 'x') as co,"
                                + " datefloor(@timestamp, 1h) as df, dateceil(@timestamp, 1h) as dc, isempty(missing) as ie,"
                                + " tomillis(@timestamp) as ms, isValidIpV6('::1') as v6"))
                .containsExactly(Map.ofEntries(
                        Map.entry("c", "<INFO>"),
                        Map.entry("l", "4"),
                        Map.entry("u", "X"),
                        Map.entry("s", "NF"),
                        Map.entry("r", "iNFO"),
                        Map.entry("t", "t"),
                        Map.entry("a", "2"),
                        Map.entry("ce", "2"),
                        Map.entry("f", "1"),
                        Map.entry("g", "3"),
                        Map.entry("sq", "4"),
                        Map.entry("p", "8"),
                        Map.entry("m", "1"),
                        Map.entry("co", "x"),
                        Map.entry("df", "2026-01-15 11:00:00.000"),
                        Map.entry("dc", "2026-01-15 12:00:00.000"),
                        Map.entry("ie", "1"),
                        Map.entry("ms", Long.toString(NOON - 3_600_000 + 210_000)),
                        Map.entry("v6", "1")));
    }

    @Test
    void findsPatterns() {
        assertThat(rows("filter not ispresent(latency) | pattern @message | filter @sampleCount > 10"))
                .containsExactly(Map.of(
                        "@pattern", "[INFO] user=<Token-1> took <Number-2> ms",
                        "@ratio", "0.9",
                        "@sampleCount", "36",
                        "@severityLabel", "Info"));
        assertThat(rows("pattern @message | stats sum(@sampleCount) as n")).containsExactly(Map.of("n", "120"));
        assertThat(rows("filter @message = 'none' | pattern @message")).isEmpty();
        assertThatThrownBy(() -> run("pattern @message | pattern @pattern"))
                .isInstanceOf(MalformedQueryException.class);
    }

    @Test
    void takesListsApart() {
        assertThat(rows("fields jsonParse(@message) as js | filter latency in [1, 2] | unnest js.http.paths into path"
                        + " | stats count(*) as n by path, js.level | sort path"))
                .containsExactly(
                        Map.of("path", "/p1", "js.level", "INFO", "n", "1"),
                        Map.of("path", "/p2", "js.level", "INFO", "n", "1"));
        assertThat(
                        rows(
                                "fields jsonParse('[{\"a\":1},{\"a\":2}]') as js | limit 1 | unnest js into one | display one.a"))
                .containsExactly(Map.of("one.a", "1"), Map.of("one.a", "2"));
    }

    @Test
    void sortsNumbersAsNumbers() {
        assertThat(rows("fields latency | filter ispresent(latency) | sort latency desc | limit 3"))
                .extracting(row -> row.get("latency"))
                .containsExactly("119", "118", "116");
        assertThat(rows("fields latency | filter ispresent(latency) | sort latency asc | limit 3"))
                .extracting(row -> row.get("latency"))
                .containsExactly("1", "2", "4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '`',
            value = {
                "select * from t → 0 → 6",
                "fields @message | frobnicate → 18 → 28",
                "filter @message like /(/ → 0 → 24",
                "filter → 6 → 6",
                "fields nosuch(1) → 7 → 16",
                "stats level → 6 → 11",
                "fields 'open → 7 → 12",
                "limit 100000 → 6 → 12",
                "filter a = 1; drop table x → 12 → 13",
                "stats pct(latency, 101) → 6 → 23",
                "stats count(*) by bin(5x) → 18 → 25",
            })
    void saysWhereAQueryIsWrong(String query, int start, int end) {
        assertThatThrownBy(() -> run(query)).isInstanceOfSatisfying(MalformedQueryException.class, wrong -> {
            assertThat(wrong.queryCompileError().location().startCharOffset()).isEqualTo(start);
            assertThat(wrong.queryCompileError().location().endCharOffset()).isEqualTo(end);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "filter @message = \"x' OR '1'='1\"",
                "fields `x\\\" from (select 1)); drop table t; --` as y | filter ispresent(y)",
                "filter `a'b` = 'x'",
                "filter `\\\"] || read_text('/etc/passwd') || json[\\\"` = 'x'",
                "parse @message \"*'); select 1; --*\" as a, b | filter ispresent(a)",
                "filter @message like \"FROM (BASE) ') --\"",
                "filter @message like /'\\);select/",
                "filter read_text = '/etc/passwd'",
                "filter level in [\"'\", \"\\\"\"]",
                "fields '$1' as `c0`, `c0` as `ts; --` | filter `ts; --` = \"it's\"",
            })
    void takesHostileTextsForTexts(String query) {
        assertThat(rows(query)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"getenv('HOME')", "read_text('/etc/passwd')", "query('select 1')", "current_setting('x')"})
    void hasNoFunctionsOfTheDatabase(String call) {
        assertThatThrownBy(() -> run("fields " + call)).isInstanceOf(MalformedQueryException.class);
    }

    @Test
    void refusesWhatIsNestedOrLongBeyondReason() {
        assertThatThrownBy(() -> run("filter " + "(".repeat(400) + "1=1" + ")".repeat(400)))
                .isInstanceOf(MalformedQueryException.class);
        assertThatThrownBy(() -> run("filter " + "a=1 or ".repeat(1000) + "a=1"))
                .isInstanceOf(MalformedQueryException.class);
        assertThatThrownBy(() -> run("fields -" + "-".repeat(5000) + "1")).isInstanceOf(MalformedQueryException.class);
        assertThatThrownBy(() -> run("limit 1" + "| limit 1".repeat(500))).isInstanceOf(MalformedQueryException.class);
    }

    @Test
    void keepsQueriesFromOtherAccountsAndStopsThoseThatRun() {
        String id = logs.startQuery(request -> request.logGroupName("/app/web")
                        .startTime(0L)
                        .endTime(NOON / 1000)
                        .queryString("stats count(*)"))
                .queryId();
        CloudWatchLogsClient other = house.client(CloudWatchLogsClient.class, "999999999999");

        assertThatThrownBy(() -> other.getQueryResults(request -> request.queryId(id)))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> other.startQuery(
                        request -> request.logGroupIdentifiers("arn:aws:logs:us-east-1:123456789012:log-group:/app/web")
                                .startTime(0L)
                                .endTime(1L)
                                .queryString("stats count(*)")))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(logs.describeQueries(request -> request.logGroupName("/app/web"))
                        .queries())
                .extracting(query -> query.queryId())
                .contains(id);
        assertThat(other.describeQueries(request -> {}).queries()).isEmpty();
        assertThat(logs.listLogGroupsForQuery(request -> request.queryId(id)).logGroupIdentifiers())
                .containsExactly("/app/web");
        assertThatThrownBy(() -> other.listLogGroupsForQuery(request -> request.queryId(id)))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void tellsWhichFieldsThereAre() {
        assertThat(logs.getLogGroupFields(
                                request -> request.logGroupName("/app/web").time(NOON / 1000 - 300))
                        .logGroupFields())
                .anySatisfy(field -> {
                    assertThat(field.name()).isEqualTo("@message");
                    assertThat(field.percent()).isEqualTo(100);
                })
                .extracting(field -> field.name())
                .contains("http.paths.0", "latency");
    }
}
