package dev.outcrop.engines.guard.training;

import dev.outcrop.engines.guard.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads the labelled texts beside the recipes. Every second topic and source is for choosing, the others are for tests. */
public final class LabelledData {
    private LabelledData() {}

    /** A topic with texts that speak of it, and texts near it that do not. */
    public record LabelledTopic(Topic topic, List<String> inside, List<String> outside) {}

    /** An answer to a question on a source. */
    public record LabelledAnswer(String source, String query, String answer, boolean grounded, boolean relevant) {}

    /** The topics of {@code topics.txt}. */
    public static List<LabelledTopic> topics(Path file, boolean test) throws IOException {
        List<LabelledTopic> topics = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String rest = line.length() > 2 ? line.substring(2) : "";
            if (line.startsWith("@ ")) {
                List<String> parts = List.of(rest.split(" \\| "));
                topics.add(new LabelledTopic(
                        new Topic(parts.get(0), parts.get(1), parts.subList(2, parts.size())),
                        new ArrayList<>(),
                        new ArrayList<>()));
            } else if (line.startsWith("+ ")) {
                topics.getLast().inside().add(rest);
            } else if (line.startsWith("- ")) {
                topics.getLast().outside().add(rest);
            }
        }
        return everySecond(topics, test);
    }

    /** The answers of {@code grounding.txt}. */
    public static List<LabelledAnswer> answers(Path file, boolean test) throws IOException {
        List<List<LabelledAnswer>> sources = new ArrayList<>();
        String source = "";
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("@ ")) {
                source = line.substring(2);
                sources.add(new ArrayList<>());
            } else if (!line.startsWith("#")) {
                String[] parts = line.split(" \\| ");
                sources.getLast()
                        .add(new LabelledAnswer(
                                source, parts[1], parts[2], parts[0].startsWith("1"), parts[0].endsWith("1")));
            }
        }
        return everySecond(sources, test).stream().flatMap(List::stream).toList();
    }

    /** The lines of a file, which may be compressed. */
    static List<String> lines(Path file) throws IOException {
        if (!file.toString().endsWith(".gz")) {
            return Files.readAllLines(file);
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static <T> List<T> everySecond(List<T> all, boolean test) {
        List<T> some = new ArrayList<>();
        for (int i = test ? 1 : 0; i < all.size(); i += 2) {
            some.add(all.get(i));
        }
        return some;
    }
}
