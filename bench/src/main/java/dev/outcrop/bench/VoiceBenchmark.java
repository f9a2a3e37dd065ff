package dev.outcrop.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.outcrop.engines.audio.encoding.Pcm;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.engines.voice.Speaker;
import dev.outcrop.engines.voice.Voice;
import dev.outcrop.engines.voice.english.LetterToSound;
import dev.outcrop.engines.voice.english.Pronouncer;
import dev.outcrop.engines.voice.english.PronunciationDictionary;
import dev.outcrop.engines.voice.english.training.PronunciationRecipe;
import dev.outcrop.engines.voice.markup.Speech;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/**
 * How well our speech is understood, beside Piper's own program and espeak-ng with the same sentences and, of Piper, the
 * same voice: the word error rate of what faster-whisper's base model hears; how fast it is; and how often words that no
 * dictionary has are pronounced wrongly.
 */
final class VoiceBenchmark implements Benchmark {
    private static final String VOICE = "piper-en-us-joe-medium";
    private static final String WHISPER = "whisper-base";
    private static final List<String> REQUIREMENTS =
            List.of("faster-whisper==1.2.1", "piper-tts==1.8.0", "espeakng-loader==0.2.4", "numpy==2.4.6");
    private static final int CALLERS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    @Override
    public String name() {
        return "voice";
    }

    @Override
    public String description() {
        return "how well and how fast texts are spoken, beside Piper and espeak-ng";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Path python = workplace.python("voice", REQUIREMENTS).resolve("python");
        ModelStore store = ModelStore.open(ModelStore.defaultFolder(System.getenv()));
        InstalledModel voice = store.install(Catalog.builtIn().get(VOICE), Progress.NONE);
        InstalledModel whisper = store.install(Catalog.builtIn().get(WHISPER), Progress.NONE);
        Path sentencesFile = workplace.source().resolve("bench/peers/voice-sentences.txt");
        List<String> sentences = Files.readAllLines(sentencesFile);
        Path folder = Files.createDirectories(workplace.scratch().resolve("spoken"));
        double characters;
        double cpu;
        try (Voice open = Voice.open(VOICE, voice.file("voice.onnx"), voice.file("voice.json"))) {
            Speaker speaker = new Speaker(open, Pronouncer.shipped());
            speak(speaker, "A warm start.");
            OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long began = system.getProcessCpuTime();
            double seconds = 0;
            for (int i = 0; i < sentences.size(); i++) {
                float[] samples = speak(speaker, sentences.get(i));
                seconds += samples.length / (double) open.sampleRate();
                write(folder.resolve(i + ".wav"), samples, open.sampleRate());
            }
            cpu = (system.getProcessCpuTime() - began) / 1e9 / seconds;
            characters = together(speaker, sentences);
        }
        JsonNode theirs = new ObjectMapper()
                .readTree(workplace.output(
                        List.of(
                                python.toString(),
                                workplace
                                        .source()
                                        .resolve("bench/peers/voice.py")
                                        .toString(),
                                sentencesFile.toString(),
                                folder.toString(),
                                whisper.file("model.bin").getParent().toString(),
                                voice.file("voice.onnx").toString(),
                                voice.file("voice.json").toString(),
                                Integer.toString(CALLERS)),
                        PATIENCE));
        report.figure("words misheard, espeak-ng", 100 * theirs.path("espeak").asDouble(), "%");
        report.figure("words misheard, Piper", 100 * theirs.path("piper").asDouble(), "%");
        report.atMost(
                "words misheard, Outcrop (goal: Piper's)",
                100 * theirs.path("outcrop").asDouble(),
                100 * theirs.path("piper").asDouble(),
                "%");
        report.figure("CPU a second of speech, Piper", theirs.path("piper_cpu").asDouble(), "s");
        report.figure("CPU a second of speech, Outcrop", cpu, "s");
        report.figure(
                "characters a second, 8 callers, Piper",
                theirs.path("piper_characters").asDouble(),
                "1/s");
        report.figure("characters a second, 8 callers, Outcrop", characters, "1/s");
        report.atLeast(
                "characters a second, beside Piper",
                characters / theirs.path("piper_characters").asDouble(),
                1.5,
                "×");
        report.note("heard wrongly of ours: " + theirs.path("heard").path("outcrop"));
        unknownWords(report);
    }

    private static float[] speak(Speaker speaker, String sentence) {
        return speaker.speak(Speech.of(sentence), List.of()).next().samples();
    }

    private static double together(Speaker speaker, List<String> sentences) throws InterruptedException {
        ConcurrentLinkedQueue<String> rest = new ConcurrentLinkedQueue<>(sentences);
        List<Thread> callers = new ArrayList<>();
        long began = System.nanoTime();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofVirtual().start(() -> {
                for (String sentence = rest.poll(); sentence != null; sentence = rest.poll()) {
                    speak(speaker, sentence);
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        return sentences.stream().mapToInt(String::length).sum() / ((System.nanoTime() - began) / 1e9);
    }

    private static void write(Path file, float[] samples, int rate) throws IOException {
        byte[] bytes = new Pcm().encode(samples);
        AudioFormat format = new AudioFormat(rate, 16, 1, true, false);
        AudioSystem.write(
                new AudioInputStream(new ByteArrayInputStream(bytes), format, samples.length),
                AudioFileFormat.Type.WAVE,
                file.toFile());
    }

    private static void unknownWords(Report report) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (InputStream plain =
                new GZIPInputStream(PronunciationDictionary.class.getResourceAsStream("cmudict.txt.gz"))) {
            plain.transferTo(text);
        }
        PronunciationRecipe.Errors errors = PronunciationRecipe.measure(
                LetterToSound.shipped(),
                new PronunciationDictionary(text.toByteArray()),
                PronunciationRecipe.heldOut(text.toByteArray()));
        report.figure("unseen words pronounced wrongly, of " + errors.words(), 100 * errors.wordErrors(), "%");
        report.figure("the same, stress included", 100 * errors.stressErrors(), "%");
        report.figure("their sounds wrong", 100 * errors.phonemeErrors(), "%");
    }
}
