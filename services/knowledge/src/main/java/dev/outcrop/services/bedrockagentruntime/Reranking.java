package dev.outcrop.services.bedrockagentruntime;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.outcrop.engines.retrieval.LexicalOverlap;
import dev.outcrop.engines.retrieval.Reranker;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.kernel.CallContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockagentruntime.model.BedrockRerankingConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.FieldForReranking;
import software.amazon.awssdk.services.bedrockagentruntime.model.MetadataConfigurationForReranking;
import software.amazon.awssdk.services.bedrockagentruntime.model.RerankDocument;
import software.amazon.awssdk.services.bedrockagentruntime.model.RerankRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.RerankResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.RerankResult;
import software.amazon.awssdk.services.bedrockagentruntime.model.RerankSource;
import software.amazon.awssdk.services.bedrockagentruntime.model.RerankingMetadataSelectionMode;
import software.amazon.awssdk.services.bedrockagentruntime.model.RerankingMetadataSelectiveModeConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.VectorSearchBedrockRerankingConfiguration;

/**
 * Puts documents into the order in which they fit a query. The models of AWS that do so cannot be had; what is installed
 * answers for them, and is named in the header {@code x-outcrop-model} and in the record of the call.
 *
 * <p>Source: "Improve the relevance of query responses with a reranker model" of the Amazon Bedrock user guide.
 */
final class Reranking {
    private static final Set<String> MODELS = Set.of("amazon.rerank-v1:0", "cohere.rerank-v3-5:0");

    private final Supplier<Optional<Reranker>> reranker;
    private final Supplier<Optional<Reranker>> comparison;

    /**
     * Reranking by the best that is there.
     *
     * @param reranker   a model that was trained to rerank, where one is installed
     * @param comparison what compares meanings, where a model is installed that can
     */
    Reranking(Supplier<Optional<Reranker>> reranker, Supplier<Optional<Reranker>> comparison) {
        this.reranker = reranker;
        this.comparison = comparison;
    }

    /**
     * What compares meanings, where a model is installed that can; a reranker's scores say which passage answers a
     * question, not whether it says what a sentence says.
     */
    Optional<Reranker> reader() {
        return comparison.get();
    }

    RerankResponse rerank(RerankRequest request) {
        if (request.nextToken() != null) {
            // All thousand results fit into one page, so that no token was ever given.
            throw Errors.invalid("The provided pagination token is invalid");
        }
        BedrockRerankingConfiguration configuration =
                request.rerankingConfiguration().bedrockRerankingConfiguration();
        String query = text(request.queries().getFirst().textQuery().text(), "The query");
        List<String> documents = new ArrayList<>();
        for (RerankSource source : request.sources()) {
            documents.add(text(source.inlineDocumentSource()));
        }
        Integer wanted = configuration.numberOfResults();
        if (wanted != null && wanted > documents.size()) {
            throw Errors.invalid("The numberOfResults must not be greater than the number of sources: " + wanted
                    + " results were asked for of " + documents.size() + " sources.");
        }
        double[] scores = scores(configuration.modelConfiguration().modelArn(), query, documents);
        return RerankResponse.builder()
                .results(IntStream.range(0, scores.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer index) -> scores[index])
                                .reversed())
                        .limit(wanted == null ? scores.length : wanted)
                        .map(index -> RerankResult.builder()
                                .index(index)
                                .relevanceScore((float) scores[index])
                                .build())
                        .toList())
                .build();
    }

    private static String text(RerankDocument document) {
        return switch (document.type()) {
            case TEXT ->
                text(
                        document.textDocument() == null
                                ? null
                                : document.textDocument().text(),
                        "A text document");
            case JSON -> {
                Document json = document.jsonDocument();
                if (json == null || !json.isMap() || json.asMap().isEmpty()) {
                    throw Errors.invalid("A source of type JSON must have a jsonDocument with fields.");
                }
                yield fields(json.asMap());
            }
            case UNKNOWN_TO_SDK_VERSION -> throw Errors.invalid("A source must be of type TEXT or JSON.");
        };
    }

    private static String text(String text, String what) {
        if (text == null || text.isBlank()) {
            throw Errors.invalid(what + " must have text.");
        }
        return text;
    }

    /** A document of fields as the text that is read: a line a field. */
    private static String fields(Map<String, Document> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + ": " + plain(field.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private static String plain(Document value) {
        if (value.isString()) {
            return value.asString();
        }
        if (value.isMap()) {
            return value.asMap().entrySet().stream()
                    .map(field -> field.getKey() + ": " + plain(field.getValue()))
                    .collect(Collectors.joining(", "));
        }
        if (value.isList()) {
            return value.asList().stream().map(Reranking::plain).collect(Collectors.joining(", "));
        }
        return value.isNull() ? JsonNodeFactory.instance.nullNode().asText() : String.valueOf(value.unwrap());
    }

    /**
     * Passages that were found, reranked.
     *
     * @param most how many are wanted where the configuration does not say
     */
    List<Passage> rerank(
            String query, List<Passage> passages, VectorSearchBedrockRerankingConfiguration configuration, int most) {
        String arn = configuration.modelConfiguration().modelArn();
        CallContext.current().require("bedrock:Rerank");
        CallContext.current().require("bedrock:InvokeModel", arn);
        if (passages.isEmpty()) {
            return passages;
        }
        double[] scores = scores(
                arn,
                query,
                passages.stream()
                        .map(passage -> read(passage, Optional.ofNullable(configuration.metadataConfiguration())))
                        .toList());
        Integer wanted = configuration.numberOfRerankedResults();
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer index) -> scores[index])
                        .reversed())
                .limit(wanted == null ? most : wanted)
                .map(index -> passages.get(index).scored(scores[index]))
                .toList();
    }

    /** What is read of a passage: its text, below those of its attributes that are to count. */
    private static String read(Passage passage, Optional<MetadataConfigurationForReranking> configuration) {
        if (configuration.isEmpty()) {
            return passage.text();
        }
        Map<String, MetadataValue> chosen = new TreeMap<>(passage.metadata());
        chosen.keySet().removeIf(key -> key.startsWith("x-amz-bedrock-kb-"));
        if (configuration.get().selectionMode() == RerankingMetadataSelectionMode.SELECTIVE) {
            RerankingMetadataSelectiveModeConfiguration selective =
                    configuration.get().selectiveModeConfiguration();
            if (selective == null) {
                throw Errors.invalid("The selection mode SELECTIVE needs a selectiveModeConfiguration.");
            }
            if (selective.hasFieldsToInclude()) {
                chosen.keySet().retainAll(names(selective.fieldsToInclude()));
            } else {
                chosen.keySet().removeAll(names(selective.fieldsToExclude()));
            }
        }
        return chosen.entrySet().stream()
                        .map(field -> field.getKey() + ": " + plain(field.getValue()) + "\n")
                        .collect(Collectors.joining())
                + passage.text();
    }

    private static Set<String> names(List<FieldForReranking> fields) {
        return fields.stream().map(FieldForReranking::fieldName).collect(Collectors.toSet());
    }

    private static String plain(MetadataValue value) {
        return switch (value) {
            case MetadataValue.Text(String text) -> text;
            case MetadataValue.Numeric(double number) -> String.valueOf(number);
            case MetadataValue.Flag(boolean flag) -> String.valueOf(flag);
            case MetadataValue.Items(List<MetadataValue> items) ->
                items.stream().map(Reranking::plain).collect(Collectors.joining(", "));
        };
    }

    private double[] scores(String modelArn, String query, List<String> texts) {
        String model = modelArn.substring(modelArn.lastIndexOf('/') + 1);
        if (!MODELS.contains(model)) {
            throw Errors.invalid("The model ARN " + modelArn + " is not that of a reranker model.");
        }
        return Errors.depending(modelArn, () -> {
            Reranker best = reranker.get().or(comparison).orElseGet(LexicalOverlap::new);
            CallContext.current().addResponseHeader("x-outcrop-model", best.name());
            CallContext.current().metering().model(model, best.name());
            return best.scores(query, texts);
        });
    }
}
