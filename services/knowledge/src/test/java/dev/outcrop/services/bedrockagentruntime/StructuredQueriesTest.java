package dev.outcrop.services.bedrockagentruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.outcrop.services.KnowledgeHouse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.bedrockagent.model.CreateKnowledgeBaseRequest;
import software.amazon.awssdk.services.bedrockagent.model.CuratedQuery;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJob;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJobStatus;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseStatus;
import software.amazon.awssdk.services.bedrockagent.model.QueryGenerationTable;
import software.amazon.awssdk.services.bedrockagent.model.RedshiftQueryEngineStorageConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagentruntime.model.KnowledgeBaseRetrievalResult;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalResultContentColumn;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalResultContentType;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveAndGenerateResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.ValidationException;

class StructuredQueriesTest {
    private static final String QUESTION = "How many parts are there in red?";
    private static final String SQL = "SELECT sum(amount) AS total FROM parts WHERE color = 'red'";

    @TempDir
    private static Path folder;

    private static AnsweringHouse house;
    private static String role;
    private static KnowledgeBase base;
    private static int made;

    @BeforeAll
    static void open() {
        house = new AnsweringHouse(folder);
        house.knowledge().bucket();
        house.knowledge().put("shop/parts.csv", "name,color,amount\nbolt,red,4\nnut,red,38\ngear,blue,7\n");
        house.knowledge().put("shop/makers.jsonl", "{\"maker\": \"Acme\", \"city\": \"Ulm\"}\n");
        house.knowledge().put("shop/notes.txt", "Nobody queries this.");
        role = house.knowledge().usualRole();
        base = base("s3://documents/shop/", List.of());
    }

    @BeforeEach
    void forget() {
        house.models().asked().clear();
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @Test
    void aQueryIsWrittenOfTheTablesThatFilesAre() {
        house.models().answering("Sure:\n```sql\n" + SQL + ";\n```\nIt sums them up.");

        String sql = generated(base);

        assertThat(sql).isEqualTo(SQL);
        assertThat(house.models().prompt())
                .contains("Table parts", "- color VARCHAR", "- amount BIGINT", "Table makers", QUESTION)
                .doesNotContain("notes");
    }

    @Test
    void rowsAreRetrievedWithTheirQueryAndAnswered() {
        house.models()
                .answering(request ->
                        request.modelId().equals(StructuredQueries.MODEL) ? SQL : "There are 42 red parts. [1]");

        List<KnowledgeBaseRetrievalResult> found = house.root(runtime -> runtime.retrieve(request ->
                        request.knowledgeBaseId(base.knowledgeBaseId()).retrievalQuery(query -> query.text(QUESTION))))
                .retrievalResults();
        RetrieveAndGenerateResponse answer = house.root(
                runtime -> runtime.retrieveAndGenerate(request -> request.input(input -> input.text(QUESTION))
                        .retrieveAndGenerateConfiguration(AnsweringHouse.from(base))));

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().content().type()).isEqualTo(RetrievalResultContentType.ROW);
        assertThat(found.getFirst().content().row())
                .extracting(RetrievalResultContentColumn::columnName, RetrievalResultContentColumn::columnValue)
                .containsExactly(tuple("total", "42"));
        assertThat(found.getFirst().location().sqlLocation().query()).isEqualTo(SQL);
        assertThat(answer.output().text()).isEqualTo("There are 42 red parts.");
        assertThat(answer.citations()
                        .getFirst()
                        .retrievedReferences()
                        .getFirst()
                        .location()
                        .sqlLocation()
                        .query())
                .isEqualTo(SQL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE parts",
                "DELETE FROM parts",
                "SELECT 1; SELECT 2",
                "SELECT * FROM read_csv('/etc/passwd')",
                "SELECT * FROM '/etc/passwd'",
                "SELECT * FROM information_schema.tables",
                "SELECT getenv('HOME') FROM parts",
                "SELECT price FROM parts",
                "COPY parts TO 'x.csv'",
                "I can't help with that.",
                ""
            })
    void whatIsNoQueryOfTheTablesIsRefused(String written) {
        house.models().answering(written);

        assertThatThrownBy(() -> generated(base))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("No query that answers the question could be generated");
        assertThat(house.models().asked()).hasSize(3);
    }

    @Test
    void theModelIsToldWhatWasWrong() {
        AtomicInteger calls = new AtomicInteger();
        house.models().answering(_ -> calls.incrementAndGet() == 1 ? "SELECT sum(price) FROM parts" : SQL);

        assertThat(generated(base)).isEqualTo(SQL);
        assertThat(house.models().prompt()).contains("This query was wrong", "price");
    }

    @Test
    void aCuratedQueryAnswersItsQuestionAndExcludedTablesAreNotShown() {
        KnowledgeBase curated = base(
                "s3://documents/shop/",
                List.of(CuratedQuery.builder()
                        .naturalLanguage(QUESTION)
                        .sql(SQL)
                        .build()));
        house.models().answering("SELECT maker FROM makers");

        assertThat(generated(curated)).isEqualTo(SQL);
        assertThat(house.models().asked()).isEmpty();
        assertThatThrownBy(() -> generated(curated, "Who makes them?")).isInstanceOf(ValidationException.class);
        assertThat(house.models().prompt())
                .contains("Table parts: What we have")
                .doesNotContain("Table makers");
    }

    @Test
    void aJobFindsOutWhetherTheTablesCanBeRead() {
        house.knowledge().put("stock/parts.csv", "name\nbolt\n");
        house.knowledge().put("stock/makers.csv", "maker\nAcme\n");
        KnowledgeBase stock = base("s3://documents/stock", List.of());
        DataSource source = house.knowledge()
                .agent(agent -> agent.createDataSource(request -> request.knowledgeBaseId(stock.knowledgeBaseId())
                        .name("tables")
                        .dataSourceConfiguration(configuration -> configuration.type("REDSHIFT_METADATA"))))
                .dataSource();

        IngestionJob read = house.knowledge().sync(source);
        house.knowledge().delete("stock/parts.csv");
        house.knowledge().delete("stock/makers.csv");
        IngestionJob missing = house.knowledge().sync(source);

        assertThat(read.status()).isEqualTo(IngestionJobStatus.COMPLETE);
        assertThat(read.statistics().numberOfDocumentsScanned()).isEqualTo(2);
        assertThat(missing.status()).isEqualTo(IngestionJobStatus.FAILED);
        assertThat(missing.failureReasons().getFirst()).contains("There are no CSV, JSON or Parquet files");
    }

    @Test
    void aRoleThatMayNotReadTheFilesAndADatabaseThatIsNotHereAreRefusedAtCreation() {
        String stranger = house.knowledge().role("stranger", "bedrock:InvokeModel");

        assertThatThrownBy(() -> create(stranger, "s3://documents/shop/", List.of()))
                .isInstanceOf(software.amazon.awssdk.services.bedrockagent.model.ValidationException.class)
                .hasMessageContaining("s3:ListBucket");
        assertThatThrownBy(() -> create(role, "dev", List.of()))
                .isInstanceOf(software.amazon.awssdk.services.bedrockagent.model.ValidationException.class)
                .hasMessageContaining("There is no Amazon Redshift here");
    }

    @Test
    void queriesAreGeneratedOnlyForStructuredKnowledgeBasesOfTheAccount() {
        KnowledgeBase vectors = house.knowledge().base("vectors", role);

        assertThatThrownBy(() -> generated(vectors))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("only for those of type SQL");
        assertThatThrownBy(() -> generated(vectors.toBuilder()
                        .knowledgeBaseArn("arn:aws:bedrock:us-east-1:222222222222:knowledge-base/ABCDEFGHIJ")
                        .build()))
                .isInstanceOf(AccessDeniedException.class);
    }

    private static String generated(KnowledgeBase base) {
        return generated(base, QUESTION);
    }

    private static String generated(KnowledgeBase base, String question) {
        return house.root(runtime -> runtime.generateQuery(request -> request.queryGenerationInput(
                                input -> input.type("TEXT").text(question))
                        .transformationConfiguration(transformation -> transformation
                                .mode("TEXT_TO_SQL")
                                .textToSqlConfiguration(sql -> sql.type("KNOWLEDGE_BASE")
                                        .knowledgeBaseConfiguration(
                                                of -> of.knowledgeBaseArn(base.knowledgeBaseArn()))))))
                .queries()
                .getFirst()
                .sql();
    }

    private static KnowledgeBase base(String database, List<CuratedQuery> curated) {
        String id = create(role, database, curated);
        KnowledgeHouse.await(
                "an active knowledge base", () -> house.knowledge().base(id).status() == KnowledgeBaseStatus.ACTIVE);
        return house.knowledge().base(id);
    }

    /** With a curated query, the table of makers is excluded. */
    private static String create(String role, String database, List<CuratedQuery> curated) {
        List<QueryGenerationTable> tables = curated.isEmpty()
                ? null
                : List.of(
                        QueryGenerationTable.builder()
                                .name("shop.public.parts")
                                .description("What we have")
                                .build(),
                        QueryGenerationTable.builder()
                                .name("shop.public.makers")
                                .inclusion("EXCLUDE")
                                .build());
        CreateKnowledgeBaseRequest request = CreateKnowledgeBaseRequest.builder()
                .name("shop" + made++)
                .roleArn(role)
                .knowledgeBaseConfiguration(configuration -> configuration
                        .type("SQL")
                        .sqlKnowledgeBaseConfiguration(sql -> sql.type("REDSHIFT")
                                .redshiftConfiguration(redshift -> redshift.queryEngineConfiguration(engine ->
                                                engine.type("SERVERLESS")
                                                        .serverlessConfiguration(serverless -> serverless
                                                                .workgroupArn(
                                                                        "arn:aws:redshift-serverless:us-east-1:111111111111"
                                                                                + ":workgroup/11111111-2222-3333-4444-555555555555")
                                                                .authConfiguration(
                                                                        authentication -> authentication.type("IAM"))))
                                        .storageConfigurations(RedshiftQueryEngineStorageConfiguration.builder()
                                                .type("REDSHIFT")
                                                .redshiftConfiguration(name -> name.databaseName(database))
                                                .build())
                                        .queryGenerationConfiguration(generation -> generation
                                                .executionTimeoutSeconds(20)
                                                .generationContext(context -> context.tables(tables)
                                                        .curatedQueries(curated.isEmpty() ? null : curated))))))
                .build();
        return house.knowledge()
                .agent(agent -> agent.createKnowledgeBase(request))
                .knowledgeBase()
                .knowledgeBaseId();
    }
}
