package dev.outcrop.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.engines.speech.DomainPhrases;
import dev.outcrop.engines.speech.RecognitionOptions;
import dev.outcrop.engines.speech.RecognitionOptions.BoostedPhrase;
import dev.outcrop.engines.speech.SpeechRecognizer;
import dev.outcrop.engines.speech.StreamingRecognizer;
import dev.outcrop.engines.speech.Transcript;
import dev.outcrop.engines.speech.WhisperSettings;
import dev.outcrop.engines.speech.whisper.WhisperRecognizer;
import dev.outcrop.engines.voice.english.PronunciationDictionary;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Recognition of speech beside faster-whisper with the same weights, one thread, beam 5 and word times each: word error
 * rate and seconds of CPU a second of sound, on sentences that Piper speaks, as they are and in noise of 5 dB, and how many
 * rare names are written right with and without a vocabulary; seconds of sound a second when eight call at once; and
 * how long after a word a stream tells it.
 */
final class SpeechBenchmark implements Benchmark {
    private static final List<String> REQUIREMENTS =
            List.of("faster-whisper==1.2.1", "piper-tts==1.8.0", "numpy==2.4.6");
    private static final int CALLERS = 8;
    private static final int STREAMED = 12;
    /** Samples that a client sends at once, and that it is silent for between sentences. */
    private static final int CHUNK = SpeechRecognizer.SAMPLE_RATE / 10;

    private static final int PAUSE = SpeechRecognizer.SAMPLE_RATE * 6 / 10;
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private static final List<String> SENTENCES = List.of(
            "The weather forecast for tomorrow says it will rain in the afternoon.",
            "She bought three pounds of apples and a loaf of bread at the market.",
            "Our meeting has been moved from Tuesday morning to Thursday at noon.",
            "The old lighthouse stood alone on the rocky shore.",
            "Please remember to lock the door when you leave the office tonight.",
            "Scientists have discovered a new species of frog in the rain forest.",
            "The train to the airport leaves every twenty minutes from platform nine.",
            "He played the piano so beautifully that the whole room fell silent.",
            "I would like to cancel my subscription and receive a full refund.",
            "The museum is closed on Mondays but open late on Fridays.",
            "Can you tell me how to get to the nearest hospital from here?",
            "The committee agreed to postpone the decision until next spring.",
            "A gentle breeze carried the smell of fresh coffee through the garden.",
            "My grandmother used to tell us stories about her childhood in the mountains.",
            "The software update fixes several security problems and improves performance.",
            "They walked along the river bank until the sun went down.",
            "The recipe calls for two cups of flour and a pinch of salt.",
            "Nobody expected the small company to grow so quickly.",
            "The bridge was damaged by the storm and will be closed for repairs.",
            "Children under twelve must be accompanied by an adult at all times.",
            "The judge listened carefully to both sides before giving her verdict.",
            "After dinner we sat by the fire and talked about the old days.",
            "The new library has more than fifty thousand books on its shelves.",
            "His flight was delayed because of heavy fog over the city.",
            "The doctor told him to rest and drink plenty of water.",
            "We need to reduce our costs without lowering the quality of our products.",
            "The kitten chased its own tail around the living room.",
            "Most of the students passed the final examination with good marks.",
            "The price of petrol has gone up again this month.",
            "There was a long silence before anyone dared to speak.",
            "The engineer explained how the machine converts heat into electricity.",
            "You should always wear a helmet when you ride a bicycle.");

    /** Sentences with names that are rare, and the names. */
    private static final Map<String, List<String>> NAMED = Map.of(
            "Please ask Siobhan Kowalczyk to call me back.", List.of("Siobhan", "Kowalczyk"),
            "The Outcrop server runs on Graviton and Trainium.", List.of("Outcrop", "Graviton", "Trainium"),
            "Doctor Nguyen prescribed Atorvastatin and Metoprolol.", List.of("Nguyen", "Atorvastatin", "Metoprolol"),
            "Our office in Llandudno is run by Anneliese Voss.", List.of("Llandudno", "Anneliese Voss"),
            "We deployed the Qdrant cluster with Kubernetes.", List.of("Qdrant", "Kubernetes"),
            "The keynote was given by Priya Venkataraman.", List.of("Priya Venkataraman"));

    /** Other sentences of the same field, from which a custom language model learns. */
    private static final String DOMAIN = """
            The rota is kept by Siobhan Kowalczyk, and her deputy is Anneliese Voss. Every cluster of Outcrop moves from Graviton
            to Trainium this year. The slides of Priya Venkataraman explain how Kubernetes restarts what Qdrant has left. Patients
            of Nguyen get Metoprolol in the morning and Atorvastatin at night. The ferry from Llandudno was late again.
            """;

    private final ObjectMapper json = new ObjectMapper();

    /** What was heard, and what that took. */
    private record Result(List<String> texts, double cpuSeconds) {}

    @Override
    public String name() {
        return "speech";
    }

    @Override
    public String description() {
        return "word error rate and CPU of recognising speech, beside faster-whisper with the same weights";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Path python = workplace.python("speech", REQUIREMENTS).resolve("python");
        ModelStore store = ModelStore.open(ModelStore.defaultFolder(System.getenv()));
        InstalledModel whisper = store.install(Catalog.builtIn().get("whisper-base"), Progress.NONE);
        InstalledModel voice = store.install(Catalog.builtIn().get("piper-en-us-joe-medium"), Progress.NONE);
        List<String> named = List.copyOf(NAMED.keySet());
        List<Path> clean = spoken(workplace, python, voice, SENTENCES, "clean");
        List<Path> noisy = clean.stream()
                .map(file -> file.resolveSibling(file.getFileName().toString().replace("clean", "noisy")))
                .toList();
        List<Path> names = spoken(workplace, python, voice, named, "clean");
        report.note(
                SENTENCES.size() + " sentences spoken by Piper, as they are and in noise of 5 dB; whisper-base, int8,"
                        + " one thread, beam 5, word times");
        WhisperSettings settings = WhisperSettings.of(
                whisper.id(),
                whisper.weights(),
                whisper.file("tokenizer.json"),
                whisper.folder().resolve("graphs"));
        try (WhisperRecognizer recognizer = WhisperRecognizer.open(settings.withThreads(1))) {
            recognizer.transcribe(samples(clean.getFirst()), english(List.of()));
            compare(workplace, python, report, recognizer, whisper, clean, "clean");
            compare(workplace, python, report, recognizer, whisper, noisy, "in noise");
            List<String> vocabulary =
                    NAMED.values().stream().flatMap(List::stream).toList();
            double without =
                    written(named, outcrop(recognizer, names, List.of()).texts());
            double with = written(named, outcrop(recognizer, names, vocabulary).texts());
            report.figure("rare names written right, without a vocabulary", without, "");
            report.figure("rare names written right, with a vocabulary of all", with, "");
            report.atLeast("gain by a vocabulary", with - without, 0.2, "");
            DomainPhrases domain = new DomainPhrases(PronunciationDictionary.shipped()::contains);
            domain.read(DOMAIN);
            domain.read(String.join("\n", SENTENCES));
            List<String> learnt =
                    domain.phrases(200).stream().map(BoostedPhrase::text).toList();
            double trained = written(named, outcrop(recognizer, names, learnt).texts());
            report.figure("rare names written right, with a language model of other sentences", trained, "");
            report.atLeast("gain by a language model", trained - without, 0.2, "");
        }
        callers(workplace, python, report, settings, whisper, clean);
        lag(report, settings, clean.subList(0, STREAMED));
    }

    /** How long after a word was spoken a stream tells it, while sound comes as fast as it is spoken. */
    private static void lag(Report report, WhisperSettings settings, List<Path> files) throws Exception {
        List<Double> lags = new ArrayList<>();
        double[] told = {0};
        try (WhisperRecognizer recognizer = WhisperRecognizer.open(settings)) {
            recognizer.transcribe(samples(files.getFirst()), english(List.of()));
            long began = System.nanoTime();
            try (StreamingRecognizer stream = recognizer.stream(english(List.of()), result -> {
                double now = (System.nanoTime() - began) / 1e9;
                for (Transcript.RecognizedWord word : result.segment().words()) {
                    if (word.end() > told[0]) {
                        told[0] = word.end();
                        lags.add(now - word.end());
                    }
                }
            })) {
                long fed = 0;
                for (Path file : files) {
                    float[] all = Arrays.copyOf(samples(file), (int) (Files.size(file) / Float.BYTES) + PAUSE);
                    for (int at = 0; at < all.length; at += CHUNK) {
                        float[] chunk = Arrays.copyOfRange(all, at, Math.min(all.length, at + CHUNK));
                        fed += chunk.length;
                        long due = began + fed * 1_000_000_000L / SpeechRecognizer.SAMPLE_RATE;
                        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                        stream.feed(chunk);
                    }
                }
                stream.finish();
            }
        }
        lags.sort(Double::compare);
        report.figure("stream, from a word to its result, median of " + lags.size(), lags.get(lags.size() / 2), "s");
        report.atMost("stream, the same, 95 of 100 words", lags.get(lags.size() * 95 / 100), 2, "s");
        report.figure("stream, the same, the slowest", lags.getLast(), "s");
    }

    /** Seconds of sound a second when several call at once. */
    private void callers(
            Workplace workplace,
            Path python,
            Report report,
            WhisperSettings settings,
            InstalledModel model,
            List<Path> files)
            throws Exception {
        double ours;
        try (WhisperRecognizer recognizer = WhisperRecognizer.open(settings);
                ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            recognizer.transcribe(samples(files.getFirst()), english(List.of()));
            long began = System.nanoTime();
            List<Future<Transcript>> calls = new ArrayList<>();
            for (Path file : files) {
                calls.add(callers.submit(() -> recognizer.transcribe(samples(file), english(List.of()))));
            }
            for (Future<Transcript> call : calls) {
                call.get();
            }
            ours = seconds(files) / ((System.nanoTime() - began) / 1e9);
        }
        double theirs = seconds(files)
                / peer(workplace, python, model, files, "--callers", String.valueOf(CALLERS))
                        .path("seconds")
                        .asDouble();
        report.figure("Outcrop, seconds of sound a second, " + CALLERS + " callers", ours, "s");
        report.figure("faster-whisper, seconds of sound a second, " + CALLERS + " callers", theirs, "s");
        report.atLeast("seconds of sound a second, beside faster-whisper", ours / theirs, 1.5, "×");
    }

    private static double seconds(List<Path> files) throws IOException {
        double seconds = 0;
        for (Path file : files) {
            seconds += (double) Files.size(file) / Float.BYTES / SpeechRecognizer.SAMPLE_RATE;
        }
        return seconds;
    }

    private void compare(
            Workplace workplace,
            Path python,
            Report report,
            WhisperRecognizer recognizer,
            InstalledModel model,
            List<Path> files,
            String kind)
            throws IOException, InterruptedException {
        Result ours = outcrop(recognizer, files, List.of());
        Result theirs = alone(workplace, python, model, files);
        double seconds = seconds(files);
        double ourErrors = 100 * WordErrors.rate(SENTENCES, ours.texts());
        double theirErrors = 100 * WordErrors.rate(SENTENCES, theirs.texts());
        report.figure("Outcrop, " + kind + ", words wrong", ourErrors, "%");
        report.figure("faster-whisper, " + kind + ", words wrong", theirErrors, "%");
        report.figure("Outcrop, " + kind + ", CPU a second of sound", ours.cpuSeconds() / seconds, "s");
        report.figure("faster-whisper, " + kind + ", CPU a second of sound", theirs.cpuSeconds() / seconds, "s");
        report.atMost("words wrong beyond the peer's, " + kind, ourErrors - theirErrors, 0.5, "points");
        report.atLeast("CPU, beside faster-whisper, " + kind, theirs.cpuSeconds() / ours.cpuSeconds(), 1, "×");
    }

    private List<Path> spoken(
            Workplace workplace, Path python, InstalledModel voice, List<String> sentences, String kind)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(workplace.scratch(), "spoken");
        Path file = folder.resolve("sentences.json");
        json.writeValue(file.toFile(), sentences);
        workplace.output(
                List.of(
                        python.toString(),
                        script(workplace),
                        "speak",
                        voice.weights().toString(),
                        voice.file("voice.json").toString(),
                        file.toString(),
                        folder.toString()),
                PATIENCE);
        return IntStream.range(0, sentences.size())
                .mapToObj(number -> folder.resolve(String.format("%s%03d.f32", kind, number)))
                .toList();
    }

    private static String script(Workplace workplace) {
        return workplace.source().resolve("bench/peers/speech.py").toString();
    }

    private static RecognitionOptions english(List<String> vocabulary) {
        return RecognitionOptions.DEFAULT
                .withLanguage("en")
                .withBoostedPhrases(vocabulary.stream().map(BoostedPhrase::of).toList());
    }

    private static Result outcrop(WhisperRecognizer recognizer, List<Path> files, List<String> vocabulary)
            throws IOException {
        double before = cpuSeconds(recognizer);
        List<String> texts = new ArrayList<>();
        for (Path file : files) {
            texts.add(recognizer.transcribe(samples(file), english(vocabulary)).text());
        }
        return new Result(texts, cpuSeconds(recognizer) - before);
    }

    /** CPU of this process and of the one that recognises. */
    private static double cpuSeconds(WhisperRecognizer recognizer) {
        long own = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
        Duration worker = recognizer
                .status()
                .flatMap(status -> ProcessHandle.of(status.processId()))
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
        return own / 1e9 + worker.toMillis() / 1e3;
    }

    private JsonNode peer(Workplace workplace, Path python, InstalledModel model, List<Path> files, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                python.toString(),
                script(workplace),
                "recognise",
                model.folder().toString()));
        files.forEach(file -> command.add(file.toString()));
        command.addAll(List.of(options));
        return json.readTree(workplace.output(command, PATIENCE));
    }

    private Result alone(Workplace workplace, Path python, InstalledModel model, List<Path> files)
            throws IOException, InterruptedException {
        JsonNode answer = peer(workplace, python, model, files);
        List<String> texts = new ArrayList<>();
        answer.path("texts").forEach(text -> texts.add(text.asText()));
        double seconds = 0;
        for (JsonNode each : answer.path("cpuSeconds")) {
            seconds += each.asDouble();
        }
        return new Result(texts, seconds);
    }

    /** The share of the names that stand in the texts. */
    private static double written(List<String> sentences, List<String> texts) {
        int written = 0;
        int all = 0;
        for (int i = 0; i < texts.size(); i++) {
            for (String name : NAMED.get(sentences.get(i))) {
                all++;
                written += texts.get(i).contains(name) ? 1 : 0;
            }
        }
        return (double) written / all;
    }

    private static float[] samples(Path file) throws IOException {
        FloatBuffer values = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] samples = new float[values.remaining()];
        values.get(samples);
        return samples;
    }
}
