package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.engines.sql.QueriedDatabase;
import dev.outcrop.engines.sql.QueriedDatabase.Cell;
import dev.outcrop.engines.sql.QueriedDatabase.Column;
import dev.outcrop.engines.sql.QueriedDatabase.Rows;
import dev.outcrop.engines.sql.QueriedDatabase.Table;
import dev.outcrop.engines.sql.RefusedSqlException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.bedrockagent.model.CuratedQuery;
import software.amazon.awssdk.services.bedrockagent.model.IncludeExclude;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.QueryGenerationColumn;
import software.amazon.awssdk.services.bedrockagent.model.QueryGenerationConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.QueryGenerationContext;
import software.amazon.awssdk.services.bedrockagent.model.QueryGenerationTable;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalResultContentColumn;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalResultLocation;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalResultLocationType;

/**
 * Questions put to the databases of knowledge bases of type SQL. A model is shown the tables and writes one SELECT, which
 * is parsed and explained before anybody gets it: it reads the tables that were shown and nothing else, and changes
 * nothing. What is wrong with a query the model is told, twice at most. A question that a curated query was given for is
 * answered by that.
 *
 * <p>Bedrock asks a model of its own here, so that nobody says which: it is the one that answers for {@value #MODEL}, asked
 * in Bedrock's own name.
 *
 * <p>Source: {@code GenerateQuery} of the API reference; "Build a knowledge base by connecting to a structured data store"
 * of the Amazon Bedrock user guide.
 */
final class StructuredQueries {
    static final String MODEL = "amazon.nova-pro-v1:0";

    private static final int ATTEMPTS = 3;
    private static final int QUERY_TOKENS = 600;
    private static final int MOST_ROWS = 100;
    private static final Duration USUAL_TIME = Duration.ofSeconds(60);
    private static final Pattern FENCED = Pattern.compile("```[a-zA-Z]*\\s*([^`]*)```");
    private static final Pattern BEGINNING = Pattern.compile("(?is)\\b(with|select)\\b.*");

    private final SearchedBases bases;
    private final Writer writer;

    StructuredQueries(SearchedBases bases, Writer writer) {
        this.bases = bases;
        this.writer = writer;
    }

    /** The query that answers a question. */
    String generate(KnowledgeBase base, String question) {
        return asking(base, database -> query(base, database, question));
    }

    /** The rows that answer a question, each a passage. */
    List<Passage> rows(KnowledgeBase base, String question) {
        return asking(base, database -> {
            String sql = query(base, database, question);
            Duration longest = generation(base)
                    .map(QueryGenerationConfiguration::executionTimeoutSeconds)
                    .map(Duration::ofSeconds)
                    .orElse(USUAL_TIME);
            try {
                return passages(sql, database.run(sql, MOST_ROWS, longest));
            } catch (SQLException failure) {
                throw Errors.failed(
                        base.knowledgeBaseArn(),
                        "The query " + sql + " could not be run: " + failure.getMessage(),
                        failure);
            }
        });
    }

    /** What is asked of a database that is open. */
    @FunctionalInterface
    private interface Asking<T> {
        T of(QueriedDatabase database) throws SQLException;
    }

    private <T> T asking(KnowledgeBase base, Asking<T> asking) {
        return Errors.depending(base.knowledgeBaseArn(), () -> {
            try (QueriedDatabase database = bases.database(base)) {
                return asking.of(database);
            } catch (SQLException failure) {
                throw Errors.failed(
                        base.knowledgeBaseArn(), "The database cannot be read: " + failure.getMessage(), failure);
            }
        });
    }

    private String query(KnowledgeBase base, QueriedDatabase database, String question) throws SQLException {
        List<Table> tables = shown(base, database.tables());
        Set<String> readable =
                tables.stream().map(table -> lower(table.name())).collect(Collectors.toUnmodifiableSet());
        Optional<String> curated = curated(base).stream()
                .filter(query -> query.naturalLanguage().strip().equalsIgnoreCase(question.strip()))
                .map(CuratedQuery::sql)
                .findFirst();
        String prompt = prompt(base, tables, question);
        String told = "";
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            String written = curated.isPresent() && attempt == 1
                    ? curated.get()
                    : bases.inOwnName(base.knowledgeBaseArn(), asked(prompt + told));
            String sql = statement(written);
            try {
                database.check(sql, readable);
                return sql;
            } catch (RefusedSqlException refused) {
                told = "\n\nThis query was wrong:\n" + sql + "\n" + refused.getMessage() + "\nWrite another one.";
            }
        }
        throw Errors.invalid("No query that answers the question could be generated."
                + told.replace("\n", " ").replace(" Write another one.", ""));
    }

    private Supplier<String> asked(String prompt) {
        return () -> writer.write(Writer.Prompt.brief(MODEL, prompt, QUERY_TOKENS));
    }

    /** The statement in what a model wrote, without what it wrote around it. */
    static String statement(String written) {
        Matcher fenced = FENCED.matcher(written);
        String text = fenced.find() ? fenced.group(1) : written;
        Matcher beginning = BEGINNING.matcher(text);
        String sql = beginning.find() ? beginning.group() : text;
        String stripped = sql.strip();
        return stripped.endsWith(";")
                ? stripped.substring(0, stripped.length() - 1).strip()
                : stripped;
    }

    private static Optional<QueryGenerationConfiguration> generation(KnowledgeBase base) {
        return Optional.ofNullable(base.knowledgeBaseConfiguration()
                .sqlKnowledgeBaseConfiguration()
                .redshiftConfiguration()
                .queryGenerationConfiguration());
    }

    private static List<CuratedQuery> curated(KnowledgeBase base) {
        return generation(base)
                .map(QueryGenerationConfiguration::generationContext)
                .filter(QueryGenerationContext::hasCuratedQueries)
                .map(QueryGenerationContext::curatedQueries)
                .orElse(List.of());
    }

    private static List<QueryGenerationTable> described(KnowledgeBase base) {
        return generation(base)
                .map(QueryGenerationConfiguration::generationContext)
                .filter(QueryGenerationContext::hasTables)
                .map(QueryGenerationContext::tables)
                .orElse(List.of());
    }

    /** The tables and columns that queries may be about: where some are included, no others; and none that is excluded. */
    private static List<Table> shown(KnowledgeBase base, List<Table> tables) {
        List<QueryGenerationTable> described = described(base);
        boolean some = described.stream().anyMatch(table -> table.inclusion() == IncludeExclude.INCLUDE);
        List<Table> shown = new ArrayList<>();
        for (Table table : tables) {
            Optional<QueryGenerationTable> said = described(described, table);
            IncludeExclude inclusion = said.map(QueryGenerationTable::inclusion).orElse(null);
            if (inclusion == IncludeExclude.INCLUDE || (!some && inclusion != IncludeExclude.EXCLUDE)) {
                Set<String> hidden = said.map(QueryGenerationTable::columns).orElse(List.of()).stream()
                        .filter(column -> column.inclusion() == IncludeExclude.EXCLUDE)
                        .map(column -> lower(column.name()))
                        .collect(Collectors.toUnmodifiableSet());
                shown.add(new Table(
                        table.name(),
                        table.columns().stream()
                                .filter(column -> !hidden.contains(lower(column.name())))
                                .toList()));
            }
        }
        return shown;
    }

    /** Tables may be described under their qualified name, as Redshift has it: database, schema, table. */
    private static Optional<QueryGenerationTable> described(List<QueryGenerationTable> described, Table table) {
        return described.stream()
                .filter(said -> lower(said.name().substring(said.name().lastIndexOf('.') + 1))
                        .equals(lower(table.name())))
                .findFirst();
    }

    private static String prompt(KnowledgeBase base, List<Table> tables, String question) {
        StringBuilder prompt =
                new StringBuilder("Write one SQL query (a single SELECT in PostgreSQL's dialect, of no other"
                        + " tables than these) that answers the question. Write the query and nothing else.\n");
        List<QueryGenerationTable> described = described(base);
        for (Table table : tables) {
            Optional<QueryGenerationTable> said = described(described, table);
            prompt.append("\nTable ").append(table.name());
            said.map(QueryGenerationTable::description)
                    .ifPresent(text -> prompt.append(": ").append(text));
            for (Column column : table.columns()) {
                prompt.append("\n- ").append(column.name()).append(' ').append(column.type());
                said.map(QueryGenerationTable::columns).orElse(List.of()).stream()
                        .filter(about -> lower(about.name()).equals(lower(column.name())))
                        .map(QueryGenerationColumn::description)
                        .filter(text -> text != null)
                        .findFirst()
                        .ifPresent(text -> prompt.append(": ").append(text));
            }
        }
        for (CuratedQuery example : curated(base)) {
            prompt.append("\n\nQuestion: ")
                    .append(example.naturalLanguage())
                    .append('\n')
                    .append(example.sql());
        }
        return prompt.append("\n\nQuestion: ").append(question).append('\n').toString();
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static List<Passage> passages(String sql, Rows rows) {
        RetrievalResultLocation location = RetrievalResultLocation.builder()
                .type(RetrievalResultLocationType.SQL)
                .sqlLocation(place -> place.query(sql))
                .build();
        return IntStream.range(0, rows.rows().size())
                .mapToObj(i -> passage(i, rows.columns(), rows.rows().get(i), location))
                .toList();
    }

    private static Passage passage(
            int number, List<String> columns, List<Cell> cells, RetrievalResultLocation location) {
        List<RetrievalResultContentColumn> row = IntStream.range(0, cells.size())
                .mapToObj(i -> RetrievalResultContentColumn.builder()
                        .columnName(columns.get(i))
                        .columnValue(cells.get(i).text())
                        .type(cells.get(i).kind().name())
                        .build())
                .toList();
        String text = row.stream()
                .map(column -> column.columnName() + ": " + column.columnValue())
                .collect(Collectors.joining(", "));
        return new Passage("row" + number, text, Map.of(), Optional.of(location), 1, row);
    }
}
