package dev.outcrop.services.bedrockagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.services.KnowledgeHouse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.DocumentIdentifier;
import software.amazon.awssdk.services.bedrockagent.model.DocumentStatus;
import software.amazon.awssdk.services.bedrockagent.model.IngestKnowledgeBaseDocumentsRequest;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJob;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseDocument;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseDocumentDetail;
import software.amazon.awssdk.services.bedrockagent.model.ListKnowledgeBaseDocumentsResponse;
import software.amazon.awssdk.services.bedrockagent.model.MetadataAttribute;
import software.amazon.awssdk.services.bedrockagent.model.ValidationException;
import software.amazon.awssdk.services.kms.KmsClient;

class DocumentsTest {
    @TempDir
    static Path folder;

    private static KnowledgeHouse house;
    private static String role;

    @BeforeAll
    static void open() {
        house = new KnowledgeHouse(folder);
        house.bucket();
        role = house.usualRole();
    }

    @AfterAll
    static void close() {
        house.close();
    }

    /** A request that ingests one custom document. */
    static IngestKnowledgeBaseDocumentsRequest.Builder one(
            IngestKnowledgeBaseDocumentsRequest.Builder request, DataSource source, String id, String text) {
        return request.knowledgeBaseId(source.knowledgeBaseId())
                .dataSourceId(source.dataSourceId())
                .documents(List.of(document(id, text)));
    }

    private static KnowledgeBaseDocument document(String id, String text, MetadataAttribute... attributes) {
        KnowledgeBaseDocument.Builder document = KnowledgeBaseDocument.builder()
                .content(content -> content.dataSourceType("CUSTOM")
                        .custom(custom -> custom.customDocumentIdentifier(identifier -> identifier.id(id))
                                .sourceType("IN_LINE")
                                .inlineContent(inline -> inline.type("TEXT").textContent(words -> words.data(text)))));
        return attributes.length == 0
                ? document.build()
                : document.metadata(
                                metadata -> metadata.type("IN_LINE_ATTRIBUTE").inlineAttributes(List.of(attributes)))
                        .build();
    }

    private static DocumentIdentifier custom(String id) {
        return DocumentIdentifier.builder()
                .dataSourceType("CUSTOM")
                .custom(custom -> custom.id(id))
                .build();
    }

    private static List<KnowledgeBaseDocumentDetail> ingest(DataSource source, KnowledgeBaseDocument... documents) {
        return house.agent(agent ->
                        agent.ingestKnowledgeBaseDocuments(request -> request.knowledgeBaseId(source.knowledgeBaseId())
                                .dataSourceId(source.dataSourceId())
                                .documents(List.of(documents))))
                .documentDetails();
    }

    private static KnowledgeBaseDocumentDetail detail(DataSource source, DocumentIdentifier identifier) {
        return house.agent(agent ->
                        agent.getKnowledgeBaseDocuments(request -> request.knowledgeBaseId(source.knowledgeBaseId())
                                .dataSourceId(source.dataSourceId())
                                .documentIdentifiers(List.of(identifier))))
                .documentDetails()
                .getFirst();
    }

    private static KnowledgeBaseDocumentDetail settled(DataSource source, DocumentIdentifier identifier) {
        KnowledgeHouse.await("the end of an ingestion", () -> switch (detail(source, identifier)
                .status()) {
            case STARTING, PENDING, IN_PROGRESS, DELETING, DELETE_IN_PROGRESS -> false;
            default -> true;
        });
        return detail(source, identifier);
    }

    @Test
    void aDocumentIsIngestedReplacedAndDeleted() {
        KnowledgeBase base = house.base("direct", role);
        DataSource source = house.customSource(base, "notes");
        MetadataAttribute color = MetadataAttribute.builder()
                .key("color")
                .value(value -> value.type("STRING").stringValue("red"))
                .build();

        KnowledgeBaseDocumentDetail accepted =
                ingest(source, document("a", "Apples are red.", color)).getFirst();
        assertThat(accepted.status()).isEqualTo(DocumentStatus.STARTING);
        assertThat(settled(source, custom("a")).status()).isEqualTo(DocumentStatus.INDEXED);
        VectorEntry entry = house.entries(base).getFirst();
        assertThat(entry.metadata())
                .containsEntry("color", MetadataValue.of("red"))
                .containsEntry(ChunkMetadata.SOURCE_URI, MetadataValue.of("a"));

        ingest(source, document("a", "Apples are green."));
        KnowledgeHouse.await("the other text", () -> texts(base).equals(List.of("Apples are green.")));

        house.agent(agent ->
                agent.deleteKnowledgeBaseDocuments(request -> request.knowledgeBaseId(source.knowledgeBaseId())
                        .dataSourceId(source.dataSourceId())
                        .documentIdentifiers(List.of(custom("a"), custom("never")))));
        assertThat(settled(source, custom("a")).status()).isEqualTo(DocumentStatus.NOT_FOUND);
        assertThat(texts(base)).isEmpty();
    }

    private static List<String> texts(KnowledgeBase base) {
        return house.entries(base).stream().map(VectorEntry::text).toList();
    }

    @Test
    void onlyNewMetadataMeansNoNewVectors() {
        KnowledgeBase base = house.base("renewed", role);
        DataSource source = house.customSource(base, "notes");
        ingest(source, document("a", "Pears are soft."));
        settled(source, custom("a"));
        house.models().embedded().removeIf("Pears are soft."::equals);

        MetadataAttribute year = MetadataAttribute.builder()
                .key("year")
                .value(value -> value.type("NUMBER").numberValue(2024.0))
                .build();
        ingest(source, document("a", "Pears are soft.", year));

        assertThat(settled(source, custom("a")).status()).isEqualTo(DocumentStatus.INDEXED);
        assertThat(house.entries(base).getFirst().metadata()).containsEntry("year", MetadataValue.of(2024));
        assertThat(house.models().embedded()).doesNotContain("Pears are soft.");
    }

    @Test
    void theLastOfManyRequestsCounts() {
        KnowledgeBase base = house.base("many", role);
        DataSource source = house.customSource(base, "notes");

        for (int i = 0; i < 10; i++) {
            ingest(source, document("a", "Number " + i + "."));
        }

        KnowledgeHouse.await("the last text", () -> texts(base).equals(List.of("Number 9.")));
        assertThat(settled(source, custom("a")).status()).isEqualTo(DocumentStatus.INDEXED);
        assertThat(texts(base)).containsExactly("Number 9.");
    }

    @Test
    void whatCannotBeReadIsToldWithTheReason() {
        KnowledgeBase base = house.base("unreadable", role);
        DataSource source = house.customSource(base, "notes");
        KnowledgeBaseDocument zip = KnowledgeBaseDocument.builder()
                .content(content -> content.dataSourceType("CUSTOM")
                        .custom(custom -> custom.customDocumentIdentifier(identifier -> identifier.id("zip"))
                                .sourceType("IN_LINE")
                                .inlineContent(inline -> inline.type("BYTE")
                                        .byteContent(bytes -> bytes.mimeType("application/zip")
                                                .data(SdkBytes.fromUtf8String("PK"))))))
                .build();
        KnowledgeBaseDocument missing = KnowledgeBaseDocument.builder()
                .content(content -> content.dataSourceType("CUSTOM")
                        .custom(custom -> custom.customDocumentIdentifier(identifier -> identifier.id("missing"))
                                .sourceType("S3_LOCATION")
                                .s3Location(location -> location.uri("s3://documents/none.txt"))))
                .build();

        ingest(source, zip, missing);

        assertThat(settled(source, custom("zip")).status()).isEqualTo(DocumentStatus.IGNORED);
        assertThat(settled(source, custom("zip")).statusReason()).contains("file format was not supported");
        assertThat(settled(source, custom("missing")).status()).isEqualTo(DocumentStatus.FAILED);
    }

    @Test
    void filesOfABucketAreIngestedOneByOneAndKnownToTheNextSync() {
        KnowledgeBase base = house.base("bucket", role);
        DataSource source = house.s3Source(base, "files", null);
        house.put("one.txt", "One is first.");
        KnowledgeBaseDocument file = KnowledgeBaseDocument.builder()
                .content(content -> content.dataSourceType("S3")
                        .s3(s3 -> s3.s3Location(location -> location.uri("s3://documents/one.txt"))))
                .build();

        ingest(source, file);

        DocumentIdentifier identifier = DocumentIdentifier.builder()
                .dataSourceType("S3")
                .s3(location -> location.uri("s3://documents/one.txt"))
                .build();
        assertThat(settled(source, identifier).status()).isEqualTo(DocumentStatus.INDEXED);
        IngestionJob job = house.sync(source);
        assertThat(job.statistics().numberOfNewDocumentsIndexed()).isZero();
        assertThat(job.statistics().numberOfDocumentsScanned()).isEqualTo(1);
    }

    @Test
    void aFileOfAnotherBucketIsRefused() {
        KnowledgeBase base = house.base("other-bucket", role);
        DataSource source = house.s3Source(base, "files", null);

        assertThatThrownBy(() -> ingest(
                        source,
                        KnowledgeBaseDocument.builder()
                                .content(content -> content.dataSourceType("S3")
                                        .s3(s3 -> s3.s3Location(location -> location.uri("s3://secrets/one.txt"))))
                                .build()))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> ingest(source, document("a", "text")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("does not match");
    }

    @Test
    void documentsAreListedPageByPage() {
        KnowledgeBase base = house.base("listed", role);
        DataSource source = house.customSource(base, "notes");
        for (int i = 0; i < 3; i++) {
            ingest(source, document("document-" + i, "Text " + i + "."));
        }

        List<KnowledgeBaseDocumentDetail> listed = house.agent(agent -> agent
                .listKnowledgeBaseDocumentsPaginator(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                        .dataSourceId(source.dataSourceId())
                        .maxResults(2))
                .stream()
                .map(ListKnowledgeBaseDocumentsResponse::documentDetails)
                .flatMap(List::stream)
                .toList());

        assertThat(listed)
                .extracting(detail -> detail.identifier().custom().id())
                .containsExactlyInAnyOrder("document-0", "document-1", "document-2");
    }

    @Test
    void attributesNeedAValueOfTheirType() {
        KnowledgeBase base = house.base("attributes", role);
        DataSource source = house.customSource(base, "notes");
        Map<String, String> wrong = Map.of("x-amz-bedrock-kb-source-uri", "STRING", "number", "NUMBER");

        wrong.forEach((key, type) -> assertThatThrownBy(() -> ingest(
                        source,
                        document(
                                "a",
                                "text",
                                MetadataAttribute.builder()
                                        .key(key)
                                        .value(value -> value.type(type).stringValue("text"))
                                        .build())))
                .isInstanceOf(ValidationException.class));
    }

    @Test
    void documentsWaitUnderTheKeyOfTheirSource() {
        String arn = house.role("sealer", "bedrock:InvokeModel", "aoss:APIAccessAll");
        KnowledgeBase base = house.base("sealed", arn);
        String key = house.as(KnowledgeHouse.ROOT, KmsClient.class, kms -> kms.createKey())
                .keyMetadata()
                .arn();
        DataSource source = house.agent(
                        agent -> agent.createDataSource(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                                .name("notes")
                                .serverSideEncryptionConfiguration(encryption -> encryption.kmsKeyArn(key))
                                .dataSourceConfiguration(configuration -> configuration.type("CUSTOM"))))
                .dataSource();

        assertThatThrownBy(() -> ingest(source, document("a", "Apples are red.")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("kms:GenerateDataKey");

        house.grant("sealer", "bedrock:InvokeModel", "aoss:APIAccessAll", "kms:GenerateDataKey");
        ingest(source, document("a", "Apples are red."));
        KnowledgeBaseDocumentDetail unread = settled(source, custom("a"));
        assertThat(unread.status()).isEqualTo(DocumentStatus.FAILED);
        assertThat(unread.statusReason()).contains("kms:Decrypt");

        house.grant("sealer", "bedrock:InvokeModel", "aoss:APIAccessAll", "kms:GenerateDataKey", "kms:Decrypt");
        ingest(source, document("a", "Apples are red."));
        assertThat(settled(source, custom("a")).status()).isEqualTo(DocumentStatus.INDEXED);
        assertThat(texts(base)).containsExactly("Apples are red.");
    }
}
