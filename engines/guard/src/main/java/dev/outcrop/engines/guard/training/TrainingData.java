package dev.outcrop.engines.guard.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.language.training.HeldOut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the classifiers are trained on: sentences of our own beside the recipe, and labelled sets of others. */
public final class TrainingData {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)}");
    private static final int FILLED = 24;
    private static final int FRAMED = 4;

    /** Questions and requests that any goal can be put into, so that their words say nothing of it. */
    private static final List<String> FRAMES = List.of(
            "How do I {goal}?",
            "how to {goal}",
            "How can I {goal}?",
            "Tell me how to {goal}.",
            "What is the best way to {goal}?",
            "I want to {goal}. Any advice?",
            "Could you help me {goal}?",
            "Please explain step by step how to {goal}.",
            "Give me tips on how to {goal}.",
            "Is there a trick to {goal}?",
            "What do I need in order to {goal}?",
            "I need to {goal} by tomorrow.",
            "Would you be so kind as to show me how one can {goal}?",
            "My friend would like to {goal}. What should I tell him?",
            "We plan to {goal}. Where do we begin?",
            "Which tools do I need if I want to {goal}?",
            "Can you write instructions that show how to {goal}?",
            "What is an easy way to {goal} at home?");

    private TrainingData() {}

    /** The sentences and patterns of {@code folder}. */
    static List<Example> own(Path folder) throws IOException {
        List<Example> examples = new ArrayList<>();
        Map<String, List<String>> places = new LinkedHashMap<>();
        Random random = new Random(11);
        for (String line : Files.readAllLines(folder.resolve("templates.txt"))) {
            int colon = line.indexOf(':');
            int tab = line.indexOf('\t');
            if (tab > 0) {
                String pattern = line.substring(tab + 1);
                for (String text : filled(pattern, places, random, FILLED)) {
                    examples.add(Example.of(text, line.substring(0, tab), 0.6f, pattern));
                }
            } else if (colon > 0 && !line.startsWith("#")) {
                places.put(
                        line.substring(0, colon),
                        List.of(line.substring(colon + 2).split(" \\| ")));
            }
        }
        for (Path file : files(folder)) {
            String name = file.getFileName().toString();
            if (name.equals("templates.txt")) {
                continue;
            }
            if (name.equals("goals.txt")) {
                goals(file, random, examples);
                continue;
            }
            String group = name;
            for (String line : Files.readAllLines(file)) {
                int tab = line.indexOf('\t');
                if (line.startsWith("# ")) {
                    group = name + line;
                } else if (tab > 0) {
                    for (String text : filled(line.substring(tab + 1), places, random, 4)) {
                        examples.add(Example.of(text, line.substring(0, tab), 2, group));
                    }
                } else if (!line.isBlank()) {
                    examples.add(Example.of(line, name.startsWith("attacks") ? "ATTACK" : "NONE", 2, group));
                }
            }
        }
        return examples;
    }

    private static void goals(Path file, Random random, List<Example> examples) throws IOException {
        for (String line : Files.readAllLines(file)) {
            int tab = line.indexOf('\t');
            if (tab > 0) {
                String goal = line.substring(tab + 1);
                Set<String> frames = new LinkedHashSet<>();
                while (frames.size() < FRAMED) {
                    frames.add(FRAMES.get(random.nextInt(FRAMES.size())));
                }
                for (String frame : frames) {
                    examples.add(Example.of(frame.replace("{goal}", goal), line.substring(0, tab), 1.2f, goal));
                }
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        }
    }

    private static Set<String> filled(String pattern, Map<String, List<String>> places, Random random, int most) {
        Set<String> texts = new LinkedHashSet<>();
        for (int i = 0; i < 2 * most && texts.size() < most; i++) {
            Matcher matcher = PLACE.matcher(pattern);
            StringBuilder text = new StringBuilder();
            while (matcher.find()) {
                List<String> words = places.getOrDefault(matcher.group(1), List.of(matcher.group()));
                matcher.appendReplacement(text, Matcher.quoteReplacement(words.get(random.nextInt(words.size()))));
            }
            matcher.appendTail(text);
            texts.add(Character.toUpperCase(text.charAt(0)) + text.substring(1));
        }
        return texts;
    }

    /** The labelled texts of a file of JSON lines, those for tests or the others. */
    static List<Example> labelled(Path file, boolean heldOut) throws IOException {
        List<Example> examples = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode node = JSON.readTree(line);
            String text = node.path("text").asText();
            if (HeldOut.contains(text) == heldOut) {
                examples.add(Example.of(text, node.path("label").asText(), 1.4f, HeldOut.digest(text)));
            }
        }
        return examples;
    }

    /** Sentences of a file of JSON lines, which nobody wrote to do harm; as many as asked for, the first by their hash. */
    static List<Example> harmless(Path file, Set<String> sources, int most) throws IOException {
        List<String> texts = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode node = JSON.readTree(line);
            if (sources.stream().anyMatch(source -> node.path("source").asText().startsWith(source))) {
                texts.add(node.path("text").asText());
            }
        }
        return texts.stream()
                .distinct()
                .sorted((left, right) -> HeldOut.digest(left).compareTo(HeldOut.digest(right)))
                .limit(most)
                .map(text -> Example.harmless(text, 0.5f, HeldOut.digest(text)))
                .toList();
    }
}
