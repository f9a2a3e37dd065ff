package dev.outcrop.services.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EndEvent;
import software.amazon.awssdk.services.s3.model.FileHeaderInfo;
import software.amazon.awssdk.services.s3.model.InputSerialization;
import software.amazon.awssdk.services.s3.model.ProgressEvent;
import software.amazon.awssdk.services.s3.model.RecordsEvent;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.SelectObjectContentEventStream;
import software.amazon.awssdk.services.s3.model.SelectObjectContentRequest;
import software.amazon.awssdk.services.s3.model.SelectObjectContentResponseHandler;
import software.amazon.awssdk.services.s3.model.StatsEvent;

class SelectObjectContentTest {
    private static final String BUCKET = "selected";
    private static final String PEOPLE = """
            name,age,"favourite, food"
            Ann,41,"soup, hot"
            Bob,7,"say ""cheese"\""

            # nobody
            Zoë,19,
            """;

    @TempDir
    private static Path path;

    private static ServedS3 served;
    private static S3Client s3;
    private static S3AsyncClient streams;

    @BeforeAll
    static void open() {
        served = new ServedS3(path, BucketDefaults.AWS);
        s3 = served.root(ServedS3.OWNER);
        streams = served.streams(ServedS3.OWNER);
        s3.createBucket(request -> request.bucket(BUCKET));
        put("people.csv", PEOPLE.getBytes(StandardCharsets.UTF_8));
    }

    @AfterAll
    static void close() {
        served.close();
    }

    private static void put(String key, byte[] content) {
        s3.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(content));
    }

    private static List<SelectObjectContentEventStream> events(Consumer<SelectObjectContentRequest.Builder> set)
            throws Exception {
        List<SelectObjectContentEventStream> events = new ArrayList<>();
        SelectObjectContentResponseHandler handler = SelectObjectContentResponseHandler.builder()
                .subscriber((SelectObjectContentEventStream event) -> events.add(event))
                .build();
        SelectObjectContentRequest.Builder request = SelectObjectContentRequest.builder()
                .bucket(BUCKET)
                .key("people.csv")
                .expressionType("SQL")
                .expression("SELECT * FROM s3object s")
                .inputSerialization(csv(FileHeaderInfo.USE))
                .outputSerialization(output -> output.csv(csv -> {}));
        set.accept(request);
        streams.selectObjectContent(request.build(), handler).get(60, TimeUnit.SECONDS);
        return events;
    }

    private static InputSerialization csv(FileHeaderInfo header) {
        return InputSerialization.builder()
                .csv(csv -> csv.fileHeaderInfo(header).comments("#"))
                .build();
    }

    private static String select(Consumer<SelectObjectContentRequest.Builder> set) throws Exception {
        StringBuilder text = new StringBuilder();
        for (SelectObjectContentEventStream event : events(set)) {
            if (event instanceof RecordsEvent records) {
                text.append(records.payload().asUtf8String());
            }
        }
        return text.toString();
    }

    private static void refused(String code, Consumer<SelectObjectContentRequest.Builder> set) {
        assertThatThrownBy(() -> select(set)).satisfies(thrown -> {
            Throwable failure = thrown;
            while (!(failure instanceof S3Exception) && failure.getCause() != null) {
                failure = failure.getCause();
            }
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            error -> assertThat(error.awsErrorDetails().errorCode())
                                    .isEqualTo(code));
        });
    }

    @Test
    void givesTheRecordsOfAFile() throws Exception {
        assertThat(select(request -> {})).isEqualTo("Ann,41,\"soup, hot\"\nBob,7,\"say \"\"cheese\"\"\"\nZoë,19,\n");
    }

    @Test
    void sendsRecordsProgressStatisticsAndTheEnd() throws Exception {
        List<SelectObjectContentEventStream> events =
                events(request -> request.requestProgress(progress -> progress.enabled(true)));

        assertThat(events)
                .hasExactlyElementsOfTypes(
                        events.get(0).getClass(),
                        events.get(1).getClass(),
                        events.get(2).getClass(),
                        events.get(3).getClass());
        assertThat(events.get(0)).isInstanceOf(RecordsEvent.class);
        assertThat(events.get(1)).isInstanceOf(ProgressEvent.class);
        assertThat(events.get(2)).isInstanceOfSatisfying(StatsEvent.class, stats -> {
            long size = PEOPLE.getBytes(StandardCharsets.UTF_8).length;
            assertThat(stats.details().bytesScanned()).isEqualTo(size);
            assertThat(stats.details().bytesProcessed()).isEqualTo(size);
            assertThat(stats.details().bytesReturned())
                    .isEqualTo(((RecordsEvent) events.get(0)).payload().asByteArray().length);
        });
        assertThat(events.get(3)).isInstanceOf(EndEvent.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "USE ~ SELECT s.name FROM s3object s WHERE CAST(s.age AS INT) > 18 ~ Ann|Zoë|",
                "USE ~ SELECT s.name FROM s3object s WHERE s.age > 18 ~ Ann|Zoë|",
                "USE ~ SELECT s.\"favourite, food\" FROM s3object s LIMIT 1 ~ \"soup, hot\"|",
                "USE ~ SELECT _2, s._1 FROM s3object s LIMIT 1 ~ 41,Ann|",
                "IGNORE ~ SELECT s._1 FROM s3object s ~ Ann|Bob|Zoë|",
                "NONE ~ SELECT s._1 FROM s3object s LIMIT 2 ~ name|Ann|",
                "IGNORE ~ SELECT COUNT(*), MAX(CAST(_2 AS INT)) FROM s3object ~ 3,41|",
            })
    void knowsColumnsByNamesAndPositions(FileHeaderInfo header, String statement, String expected) throws Exception {
        assertThat(select(request -> request.expression(statement).inputSerialization(csv(header))))
                .isEqualTo(expected.replace('|', '\n'));
    }

    @Test
    void writesAsItIsTold() throws Exception {
        assertThat(select(
                        request -> request.outputSerialization(output -> output.json(json -> json.recordDelimiter(";")))
                                .expression("SELECT * FROM s3object LIMIT 1")))
                .isEqualTo("{\"name\":\"Ann\",\"age\":\"41\",\"favourite, food\":\"soup, hot\"};");
        assertThat(select(request -> request.outputSerialization(output -> output.csv(csv -> csv.fieldDelimiter("|")
                                .recordDelimiter("\r\n")
                                .quoteFields("ALWAYS")
                                .quoteCharacter("'")
                                .quoteEscapeCharacter("\\")))
                        .expression("SELECT name, 'it''s' FROM s3object LIMIT 1")))
                .isEqualTo("'Ann'|'it\\'s'\r\n");
    }

    @Test
    void readsFilesOfOtherHabits() throws Exception {
        put("habits.csv", "a;'x;\ny'|b;'it\\'s'|".getBytes(StandardCharsets.UTF_8));

        assertThat(select(request -> request.key("habits.csv")
                        .inputSerialization(input -> input.csv(csv -> csv.fieldDelimiter(";")
                                .recordDelimiter("|")
                                .quoteCharacter("'")
                                .quoteEscapeCharacter("\\")
                                .allowQuotedRecordDelimiter(true)))
                        .outputSerialization(output -> output.json(json -> {}))))
                .isEqualTo("{\"_1\":\"a\",\"_2\":\"x;\\ny\"}\n{\"_1\":\"b\",\"_2\":\"it's\"}\n");
    }

    @Test
    void readsWhatIsCompressed() throws Exception {
        byte[] plain = PEOPLE.getBytes(StandardCharsets.UTF_8);
        put("people.csv.gz", compressed(plain, GZIPOutputStream::new));
        put("people.csv.bz2", compressed(plain, BZip2CompressorOutputStream::new));
        put("half.csv.gz", java.util.Arrays.copyOf(compressed(plain, GZIPOutputStream::new), 40));

        for (String compression : List.of("GZIP", "BZIP2")) {
            String key = compression.equals("GZIP") ? "people.csv.gz" : "people.csv.bz2";
            assertThat(select(request -> request.key(key)
                            .expression("SELECT COUNT(*) FROM s3object")
                            .inputSerialization(
                                    csv(FileHeaderInfo.USE).copy(input -> input.compressionType(compression)))))
                    .isEqualTo("3\n");
            refused(
                    "InvalidCompressionFormat",
                    request -> request.inputSerialization(
                            csv(FileHeaderInfo.USE).copy(input -> input.compressionType(compression))));
        }
        refused(
                "TruncatedInput",
                request -> request.key("half.csv.gz")
                        .inputSerialization(csv(FileHeaderInfo.USE).copy(input -> input.compressionType("GZIP"))));
    }

    private interface Compressor {
        OutputStream around(OutputStream out) throws IOException;
    }

    private static byte[] compressed(byte[] plain, Compressor compressor) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compressor.around(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    @Test
    void readsJson() throws Exception {
        put("lines.json", "{\"a\":1}\n\n{\"a\":2,\"b\":[1]}\n".getBytes(StandardCharsets.UTF_8));

        for (String type : List.of("LINES", "DOCUMENT")) {
            assertThat(select(request -> request.key("lines.json")
                            .expression("SELECT s.a, s.b FROM s3object s")
                            .inputSerialization(input -> input.json(json -> json.type(type)))))
                    .isEqualTo("1,\n2,[1]\n");
        }
    }

    @Test
    void readsParquet() throws Exception {
        Path file = path.resolve("made.parquet");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (SELECT range AS id, 'name ' || range AS name, {'x': range * 2} AS nested,"
                    + " TIMESTAMP '2020-01-01 00:00:00' AS at FROM range(10000)) TO '" + file + "' (FORMAT parquet)");
        }
        put("made.parquet", Files.readAllBytes(file));

        assertThat(select(request -> request.key("made.parquet")
                        .expression("SELECT s.id, s.name, s.nested.x, EXTRACT(YEAR FROM CAST(s.at AS TIMESTAMP))"
                                + " FROM s3object s WHERE s.id > 9997")
                        .inputSerialization(input -> input.parquet(parquet -> {}))))
                .isEqualTo("9998,name 9998,19996,2020\n9999,name 9999,19998,2020\n");
        refused("ParquetParsingError", request -> request.inputSerialization(input -> input.parquet(parquet -> {})));
    }

    @Test
    void readsOnlyRecordsThatBeginInARange() throws Exception {
        StringBuilder lines = new StringBuilder("n\n");
        for (int i = 10; i < 30; i++) {
            lines.append(i).append('\n');
        }
        put("numbers.csv", lines.toString().getBytes(StandardCharsets.UTF_8));
        List<String> found = new ArrayList<>();

        for (int start = 0; start < lines.length(); start += 7) {
            int first = start;
            found.add(select(request -> request.key("numbers.csv")
                    .scanRange(range -> range.start((long) first).end(first + 6L))));
        }
        String tail = select(request -> request.key("numbers.csv").scanRange(range -> range.end(7L)));

        assertThat(String.join("", found)).isEqualTo(lines.substring(2));
        assertThat(tail).isEqualTo("28\n29\n");
        refused(
                "InvalidScanRange",
                request -> request.scanRange(range -> range.start(5L).end(4L)));
        refused(
                "UnsupportedScanRangeInput",
                request -> request.scanRange(range -> range.start(5L))
                        .inputSerialization(csv(FileHeaderInfo.USE).copy(input -> input.compressionType("GZIP"))));
    }

    @Test
    void sendsLargeResultsInPieces() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            lines.append(i).append(",some text that makes the line longer\n");
        }
        put("large.csv", lines.toString().getBytes(StandardCharsets.UTF_8));

        List<SelectObjectContentEventStream> events =
                events(request -> request.key("large.csv").inputSerialization(csv(FileHeaderInfo.NONE)));

        assertThat(events.stream().filter(RecordsEvent.class::isInstance).count())
                .isGreaterThan(10);
        StringBuilder all = new StringBuilder();
        events.stream()
                .filter(RecordsEvent.class::isInstance)
                .forEach(event -> all.append(((RecordsEvent) event).payload().asUtf8String()));
        assertThat(all.toString()).isEqualTo(lines.toString());
    }

    @Test
    void readsWhatIsUnderACustomersKey() throws Exception {
        byte[] key = new byte[32];
        String md5 = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("MD5").digest(key));
        String text = Base64.getEncoder().encodeToString(key);
        s3.putObject(
                request -> request.bucket(BUCKET)
                        .key("sealed.csv")
                        .sseCustomerAlgorithm("AES256")
                        .sseCustomerKey(text)
                        .sseCustomerKeyMD5(md5),
                RequestBody.fromString(PEOPLE));

        assertThat(select(request -> request.key("sealed.csv")
                        .sseCustomerAlgorithm("AES256")
                        .sseCustomerKey(text)
                        .sseCustomerKeyMD5(md5)
                        .expression("SELECT name FROM s3object LIMIT 1")))
                .isEqualTo("Ann\n");
        refused("InvalidRequest", request -> request.key("sealed.csv"));
    }

    @Test
    void saysWhatIsWrong() {
        put("latin.csv", "name\nZo\u00eb\n".getBytes(StandardCharsets.ISO_8859_1));
        put("wide.csv", ("name\n" + "x".repeat(2 << 20)).getBytes(StandardCharsets.UTF_8));
        put("open.csv", "name\n\"x\n".getBytes(StandardCharsets.UTF_8));

        refused("NoSuchKey", request -> request.key("nothing"));
        refused("MissingHeaders", request -> request.expression("SELECT s.nothing FROM s3object s"));
        refused("InvalidTextEncoding", request -> request.key("latin.csv"));
        refused("OverMaxRecordSize", request -> request.key("wide.csv"));
        refused("CSVParsingError", request -> request.key("open.csv"));
        refused("CastFailed", request -> request.expression("SELECT CAST(name AS INT) FROM s3object"));
        refused("ParseUnsupportedSelect", request -> request.expression("DROP TABLE s3object"));
        refused("ObjectSerializationConflict", request -> request.outputSerialization(output -> {}));
        refused(
                "ObjectSerializationConflict",
                request ->
                        request.inputSerialization(input -> input.csv(csv -> {}).json(json -> json.type("LINES"))));
        refused("InvalidDataSource", request -> request.expression("SELECT * FROM '/etc/passwd'"));
    }

    @Test
    void tellsStrangersNothing() {
        S3AsyncClient stranger = served.streams(ServedS3.STRANGER);

        assertThatThrownBy(() -> stranger.selectObjectContent(
                                SelectObjectContentRequest.builder()
                                        .bucket(BUCKET)
                                        .key("people.csv")
                                        .expressionType("SQL")
                                        .expression("SELECT * FROM s3object")
                                        .inputSerialization(csv(FileHeaderInfo.USE))
                                        .outputSerialization(output -> output.csv(csv -> {}))
                                        .build(),
                                SelectObjectContentResponseHandler.builder()
                                        .subscriber((SelectObjectContentEventStream event) -> {})
                                        .build())
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("not authorized to perform: s3:GetObject");
    }
}
