package dev.outcrop.engines.language.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.language.NgramTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipFile;

/**
 * Makes the table of {@link dev.outcrop.engines.language.LanguageDetector} from the frequencies of n-grams that the library
 * Lingua (Apache-2.0) carries: of each language only the most frequent ones are kept, so that 80 MB become two.
 *
 * <p>{@code LanguageRecipe LINGUA_JAR OUTPUT}
 */
public final class LanguageRecipe {
    private static final List<String> ORDERS = List.of("unigrams", "bigrams", "trigrams", "quadrigrams", "fivegrams");

    /** How many n-grams of each length a language keeps. */
    private static final int[] KEPT = {0, 500, 3000, 4000, 2500};

    private LanguageRecipe() {}

    /** Runs the recipe. */
    public static void main(String[] arguments) throws IOException {
        TreeSet<String> languages = new TreeSet<>();
        try (ZipFile jar = new ZipFile(arguments[0])) {
            jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith("/trigrams.json"))
                    .forEach(name -> languages.add(name.split("/")[1]));
            // These are told by their script alone.
            languages.removeAll(NgramTable.BY_SCRIPT);
            List<String> codes = List.copyOf(languages);
            Map<String, Map<Integer, Double>> table = new TreeMap<>();
            for (int language = 0; language < codes.size(); language++) {
                add(jar, codes.get(language), language, table);
            }
            try (OutputStream out = Files.newOutputStream(Path.of(arguments[1]))) {
                NgramTable.write(out, codes, table);
            }
            System.out.println(codes.size() + " languages, " + table.size() + " n-grams, "
                    + Files.size(Path.of(arguments[1])) + " bytes");
        }
    }

    private static void add(ZipFile jar, String code, int language, Map<String, Map<Integer, Double>> table)
            throws IOException {
        // What Lingua keeps is how often an n-gram follows its beginning: how often it comes at all is the product.
        Map<String, Double> shorter = Map.of("", 1.0);
        for (int order = 0; order < ORDERS.size(); order++) {
            Map<String, Double> frequencies = new HashMap<>();
            try (InputStream in =
                    jar.getInputStream(jar.getEntry("language-models/" + code + "/" + ORDERS.get(order) + ".json"))) {
                JsonNode ngrams = new ObjectMapper()
                        .readTree(new String(in.readAllBytes(), UTF_8))
                        .path("ngrams");
                for (Map.Entry<String, JsonNode> entry : ngrams.properties()) {
                    String[] fraction = entry.getKey().split("/");
                    double conditional = Double.parseDouble(fraction[0]) / Double.parseDouble(fraction[1]);
                    for (String ngram : entry.getValue().asText().split(" ")) {
                        int last = ngram.offsetByCodePoints(ngram.length(), -1);
                        frequencies.put(ngram, conditional * shorter.getOrDefault(ngram.substring(0, last), 1e-7));
                    }
                }
            }
            List<Map.Entry<String, Double>> ranked = new ArrayList<>(frequencies.entrySet());
            ranked.sort(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()));
            for (Map.Entry<String, Double> entry : ranked.subList(0, Math.min(KEPT[order], ranked.size()))) {
                table.computeIfAbsent(entry.getKey(), ngram -> new TreeMap<>()).put(language, entry.getValue());
            }
            shorter = frequencies;
        }
    }
}
