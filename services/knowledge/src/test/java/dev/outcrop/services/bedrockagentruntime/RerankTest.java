package dev.outcrop.services.bedrockagentruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.retrieval.Reranker;
import dev.outcrop.kernel.Principal;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockagentruntime.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagentruntime.model.RerankQuery;
import software.amazon.awssdk.services.bedrockagentruntime.model.RerankRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.RerankResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.RerankResult;
import software.amazon.awssdk.services.bedrockagentruntime.model.RerankSource;
import software.amazon.awssdk.services.bedrockagentruntime.model.ValidationException;

class RerankTest {
    @TempDir
    Path folder;

    private AnsweringHouse house;

    @BeforeEach
    void open() {
        house = new AnsweringHouse(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private static RerankSource text(String text) {
        return RerankSource.builder()
                .type("INLINE")
                .inlineDocumentSource(document -> document.type("TEXT").textDocument(content -> content.text(text)))
                .build();
    }

    private static Consumer<RerankRequest.Builder> request(
            String query, String model, Integer results, List<RerankSource> sources) {
        return request -> request.queries(List.of(RerankQuery.builder()
                        .type("TEXT")
                        .textQuery(content -> content.text(query))
                        .build()))
                .sources(sources)
                .rerankingConfiguration(configuration -> configuration
                        .type("BEDROCK_RERANKING_MODEL")
                        .bedrockRerankingConfiguration(reranking -> reranking
                                .numberOfResults(results)
                                .modelConfiguration(chosen -> chosen.modelArn(model))));
    }

    private RerankResponse rerank(String query, Integer results, List<RerankSource> sources) {
        return house.root(runtime -> runtime.rerank(request(query, AnsweringHouse.RERANKER, results, sources)));
    }

    @Test
    void ordersTextsAndRecordsByHowWellTheyFit() {
        RerankSource record = RerankSource.builder()
                .type("INLINE")
                .inlineDocumentSource(document -> document.type("JSON")
                        .jsonDocument(Document.fromMap(Map.of(
                                "title", Document.fromString("Hardness"), "rock", Document.fromString("quartz")))))
                .build();

        RerankResponse response =
                rerank("hardness of quartz", null, List.of(text("marble"), record, text("quartz and more")));

        assertThat(response.results()).extracting(RerankResult::index).containsExactly(1, 2, 0);
        assertThat(response.results())
                .extracting(RerankResult::relevanceScore)
                .isSortedAccordingTo(Collections.reverseOrder())
                .allSatisfy(score -> assertThat(score).isBetween(0f, 1f));
        assertThat(response.nextToken()).isNull();
    }

    /** Longest first. */
    private static final Reranker LENGTHS = new Reranker() {
        @Override
        public String name() {
            return "lengths";
        }

        @Override
        public double[] scores(String query, List<String> passages) {
            return passages.stream()
                    .mapToDouble(text -> 1 - 1.0 / text.length())
                    .toArray();
        }
    };

    @Test
    void asksTheModelThatWasTrainedForItWhereOneIsInstalled() {
        house.comparing();
        house.install(LENGTHS);

        RerankResponse response = rerank("marble", null, List.of(text("marble"), text("granite and gneiss")));

        assertThat(response.results()).extracting(RerankResult::index).containsExactly(1, 0);
    }

    @Test
    void givesAsManyAsAreWantedOfAThousand() {
        List<RerankSource> sources = Collections.nCopies(1000, text("marble"));

        assertThat(rerank("marble", 7, sources).results()).hasSize(7);
        assertThat(rerank("marble", null, sources).results()).hasSize(1000);
    }

    @Test
    void refusesWhatCannotBe() {
        List<RerankSource> two = List.of(text("a"), text("b"));

        assertThatThrownBy(() -> rerank("a", 3, two)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> rerank("a", null, Collections.nCopies(1001, text("a"))))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> house.root(runtime -> runtime.rerank(request("a", AnsweringHouse.MODEL, null, two))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("not that of a reranker model");
        assertThatThrownBy(() -> house.root(runtime -> runtime.rerank(
                        request -> request.applyMutation(request("a", AnsweringHouse.RERANKER, null, two))
                                .nextToken("AAAA"))))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void asksWhetherTheCallerMayInvokeTheModel() {
        Principal user = house.knowledge().user("user", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "bedrock:Rerank", "Resource": "*"}}""");

        assertThatThrownBy(() -> house.as(
                        user,
                        runtime -> runtime.rerank(request("a", AnsweringHouse.RERANKER, null, List.of(text("a"))))))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("bedrock:InvokeModel");
    }
}
