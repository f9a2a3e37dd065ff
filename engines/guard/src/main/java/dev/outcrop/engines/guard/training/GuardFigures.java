package dev.outcrop.engines.guard.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.guard.Confidence;
import dev.outcrop.engines.guard.ContentFilter;
import dev.outcrop.engines.guard.GroundingCheck.Scores;
import dev.outcrop.engines.guard.Guard;
import dev.outcrop.engines.guard.HarmCategory;
import dev.outcrop.engines.guard.PromptAttackFilter;
import dev.outcrop.engines.guard.Topic;
import dev.outcrop.engines.guard.TopicFilter;
import dev.outcrop.engines.guard.training.LabelledData.LabelledAnswer;
import dev.outcrop.engines.guard.training.LabelledData.LabelledTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Measures a guard on what was held out when its classifiers were trained, at the strength HIGH: LOW and surer stop. */
public final class GuardFigures {
    private final Guard guard;
    private final Path data;

    /** Decisions counted: {@code right} were called for and made, {@code wrong} not called for, {@code missed} not made. */
    public record Counts(int right, int wrong, int missed, int rejected) {
        /** The share of what was found that is right. */
        public double precision() {
            return right == 0 ? 0 : (double) right / (right + wrong);
        }

        /** The share of what should be found that was. */
        public double recall() {
            return right == 0 ? 0 : (double) right / (right + missed);
        }

        /** The harmonic mean of both. */
        public double f1() {
            return right == 0 ? 0 : 2.0 * right / (2 * right + wrong + missed);
        }

        /** The share of decisions that are right. */
        public double accuracy() {
            return (double) (right + rejected) / Math.max(1, right + wrong + missed + rejected);
        }

        private Counts and(boolean wanted, boolean found) {
            return new Counts(
                    right + (wanted && found ? 1 : 0),
                    wrong + (!wanted && found ? 1 : 0),
                    missed + (wanted && !found ? 1 : 0),
                    rejected + (!wanted && !found ? 1 : 0));
        }
    }

    private static final Counts NONE = new Counts(0, 0, 0, 0);

    /**
     * Measures.
     *
     * @param data the folder {@code data} of this module
     */
    public GuardFigures(Guard guard, Path data) {
        this.guard = guard;
        this.data = data;
    }

    /** Whether a text is harmful at all. */
    public Counts anyHarm() throws IOException {
        ContentFilter filter = guard.content();
        Counts counts = NONE;
        for (JsonNode node : labelled("harmful-content")) {
            counts = counts.and(!label(node).equals("NONE"), isHarmful(filter, text(node)));
        }
        return counts;
    }

    /** Of which category. */
    public Map<HarmCategory, Counts> categories() throws IOException {
        ContentFilter filter = guard.content();
        Map<HarmCategory, Counts> counts = new EnumMap<>(HarmCategory.class);
        for (JsonNode node : labelled("harmful-content")) {
            Map<HarmCategory, Confidence> found = filter.assess(text(node));
            for (HarmCategory category : HarmCategory.values()) {
                counts.put(
                        category,
                        counts.getOrDefault(category, NONE)
                                .and(label(node).equals(category.name()), found.get(category) != Confidence.NONE));
            }
        }
        return counts;
    }

    /** Whether a prompt is an attack. */
    public Counts attacks() throws IOException {
        PromptAttackFilter filter = guard.promptAttacks();
        Counts counts = NONE;
        for (JsonNode node : labelled("prompt-attacks")) {
            counts = counts.and(label(node).equals("PROMPT_ATTACK"), filter.assess(text(node)) != Confidence.NONE);
        }
        return counts;
    }

    /** The percentage of harmless sentences with frightening words that are stopped by either filter. */
    public double harmlessStopped() throws IOException {
        return stopped("contrast-harmless", true, true);
    }

    /** The percentage of harmful sentences, many politely put, that are caught by the content filter. */
    public double harmfulCaught() throws IOException {
        return stopped("contrast-harmful", true, false);
    }

    /** The percentage of attacks of other kinds than those trained on that the filter for attacks catches. */
    public double attacksCaught() throws IOException {
        return stopped("contrast-attacks", false, true);
    }

    private double stopped(String name, boolean content, boolean attacks) throws IOException {
        List<String> texts = contrast(name);
        long stopped = texts.stream()
                .filter(text -> (content && isHarmful(guard.content(), text))
                        || (attacks && guard.promptAttacks().assess(text) != Confidence.NONE))
                .count();
        return 100.0 * stopped / texts.size();
    }

    private List<String> contrast(String name) throws IOException {
        return Files.readAllLines(data.resolve("heldout/" + name + ".txt")).stream()
                .filter(line -> !line.startsWith("# "))
                .map(line -> line.substring(line.indexOf('\t') + 1))
                .toList();
    }

    /** Topics that are told, among texts of the topic, texts near it, and texts of the other topics. */
    public Counts topics() throws IOException {
        List<LabelledTopic> topics = LabelledData.topics(data.resolve("topics.txt"), true);
        TopicFilter filter =
                guard.topics(topics.stream().map(LabelledTopic::topic).toList());
        Counts counts = NONE;
        for (LabelledTopic topic : topics) {
            for (String text : topic.inside()) {
                counts = counted(counts, filter.find(text), List.of(topic.topic()), topics);
            }
            for (String text : topic.outside()) {
                counts = counted(counts, filter.find(text), List.of(), topics);
            }
        }
        return counts;
    }

    private static Counts counted(Counts counts, List<Topic> found, List<Topic> wanted, List<LabelledTopic> topics) {
        Counts sum = counts;
        for (LabelledTopic topic : topics) {
            sum = sum.and(wanted.contains(topic.topic()), found.contains(topic.topic()));
        }
        return sum;
    }

    /** Grounded answers among those that are not, at the threshold 0.7. */
    public Counts grounding() throws IOException {
        return answers(0.7, true);
    }

    /** Relevant answers among those that are not, at the threshold 0.5. */
    public Counts relevance() throws IOException {
        return answers(0.5, false);
    }

    private Counts answers(double threshold, boolean grounding) throws IOException {
        Counts counts = NONE;
        for (LabelledAnswer answer : LabelledData.answers(data.resolve("grounding.txt"), true)) {
            Scores scores = guard.grounding().scores(answer.source(), answer.query(), answer.answer());
            counts = counts.and(
                    grounding ? answer.grounded() : answer.relevant(),
                    (grounding ? scores.grounding() : scores.relevance()) >= threshold);
        }
        return counts;
    }

    /** Personal data found in the sentences held out. */
    public PersonalDataFigures personalData() throws IOException {
        return PersonalDataFigures.of(
                guard.personalData(), PersonalDataFigures.read(data.resolve("heldout/personal-data.jsonl.gz")));
    }

    private static boolean isHarmful(ContentFilter filter, String text) {
        return filter.assess(text).values().stream().anyMatch(confidence -> confidence != Confidence.NONE);
    }

    private List<JsonNode> labelled(String name) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> nodes = new java.util.ArrayList<>();
        for (String line : LabelledData.lines(data.resolve("heldout/" + name + ".jsonl.gz"))) {
            nodes.add(json.readTree(line));
        }
        return nodes;
    }

    private static String text(JsonNode node) {
        return node.path("text").asText();
    }

    private static String label(JsonNode node) {
        return node.path("label").asText();
    }
}
