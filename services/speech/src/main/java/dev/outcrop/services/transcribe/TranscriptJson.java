package dev.outcrop.services.transcribe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.guard.ToxicityClassifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A transcript as Transcribe writes it.
 *
 * <p>Source: "Data input and output", "Partitioning speakers", "Alternative transcriptions", "Transcribing multi-channel audio",
 * "Identifying languages" and "Detecting toxic speech" of the Amazon Transcribe developer guide.
 */
final class TranscriptJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SPEAKER = "speaker_label";

    private static final List<ToxicityClassifier.Kind> TOXIC_ORDER = List.of(
            ToxicityClassifier.Kind.PROFANITY,
            ToxicityClassifier.Kind.HATE_SPEECH,
            ToxicityClassifier.Kind.SEXUAL,
            ToxicityClassifier.Kind.INSULT,
            ToxicityClassifier.Kind.VIOLENCE_OR_THREAT,
            ToxicityClassifier.Kind.GRAPHIC,
            ToxicityClassifier.Kind.HARASSMENT_OR_ABUSE);

    private TranscriptJson() {}

    /**
     * What belongs to the whole transcript.
     *
     * @param language   the one that was identified, where that was asked for
     * @param scores     how probable each language is, where one was identified
     * @param durations  seconds of each language, where several were identified
     * @param channels   how many channels there are, where they were kept apart; else 0
     * @param speakers   whether speakers were told apart
     */
    record Whole(
            String jobName,
            String account,
            Optional<String> language,
            List<LanguageScore> scores,
            Map<String, Double> durations,
            int channels,
            boolean speakers,
            boolean alternatives,
            int mostAlternatives,
            boolean redacted) {}

    /** How probable a language is. */
    record LanguageScore(String code, double score) {}

    /**
     * Writes a transcript.
     *
     * @param toxicity how toxic each passage is; empty where that was not asked for
     */
    static byte[] write(Whole whole, List<Passage> passages, List<Map<ToxicityClassifier.Kind, Double>> toxicity) {
        ObjectNode root = JSON.createObjectNode();
        root.put("jobName", whole.jobName());
        root.put("accountId", whole.account());
        if (whole.redacted()) {
            root.put("isRedacted", true);
        }
        root.put("status", "COMPLETED");
        ObjectNode results = root.putObject("results");
        if (whole.language().isPresent()) {
            results.put("language_code", whole.language().get());
            ArrayNode scores = results.putArray("language_identification");
            whole.scores()
                    .forEach(score -> scores.addObject()
                            .put("score", number(score.score()))
                            .put("code", score.code()));
        }
        if (!whole.durations().isEmpty()) {
            ArrayNode codes = results.putArray("language_codes");
            whole.durations()
                    .forEach((code, seconds) ->
                            codes.addObject().put("language_code", code).put("duration_in_seconds", round(seconds)));
        }
        boolean several = !whole.durations().isEmpty();
        results.putArray("transcripts").addObject().put("transcript", text(passages));
        if (whole.speakers()) {
            results.set("speaker_labels", speakers(passages));
        }
        ArrayNode items = JSON.createArrayNode();
        ArrayNode segments = JSON.createArrayNode();
        Map<Integer, List<ObjectNode>> byChannel = new HashMap<>();
        int id = 0;
        int segmentId = 0;
        for (Passage passage : passages) {
            ObjectNode segment = segments.addObject();
            segment.put("id", segmentId++);
            segment.put("transcript", passage.text());
            segment.put("start_time", time(passage.start()));
            segment.put("end_time", time(passage.end()));
            ArrayNode ids = JSON.createArrayNode();
            for (Item item : passage.items()) {
                ObjectNode node = item(item);
                node.put("id", id);
                if (whole.channels() > 0) {
                    node.put("channel_label", "ch_" + passage.channel());
                    byChannel
                            .computeIfAbsent(passage.channel(), _ -> new ArrayList<>())
                            .add(node);
                }
                if (whole.speakers()) {
                    node.put(SPEAKER, speaker(passage));
                }
                if (several) {
                    node.put("language_code", passage.language());
                }
                ids.add(id++);
                items.add(node);
            }
            if (whole.channels() > 0) {
                segment.put("channel_label", "ch_" + passage.channel());
            }
            if (whole.speakers()) {
                segment.put(SPEAKER, speaker(passage));
            }
            if (several) {
                segment.put("language_code", passage.language());
            }
            segment.set("items", ids);
        }
        if (whole.channels() > 0) {
            ObjectNode labels = results.putObject("channel_labels");
            ArrayNode channels = labels.putArray("channels");
            for (int channel = 0; channel < whole.channels(); channel++) {
                ObjectNode one = channels.addObject().put("channel_label", "ch_" + channel);
                one.putArray("items").addAll(byChannel.getOrDefault(channel, List.of()));
            }
            labels.put("number_of_channels", whole.channels());
        }
        results.set("items", items);
        if (whole.alternatives()) {
            results.set("segments", readings(passages, whole));
        }
        results.set("audio_segments", segments);
        if (!toxicity.isEmpty()) {
            ArrayNode toxic = results.putArray("toxicity_detection");
            for (int i = 0; i < passages.size(); i++) {
                toxic.add(toxic(passages.get(i), toxicity.get(i)));
            }
        }
        try {
            return JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** All that was said, the passages of channels in the order of their beginnings. */
    static String text(List<Passage> passages) {
        return passages.stream()
                .filter(passage -> !passage.items().isEmpty())
                .map(Passage::text)
                .collect(Collectors.joining(" "));
    }

    /** Who speaks when. */
    private static ObjectNode speakers(List<Passage> passages) {
        ObjectNode labels = JSON.createObjectNode();
        ArrayNode segments = labels.putArray("segments");
        for (Passage passage : passages) {
            ObjectNode segment = segments.addObject();
            segment.put("start_time", time(passage.start()));
            segment.put("end_time", time(passage.end()));
            segment.put(SPEAKER, speaker(passage));
            ArrayNode items = segment.putArray("items");
            passage.items().stream()
                    .filter(item -> !item.punctuation())
                    .forEach(item -> items.addObject()
                            .put(SPEAKER, speaker(passage))
                            .put("start_time", time(item.start()))
                            .put("end_time", time(item.end())));
        }
        labels.put("channel_label", "ch_0");
        return labels.put(
                "speakers", passages.stream().map(Passage::speaker).distinct().count());
    }

    private static String speaker(Passage passage) {
        return "spk_" + passage.speaker();
    }

    private static ArrayNode readings(List<Passage> passages, Whole whole) {
        ArrayNode segments = JSON.createArrayNode();
        for (Passage passage : passages) {
            ObjectNode segment = segments.addObject();
            segment.put("start_time", time(passage.start()));
            segment.put("end_time", time(passage.end()));
            if (whole.channels() > 0) {
                segment.put("channel_label", "ch_" + passage.channel());
            }
            List<List<Item>> readings = new ArrayList<>();
            readings.add(passage.items());
            readings.addAll(passage.alternatives());
            ArrayNode alternatives = segment.putArray("alternatives");
            readings.stream().limit(whole.mostAlternatives()).forEach(reading -> {
                ObjectNode alternative = alternatives.addObject().put("transcript", Item.text(reading));
                ArrayNode items = alternative.putArray("items");
                for (Item item : reading) {
                    ObjectNode node = items.addObject();
                    if (!item.punctuation()) {
                        node.put("start_time", time(item.start()));
                        node.put("end_time", time(item.end()));
                    }
                    node.put("type", type(item));
                    node.put("content", item.content());
                    node.put("confidence", number(item.confidence()));
                }
            });
        }
        return segments;
    }

    private static ObjectNode toxic(Passage passage, Map<ToxicityClassifier.Kind, Double> kinds) {
        ObjectNode node = JSON.createObjectNode().put("text", passage.text());
        node.put(
                "toxicity",
                score(kinds.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .max()
                        .orElse(0)));
        ObjectNode categories = node.putObject("categories");
        for (ToxicityClassifier.Kind kind : TOXIC_ORDER) {
            categories.put(kind.name().toLowerCase(Locale.ROOT), score(kinds.get(kind)));
        }
        return node.put("start_time", round(passage.start())).put("end_time", round(passage.end()));
    }

    private static double score(double probability) {
        return Math.round(probability * 10_000) / 10_000.0;
    }

    private static ObjectNode item(Item item) {
        ObjectNode node = JSON.createObjectNode();
        node.put("type", type(item));
        ObjectNode alternative = node.putArray("alternatives").addObject();
        if (item.redaction() >= 0) {
            alternative.putArray("redactions").addObject().put("confidence", number(item.redaction()));
        } else {
            alternative.put("confidence", item.punctuation() ? "0.0" : number(item.confidence()));
        }
        alternative.put("content", item.content());
        if (!item.punctuation()) {
            node.put("start_time", time(item.start()));
            node.put("end_time", time(item.end()));
        }
        if (item.filtered()) {
            node.put("vocabularyFilterMatch", true);
        }
        return node;
    }

    private static String type(Item item) {
        return item.punctuation() ? "punctuation" : "pronunciation";
    }

    private static double round(double seconds) {
        return Math.round(seconds * 100) / 100.0;
    }

    /** Seconds with as many digits as AWS has: two or three, and at least one. */
    private static String time(double seconds) {
        return Double.toString(Math.round(seconds * 1000) / 1000.0);
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value).replaceAll("0+$", "");
        return text.endsWith(".") ? text + "0" : text;
    }
}
