package dev.outcrop.engines.learning;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How well a recogniser did: what it found counts where place and type are right.
 *
 * @param overall of all types together
 * @param byType  of each
 */
public record RecognizerEvaluation(Scores overall, Map<String, Scores> byType) {
    /**
     * Counts, and what follows from them.
     *
     * @param right  found and wanted
     * @param found  all that was found
     * @param wanted all that there was
     */
    public record Scores(int right, int found, int wanted) {
        public double precision() {
            return found == 0 ? 0 : (double) right / found;
        }

        public double recall() {
            return wanted == 0 ? 0 : (double) right / wanted;
        }

        public double f1() {
            return found + wanted == 0 ? 0 : 2.0 * right / (found + wanted);
        }

        private Scores plus(Scores more) {
            return new Scores(right + more.right, found + more.found, wanted + more.wanted);
        }
    }

    static RecognizerEvaluation of(
            List<String> types, List<AnnotatedText> texts, List<List<EntityRecognizer.Entity>> found) {
        Map<String, Scores> byType = new TreeMap<>();
        types.forEach(type -> byType.put(type, new Scores(0, 0, 0)));
        for (int i = 0; i < texts.size(); i++) {
            Set<AnnotatedText.Annotation> wanted = new HashSet<>(texts.get(i).annotations());
            for (AnnotatedText.Annotation annotation : wanted) {
                byType.merge(annotation.type(), new Scores(0, 0, 1), Scores::plus);
            }
            for (EntityRecognizer.Entity entity : found.get(i)) {
                boolean right =
                        wanted.contains(new AnnotatedText.Annotation(entity.start(), entity.end(), entity.type()));
                byType.merge(entity.type(), new Scores(right ? 1 : 0, 1, 0), Scores::plus);
            }
        }
        Scores overall = byType.values().stream().reduce(new Scores(0, 0, 0), Scores::plus);
        return new RecognizerEvaluation(overall, byType);
    }
}
