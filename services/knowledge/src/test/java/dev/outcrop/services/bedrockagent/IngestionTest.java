package dev.outcrop.services.bedrockagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.services.KnowledgeHouse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrockagent.model.ConflictException;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.HierarchicalChunkingLevelConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJob;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJobFilter;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJobStatistics;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJobStatus;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.ListIngestionJobsResponse;
import software.amazon.awssdk.services.bedrockagent.model.ValidationException;
import software.amazon.awssdk.services.bedrockagent.model.VectorIngestionConfiguration;

class IngestionTest {
    private static final IngestionJobFilter FAILED = IngestionJobFilter.builder()
            .attribute("STATUS")
            .operator("EQ")
            .values("FAILED")
            .build();

    @TempDir
    Path folder;

    private KnowledgeHouse house;
    private KnowledgeBase base;
    private DataSource source;

    @BeforeEach
    void open() {
        house = new KnowledgeHouse(folder);
        house.bucket();
        base = house.base("handbook", house.usualRole());
        source = house.s3Source(base, "documents", null);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void onlyWhatChangedIsTouched() {
        house.put("a.txt", "Apples are red.");
        house.put("b.txt", "Bananas are yellow.");
        house.put("c.txt", "Cherries are dark.");
        assertThat(house.sync(source).statistics()).isEqualTo(statistics(3, 0, 3, 0, 0, 0, 0));
        house.models().embedded().clear();

        house.put("b.txt", "Bananas are green before they ripen.");
        house.delete("c.txt");
        house.put("d.txt", "Dates are sweet.");
        IngestionJob job = house.sync(source);

        assertThat(job.statistics()).isEqualTo(statistics(3, 0, 1, 1, 0, 1, 0));
        assertThat(house.models().embedded())
                .contains("Bananas are green before they ripen.", "Dates are sweet.")
                .doesNotContain("Apples are red.");
        assertThat(house.entries(base))
                .extracting(VectorEntry::text)
                .containsExactlyInAnyOrder(
                        "Apples are red.", "Bananas are green before they ripen.", "Dates are sweet.");
        assertThat(house.sync(source).statistics()).isEqualTo(statistics(3, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void aShorterDocumentLeavesNoChunkBehind() {
        String sentence = "The quick brown fox jumps over the lazy dog near the river bank. ";
        house.put("long.txt", sentence.repeat(100));
        house.sync(source);
        int before = house.entries(base).size();

        house.put("long.txt", "The fox sleeps.");
        house.sync(source);

        assertThat(before).isGreaterThan(3);
        assertThat(house.entries(base)).extracting(VectorEntry::text).containsExactly("The fox sleeps.");
    }

    @Test
    void chunksSayWhereTheyComeFrom() {
        house.put("a.txt", "Apples are red.");
        house.put("a.txt.metadata.json", """
                {"metadataAttributes": {"color": "red", "year": 2024, "ripe": true, "kinds": ["gala", "fuji"],
                 "maker": {"value": {"type": "STRING", "stringValue": "Orchard"}, "includeForEmbedding": true}}}""");

        IngestionJob job = house.sync(source);

        assertThat(job.statistics()).isEqualTo(statistics(1, 1, 1, 0, 0, 0, 0));
        assertThat(house.models().embedded()).contains("maker: Orchard\nApples are red.");
        VectorEntry entry = house.entries(base).getFirst();
        assertThat(entry.metadata())
                .containsEntry("color", MetadataValue.of("red"))
                .containsEntry("year", MetadataValue.of(2024))
                .containsEntry("ripe", MetadataValue.of(true))
                .containsEntry("kinds", MetadataValue.of(List.of("gala", "fuji")))
                .containsEntry("maker", MetadataValue.of("Orchard"))
                .containsEntry(ChunkMetadata.SOURCE_URI, MetadataValue.of("s3://documents/a.txt"))
                .containsEntry(ChunkMetadata.DATA_SOURCE_ID, MetadataValue.of(source.dataSourceId()))
                .containsEntry(ChunkMetadata.CHUNK_ID, MetadataValue.of(entry.key()));
    }

    @Test
    void changedMetadataIsRenewedWithoutEmbeddingAnew() {
        house.put("a.txt", "Apples are red.");
        house.put("a.txt.metadata.json", "{\"metadataAttributes\": {\"color\": \"red\"}}");
        house.sync(source);
        house.models().embedded().clear();

        house.put("a.txt.metadata.json", "{\"metadataAttributes\": {\"color\": \"green\"}}");
        IngestionJob job = house.sync(source);

        assertThat(job.statistics()).isEqualTo(statistics(1, 1, 0, 0, 1, 0, 0));
        assertThat(house.models().embedded()).doesNotContain("Apples are red.");
        assertThat(house.entries(base).getFirst().metadata()).containsEntry("color", MetadataValue.of("green"));
    }

    @Test
    void rowsOfATableAreDocumentsOfTheirOwn() {
        house.put("t.csv", "name,text,price\r\n\"Doe, Jane\",Sells apples,3\r\nBob,Sells bananas,4\r\n");
        house.put("t.csv.metadata.json", """
                {"metadataAttributes": {"kind": "sellers"}, "documentStructureConfiguration": {
                 "type": "RECORD_BASED_STRUCTURE_METADATA", "recordBasedStructureMetadata": {
                 "contentFields": [{"fieldName": "text"}],
                 "metadataFieldsSpecification": {"fieldsToInclude": [{"fieldName": "name"}]}}}}""");

        house.sync(source);

        assertThat(house.entries(base))
                .extracting(entry -> Map.entry(entry.text(), entry.metadata().get("name")))
                .containsExactlyInAnyOrder(
                        Map.entry("Sells apples", MetadataValue.of("Doe, Jane")),
                        Map.entry("Sells bananas", MetadataValue.of("Bob")));
        assertThat(house.entries(base))
                .allSatisfy(entry -> assertThat(entry.metadata())
                        .containsEntry("kind", MetadataValue.of("sellers"))
                        .doesNotContainKey("price"));
    }

    @Test
    void whatCannotBeReadIsToldDocumentByDocument() {
        house.put("a.txt", "Apples are red.");
        house.put("b.exe", "MZ");
        house.put("c.exe", "MZ");
        house.put("d.txt", "Dates are sweet.");
        house.put("d.txt.metadata.json", "{\"metadataAttributes\": {\"nested\": {\"deep\": {}}}}");
        house.put("e.txt", "Elderberries.");
        house.put("e.txt.metadata.json", "{\"metadataAttributes\": {\"long\": \"" + "x".repeat(11_000) + "\"}}");
        house.put("f.txt", "   ");

        IngestionJob job = house.sync(source);

        assertThat(job.status()).isEqualTo(IngestionJobStatus.COMPLETE);
        assertThat(job.statistics()).isEqualTo(statistics(6, 2, 1, 0, 0, 0, 5));
        assertThat(job.failureReasons())
                .anySatisfy(reason -> assertThat(reason)
                        .contains("Ignored 2 files as their file format was not supported")
                        .contains("s3://documents/b.exe")
                        .contains("s3://documents/c.exe"))
                .anySatisfy(reason -> assertThat(reason)
                        .startsWith("Encountered error: Ignored 2 files due to invalid metadata attributes.")
                        .contains("s3://documents/d.txt")
                        .endsWith("Call to Customer Source did not succeed."))
                .anySatisfy(reason -> assertThat(reason).contains("s3://documents/f.txt"));
        assertThat(house.entries(base)).extracting(VectorEntry::text).containsExactly("Apples are red.");
    }

    @Test
    void aRoleThatMayNotReadMakesTheJobFailWithTheReason() {
        house.put("a.txt", "Apples are red.");
        house.grant("reader", "s3:ListBucket", "bedrock:InvokeModel", "aoss:APIAccessAll");

        IngestionJob job = house.sync(source);

        assertThat(job.status()).isEqualTo(IngestionJobStatus.FAILED);
        assertThat(job.failureReasons().getFirst())
                .startsWith("Encountered error: ")
                .contains("is not authorized to perform: s3:GetObject on resource:")
                .contains("Status Code: 403")
                .endsWith("Call to Customer Source did not succeed.");

        house.grant("reader", "s3:GetObject", "bedrock:InvokeModel", "aoss:APIAccessAll");
        assertThat(house.sync(source).failureReasons().getFirst()).contains("s3:ListBucket");
    }

    @Test
    void aRoleThatMayNotInvokeTheModelIsToldAtOnce() {
        house.grant("reader", "s3:GetObject", "s3:ListBucket", "aoss:APIAccessAll");

        assertThatThrownBy(() -> house.start(source))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Knowledge base role " + base.roleArn()
                        + " is not able to call specified bedrock embedding model " + KnowledgeHouse.MODEL)
                .hasMessageContaining("bedrock:InvokeModel");
    }

    @Test
    void oneJobAtATime() {
        CountDownLatch go = new CountDownLatch(1);
        house.put("a.txt", "Apples are red.");
        house.models().before(text -> {
            if (text.startsWith("Apples")) {
                awaitQuietly(go);
            }
        });
        IngestionJob first = house.start(source);

        assertThatThrownBy(() -> house.start(source))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining(first.ingestionJobId());
        assertThatThrownBy(() -> house.agent(agent -> agent.deleteDataSource(request ->
                        request.knowledgeBaseId(base.knowledgeBaseId()).dataSourceId(source.dataSourceId()))))
                .isInstanceOf(ConflictException.class);

        go.countDown();
        assertThat(house.ended(first).status()).isEqualTo(IngestionJobStatus.COMPLETE);
        assertThat(house.sync(source).status()).isEqualTo(IngestionJobStatus.COMPLETE);
    }

    @Test
    void theSameTokenStartsOneJob() {
        String token = "a".repeat(40);

        List<String> ids = List.of(start(token), start(token));

        assertThat(ids.getFirst()).isEqualTo(ids.getLast());
    }

    private String start(String token) {
        return house.agent(agent -> agent.startIngestionJob(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                        .dataSourceId(source.dataSourceId())
                        .clientToken(token)))
                .ingestionJob()
                .ingestionJobId();
    }

    @Test
    void aStoppedJobEndsAndTheNextGoesOn() {
        CountDownLatch go = new CountDownLatch(1);
        for (int i = 0; i < 12; i++) {
            house.put("%02d.txt".formatted(i), "Number " + i + ".");
        }
        house.models().before(text -> {
            if (text.startsWith("Number")) {
                awaitQuietly(go);
            }
        });
        IngestionJob job = house.start(source);

        IngestionJob stopping = house.agent(
                        agent -> agent.stopIngestionJob(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                                .dataSourceId(source.dataSourceId())
                                .ingestionJobId(job.ingestionJobId())))
                .ingestionJob();
        go.countDown();
        IngestionJob stopped = house.ended(job);

        assertThat(stopping.status()).isEqualTo(IngestionJobStatus.STOPPING);
        assertThat(stopped.status()).isEqualTo(IngestionJobStatus.STOPPED);
        long done = stopped.statistics().numberOfNewDocumentsIndexed();
        assertThat(done).isLessThan(12);
        assertThat(house.sync(source).statistics().numberOfNewDocumentsIndexed())
                .isEqualTo(12 - done);
        assertThat(house.entries(base)).hasSize(12);
    }

    @Test
    void parentsStandBesideTheirChildren() {
        DataSource layered = house.s3Source(
                base,
                "layered",
                VectorIngestionConfiguration.builder()
                        .chunkingConfiguration(chunking -> chunking.chunkingStrategy("HIERARCHICAL")
                                .hierarchicalChunkingConfiguration(layers ->
                                        layers.overlapTokens(1).levelConfigurations(List.of(level(100), level(20)))))
                        .build());
        house.put("long.txt", "The fox jumps over the lazy dog near the river. ".repeat(40));

        house.sync(layered);

        List<VectorEntry> entries = house.entries(base);
        assertThat(entries).hasSizeGreaterThan(10).allSatisfy(entry -> {
            String parent = ((MetadataValue.Text) entry.metadata().get(ChunkMetadata.PARENT_TEXT)).value();
            assertThat(parent.length()).isGreaterThan(entry.text().length());
        });
        assertThat(entries.stream()
                        .map(entry -> entry.metadata().get(ChunkMetadata.PARENT_ID))
                        .distinct()
                        .count())
                .isLessThan(entries.size())
                .isGreaterThan(1);
    }

    @Test
    void aModelMayWriteDocumentsDown() {
        house.grant("reader", "s3:GetObject", "s3:ListBucket", "bedrock:InvokeModel", "aoss:APIAccessAll");
        DataSource written = house.s3Source(
                base,
                "written",
                VectorIngestionConfiguration.builder()
                        .parsingConfiguration(parsing -> parsing.parsingStrategy("BEDROCK_FOUNDATION_MODEL")
                                .bedrockFoundationModelConfiguration(
                                        model -> model.modelArn("anthropic.claude-3-haiku-20240307-v1:0")))
                        .build());
        house.put("a.txt", "Apples are red.");

        assertThat(house.sync(written).statistics().numberOfNewDocumentsIndexed())
                .isEqualTo(1);
        assertThat(house.entries(base)).extracting(VectorEntry::text).containsExactly("APPLES ARE RED.");
    }

    @Test
    void jobsAreListedInTheirOrderAndByStatus() {
        house.put("a.txt", "Apples are red.");
        IngestionJob first = house.sync(source);
        IngestionJob second = house.sync(source);

        assertThat(ids(house.agent(agent -> agent.listIngestionJobs(request ->
                        request.knowledgeBaseId(base.knowledgeBaseId()).dataSourceId(source.dataSourceId())))))
                .containsExactly(second.ingestionJobId(), first.ingestionJobId());
        assertThat(ids(house.agent(agent ->
                        agent.listIngestionJobs(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                                .dataSourceId(source.dataSourceId())
                                .sortBy(sort -> sort.attribute("STARTED_AT").order("ASCENDING"))))))
                .containsExactly(first.ingestionJobId(), second.ingestionJobId());
        assertThat(ids(house.agent(
                        agent -> agent.listIngestionJobs(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                                .dataSourceId(source.dataSourceId())
                                .filters(List.of(FAILED))))))
                .isEmpty();
    }

    private static HierarchicalChunkingLevelConfiguration level(int tokens) {
        return HierarchicalChunkingLevelConfiguration.builder()
                .maxTokens(tokens)
                .build();
    }

    private static List<String> ids(ListIngestionJobsResponse response) {
        return response.ingestionJobSummaries().stream()
                .map(summary -> summary.ingestionJobId())
                .toList();
    }

    private static IngestionJobStatistics statistics(
            long scanned, long metadata, long fresh, long modified, long metadataModified, long deleted, long failed) {
        return IngestionJobStatistics.builder()
                .numberOfDocumentsScanned(scanned)
                .numberOfMetadataDocumentsScanned(metadata)
                .numberOfNewDocumentsIndexed(fresh)
                .numberOfModifiedDocumentsIndexed(modified)
                .numberOfMetadataDocumentsModified(metadataModified)
                .numberOfDocumentsDeleted(deleted)
                .numberOfDocumentsFailed(failed)
                .build();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }
}
