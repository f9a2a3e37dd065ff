package dev.outcrop.engines.language.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.language.PartOfSpeech;
import dev.outcrop.engines.language.SyntaxTagger;
import dev.outcrop.engines.language.tagging.SequenceTagger;
import dev.outcrop.engines.language.tagging.SequenceTraining;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.StreamSupport;

/**
 * Trains {@link SyntaxTagger} on sentences with universal parts of speech (UD English EWT); every fifth by its hash is
 * held out, and the accuracy printed is theirs. The words of other sentences are known from a dictionary ({@code
 * SyntaxTeacher}).
 *
 * <p>{@code SyntaxRecipe PARTS_OF_SPEECH_JSONL OUTPUT}
 */
public final class SyntaxRecipe {
    private static final List<PartOfSpeech> TAGS = List.of(PartOfSpeech.values());
    private static final int EPOCHS = 12;
    private static final double LOWERED = 0.06;

    private SyntaxRecipe() {}

    /** Runs the recipe. */
    public static void main(String[] arguments) throws IOException {
        List<SequenceTraining.Example> train = new ArrayList<>();
        List<SequenceTraining.Example> calibration = new ArrayList<>();
        List<SequenceTraining.Example> test = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            JsonNode node = json.readTree(line);
            String text = node.path("text").asText();
            if (HeldOut.contains(text)) {
                test.add(example(node));
            } else if (Integer.parseInt(HeldOut.digest(text).substring(4, 8), 16) % 30 == 0) {
                calibration.add(example(node));
            } else {
                train.add(example(node));
            }
        }
        Random random = new Random(5);
        SequenceTagger tagger = new SequenceTraining(PartOfSpeech.values().length)
                .train(
                        train,
                        calibration,
                        EPOCHS,
                        example -> random.nextDouble() < LOWERED ? lowered(example) : example);
        try (OutputStream out = Files.newOutputStream(Path.of(arguments[1]))) {
            tagger.write(out);
        }
        System.out.printf(
                "%d sentences, %d bytes, accuracy %.4f on %d sentences%n",
                train.size(), Files.size(Path.of(arguments[1])), accuracy(new SyntaxTagger(tagger), test), test.size());
    }

    private static SequenceTraining.Example lowered(SequenceTraining.Example example) {
        return new SequenceTraining.Example(
                example.tokens().stream()
                        .map(token -> token.toLowerCase(Locale.ROOT))
                        .toList(),
                example.tags());
    }

    private static SequenceTraining.Example example(JsonNode node) {
        return new SequenceTraining.Example(
                texts(node.path("tokens")),
                texts(node.path("tags")).stream()
                        .mapToInt(tag -> TAGS.indexOf(PartOfSpeech.valueOf(tag)))
                        .toArray());
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** Which part of the words has the right tag. */
    private static double accuracy(SyntaxTagger tagger, List<SequenceTraining.Example> test) {
        int right = 0;
        int words = 0;
        for (SequenceTraining.Example example : test) {
            List<PartOfSpeech> found = tagger.tag(example.tokens());
            for (int i = 0; i < found.size(); i++) {
                right += found.get(i) == TAGS.get(example.tags()[i]) ? 1 : 0;
                words++;
            }
        }
        return (double) right / words;
    }
}
