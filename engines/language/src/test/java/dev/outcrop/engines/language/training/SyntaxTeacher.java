package dev.outcrop.engines.language.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.language.PartOfSpeech;
import dev.outcrop.engines.language.WordTokens;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import opennlp.tools.postag.POSModel;
import opennlp.tools.postag.POSTaggerME;

/**
 * Has OpenNLP's model (Apache-2.0, trained on UD English EWT) tag sentences about films and products and of an
 * encyclopedia, for {@link SyntaxRecipe}. None of its sentences is of the treebank.
 *
 * <p>{@code SyntaxTeacher SENTIMENT_JSONL ENTITIES_JSONL OUTPUT}
 */
public final class SyntaxTeacher {
    private static final String MODEL = "/opennlp-en-ud-ewt-pos-1.3-2.5.4.bin";
    private static final List<String> SOURCES = List.of("Pang and Lee", "Hu and Liu", "WikiGold");

    private static final Set<String> TAGS =
            Arrays.stream(PartOfSpeech.values()).map(Enum::name).collect(Collectors.toSet());

    private SyntaxTeacher() {}

    /** Runs the recipe. */
    public static void main(String[] arguments) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of(arguments[0])));
        lines.addAll(Files.readAllLines(Path.of(arguments[1])));
        try (InputStream model = SyntaxTeacher.class.getResourceAsStream(MODEL);
                BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[2]))) {
            POSTaggerME tagger = new POSTaggerME(new POSModel(model));
            for (String line : lines) {
                JsonNode node = json.readTree(line);
                if (SOURCES.stream().anyMatch(node.path("source").asText()::startsWith)) {
                    String text = node.path("text").asText();
                    String[] words = WordTokens.texts(text, WordTokens.of(text)).toArray(String[]::new);
                    ObjectNode taught = json.createObjectNode();
                    taught.set("tokens", json.valueToTree(words));
                    String[] tags = tagger.tag(words);
                    taught.set("tags", json.valueToTree(tags));
                    if (TAGS.containsAll(List.of(tags))) {
                        out.write(json.writeValueAsString(taught));
                        out.newLine();
                    }
                }
            }
        }
    }
}
