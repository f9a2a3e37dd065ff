package dev.outcrop.engines.vectors.remote;

import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Searches of systems that cannot tell exactly which entries a filter wants: more and more neighbours are asked for, until
 * enough of them are wanted or there are no more.
 */
public final class Widening {
    private static final int FACTOR = 4;

    private Widening() {}

    /**
     * The first matches that a filter wants.
     *
     * @param count  how many at most
     * @param most   how many the system gives at most
     * @param search the best matches, as many as asked for; fewer only where there are no more
     */
    public static List<Match> search(
            int count, Optional<MetadataFilter> filter, int most, IntFunction<List<Match>> search) {
        int asked = Math.min(count, most);
        while (true) {
            List<Match> found = search.apply(asked);
            List<Match> wanted = found.stream()
                    .filter(match -> filter.isEmpty() || filter.get().matches(match.metadata()))
                    .limit(count)
                    .toList();
            if (wanted.size() >= count || found.size() < asked || asked >= most) {
                return wanted;
            }
            asked = (int) Math.min((long) asked * FACTOR, most);
        }
    }
}
