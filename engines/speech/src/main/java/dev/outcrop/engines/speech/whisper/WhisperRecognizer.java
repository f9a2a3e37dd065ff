package dev.outcrop.engines.speech.whisper;

import dev.outcrop.engines.speech.RecognitionOptions;
import dev.outcrop.engines.speech.RecognitionOptions.BoostedPhrase;
import dev.outcrop.engines.speech.SpectralVoiceActivity;
import dev.outcrop.engines.speech.SpeechException;
import dev.outcrop.engines.speech.SpeechException.Category;
import dev.outcrop.engines.speech.SpeechRecognizer;
import dev.outcrop.engines.speech.StreamingRecognizer;
import dev.outcrop.engines.speech.StreamingResult;
import dev.outcrop.engines.speech.Transcript;
import dev.outcrop.engines.speech.VoiceActivity;
import dev.outcrop.engines.speech.VoiceActivity.Span;
import dev.outcrop.engines.speech.WhisperSettings;
import dev.outcrop.engines.worker.Worker;
import dev.outcrop.engines.worker.WorkerCall;
import dev.outcrop.engines.worker.WorkerException;
import dev.outcrop.engines.worker.WorkerSettings;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Whisper in a process of its own. Speech is looked for first, here; what is found goes to the process in windows of at
 * most half a minute, so that neither its memory nor the frames grow with a recording, an abort takes effect at once, and
 * its death costs one window, which is tried once more.
 */
public final class WhisperRecognizer implements SpeechRecognizer {
    private static final int HEAP_MEGABYTES = 1024;
    private static final Duration WINDOW_LIMIT = Duration.ofMinutes(3);
    private static final Duration TURN_LIMIT = Duration.ofMinutes(30);
    private static final int MOST_PHRASES = 1000;
    private static final int LONGEST_PHRASE = 256;
    private static final int LONGEST_PROMPT = 2000;

    private final WhisperSettings settings;
    private final Worker worker;
    private final VoiceActivity voice = new SpectralVoiceActivity();
    private final Semaphore turns;
    private final AtomicInteger present = new AtomicInteger();

    private WhisperRecognizer(WhisperSettings settings) {
        this.settings = settings;
        this.turns = new Semaphore(settings.parallel(), true);
        int threads = Math.clamp(settings.threads(), 1, Runtime.getRuntime().availableProcessors());
        this.worker = new Worker(new WorkerSettings(
                settings.id(),
                WhisperService.class,
                Messages.write(new Messages.Load(
                        settings.weights().toString(),
                        settings.tokenizer().toString(),
                        settings.cache().toString(),
                        threads)),
                List.of(),
                HEAP_MEGABYTES,
                settings.residentBytes(),
                settings.startLimit(),
                settings.idleLimit()));
    }

    /**
     * A recogniser whose process is started when it is first called.
     *
     * @throws SpeechException {@code MODEL} if a file is not there
     */
    public static WhisperRecognizer open(WhisperSettings settings) {
        for (var file : List.of(settings.weights(), settings.tokenizer())) {
            if (!Files.isRegularFile(file)) {
                throw new SpeechException(Category.MODEL, "the model " + settings.id() + " lacks its file " + file);
            }
        }
        return new WhisperRecognizer(settings);
    }

    @Override
    public String model() {
        return settings.id();
    }

    @Override
    public List<String> languages() {
        try {
            return Messages.read(worker.start(), Messages.Loaded.class).languages();
        } catch (WorkerException e) {
            throw failure(e);
        }
    }

    @Override
    public Transcript transcribe(float[] samples, RecognitionOptions options) {
        check(options);
        enter();
        try {
            return new Transcription(this, samples, options).run(voice.find(samples));
        } finally {
            present.decrementAndGet();
        }
    }

    @Override
    public List<DetectedLanguage> identify(float[] samples) {
        enter();
        try {
            List<Span> spans = voice.find(samples);
            if (spans.isEmpty()) {
                return List.of();
            }
            float[] window =
                    window(samples, spans.getFirst().start(), spans.getLast().end());
            Messages.Window asked = Transcription.question("", List.of(), RecognitionOptions.DEFAULT);
            return call(Messages.LANGUAGES, asked, window, Messages.Languages.class)
                    .languages();
        } finally {
            present.decrementAndGet();
        }
    }

    @Override
    public StreamingRecognizer stream(RecognitionOptions options, Consumer<StreamingResult> results) {
        check(options);
        enter();
        return new WhisperStream(this, voice, options, results, present::decrementAndGet);
    }

    private void enter() {
        if (present.incrementAndGet() > settings.parallel() + settings.waiting()) {
            present.decrementAndGet();
            throw new SpeechException(
                    Category.OVERLOADED,
                    "the model " + settings.id() + " recognises " + settings.parallel() + " sounds at once, and "
                            + settings.waiting() + " more wait");
        }
    }

    private static void check(RecognitionOptions options) {
        if (options.boostedPhrases().size() > MOST_PHRASES) {
            throw new SpeechException(
                    Category.INVALID,
                    "at most " + MOST_PHRASES + " phrases can be preferred, but not "
                            + options.boostedPhrases().size());
        }
        for (BoostedPhrase phrase : options.boostedPhrases()) {
            if (phrase.text().length() > LONGEST_PHRASE || Double.isNaN(phrase.bonus())) {
                throw new SpeechException(
                        Category.INVALID,
                        "a preferred phrase has at most " + LONGEST_PHRASE + " characters and a number for its bonus");
            }
        }
        if (options.prompt().length() > LONGEST_PROMPT) {
            throw new SpeechException(Category.INVALID, "a prompt has at most " + LONGEST_PROMPT + " characters");
        }
    }

    /** The samples from one second to another, half a minute at most; what is no number is silence. */
    static float[] window(float[] samples, double start, double end) {
        int from = Math.clamp(Math.round(start * SAMPLE_RATE), 0, samples.length);
        int to = Math.clamp(
                Math.round(end * SAMPLE_RATE), from, Math.min(samples.length, from + Messages.LONGEST_WINDOW));
        float[] window = Arrays.copyOfRange(samples, from, to);
        for (int i = 0; i < window.length; i++) {
            window[i] = Float.isFinite(window[i]) ? Math.clamp(window[i], -1, 1) : 0;
        }
        return window;
    }

    Messages.Heard hear(Messages.Window window, float[] samples) {
        return call(Messages.WINDOW, window, samples, Messages.Heard.class);
    }

    private <T> T call(String operation, Messages.Window window, float[] samples, Class<T> type) {
        takeTurn();
        try {
            try {
                return attempt(operation, window, samples, type);
            } catch (WorkerException e) {
                if (e.reason() != WorkerException.Reason.UNAVAILABLE) {
                    throw e;
                }
                return attempt(operation, window, samples, type);
            }
        } catch (WorkerException e) {
            throw failure(e);
        } finally {
            turns.release();
        }
    }

    private void takeTurn() {
        try {
            if (!turns.tryAcquire(TURN_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new SpeechException(Category.OVERLOADED, "others were recognised for " + TURN_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SpeechException(Category.UNAVAILABLE, "interrupted while others were recognised", e);
        }
    }

    private <T> T attempt(String operation, Messages.Window window, float[] samples, Class<T> type) {
        try (WorkerCall call = worker.call(operation, Messages.write(window, samples))) {
            return Messages.read(
                    call.next(WINDOW_LIMIT)
                            .orElseThrow(() -> new WorkerException(
                                    WorkerException.Reason.UNAVAILABLE, "the recogniser gave no answer")),
                    type);
        }
    }

    private static SpeechException failure(WorkerException e) {
        Category category = switch (e.reason()) {
            case UNAVAILABLE -> Category.UNAVAILABLE;
            case TIMED_OUT -> Category.TIMED_OUT;
            case REFUSED ->
                Arrays.stream(Category.values())
                        .filter(known -> known.name().equals(e.category()))
                        .findFirst()
                        .orElse(Category.UNAVAILABLE);
        };
        return new SpeechException(category, e.getMessage(), e);
    }

    /** The process that recognises, while there is one. */
    public Optional<Worker.Status> status() {
        return worker.status();
    }

    @Override
    public void close() {
        worker.close();
    }
}
