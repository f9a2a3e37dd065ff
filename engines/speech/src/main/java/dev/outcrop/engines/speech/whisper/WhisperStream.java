package dev.outcrop.engines.speech.whisper;

import dev.outcrop.engines.speech.RecognitionOptions;
import dev.outcrop.engines.speech.SpeechException;
import dev.outcrop.engines.speech.SpeechException.Category;
import dev.outcrop.engines.speech.SpeechRecognizer;
import dev.outcrop.engines.speech.StreamingRecognizer;
import dev.outcrop.engines.speech.StreamingResult;
import dev.outcrop.engines.speech.Transcript.RecognizedWord;
import dev.outcrop.engines.speech.Transcript.Segment;
import dev.outcrop.engines.speech.VoiceActivity;
import dev.outcrop.engines.speech.VoiceActivity.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Recognises while somebody speaks: what was said since the last pause is decoded again and again as it grows. What two
 * decodings in a row agree on stays as it is: the next ones begin with it.
 *
 * <p>Source: Liu et al., "Low-Latency Sequence-to-Sequence Speech Recognition and Translation by Partial Hypothesis
 * Selection", 2020 (local agreement).
 */
final class WhisperStream implements StreamingRecognizer {
    private static final int RATE = SpeechRecognizer.SAMPLE_RATE;
    private static final int MOST_WAITING = 30 * RATE;

    /** A pause of this many seconds ends a stretch of speech. */
    private static final double PAUSE = 0.7;

    /** A stretch is cut after this many seconds, where no pause comes. */
    private static final double LONGEST_STRETCH = 15;

    /** Where it is cut, at least so much is left for the next one. */
    private static final double REST = 1;

    /** Silence kept before what comes, so that the noise is known. */
    private static final int KEPT_SILENCE = RATE;

    /** What sounded like the beginning of speech, and does so no more, is forgotten after this many seconds. */
    private static final double LONGEST_DOUBT = 3;

    private static final double SHORTEST_STEP = 0.5;
    private static final double LONGEST_STEP = 2;
    private static final int MOST_PREVIOUS = 60;
    private static final Duration FINISH_LIMIT = Duration.ofMinutes(5);

    private final WhisperRecognizer recognizer;
    private final VoiceActivity voice;
    private final RecognitionOptions options;
    private final Consumer<StreamingResult> results;
    private final Runnable left;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private float[] waiting = new float[RATE];
    private int waitingCount;
    private boolean finished;
    private boolean ended;
    private SpeechException failure;

    // Of the session's thread alone, from here on.
    private float[] heard = new float[0];
    private long offset;
    private int number;
    private boolean shown;

    /** Second of what is kept at which somebody began to speak; negative while nobody does. */
    private double onset = -1;

    private String language;
    private final List<Integer> previous = new ArrayList<>();
    private List<Integer> earlier = List.of();
    private List<Integer> stable = List.of();

    WhisperStream(
            WhisperRecognizer recognizer,
            VoiceActivity voice,
            RecognitionOptions options,
            Consumer<StreamingResult> results,
            Runnable left) {
        this.recognizer = recognizer;
        this.voice = voice;
        this.options = options;
        this.results = results;
        this.left = left;
        this.language = options.language().orElse("");
        this.thread = Thread.ofVirtual().name("stream of speech").start(this::run);
    }

    @Override
    public void feed(float[] samples) {
        lock.lock();
        try {
            int from = 0;
            while (from < samples.length) {
                waitUntil(() -> waitingCount < MOST_WAITING || ended);
                check();
                int count = Math.min(samples.length - from, MOST_WAITING - waitingCount);
                if (waitingCount + count > waiting.length) {
                    waiting = Arrays.copyOf(waiting, Math.min(MOST_WAITING, 2 * (waitingCount + count)));
                }
                System.arraycopy(samples, from, waiting, waitingCount, count);
                waitingCount += count;
                from += count;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String finish() {
        lock.lock();
        try {
            finished = true;
            changed.signalAll();
            waitUntil(() -> ended);
            check();
            return language;
        } finally {
            lock.unlock();
        }
    }

    private void waitUntil(BooleanSupplier reached) {
        long rest = FINISH_LIMIT.toNanos();
        try {
            while (!reached.getAsBoolean()) {
                if (rest <= 0) {
                    throw new SpeechException(Category.TIMED_OUT, "the stream did not go on for " + FINISH_LIMIT);
                }
                rest = changed.awaitNanos(rest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SpeechException(Category.UNAVAILABLE, "interrupted while the stream was recognised", e);
        }
    }

    private void check() {
        if (failure != null) {
            throw new SpeechException(failure.category(), failure.getMessage(), failure);
        }
        if (ended && !finished) {
            throw new SpeechException(Category.UNAVAILABLE, "the stream was closed");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            double step = SHORTEST_STEP;
            boolean last = false;
            while (!last) {
                last = take(step);
                long begun = System.nanoTime();
                while (advance(last)) {
                    // There may be more than one stretch in what came.
                }
                step = Math.clamp(1.5 * (System.nanoTime() - begun) / 1e9, SHORTEST_STEP, LONGEST_STEP);
            }
        } catch (SpeechException e) {
            failure = e;
        } catch (InterruptedException e) {
            failure = new SpeechException(Category.UNAVAILABLE, "the stream was closed", e);
        } catch (RuntimeException e) {
            failure = new SpeechException(Category.UNAVAILABLE, "the stream failed: " + e, e);
        } finally {
            left.run();
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits for so many seconds of sound, takes what came, and says whether it was the last. */
    private boolean take(double step) throws InterruptedException {
        lock.lock();
        try {
            while (waitingCount < step * RATE && !finished) {
                changed.await();
            }
            int before = heard.length;
            heard = Arrays.copyOf(heard, before + waitingCount);
            System.arraycopy(waiting, 0, heard, before, waitingCount);
            waitingCount = 0;
            changed.signalAll();
            return finished;
        } finally {
            lock.unlock();
        }
    }

    /** Hears what there is; says whether a stretch has ended and there may be another one behind it. */
    private boolean advance(boolean last) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("closed");
        }
        List<Span> spans =
                voice.find(heard).stream().filter(span -> span.end() > onset).toList();
        double length = seconds(heard.length);
        if (spans.isEmpty()) {
            if (shown || (last && onset >= 0)) {
                conclude(length);
            } else if (onset < 0 || length - onset > LONGEST_DOUBT) {
                onset = -1;
                drop(Math.max(0, heard.length - KEPT_SILENCE));
            }
            return false;
        }
        double dropped = 0;
        if (onset < 0) {
            onset = spans.getFirst().start();
            int unneeded = Math.max(0, (int) (onset * RATE) - KEPT_SILENCE);
            drop(unneeded);
            dropped = seconds(unneeded);
            onset -= dropped;
            length -= dropped;
        }
        double end = spans.getFirst().end() - dropped;
        for (Span span : spans) {
            if (span.start() - dropped - end >= PAUSE) {
                break;
            }
            end = span.end() - dropped;
        }
        if (last || length - end >= PAUSE) {
            conclude(Math.min(length, end));
            return true;
        }
        if (length - onset > LONGEST_STRETCH) {
            cut(length);
            return true;
        }
        show(length);
        return false;
    }

    private void show(double length) {
        Messages.Heard answer = recognizer.hear(question(1, 1), WhisperRecognizer.window(heard, onset, length));
        if (answer.readings().isEmpty()) {
            return;
        }
        Messages.Reading reading = answer.readings().getFirst();
        language = answer.language();
        int agreed = Math.max(reading.agreed(), stable.size());
        stable = List.copyOf(reading.tokens().subList(0, agreed));
        earlier = reading.tokens();
        List<RecognizedWord> words = words(reading);
        if (!words.isEmpty()) {
            shown = true;
            results.accept(new StreamingResult(
                    number, true, language, segment(answer, words), Math.min(words.size(), reading.agreedWords())));
        }
    }

    /** Gives the final result of what was said up to some second, and goes on behind it. */
    private void conclude(double end) {
        Messages.Heard answer = recognizer.hear(
                question(Transcription.BEAMS, 1 + options.alternatives()), WhisperRecognizer.window(heard, onset, end));
        List<RecognizedWord> words = answer.readings().isEmpty()
                ? List.of()
                : words(answer.readings().getFirst());
        if (!words.isEmpty()) {
            language = answer.language();
            remember(answer.readings().getFirst().tokens());
        }
        conclude(answer, words, end);
    }

    /** Gives the final result of most of what was said, up to the longest pause between the last words. */
    private void cut(double length) {
        Messages.Heard answer = recognizer.hear(
                question(Transcription.BEAMS, 1 + options.alternatives()),
                WhisperRecognizer.window(heard, onset, length));
        List<RecognizedWord> words = answer.readings().isEmpty()
                ? List.of()
                : words(answer.readings().getFirst());
        int kept = 0;
        double widest = -1;
        for (int i = 1; i < words.size(); i++) {
            double gap = words.get(i).start() - words.get(i - 1).end();
            boolean late =
                    words.get(i - 1).end() > length / 2 && words.get(i - 1).end() < length - REST;
            if (late && gap >= widest) {
                widest = gap;
                kept = i;
            }
        }
        if (kept == 0) {
            conclude(answer, words, length);
            return;
        }
        double end = (words.get(kept - 1).end() + words.get(kept).start()) / 2;
        conclude(answer, words.subList(0, kept), onset + end);
    }

    private void conclude(Messages.Heard answer, List<RecognizedWord> words, double end) {
        if (!words.isEmpty() || shown) {
            results.accept(new StreamingResult(number++, false, language, segment(answer, words), words.size()));
        }
        shown = false;
        earlier = List.of();
        stable = List.of();
        onset = -1;
        drop((int) (end * RATE));
    }

    private Segment segment(Messages.Heard answer, List<RecognizedWord> words) {
        double from = seconds(offset) + onset;
        return words.isEmpty()
                ? new Segment(from, from, List.of(), List.of())
                : Transcription.segment(
                        words.getFirst().start(), words.getLast().end(), words, answer, from);
    }

    private static List<RecognizedWord> words(Messages.Reading reading) {
        return reading.parts().stream().flatMap(part -> part.words().stream()).toList();
    }

    private Messages.Window question(int beams, int readings) {
        Messages.Window usual = Transcription.question(language, previous, options);
        return new Messages.Window(
                usual.language(),
                usual.candidates(),
                usual.previous(),
                usual.prompt(),
                stable,
                earlier,
                usual.phrases(),
                Math.max(beams, readings),
                readings,
                beams > 1,
                true);
    }

    private void remember(List<Integer> tokens) {
        previous.addAll(tokens);
        if (previous.size() > MOST_PREVIOUS) {
            previous.subList(0, previous.size() - MOST_PREVIOUS).clear();
        }
    }

    private void drop(int count) {
        heard = Arrays.copyOfRange(heard, Math.min(count, heard.length), heard.length);
        offset += count;
    }

    private static double seconds(long samples) {
        return (double) samples / RATE;
    }
}
