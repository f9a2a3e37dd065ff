package dev.outcrop.services;

import dev.outcrop.engines.speech.RecognitionOptions;
import dev.outcrop.engines.speech.SpeechRecognizer;
import dev.outcrop.engines.speech.StreamingRecognizer;
import dev.outcrop.engines.speech.StreamingResult;
import dev.outcrop.engines.speech.Transcript;
import dev.outcrop.engines.speech.Transcript.Alternative;
import dev.outcrop.engines.speech.Transcript.RecognizedWord;
import dev.outcrop.engines.speech.Transcript.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Hears what it is told to hear wherever there is sound, one word every half second, and remembers what was asked of it. */
public final class PlayedRecognizer implements SpeechRecognizer {
    private static final double WORD = 0.5;

    private final List<RecognitionOptions> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger openedStreams = new AtomicInteger();
    private volatile List<String> words = List.of("hello", "world.");
    private volatile List<DetectedLanguage> languages =
            List.of(new DetectedLanguage("en", 0.6), new DetectedLanguage("de", 0.3), new DetectedLanguage("es", 0.1));
    private final AtomicInteger closedStreams = new AtomicInteger();
    private volatile Runnable before = () -> {};

    /** What it hears from now on. */
    public void hears(String... newWords) {
        words = List.of(newWords);
    }

    /** Which languages it finds from now on. */
    public void finds(List<DetectedLanguage> newLanguages) {
        languages = newLanguages;
    }

    /** Runs before a recording is recognised. */
    public void before(Runnable action) {
        before = action;
    }

    /** How recordings and streams were to be recognised. */
    public List<RecognitionOptions> asked() {
        return List.copyOf(asked);
    }

    /** How many streams were closed. */
    public int closedStreams() {
        return closedStreams.get();
    }

    /** How many streams were opened. */
    public int openedStreams() {
        return openedStreams.get();
    }

    @Override
    public String model() {
        return "played";
    }

    @Override
    public List<String> languages() {
        return List.of("en", "de", "es");
    }

    private static boolean isSilent(float[] samples) {
        for (float sample : samples) {
            if (Math.abs(sample) > 0.01) {
                return false;
            }
        }
        return true;
    }

    private Segment segment(double seconds) {
        List<RecognizedWord> heard = new ArrayList<>();
        List<RecognizedWord> others = new ArrayList<>();
        for (int i = 0; i < words.size() && i * WORD < seconds; i++) {
            heard.add(new RecognizedWord(words.get(i), true, i * WORD, (i + 1) * WORD, 0.9));
            others.add(new RecognizedWord(words.get(i) + "s", true, i * WORD, (i + 1) * WORD, 0.2));
        }
        return new Segment(0, heard.size() * WORD, heard, List.of(new Alternative(others, 0.2)));
    }

    @Override
    public Transcript transcribe(float[] samples, RecognitionOptions options) {
        asked.add(options);
        before.run();
        String language = options.language().orElse("en");
        return isSilent(samples)
                ? new Transcript(language, List.of())
                : new Transcript(language, List.of(segment(Double.MAX_VALUE)));
    }

    @Override
    public List<DetectedLanguage> identify(float[] samples) {
        return isSilent(samples) ? List.of() : languages;
    }

    @Override
    public StreamingRecognizer stream(RecognitionOptions options, Consumer<StreamingResult> results) {
        asked.add(options);
        String language = options.language().orElse("en");
        openedStreams.incrementAndGet();
        return new StreamingRecognizer() {
            private double seconds;
            private int told;

            @Override
            public void feed(float[] samples) {
                seconds += (double) samples.length / SAMPLE_RATE;
                Segment segment = segment(seconds);
                if (segment.words().size() > told) {
                    told = segment.words().size();
                    results.accept(new StreamingResult(0, true, language, segment, told - 1));
                }
            }

            @Override
            public String finish() {
                Segment segment = segment(seconds);
                results.accept(new StreamingResult(
                        0, false, language, segment, segment.words().size()));
                return language;
            }

            @Override
            public void close() {
                closedStreams.incrementAndGet();
            }
        };
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
