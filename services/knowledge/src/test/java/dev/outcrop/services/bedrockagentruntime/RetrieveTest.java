package dev.outcrop.services.bedrockagentruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.sql.QueriedDatabase;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.kernel.Principal;
import dev.outcrop.services.KnowledgeHouse;
import dev.outcrop.services.bedrockagent.ChunkMetadata;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagentruntime.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagentruntime.model.AttributeType;
import software.amazon.awssdk.services.bedrockagentruntime.model.FieldForReranking;
import software.amazon.awssdk.services.bedrockagentruntime.model.FilterAttribute;
import software.amazon.awssdk.services.bedrockagentruntime.model.GuadrailAction;
import software.amazon.awssdk.services.bedrockagentruntime.model.KnowledgeBaseRetrievalResult;
import software.amazon.awssdk.services.bedrockagentruntime.model.KnowledgeBaseVectorSearchConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.MetadataAttributeSchema;
import software.amazon.awssdk.services.bedrockagentruntime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalFilter;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalResultLocationType;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.SearchType;
import software.amazon.awssdk.services.bedrockagentruntime.model.ValidationException;

class RetrieveTest {
    @TempDir
    Path folder;

    private AnsweringHouse house;
    private KnowledgeBase base;

    @BeforeEach
    void open() {
        house = new AnsweringHouse(folder);
        base = house.base();
    }

    @AfterEach
    void close() {
        house.close();
    }

    private RetrieveResponse retrieve(
            String question, Consumer<KnowledgeBaseVectorSearchConfiguration.Builder> configuration) {
        return house.root(runtime -> runtime.retrieve(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                .retrievalQuery(query -> query.text(question))
                .retrievalConfiguration(settings -> settings.vectorSearchConfiguration(configuration))));
    }

    private List<String> texts(RetrieveResponse response) {
        return response.retrievalResults().stream()
                .map(result -> result.content().text())
                .toList();
    }

    private List<String> filtered(RetrievalFilter filter) {
        return texts(retrieve("the animal", search -> search.filter(filter).numberOfResults(10)));
    }

    private static FilterAttribute attribute(String key, Document value) {
        return FilterAttribute.builder().key(key).value(value).build();
    }

    private void fillAnimals() {
        house.fill(
                base,
                List.of("the animal cat", "the animal dog", "the animal wolf"),
                List.of(
                        Map.of(
                                "kind", MetadataValue.of("cat"),
                                "year", MetadataValue.of(1990),
                                "wild", MetadataValue.of(false),
                                "tags", MetadataValue.of(List.of("small", "soft"))),
                        Map.of(
                                "kind", MetadataValue.of("dog"),
                                "year", MetadataValue.of(2000),
                                "wild", MetadataValue.of(false),
                                "tags", MetadataValue.of(List.of("loud"))),
                        Map.of("kind", MetadataValue.of("wolf"), "wild", MetadataValue.of(true))));
    }

    @Test
    void findsWhatFitsBestWithItsPlaceAndMetadata() {
        house.fill(
                base,
                List.of("Quartz is hard.", "Invoices are paid within thirty days.", "Marble is soft."),
                List.of(Map.of("topic", MetadataValue.of("rocks")), Map.of(), Map.of()));

        KnowledgeBaseRetrievalResult best = retrieve("How hard is quartz?", search -> search.numberOfResults(2))
                .retrievalResults()
                .getFirst();

        assertThat(best.content().text()).isEqualTo("Quartz is hard.");
        assertThat(best.content().typeAsString()).isEqualTo("TEXT");
        assertThat(best.location().type()).isEqualTo(RetrievalResultLocationType.S3);
        assertThat(best.location().s3Location().uri()).isEqualTo("s3://documents/doc0.txt");
        assertThat(best.metadata())
                .containsEntry("topic", Document.fromString("rocks"))
                .containsEntry(ChunkMetadata.CHUNK_ID, Document.fromString("chunk0"))
                .doesNotContainKey(ChunkMetadata.DATA_SOURCE_TYPE);
        assertThat(best.score()).isPositive().isLessThanOrEqualTo(1);
    }

    @Test
    void searchesVectorsAloneWhenToldSo() {
        house.fill(base, "Quartz is hard.", "Marble is soft.");

        List<KnowledgeBaseRetrievalResult> results = retrieve(
                        "Quartz is hard.", search -> search.overrideSearchType(SearchType.SEMANTIC))
                .retrievalResults();

        assertThat(results.getFirst().score()).as("the cosine").isGreaterThan(0.99);
        assertThat(results.get(1).score()).isLessThan(0.9);
    }

    @Test
    void keepsToTheNumberOfResultsAndFiveByDefault() {
        house.fill(base, Collections.nCopies(9, "the animal").toArray(String[]::new));

        assertThat(retrieve("animal", search -> search.numberOfResults(3)).retrievalResults())
                .hasSize(3);
        assertThat(house.root(runtime -> runtime.retrieve(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                                .retrievalQuery(query -> query.text("animal"))))
                        .retrievalResults())
                .hasSize(5);
    }

    @Test
    void understandsAllOperatorsOfFilters() {
        fillAnimals();
        Document cat = Document.fromString("cat");
        Document year = Document.fromNumber(1990);
        Document kinds = Document.fromList(List.of(cat, Document.fromString("dog")));

        assertThat(filtered(RetrievalFilter.fromEqualsValue(attribute("kind", cat))))
                .containsExactly("the animal cat");
        assertThat(filtered(RetrievalFilter.fromEqualsValue(attribute("wild", Document.fromBoolean(true)))))
                .containsExactly("the animal wolf");
        assertThat(filtered(RetrievalFilter.fromNotEquals(attribute("kind", cat))))
                .hasSize(2);
        assertThat(filtered(RetrievalFilter.fromGreaterThan(attribute("year", year))))
                .containsExactly("the animal dog");
        assertThat(filtered(RetrievalFilter.fromGreaterThanOrEquals(attribute("year", year))))
                .hasSize(2);
        assertThat(filtered(RetrievalFilter.fromLessThan(attribute("year", year))))
                .isEmpty();
        assertThat(filtered(RetrievalFilter.fromLessThanOrEquals(attribute("year", year))))
                .hasSize(1);
        assertThat(filtered(RetrievalFilter.fromIn(attribute("kind", kinds)))).hasSize(2);
        assertThat(filtered(RetrievalFilter.fromNotIn(attribute("kind", kinds))))
                .containsExactly("the animal wolf");
        assertThat(filtered(RetrievalFilter.fromStartsWith(attribute("kind", Document.fromString("wo")))))
                .containsExactly("the animal wolf");
        assertThat(filtered(RetrievalFilter.fromListContains(attribute("tags", Document.fromString("soft")))))
                .containsExactly("the animal cat");
        assertThat(filtered(RetrievalFilter.fromStringContains(attribute("kind", Document.fromString("o")))))
                .hasSize(2);
        assertThat(filtered(RetrievalFilter.fromAndAll(List.of(
                        RetrievalFilter.fromEqualsValue(attribute("wild", Document.fromBoolean(false))),
                        RetrievalFilter.fromGreaterThan(attribute("year", year))))))
                .containsExactly("the animal dog");
        assertThat(filtered(RetrievalFilter.fromOrAll(List.of(
                        RetrievalFilter.fromEqualsValue(attribute("kind", cat)),
                        RetrievalFilter.fromEqualsValue(attribute("wild", Document.fromBoolean(true)))))))
                .hasSize(2);
    }

    @Test
    void refusesFiltersThatAreTooLargeTooDeepOrOfTheWrongType() {
        RetrievalFilter one = RetrievalFilter.fromEqualsValue(attribute("kind", Document.fromString("cat")));
        RetrievalFilter two = RetrievalFilter.fromAndAll(List.of(one, one));
        RetrievalFilter three = RetrievalFilter.fromOrAll(List.of(two, one));
        RetrievalFilter deep = three;
        for (int depth = 0; depth < 100; depth++) {
            deep = RetrievalFilter.fromAndAll(List.of(deep, one));
        }
        RetrievalFilter deepest = deep;

        assertThat(filtered(three)).isEmpty();
        assertThatThrownBy(() -> filtered(RetrievalFilter.fromAndAll(List.of(three, one))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("nested too deep");
        assertThatThrownBy(() -> filtered(deepest)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> filtered(RetrievalFilter.fromOrAll(Collections.nCopies(6, one))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("2 to 5 filters");
        assertThatThrownBy(() -> filtered(RetrievalFilter.fromOrAll(List.of(one))))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(
                        () -> filtered(RetrievalFilter.fromGreaterThan(attribute("year", Document.fromString("1990")))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("must be a number");
        assertThatThrownBy(() -> filtered(RetrievalFilter.fromIn(attribute("kind", Document.fromString("cat")))))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> filtered(RetrievalFilter.fromEqualsValue(
                        attribute("kind", Document.fromMap(Map.of("a", Document.fromNull()))))))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void givesTheParentOfChildrenThatWereFoundOnce() {
        Map<String, MetadataValue> first = Map.of(
                ChunkMetadata.PARENT_ID, MetadataValue.of("p1"),
                ChunkMetadata.PARENT_TEXT, MetadataValue.of("Quartz is hard. Quartz is common."));
        house.fill(
                base,
                List.of("Quartz is hard.", "Quartz is common.", "Marble is soft."),
                List.of(first, first, Map.of()));

        RetrieveResponse response = retrieve("quartz", search -> search.numberOfResults(3));

        assertThat(texts(response)).containsExactly("Quartz is hard. Quartz is common.", "Marble is soft.");
        assertThat(response.retrievalResults().getFirst().metadata())
                .doesNotContainKeys(ChunkMetadata.PARENT_ID, ChunkMetadata.PARENT_TEXT);
    }

    @Test
    void reranksWhatWasFoundAndReadsChosenAttributes() {
        house.comparing();
        house.fill(
                base,
                List.of("stone stone stone", "a text on something else", "stone age"),
                List.of(Map.of(), Map.of("title", MetadataValue.of("Age of stone")), Map.of()));

        RetrieveResponse response = retrieve(
                "age of stone",
                search -> search.numberOfResults(3)
                        .rerankingConfiguration(reranking -> reranking
                                .type("BEDROCK_RERANKING_MODEL")
                                .bedrockRerankingConfiguration(model -> model.numberOfRerankedResults(2)
                                        .metadataConfiguration(metadata -> metadata.selectionMode("SELECTIVE")
                                                .selectiveModeConfiguration(fields ->
                                                        fields.fieldsToInclude(List.of(FieldForReranking.builder()
                                                                .fieldName("title")
                                                                .build()))))
                                        .modelConfiguration(
                                                configuration -> configuration.modelArn(AnsweringHouse.RERANKER)))));

        assertThat(texts(response)).containsExactlyInAnyOrder("a text on something else", "stone age");
        assertThat(response.retrievalResults())
                .allSatisfy(result -> assertThat(result.score()).isEqualTo(1));
    }

    @Test
    void letsAModelReadAFilterOutOfTheQuestionAndBelievesItNoFurther() {
        fillAnimals();
        MetadataAttributeSchema kind = MetadataAttributeSchema.builder()
                .key("kind")
                .type(AttributeType.STRING)
                .description("what animal it is")
                .build();
        Consumer<KnowledgeBaseVectorSearchConfiguration.Builder> implicit =
                search -> search.implicitFilterConfiguration(
                        filter -> filter.modelArn(AnsweringHouse.MODEL).metadataAttributes(kind));

        house.models().answering("Here: {\"equals\": {\"key\": \"kind\", \"value\": \"dog\"}}");
        assertThat(texts(retrieve("the animal dog", implicit))).containsExactly("the animal dog");
        assertThat(house.models().prompt()).contains("kind (STRING): what animal it is", "the animal dog");
        house.models().answering("{\"equals\": {\"key\": \"secret\", \"value\": \"dog\"}}");
        assertThat(texts(retrieve("the animal dog", implicit))).hasSize(3);
        house.models().answering("{\"equals\": {\"key\": \"kind\", \"value\": \"cat\"}}");
        assertThat(texts(retrieve("the animal dog", implicit)))
                .as("a value that nobody asked for")
                .hasSize(3);
        house.models().answering("{\"andAll\": ".repeat(5000));
        assertThat(texts(retrieve("the animal dog", implicit))).hasSize(3);
    }

    @Test
    void turnsPagesWhereResultsDoNotFitIntoOneResponse() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            texts.add(("animal" + i + " ").repeat(250_000));
        }
        List<Map<String, MetadataValue>> parents = new ArrayList<>();
        for (String text : texts) {
            parents.add(Map.of(
                    ChunkMetadata.PARENT_ID, MetadataValue.of(text.substring(0, 7)),
                    ChunkMetadata.PARENT_TEXT, MetadataValue.of(text)));
        }
        house.fill(base, List.of("animal a", "animal b", "animal c"), parents);

        RetrieveResponse first = retrieve("animal", _ -> {});
        RetrieveResponse second =
                house.root(runtime -> runtime.retrieve(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                        .retrievalQuery(query -> query.text("animal"))
                        .retrievalConfiguration(settings -> settings.vectorSearchConfiguration(_ -> {}))
                        .nextToken(first.nextToken())));

        assertThat(first.retrievalResults()).hasSize(2);
        assertThat(second.retrievalResults()).hasSize(1);
        assertThat(second.nextToken()).isNull();
        assertThatThrownBy(() -> house.root(
                        runtime -> runtime.retrieve(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                                .retrievalQuery(query -> query.text("another question"))
                                .nextToken(first.nextToken()))))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void aGuardrailStopsAQuestionBeforeAnythingIsSearched() {
        house.fill(base, "the animal");
        house.models().forbidding("poison");

        RetrieveResponse stopped =
                house.root(runtime -> runtime.retrieve(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                        .guardrailConfiguration(
                                guardrail -> guardrail.guardrailId("guard").guardrailVersion("1"))
                        .retrievalQuery(query -> query.text("poison for the animal"))));

        assertThat(stopped.guardrailAction()).isEqualTo(GuadrailAction.INTERVENED);
        assertThat(stopped.retrievalResults()).isEmpty();
    }

    @Test
    void letsOnlyThoseRetrieveWhoMayAndOnlyInTheirAccount() {
        house.fill(base, "the animal");
        Principal nobody = house.knowledge().user("nobody", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "bedrock:GetKnowledgeBase",
                 "Resource": "*"}}""");
        Principal reader = house.knowledge().user("retriever", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "bedrock:Retrieve",
                 "Resource": "%s"}}""".formatted(base.knowledgeBaseArn()));

        assertThat(retrievedBy(reader)).containsExactly("the animal");
        assertThatThrownBy(() -> retrievedBy(nobody)).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> retrievedBy(Principal.root("222222222222", Optional.empty())))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Knowledge Base with id " + base.knowledgeBaseId() + " does not exist");
    }

    @Test
    void rerankingAsksForItsOwnRights() {
        house.fill(base, "the animal");
        Principal reader = house.knowledge().user("retriever", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "bedrock:Retrieve",
                 "Resource": "*"}}""");

        assertThatThrownBy(() -> house.as(
                        reader,
                        runtime -> runtime.retrieve(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                                .retrievalQuery(query -> query.text("animal"))
                                .retrievalConfiguration(settings -> settings.vectorSearchConfiguration(search ->
                                        search.rerankingConfiguration(reranking -> reranking
                                                .type("BEDROCK_RERANKING_MODEL")
                                                .bedrockRerankingConfiguration(
                                                        model -> model.modelConfiguration(configuration ->
                                                                configuration.modelArn(AnsweringHouse.RERANKER)))))))))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("bedrock:Rerank");
    }

    private List<String> retrievedBy(Principal principal) {
        return texts(house.as(
                principal,
                runtime -> runtime.retrieve(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                        .retrievalQuery(query -> query.text("animal")))));
    }

    @Test
    void refusesHybridSearchWhereTheStoreHasNoTexts() {
        VectorStore wordless = (VectorStore) Proxy.newProxyInstance(
                VectorStore.class.getClassLoader(),
                new Class<?>[] {VectorStore.class},
                (_, method, _) -> switch (method.getName()) {
                    case "searchesText" -> false;
                    case "close" -> null;
                    default -> throw new AssertionError(method + " was called");
                });
        SearchedBases.Access access = new SearchedBases.Access() {
            @Override
            public VectorStore store(KnowledgeBase opened) {
                return wordless;
            }

            @Override
            public QueriedDatabase database(KnowledgeBase opened) {
                throw new AssertionError("nothing is to be queried");
            }

            @Override
            public float[] vector(KnowledgeBase asked, String question) {
                throw new AssertionError("nothing is to be searched");
            }
        };
        Writer writer = new Writer(house.knowledge()::clients);
        SearchedBases bases = new SearchedBases(house.knowledge()::clients, access);
        Retrieval retrieval = new Retrieval(
                bases,
                new Reranking(Optional::empty, Optional::empty),
                new ImplicitFilters(writer),
                new StructuredQueries(bases, writer));

        assertThatThrownBy(() -> house.knowledge()
                        .on(
                                KnowledgeHouse.ROOT,
                                () -> retrieval.search(
                                        base.knowledgeBaseId(),
                                        "animal",
                                        List.of("animal"),
                                        Optional.of(KnowledgeBaseVectorSearchConfiguration.builder()
                                                .overrideSearchType(SearchType.HYBRID)
                                                .build()))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("HYBRID search type is not supported");
    }

    @Test
    void refusesRerankingThatDoesNotSayHow() {
        assertThatThrownBy(() -> retrieve(
                        "animal",
                        search ->
                                search.rerankingConfiguration(reranking -> reranking.type("BEDROCK_RERANKING_MODEL"))))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void refusesAnEmptyQuestion() {
        assertThatThrownBy(() -> retrieve("  ", _ -> {})).isInstanceOf(ValidationException.class);
    }
}
