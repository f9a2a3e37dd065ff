package dev.outcrop.engines.guard.training;

import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.guard.TextClassifier;
import dev.outcrop.engines.guard.TextFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class ContrastFigures {
    private ContrastFigures() {}

    public static void main(String[] arguments) throws IOException {
        TextClassifier classifier = TextClassifier.shipped();
        try (EmbeddingModel model = WordVectorRecipe.open(Path.of(arguments[0]))) {
            for (String name : List.of("contrast-harmless", "contrast-harmful", "contrast-attacks")) {
                List<String> texts = Files.readAllLines(Path.of(arguments[1], name + ".txt")).stream()
                        .filter(line -> !line.startsWith("# "))
                        .toList();
                for (int output : new int[] {5, 6}) {
                    System.out.printf("%s %d (%d):", name, output, texts.size());
                    for (double threshold : new double[] {-3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 2}) {
                        int over = 0;
                        for (String line : texts) {
                            String text = line.substring(line.indexOf('\t') + 1);
                            double logit = classifier
                                    .fused(
                                            classifier.linearLogits(TextFeatures.of(text)),
                                            classifier.networkLogits(model.embed(List.of(text))
                                                    .getFirst()
                                                    .vector()))[output];
                            over += logit >= threshold ? 1 : 0;
                        }
                        System.out.printf(" %.1f: %.0f", threshold, 100.0 * over / texts.size());
                    }
                    System.out.println();
                }
            }
        }
    }
}
