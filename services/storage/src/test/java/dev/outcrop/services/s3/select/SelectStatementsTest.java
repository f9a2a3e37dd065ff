package dev.outcrop.services.s3.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.AwsError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectStatementsTest {
    private static final String DOCUMENT = """
            {"name": "Ann", "age": 41, "tags": ["a", "b"], "home": {"city": "Bonn", "Zip": "53111"}, "none": null}
            {"name": "Bob", "age": 7.5, "tags": []}
            """;

    /** What {@code expression} comes to beside Ann's record. */
    private static String value(String expression) throws IOException {
        return select("SELECT " + expression + " AS v FROM s3object s LIMIT 1");
    }

    private static String select(String statement) throws IOException {
        return select(statement, DOCUMENT);
    }

    private static String select(String statement, String document) throws IOException {
        SelectQuery query = SelectQuery.parse(statement);
        JsonReader reader = JsonReader.documents(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)));
        Selection selection = new Selection(
                query,
                reader,
                new RecordWriter.Json("|"),
                new Evaluation(query.alias(), List.of(), OffsetDateTime.parse("2030-01-02T03:04:05Z")));
        StringBuilder result = new StringBuilder();
        while (!selection.isEnded()) {
            selection.step().ifPresent(result::append);
        }
        return result.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "1 + 2 * 3 ~ 7",
                "(1 + 2) * 3 ~ 9",
                "7 / 2 ~ 3",
                "7.0 / 2 ~ 3.5",
                "7 % 4 ~ 3",
                "-s.age ~ -41",
                "s.age >= 41 AND NOT s.age > 41 ~ true",
                "s.nothing = 1 ~ null",
                "s.nothing = 1 OR TRUE ~ true",
                "s.nothing = 1 AND FALSE ~ false",
                "s.age BETWEEN 40 AND 42 ~ true",
                "s.age NOT BETWEEN 40 AND 42 ~ false",
                "s.name IN ('Bob', 'Ann') ~ true",
                "s.name NOT IN ('Bob') ~ true",
                "s.name LIKE 'A%' ~ true",
                "s.name LIKE '_n_' ~ true",
                "'100%' LIKE '%!%' ESCAPE '!' ~ true",
                "'100x' LIKE '%!%' ESCAPE '!' ~ false",
                "s.nothing IS MISSING ~ true",
                "s.none IS MISSING ~ false",
                "s.none IS NULL ~ true",
                "s.nothing IS NULL ~ true",
                "s.name IS NOT NULL ~ true",
                "s.NAME ~ \"Ann\"",
                "s.home.city ~ \"Bonn\"",
                "s.home['city'] ~ \"Bonn\"",
                "s.home.zip ~ \"53111\"",
                "s.tags[1] ~ \"b\"",
                "name ~ \"Ann\"",
                "s.home ~ {\"city\":\"Bonn\",\"Zip\":\"53111\"}",
                "CASE WHEN s.age < 10 THEN 'child' WHEN s.age < 18 THEN 'youth' ELSE 'adult' END ~ \"adult\"",
                "CASE s.name WHEN 'Ann' THEN 1 END ~ 1",
                "COALESCE(s.none, s.nothing, 'x') ~ \"x\"",
                "NULLIF(1, 1) ~ null",
                "NULLIF(1, 2) ~ 1",
                "CHAR_LENGTH('häß') ~ 3",
                "LOWER('AbC') || '' ~ UnsupportedSqlOperation",
                "UPPER('abc') ~ \"ABC\"",
                "SUBSTRING('123456789', 0) ~ \"123456789\"",
                "SUBSTRING('123456789', 1) ~ \"123456789\"",
                "SUBSTRING('123456789', 2) ~ \"23456789\"",
                "SUBSTRING('123456789', -4) ~ \"123456789\"",
                "SUBSTRING('123456789', 0, 999) ~ \"123456789\"",
                "SUBSTRING('123456789', 1, 5) ~ \"12345\"",
                "SUBSTRING('123456789', -1, 3) ~ \"1\"",
                "SUBSTRING('123456789' FROM 2 FOR 3) ~ \"234\"",
                "SUBSTRING('1', 99) ~ \"\"",
                "TRIM('   foobar   ') ~ \"foobar\"",
                "TRIM(LEADING FROM '  x ') ~ \"x \"",
                "TRIM(TRAILING FROM ' x  ') ~ \" x\"",
                "TRIM(BOTH FROM ' x ') ~ \"x\"",
                "TRIM(BOTH '12' FROM '1112211foobar22211122') ~ \"foobar\"",
                "CAST('12' AS INT) + 1 ~ 13",
                "CAST(12.9 AS INT) ~ 12",
                "CAST('1.5' AS FLOAT) ~ 1.5",
                "CAST(1 AS BOOL) ~ true",
                "CAST('false' AS BOOL) ~ false",
                "CAST(1.50 AS STRING) ~ \"1.50\"",
                "CAST('0.1' AS DECIMAL) ~ 0.1",
                "CAST('2007-04-05T14:30Z' AS TIMESTAMP) ~ \"2007-04-05T14:30Z\"",
                "DATE_ADD(year, 5, `2010-01-01T`) ~ \"2015-01-01T\"",
                "DATE_ADD(month, 1, `2010T`) ~ \"2010-02T\"",
                "DATE_ADD(month, 13, `2010T`) ~ \"2011-02T\"",
                "DATE_ADD(day, -1, `2017-01-10T`) ~ \"2017-01-09T\"",
                "DATE_ADD(hour, 1, `2017T`) ~ \"2017-01-01T01:00-00:00\"",
                "DATE_ADD(hour, 1, `2017-01-02T03:04Z`) ~ \"2017-01-02T04:04Z\"",
                "DATE_ADD(minute, 1, `2017-01-02T03:04:05.006Z`) ~ \"2017-01-02T03:05:05.006Z\"",
                "DATE_ADD(second, 1, `2017-01-02T03:04:05.006Z`) ~ \"2017-01-02T03:04:06.006Z\"",
                "DATE_DIFF(year, `2010-01-01T`, `2011-01-01T`) ~ 1",
                "DATE_DIFF(year, `2010T`, `2010-05T`) ~ 0",
                "DATE_DIFF(month, `2010T`, `2011T`) ~ 12",
                "DATE_DIFF(month, `2011T`, `2010T`) ~ -12",
                "DATE_DIFF(day, `2010-01-01T23:00Z`, `2010-01-02T01:00Z`) ~ 0",
                "EXTRACT(YEAR FROM `2010-01-01T`) ~ 2010",
                "EXTRACT(MONTH FROM `2010T`) ~ 1",
                "EXTRACT(HOUR FROM `2017-01-02T03:04:05+07:08`) ~ 3",
                "EXTRACT(TIMEZONE_HOUR FROM `2017-01-02T03:04:05+07:08`) ~ 7",
                "EXTRACT(TIMEZONE_MINUTE FROM `2017-01-02T03:04:05+07:08`) ~ 8",
                "TO_STRING(`1969-07-20T20:18Z`, 'MMMM d, y') ~ \"July 20, 1969\"",
                "TO_STRING(`1969-07-20T20:18Z`, 'MMM d, yyyy') ~ \"Jul 20, 1969\"",
                "TO_STRING(`1969-07-20T20:18Z`, 'M-d-yy') ~ \"7-20-69\"",
                "TO_STRING(`1969-07-20T20:18Z`, 'MMMM d, y h:m a') ~ \"July 20, 1969 8:18 PM\"",
                "TO_STRING(`1969-07-20T20:18:00+08:00`, 'y-MM-dd''T''H:m:ssXXX') ~ \"1969-07-20T20:18:00+08:00\"",
                "TO_TIMESTAMP('2007T') ~ \"2007T\"",
                "TO_TIMESTAMP('2007-02-23T12:14:33.079-08:00') ~ \"2007-02-23T12:14:33.079-08:00\"",
                "UTCNOW() ~ \"2030-01-02T03:04:05Z\"",
                "`2010-01-01T` < `2010-01-02T` ~ true",
                "'9' < 10 ~ true",
                "'9' < '10' ~ false",
            })
    void computes(String expression, String expected) throws IOException {
        if (expected.matches("[A-Z]\\w+")) {
            assertThatThrownBy(() -> value(expression))
                    .isInstanceOfSatisfying(
                            AwsError.class, error -> assertThat(error.code()).isEqualTo(expected));
            return;
        }

        assertThat(value(expression)).isEqualTo("{\"v\":" + expected + "}|");
    }

    @Test
    void givesAllOfARecordAsItIs() throws IOException {
        assertThat(select("select * from S3Object"))
                .startsWith("{\"name\":\"Ann\",\"age\":41,")
                .endsWith("\"tags\":[]}|");
        assertThat(select("SELECT s.* FROM S3Object s WHERE s.age < 10"))
                .isEqualTo("{\"name\":\"Bob\",\"age\":7.5,\"tags\":[]}|");
    }

    @Test
    void namesFieldsByTheirPathsAliasesAndPositions() throws IOException {
        assertThat(select("SELECT s.home.city, s.age AS years, 1+1, s.name n FROM s3object AS s LIMIT 1"))
                .isEqualTo("{\"city\":\"Bonn\",\"years\":41,\"_3\":2,\"n\":\"Ann\"}|");
    }

    @Test
    void goesIntoDocuments() throws IOException {
        String library = """
                {"books": [{"title": "A", "price": 3}, {"title": "B", "price": 4, "pages": [1, 2]}], "open": true}""";

        assertThat(select("SELECT b.title FROM S3Object[*].books[*] b WHERE b.price > 3", library))
                .isEqualTo("{\"title\":\"B\"}|");
        assertThat(select("SELECT price FROM S3Object[*].books[*].price", library))
                .isEqualTo("{\"price\":3}|{\"price\":4}|");
        assertThat(select("SELECT _1.title FROM S3Object[*].books[*]", library))
                .isEqualTo("{\"title\":\"A\"}|{\"title\":\"B\"}|");
        assertThat(select("SELECT s.x FROM S3Object[*].nothing[*] s", library)).isEqualTo("{}|");
        assertThat(select("SELECT * FROM S3Object[*][*]", "[{\"a\":1},{\"a\":2}]"))
                .isEqualTo("{\"a\":1}|{\"a\":2}|");
        assertThat(select("SELECT COUNT(b.pages) AS c FROM S3Object[*].books[*] b", library))
                .isEqualTo("{\"c\":1}|");
    }

    @Test
    void aggregatesAllRecords() throws IOException {
        assertThat(select("SELECT COUNT(*), SUM(s.age), AVG(s.age), MIN(s.name), MAX(s.age) + 1, COUNT(s.none)"
                        + " FROM s3object s"))
                .isEqualTo("{\"_1\":2,\"_2\":48.5,\"_3\":24.25,\"_4\":\"Ann\",\"_5\":42,\"_6\":0}|");
        assertThat(select("SELECT COUNT(*) FROM s3object s WHERE FALSE")).isEqualTo("{\"_1\":0}|");
        assertThat(select("SELECT SUM(s.age) AS a FROM s3object s WHERE FALSE")).isEqualTo("{\"a\":null}|");
        assertThat(select("SELECT COUNT(*) FROM s3object LIMIT 0")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {
                "DELETE FROM s3object ~ ParseUnsupportedSelect",
                "SELECT FROM s3object ~ ParseEmptySelect",
                "SELECT * ~ ParseSelectMissingFrom",
                "SELECT *, 1 FROM s3object ~ ParseAsteriskIsNotAloneInSelectList",
                "SELECT a.*, 1 FROM s3object a ~ ParseInvalidContextForWildcardInSelectList",
                "SELECT * FROM other ~ InvalidDataSource",
                "SELECT * FROM s3object a, s3object b ~ UnsupportedSqlStructure",
                "SELECT * FROM s3object a JOIN s3object b ~ UnsupportedSqlStructure",
                "SELECT * FROM (SELECT 1 FROM s3object) ~ UnsupportedSqlStructure",
                "SELECT a FROM s3object GROUP BY a ~ UnsupportedSqlStructure",
                "SELECT a FROM s3object ORDER BY a ~ UnsupportedSqlStructure",
                "SELECT DISTINCT a FROM s3object ~ UnsupportedSqlStructure",
                "SELECT a, COUNT(*) FROM s3object ~ UnsupportedSqlStructure",
                "SELECT SUM(COUNT(*)) FROM s3object ~ UnsupportedSqlStructure",
                "SELECT a FROM s3object WHERE COUNT(*) > 1 ~ UnsupportedSqlStructure",
                "SELECT a FROM s3object WHERE a IN (SELECT 1 FROM s3object) ~ ParseUnexpectedKeyword",
                "SELECT SUM(*) FROM s3object ~ ParseUnsupportedCallWithStar",
                "SELECT SUM(a, b) FROM s3object ~ ParseNonUnaryAgregateFunctionCall",
                "SELECT read_csv('/etc/passwd') FROM s3object ~ UnsupportedFunction",
                "SELECT CAST(a AS BLOB) FROM s3object ~ ParseExpectedTypeName",
                "SELECT DATE_ADD(week, 1, a) FROM s3object ~ ParseExpectedDatePart",
                "SELECT NULLIF(1) FROM s3object ~ EvaluatorInvalidArguments",
                "SELECT CASE END FROM s3object ~ ParseUnexpectedKeyword",
                "SELECT (1 FROM s3object ~ ParseExpectedTokenType",
                "SELECT 'a FROM s3object ~ LexerInvalidLiteral",
                "SELECT `a` FROM s3object ~ LexerInvalidIONLiteral",
                "SELECT 1e999999999 FROM s3object ~ LexerInvalidLiteral",
                "SELECT a; DROP FROM s3object ~ LexerInvalidChar",
                "SELECT a FROM s3object LIMIT x ~ ParseExpectedNumber",
                "SELECT a FROM s3object WHERE ~ ParseExpectedExpression",
                "SELECT a FROM s3object x y ~ ParseUnexpectedToken",
                "SELECT a[b] FROM s3object ~ InvalidKeyPath",
                "SELECT a FROM s3object.b ~ InvalidKeyPath",
                "SELECT CAST('x' AS INT) FROM s3object ~ CastFailed",
                "SELECT CAST('99999999999999999999' AS INT) FROM s3object ~ IntegerOverflow",
                "SELECT 9223372036854775807 + 1 FROM s3object ~ IntegerOverflow",
                "SELECT 1 / 0 FROM s3object ~ EvaluatorInvalidArguments",
                "SELECT TO_STRING(`2010T`, 'QQQ') FROM s3object ~ EvaluatorInvalidTimestampFormatPattern",
                "SELECT 'a' LIKE 'a!' ESCAPE '!' FROM s3object ~ LikeInvalidInputs",
            })
    void refuses(String statement, String code) {
        assertThatThrownBy(() -> select(statement))
                .isInstanceOfSatisfying(
                        AwsError.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "NOT ", "CASE WHEN ", "LOWER(", "1 + ", "a.", "a[1].", "1 * ", "'' LIKE "})
    void survivesWhatGoesDeep(String opening) {
        String deep = "SELECT " + opening.repeat(250_000 / opening.length()) + "1 FROM s3object";

        assertThatThrownBy(() -> select(deep)).isInstanceOf(AwsError.class);
    }

    @Test
    void takesManyConditionsAndNoTextThatIsTooLong() throws IOException {
        String many = "s.age = 1 OR ".repeat(10_000);

        assertThat(select("SELECT s.age FROM s3object s WHERE " + many + "s.age = 41"))
                .isEqualTo("{\"age\":41}|");
        assertThatThrownBy(() -> select("SELECT * FROM s3object -- " + "x".repeat(300_000)))
                .isInstanceOfSatisfying(
                        AwsError.class, error -> assertThat(error.code()).isEqualTo("ExpressionTooLong"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '^',
            value = {"{\"a\": ~ JSONParsingError", "{\"a\": x} ~ JSONParsingError", "] ~ JSONParsingError"})
    void refusesWhatIsNoJson(String document, String code) {
        assertThatThrownBy(() -> select("SELECT * FROM s3object", document))
                .isInstanceOfSatisfying(
                        AwsError.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void refusesRecordsThatAreTooLargeOrTooDeep() {
        String large = "{\"a\":\"" + "x".repeat(2 << 20) + "\"}";
        String deep = "[".repeat(100_000);

        for (String document : List.of(large, deep)) {
            assertThatThrownBy(() -> select("SELECT * FROM s3object", document))
                    .isInstanceOfSatisfying(
                            AwsError.class, error -> assertThat(error.code()).isEqualTo("OverMaxRecordSize"));
        }
    }

    @Property(tries = 500)
    void findsPatternsAsRegularExpressionsDo(@ForAll String subject, @ForAll String pattern) {
        StringBuilder regular = new StringBuilder("(?su)");
        pattern.codePoints()
                .forEach(c -> regular.append(
                        c == '%' ? ".*" : c == '_' ? "." : java.util.regex.Pattern.quote(Character.toString(c))));

        assertThat(LikePattern.of(pattern, Optional.empty()).matches(subject))
                .isEqualTo(subject.matches(regular.toString()));
    }

    @Test
    void findsAPatternInTimeThatIsNotExponential() {
        String pattern = "%a".repeat(1000) + "b";

        assertThat(LikePattern.of(pattern, Optional.empty()).matches("a".repeat(10_000)))
                .isFalse();
    }
}
