package dev.outcrop.services.bedrockagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.kernel.Principal;
import dev.outcrop.services.KnowledgeHouse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrockagent.BedrockAgentClient;
import software.amazon.awssdk.services.bedrockagent.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagent.model.BedrockAgentException;
import software.amazon.awssdk.services.bedrockagent.model.ConflictException;
import software.amazon.awssdk.services.bedrockagent.model.CreateDataSourceRequest;
import software.amazon.awssdk.services.bedrockagent.model.CreateKnowledgeBaseRequest;
import software.amazon.awssdk.services.bedrockagent.model.DataDeletionPolicy;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.DataSourceStatus;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseStatus;
import software.amazon.awssdk.services.bedrockagent.model.ListKnowledgeBasesResponse;
import software.amazon.awssdk.services.bedrockagent.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagent.model.ValidationException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

class KnowledgeBasesTest {
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

    @Test
    void becomesActiveAndIsFound() {
        KnowledgeBase base = house.base("found", role);

        assertThat(base.status()).isEqualTo(KnowledgeBaseStatus.ACTIVE);
        assertThat(base.knowledgeBaseId()).matches("[0-9A-Z]{10}");
        assertThat(base.knowledgeBaseArn())
                .isEqualTo("arn:aws:bedrock:us-east-1:111111111111:knowledge-base/" + base.knowledgeBaseId());
        List<String> listed =
                house.agent(agent -> agent.listKnowledgeBasesPaginator(request -> request.maxResults(1)).stream()
                        .map(ListKnowledgeBasesResponse::knowledgeBaseSummaries)
                        .flatMap(List::stream)
                        .map(summary -> summary.knowledgeBaseId())
                        .toList());
        assertThat(listed).contains(base.knowledgeBaseId()).doesNotHaveDuplicates();
    }

    @Test
    void twoOfOneNameThereAreNot() {
        house.base("taken", role);

        assertThatThrownBy(() -> house.base("taken", role))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("KnowledgeBase with name taken already exists.");
    }

    @Test
    void theSameTokenMakesOne() {
        String token = "b".repeat(40);
        CreateKnowledgeBaseRequest request = request("once").clientToken(token).build();

        String first = house.agent(agent -> agent.createKnowledgeBase(request))
                .knowledgeBase()
                .knowledgeBaseId();
        String second = house.agent(agent -> agent.createKnowledgeBase(request))
                .knowledgeBase()
                .knowledgeBaseId();

        assertThat(second).isEqualTo(first);
    }

    @Test
    void aRoleThatDoesNotTrustBedrockIsRefused() {
        assertThatThrownBy(() -> house.base("untrusted", "arn:aws:iam::111111111111:role/nobody"))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Bedrock Knowledge Base was unable to assume the given role.");
        assertThatThrownBy(() -> house.base("foreign", "arn:aws:iam::222222222222:role/reader"))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("iam:PassRole");
    }

    @Test
    void whoMayNotPassTheRoleMakesNone() {
        Principal user = house.user("maker", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "bedrock:*", "Resource": "*"}}""");

        assertThatThrownBy(() -> house.as(
                        user,
                        BedrockAgentClient.class,
                        agent -> agent.createKnowledgeBase(request("unpassed").build())))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("iam:PassRole");
    }

    @Test
    void aStoreThatTheRoleMayNotUseIsRefused() {
        String poor = house.role("poor", "bedrock:InvokeModel");

        assertThatThrownBy(() -> house.base("poor", poor))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("The knowledge base storage configuration provided is invalid... Request failed:"
                        + " [security_exception] 403 Forbidden");
    }

    @Test
    void aCollectionOfAnotherAccountIsRefused() {
        assertThatThrownBy(() -> house.agent(agent -> agent.createKnowledgeBase(request("thief")
                        .storageConfiguration(storage -> storage.type("OPENSEARCH_SERVERLESS")
                                .opensearchServerlessConfiguration(collection -> collection
                                        .collectionArn(
                                                KnowledgeHouse.COLLECTION.replace("111111111111", "222222222222"))
                                        .vectorIndexName("found")
                                        .fieldMapping(fields -> fields.vectorField("vector")
                                                .textField("text")
                                                .metadataField("metadata"))))
                        .build())))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("403 Forbidden");
    }

    @Test
    void anIndexWithOtherVectorsIsRefused() {
        house.base("wide", role);

        assertThatThrownBy(() -> house.agent(agent -> agent.createKnowledgeBase(request("narrow")
                        .storageConfiguration(request("wide").build().storageConfiguration())
                        .knowledgeBaseConfiguration(configuration -> configuration
                                .type("VECTOR")
                                .vectorKnowledgeBaseConfiguration(vector -> vector.embeddingModelArn(
                                                KnowledgeHouse.MODEL)
                                        .embeddingModelConfiguration(model -> model.bedrockEmbeddingModelConfiguration(
                                                settings -> settings.dimensions(256)))))
                        .build())))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Query vector has invalid dimension: 256. Dimension should be: 1024");
    }

    @Test
    void aDatabaseThatCannotBeReachedIsRefused() {
        String arn = house.role("clerk", "bedrock:InvokeModel");
        String secret = house.as(
                        KnowledgeHouse.ROOT,
                        SecretsManagerClient.class,
                        secrets -> secrets.createSecret(
                                request -> request.name("database").secretString("""
                                {"host": "nowhere.invalid", "username": "user", "password": "hidden-word"}""")))
                .arn();
        CreateKnowledgeBaseRequest request = request("database")
                .roleArn(arn)
                .storageConfiguration(storage -> storage.type("RDS")
                        .rdsConfiguration(
                                database -> database.resourceArn("arn:aws:rds:us-east-1:111111111111:cluster:passages")
                                        .credentialsSecretArn(secret)
                                        .databaseName("passages")
                                        .tableName("passages")
                                        .fieldMapping(fields -> fields.primaryKeyField("id")
                                                .vectorField("vector")
                                                .textField("text")
                                                .metadataField("metadata"))))
                .build();

        assertThatThrownBy(() -> house.agent(agent -> agent.createKnowledgeBase(request)))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("The knowledge base storage configuration provided is invalid... ")
                .hasMessageContaining("secretsmanager:GetSecretValue");
        house.grant("clerk", "bedrock:InvokeModel", "secretsmanager:GetSecretValue");
        assertThatThrownBy(() -> house.agent(agent -> agent.createKnowledgeBase(request)))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("The knowledge base storage configuration provided is invalid... ")
                .hasMessageContaining("nowhere.invalid")
                .hasMessageNotContaining("hidden-word");
    }

    @Test
    void modelsAreAskedOnlyForWhatTheyCan() {
        assertThatThrownBy(() -> house.agent(agent -> agent.createKnowledgeBase(request("odd")
                        .knowledgeBaseConfiguration(configuration -> configuration
                                .type("VECTOR")
                                .vectorKnowledgeBaseConfiguration(vector -> vector.embeddingModelArn(
                                                KnowledgeHouse.MODEL)
                                        .embeddingModelConfiguration(model -> model.bedrockEmbeddingModelConfiguration(
                                                settings -> settings.dimensions(300)))))
                        .build())))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("does not support 300 dimensions");
    }

    @Test
    void bitsAreKeptAsBits() {
        KnowledgeBase base = house.agent(agent -> agent.createKnowledgeBase(request("bits")
                        .knowledgeBaseConfiguration(configuration -> configuration
                                .type("VECTOR")
                                .vectorKnowledgeBaseConfiguration(vector -> vector.embeddingModelArn(
                                                KnowledgeHouse.MODEL)
                                        .embeddingModelConfiguration(
                                                model -> model.bedrockEmbeddingModelConfiguration(settings ->
                                                        settings.dimensions(256).embeddingDataType("BINARY")))))
                        .build()))
                .knowledgeBase();
        active(base.knowledgeBaseId());
        DataSource source = house.customSource(base, "notes");
        house.agent(agent -> agent.ingestKnowledgeBaseDocuments(
                request -> DocumentsTest.one(request, source, "a", "Apples are red.")));
        KnowledgeHouse.await(
                "an entry",
                () -> !house.entries(house.base(base.knowledgeBaseId())).isEmpty());

        float[] vector = house.entries(base).getFirst().vector();

        assertThat(vector).hasSize(256).containsOnly(0f, 1f).contains(1f);
    }

    @Test
    void onlyNameDescriptionAndRoleChange() {
        KnowledgeBase base = house.base("changing", role);

        house.agent(agent -> agent.updateKnowledgeBase(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                .name("changed")
                .description("new")
                .roleArn(role)
                .knowledgeBaseConfiguration(base.knowledgeBaseConfiguration())
                .storageConfiguration(base.storageConfiguration())));

        KnowledgeBase changed = active(base.knowledgeBaseId());
        assertThat(changed.name()).isEqualTo("changed");
        assertThat(changed.description()).isEqualTo("new");
        assertThatThrownBy(() -> house.agent(agent ->
                        agent.updateKnowledgeBase(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                                .name("changed")
                                .roleArn(role)
                                .knowledgeBaseConfiguration(configuration -> configuration
                                        .type("VECTOR")
                                        .vectorKnowledgeBaseConfiguration(
                                                vector -> vector.embeddingModelArn("cohere.embed-english-v3"))))))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void deletingTakesTheDataAlongOrLeavesIt() {
        KnowledgeBase base = house.base("deleted", role);
        DataSource kept = house.customSource(base, "kept");
        DataSource dropped = house.customSource(base, "dropped");
        house.agent(agent -> agent.updateDataSource(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                .dataSourceId(kept.dataSourceId())
                .name("kept")
                .dataSourceConfiguration(kept.dataSourceConfiguration())
                .dataDeletionPolicy(DataDeletionPolicy.RETAIN)));
        ingest(kept, "Kept.");
        ingest(dropped, "Dropped.");
        KnowledgeHouse.await("both", () -> house.entries(base).size() == 2);

        house.agent(agent -> agent.deleteDataSource(
                request -> request.knowledgeBaseId(base.knowledgeBaseId()).dataSourceId(dropped.dataSourceId())));
        KnowledgeHouse.await(
                "the end of a data source",
                () -> isGone(() -> house.agent(agent -> agent.getDataSource(request ->
                        request.knowledgeBaseId(base.knowledgeBaseId()).dataSourceId(dropped.dataSourceId())))));
        assertThat(house.entries(base)).extracting(VectorEntry::text).containsExactly("Kept.");

        house.agent(agent -> agent.deleteKnowledgeBase(request -> request.knowledgeBaseId(base.knowledgeBaseId())));
        KnowledgeHouse.await("the end of a knowledge base", () -> isGone(() -> house.base(base.knowledgeBaseId())));
        assertThat(house.entries(base)).extracting(VectorEntry::text).containsExactly("Kept.");
    }

    @Test
    void aStoreThatDoesNotAnswerMakesDeletingUnsuccessful() {
        String fickle = house.role("fickle", "bedrock:InvokeModel", "aoss:APIAccessAll");
        KnowledgeBase base = house.base("stuck", fickle);
        DataSource source = house.customSource(base, "notes");
        house.grant("fickle", "bedrock:InvokeModel");

        house.agent(agent -> agent.deleteKnowledgeBase(request -> request.knowledgeBaseId(base.knowledgeBaseId())));
        KnowledgeHouse.await(
                "the failure",
                () -> house.base(base.knowledgeBaseId()).status() == KnowledgeBaseStatus.DELETE_UNSUCCESSFUL);

        assertThat(house.base(base.knowledgeBaseId()).failureReasons().getFirst())
                .startsWith("Unable to delete data from vector store for data source with ID " + source.dataSourceId());
        house.agent(agent -> agent.updateDataSource(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                .dataSourceId(source.dataSourceId())
                .name("notes")
                .dataSourceConfiguration(source.dataSourceConfiguration())
                .dataDeletionPolicy(DataDeletionPolicy.RETAIN)));
        house.agent(agent -> agent.deleteKnowledgeBase(request -> request.knowledgeBaseId(base.knowledgeBaseId())));
        KnowledgeHouse.await("the end of a knowledge base", () -> isGone(() -> house.base(base.knowledgeBaseId())));
    }

    @Test
    void tagsComeAndGo() {
        KnowledgeBase base = house.base("tagged", role);
        String arn = base.knowledgeBaseArn();

        house.agent(agent ->
                agent.tagResource(request -> request.resourceArn(arn).tags(Map.of("team", "search", "stage", "test"))));
        house.agent(
                agent -> agent.untagResource(request -> request.resourceArn(arn).tagKeys("stage")));

        assertThat(house.agent(agent -> agent.listTagsForResource(request -> request.resourceArn(arn)))
                        .tags())
                .containsExactly(Map.entry("team", "search"));
        assertThatThrownBy(() -> house.agent(agent -> agent.listTagsForResource(
                        request -> request.resourceArn(arn.substring(0, arn.length() - 3) + "XYZ"))))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void whoMaySeeOneMayNotSeeAnother() {
        KnowledgeBase open = house.base("open", role);
        KnowledgeBase secret = house.base("secret", role);
        Principal user = house.user("looker", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "bedrock:GetKnowledgeBase",
                 "Resource": "%s"}}""".formatted(open.knowledgeBaseArn()));

        assertThat(house.as(
                                user,
                                BedrockAgentClient.class,
                                agent -> agent.getKnowledgeBase(
                                        request -> request.knowledgeBaseId(open.knowledgeBaseId())))
                        .knowledgeBase())
                .isEqualTo(open);
        assertThatThrownBy(() -> house.as(
                        user,
                        BedrockAgentClient.class,
                        agent -> agent.getKnowledgeBase(request -> request.knowledgeBaseId(secret.knowledgeBaseId()))))
                .isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> house.as(
                        Principal.root("222222222222", Optional.empty()),
                        BedrockAgentClient.class,
                        agent -> agent.getKnowledgeBase(request -> request.knowledgeBaseId(open.knowledgeBaseId()))))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void dataSourcesFitTheirTypes() {
        KnowledgeBase base = house.base("sources", role);

        refused(base, request -> request.dataSourceConfiguration(source -> source.type("S3")), "s3Configuration");
        refused(
                base,
                request -> request.dataSourceConfiguration(source -> source.type("REDSHIFT_METADATA")),
                "REDSHIFT_METADATA");
        refused(
                base,
                request -> request.dataSourceConfiguration(source -> source.type("CUSTOM"))
                        .vectorIngestionConfiguration(ingestion ->
                                ingestion.chunkingConfiguration(chunking -> chunking.chunkingStrategy("SEMANTIC"))),
                "semanticChunkingConfiguration");
        for (int i = 0; i < 5; i++) {
            assertThat(house.customSource(base, "source-" + i).status()).isEqualTo(DataSourceStatus.AVAILABLE);
        }
        assertThatThrownBy(() -> house.customSource(base, "one-too-many"))
                .isInstanceOf(BedrockAgentException.class)
                .hasMessageContaining("exceeded limit");
    }

    private static void refused(KnowledgeBase base, Consumer<CreateDataSourceRequest.Builder> source, String message) {
        assertThatThrownBy(() -> house.agent(
                        agent -> agent.createDataSource(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                                .name("wrong")
                                .applyMutation(source))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(message);
    }

    private static void ingest(DataSource source, String text) {
        house.agent(
                agent -> agent.ingestKnowledgeBaseDocuments(request -> DocumentsTest.one(request, source, "a", text)));
    }

    private static KnowledgeBase active(String id) {
        KnowledgeHouse.await("an active knowledge base", () -> house.base(id).status() == KnowledgeBaseStatus.ACTIVE);
        return house.base(id);
    }

    private static boolean isGone(Runnable call) {
        try {
            call.run();
            return false;
        } catch (ResourceNotFoundException gone) {
            return true;
        }
    }

    private static CreateKnowledgeBaseRequest.Builder request(String name) {
        return CreateKnowledgeBaseRequest.builder()
                .name(name)
                .roleArn(role)
                .knowledgeBaseConfiguration(configuration -> configuration
                        .type("VECTOR")
                        .vectorKnowledgeBaseConfiguration(vector -> vector.embeddingModelArn(KnowledgeHouse.MODEL)))
                .storageConfiguration(storage -> storage.type("OPENSEARCH_SERVERLESS")
                        .opensearchServerlessConfiguration(collection -> collection
                                .collectionArn(KnowledgeHouse.COLLECTION)
                                .vectorIndexName(name)
                                .fieldMapping(fields -> fields.vectorField("vector")
                                        .textField("text")
                                        .metadataField("metadata"))));
    }
}
