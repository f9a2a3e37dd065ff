package dev.outcrop.engines.language.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.language.WordTokens;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import opennlp.tools.postag.POSModel;
import opennlp.tools.postag.POSTaggerME;

/**
 * Makes the dictionary of the taggers: which parts of speech OpenNLP's model (Apache-2.0, trained on UD English EWT) gives
 * the words of sentences about films and products and of an encyclopedia. None of them is of the treebank.
 *
 * <p>{@code SyntaxTeacher SENTIMENT_JSONL ENTITIES_JSONL OUTPUT}
 */
public final class SyntaxTeacher {
    private static final String MODEL = "/opennlp-en-ud-ewt-pos-1.3-2.5.4.bin";
    private static final List<String> SOURCES = List.of("Pang and Lee", "Hu and Liu", "WikiGold");

    /** A tag that fewer of a word's places have is a mistake. */
    private static final double RARE = 0.12;

    private SyntaxTeacher() {}

    /** Runs the recipe. */
    public static void main(String[] arguments) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of(arguments[0])));
        lines.addAll(Files.readAllLines(Path.of(arguments[1])));
        Map<String, Map<String, Integer>> seen = new TreeMap<>();
        try (InputStream model = SyntaxTeacher.class.getResourceAsStream(MODEL)) {
            POSTaggerME tagger = new POSTaggerME(new POSModel(model));
            for (String line : lines) {
                JsonNode node = json.readTree(line);
                if (SOURCES.stream().anyMatch(node.path("source").asText()::startsWith)) {
                    String text = node.path("text").asText();
                    String[] words = WordTokens.texts(text, WordTokens.of(text)).toArray(String[]::new);
                    String[] tags = tagger.tag(words);
                    for (int i = 0; i < words.length; i++) {
                        seen.computeIfAbsent(words[i].toLowerCase(Locale.ROOT), word -> new TreeMap<>())
                                .merge(tags[i], 1, Integer::sum);
                    }
                }
            }
        }
        try (BufferedWriter out = new BufferedWriter(
                new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(Path.of(arguments[2]))), UTF_8))) {
            for (Map.Entry<String, Map<String, Integer>> word : seen.entrySet()) {
                int all = word.getValue().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum();
                out.write(word.getKey() + "\t"
                        + word.getValue().entrySet().stream()
                                .filter(tag -> tag.getValue() >= RARE * all)
                                .sorted(Map.Entry.<String, Integer>comparingByValue()
                                        .reversed()
                                        .thenComparing(Map.Entry.comparingByKey()))
                                .limit(3)
                                .map(Map.Entry::getKey)
                                .collect(Collectors.joining(" "))
                        + "\n");
            }
        }
        System.out.println(seen.size() + " words, " + Files.size(Path.of(arguments[2])) + " bytes");
    }
}
