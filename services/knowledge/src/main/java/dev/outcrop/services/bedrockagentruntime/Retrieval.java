package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.engines.retrieval.ReciprocalRankFusion;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.VectorStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagentruntime.model.KnowledgeBaseVectorSearchConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.SearchType;
import software.amazon.awssdk.services.bedrockagentruntime.model.VectorSearchBedrockRerankingConfiguration;

/**
 * Finds what a knowledge base has on a question: by the nearness of vectors, and where the store searches texts, too, by
 * keywords at the same time, the two rankings fused. A hybrid score tells of places in the rankings, and any other of
 * similarity. Structured data is found by a query, and comes in rows.
 *
 * <p>Source: "Configure and customize queries and response generation" of the Amazon Bedrock user guide.
 */
final class Retrieval {
    private static final int USUAL_RESULTS = 5;
    /** How many more are looked at than wanted where the rankings are fused or reranked. */
    private static final int LOOKED_AT = 4;

    private static final int MOST_LOOKED_AT = 400;

    private final SearchedBases bases;
    private final Reranking reranking;
    private final ImplicitFilters implicitFilters;
    private final StructuredQueries structured;

    Retrieval(SearchedBases bases, Reranking reranking, ImplicitFilters implicitFilters, StructuredQueries structured) {
        this.structured = structured;
        this.bases = bases;
        this.reranking = reranking;
        this.implicitFilters = implicitFilters;
    }

    /**
     * The passages that fit a question best, best first.
     *
     * @param question      what was asked, which passages are reranked by
     * @param parts         what is searched by, at least one
     * @param configuration how to search, where that is said
     */
    List<Passage> search(
            String baseId,
            String question,
            List<String> parts,
            Optional<KnowledgeBaseVectorSearchConfiguration> configuration) {
        int wanted = configuration
                .map(KnowledgeBaseVectorSearchConfiguration::numberOfResults)
                .orElse(USUAL_RESULTS);
        KnowledgeBase base = bases.find(baseId);
        if (SearchedBases.isStructured(base)) {
            return structured.rows(base, question);
        }
        Optional<MetadataFilter> filter = filter(question, configuration);
        boolean reranked = configuration
                .map(KnowledgeBaseVectorSearchConfiguration::rerankingConfiguration)
                .isPresent();
        List<Passage> found = Errors.depending(base.knowledgeBaseArn(), () -> {
            try (VectorStore store = bases.store(base)) {
                boolean hybrid = isHybrid(base, store, configuration);
                return parents(hits(base, store, hybrid, parts, filter, wanted));
            }
        });
        if (!reranked) {
            return found;
        }
        VectorSearchBedrockRerankingConfiguration model =
                configuration.get().rerankingConfiguration().bedrockRerankingConfiguration();
        if (model == null) {
            throw Errors.invalid(
                    "The rerankingConfiguration of type BEDROCK_RERANKING_MODEL needs a bedrockRerankingConfiguration.");
        }
        return reranking.rerank(question, found, model, wanted);
    }

    private Optional<MetadataFilter> filter(
            String question, Optional<KnowledgeBaseVectorSearchConfiguration> configuration) {
        Optional<MetadataFilter> explicit = configuration
                .map(KnowledgeBaseVectorSearchConfiguration::filter)
                .map(RetrievalFilters::of);
        Optional<MetadataFilter> implicit = configuration
                .map(KnowledgeBaseVectorSearchConfiguration::implicitFilterConfiguration)
                .flatMap(settings -> implicitFilters.of(question, settings));
        if (explicit.isPresent() && implicit.isPresent()) {
            return Optional.of(new MetadataFilter.And(List.of(explicit.get(), implicit.get())));
        }
        return explicit.or(() -> implicit);
    }

    private static boolean isHybrid(
            KnowledgeBase base, VectorStore store, Optional<KnowledgeBaseVectorSearchConfiguration> configuration) {
        SearchType type = configuration
                .map(KnowledgeBaseVectorSearchConfiguration::overrideSearchType)
                .orElse(null);
        if (type == SearchType.HYBRID && !store.searchesText()) {
            throw Errors.invalid("HYBRID search type is not supported for search operation on the vector store of"
                    + " knowledge base " + base.knowledgeBaseId()
                    + ". Retry your request with a different search type.");
        }
        return type != SearchType.SEMANTIC && store.searchesText();
    }

    private List<Passage> hits(
            KnowledgeBase base,
            VectorStore store,
            boolean hybrid,
            List<String> parts,
            Optional<MetadataFilter> filter,
            int wanted) {
        boolean fused = hybrid || parts.size() > 1;
        int count = fused ? Math.min(MOST_LOOKED_AT, wanted * LOOKED_AT) : wanted;
        Map<String, Match> matches = new LinkedHashMap<>();
        List<List<String>> rankings = new ArrayList<>();
        for (String part : parts) {
            add(store.nearest(bases.vector(base, part), count, filter), matches, rankings);
            if (hybrid) {
                add(store.keywords(part, count, filter), matches, rankings);
            }
        }
        if (!fused) {
            return matches.values().stream().map(Passage::of).toList();
        }
        return ReciprocalRankFusion.fuse(rankings).stream()
                .limit(wanted)
                .map(place -> Passage.of(matches.get(place.item())).scored(place.score()))
                .toList();
    }

    private static void add(List<Match> ranking, Map<String, Match> matches, List<List<String>> rankings) {
        ranking.forEach(match -> matches.putIfAbsent(match.key(), match));
        rankings.add(ranking.stream().map(Match::key).toList());
    }

    /** Children in whose place their parent stands, each parent once, where its best child stood. */
    private static List<Passage> parents(List<Passage> found) {
        Map<String, Passage> parents = new LinkedHashMap<>();
        found.stream().map(Passage::parent).forEach(passage -> parents.putIfAbsent(passage.id(), passage));
        return List.copyOf(parents.values());
    }
}
