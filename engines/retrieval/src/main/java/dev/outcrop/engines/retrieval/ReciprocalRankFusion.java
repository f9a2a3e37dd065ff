package dev.outcrop.engines.retrieval;

import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One ranking of several, by the places that things have in them; what they were scored by does not count.
 *
 * <p>Source: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
 * Methods", SIGIR 2009, with their constant of 60. Costs O(n log n) for n things.
 */
public final class ReciprocalRankFusion {
    private static final double CONSTANT = 60;

    private ReciprocalRankFusion() {}

    /**
     * A thing and its score.
     *
     * @param score 1 where it comes first in every ranking, and greater than 0
     */
    public record Fused<T>(T item, double score) {}

    /**
     * The things that stand in any of {@code rankings}, best first; those with equal scores in the order of the earlier
     * ranking. A thing that stands twice in a ranking counts where it stands first.
     *
     * @param rankings each best first
     */
    public static <T> List<Fused<T>> fuse(List<? extends List<T>> rankings) {
        Map<T, Double> scores = new LinkedHashMap<>();
        for (List<T> ranking : rankings) {
            Set<T> counted = new HashSet<>();
            for (int place = 1; place <= ranking.size(); place++) {
                T item = ranking.get(place - 1);
                if (counted.add(item)) {
                    scores.merge(item, 1 / (CONSTANT + place), Double::sum);
                }
            }
        }
        double most = rankings.size() / (CONSTANT + 1);
        return scores.entrySet().stream()
                .map(scored -> new Fused<>(scored.getKey(), scored.getValue() / most))
                .sorted(Comparator.comparingDouble((Fused<T> fused) -> fused.score())
                        .reversed())
                .toList();
    }
}
