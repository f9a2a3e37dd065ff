package dev.outcrop.services.transcribestreaming;

import dev.outcrop.engines.audio.AudioDecoder;
import dev.outcrop.engines.audio.AudioLimits;
import dev.outcrop.engines.audio.Resampler;
import dev.outcrop.engines.audio.Sound;
import dev.outcrop.engines.audio.SoundStream;
import dev.outcrop.engines.audio.UnreadableAudioException;
import dev.outcrop.engines.speech.RecognitionOptions;
import dev.outcrop.engines.speech.SpeechException;
import dev.outcrop.engines.speech.SpeechRecognizer;
import dev.outcrop.engines.speech.SpeechRecognizer.DetectedLanguage;
import dev.outcrop.engines.speech.StreamingRecognizer;
import dev.outcrop.engines.speech.StreamingResult;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.ClientPresence;
import dev.outcrop.kernel.EventSink;
import dev.outcrop.services.transcribe.Languages;
import dev.outcrop.services.transcribe.VocabularyEntries;
import dev.outcrop.services.transcribestreaming.StreamRules.Wanted;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.services.transcribestreaming.model.AudioEvent;
import software.amazon.awssdk.services.transcribestreaming.model.AudioStream;
import software.amazon.awssdk.services.transcribestreaming.model.LanguageWithScore;
import software.amazon.awssdk.services.transcribestreaming.model.MediaEncoding;
import software.amazon.awssdk.services.transcribestreaming.model.TranscriptResultStream;

/**
 * One stream: audio comes in on the thread of the client's events, is decoded and handed to recognisers, one a channel, on
 * a thread of its own, and results go out on the thread of the call. Each waits for the next where that is slower. Whatever
 * ends, ends all of it.
 */
final class TranscriptionStream {
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);
    private static final AudioLimits LIMITS = new AudioLimits(Long.MAX_VALUE / 2, Duration.ofHours(4), 2);
    private static final int RATE = SpeechRecognizer.SAMPLE_RATE;
    private static final int IDENTIFIED_AFTER = 3 * RATE;
    private static final int MOST_WAITING = 256;

    private final Wanted wanted;
    private final SpeechRecognizer recognizer;
    private final StreamResults results;
    private final AudioInput input = new AudioInput();
    private final BlockingQueue<Message> messages = new ArrayBlockingQueue<>(MOST_WAITING);
    private final List<StreamingRecognizer> sessions = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile List<LanguageWithScore> scores = List.of();

    TranscriptionStream(Wanted wanted, SpeechRecognizer recognizer, StreamResults results) {
        this.wanted = wanted;
        this.recognizer = recognizer;
        this.results = results;
    }

    private sealed interface Message {
        record Heard(int channel, StreamingResult result) implements Message {}

        record Failed(RuntimeException failure) implements Message {}

        record Ended() implements Message {}
    }

    /** Takes what the client sends. */
    private final class AudioInput implements Subscriber<AudioStream> {
        private final ArrivingBytes bytes = new ArrivingBytes();
        private volatile Subscription subscription;

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(AudioStream event) {
            if (event instanceof AudioEvent audio && audio.audioChunk() != null) {
                byte[] chunk = audio.audioChunk().asByteArray();
                if (chunk.length == 0) {
                    bytes.end();
                } else {
                    bytes.bring(chunk);
                }
            }
            subscription.request(1);
        }

        @Override
        public void onError(Throwable failure) {
            put(new Message.Failed(
                    failure instanceof RuntimeException known
                            ? known
                            : Failures.badRequest("The audio could not be read: " + failure.getMessage())));
        }

        @Override
        public void onComplete() {
            bytes.end();
        }

        void close() {
            bytes.close();
            if (subscription != null) {
                subscription.cancel();
            }
        }
    }

    /** Transcribes until the client has sent all, and tells it what was said. */
    void run(Publisher<AudioStream> audio, EventSink<TranscriptResultStream> sink) {
        AtomicBoolean gone = new AtomicBoolean();
        Thread decoding = Thread.ofVirtual().name("transcribe-stream").unstarted(this::decode);
        ClientPresence.Watch watch = CallContext.current().client().onGone(() -> gone.set(true));
        try {
            audio.subscribe(input);
            decoding.start();
            send(sink, gone);
        } finally {
            watch.close();
            closed.set(true);
            input.close();
            closeSessions();
            decoding.interrupt();
        }
    }

    private void send(EventSink<TranscriptResultStream> sink, AtomicBoolean gone) {
        try {
            while (true) {
                Optional<Message> next = Optional.ofNullable(messages.poll(1, TimeUnit.SECONDS));
                if (gone.get()) {
                    throw new ClientGone("the client of a stream has gone");
                }
                if (next.isEmpty()) {
                    if (input.bytes.silentSeconds() > LONGEST_SILENCE.toSeconds()) {
                        throw Failures.badRequest("Your request timed out because no new audio was received for "
                                + LONGEST_SILENCE.toSeconds() + " seconds.");
                    }
                    continue;
                }
                switch (next.get()) {
                    case Message.Ended _ -> {
                        return;
                    }
                    case Message.Failed failed -> throw failed.failure();
                    case Message.Heard heard ->
                        results.event(heard.channel(), heard.result(), scores).ifPresent(sink::send);
                }
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new ClientGone("interrupted while a stream was transcribed");
        }
    }

    private void put(Message message) {
        try {
            while (!closed.get() && !messages.offer(message, 1, TimeUnit.SECONDS)) {
                // The client reads more slowly than it speaks.
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    /** Decodes, and has it recognised. */
    private void decode() {
        try (SoundStream sound = sound(input.bytes)) {
            hear(sound);
            for (StreamingRecognizer session : sessionsNow()) {
                session.finish();
            }
            put(new Message.Ended());
        } catch (UnreadableAudioException unreadable) {
            put(new Message.Failed(Failures.badRequest("The audio could not be decoded: " + unreadable.getMessage()
                    + ". Check that your media encoding and sample rate are correct.")));
        } catch (SpeechException failure) {
            put(new Message.Failed(
                    switch (failure.category()) {
                        case OVERLOADED, UNAVAILABLE, TIMED_OUT -> Failures.unavailable(failure.getMessage());
                        case INVALID -> Failures.badRequest(failure.getMessage());
                        case MODEL -> Failures.internal(failure.getMessage());
                    }));
        } catch (UncheckedIOException broken) {
            put(new Message.Failed(Failures.badRequest("The audio ended unexpectedly.")));
        } catch (RuntimeException failure) {
            put(new Message.Failed(failure));
        }
    }

    private SoundStream sound(InputStream bytes) {
        int rate = wanted.request().mediaSampleRateHertz();
        int channels = wanted.keepsChannelsApart() ? wanted.request().numberOfChannels() : 1;
        if (wanted.request().mediaEncoding() == MediaEncoding.PCM) {
            return new RawSound(bytes, rate, channels);
        }
        SoundStream sound = AudioDecoder.open(bytes, LIMITS);
        if (sound.channels() != channels && wanted.keepsChannelsApart()) {
            int found = sound.channels();
            sound.close();
            throw Failures.badRequest(
                    "The audio has " + found + " channels, but NumberOfChannels is " + channels + ".");
        }
        return sound;
    }

    private void hear(SoundStream sound) {
        int channels = wanted.keepsChannelsApart() ? sound.channels() : 1;
        Resampler[] resamplers = new Resampler[channels];
        for (int channel = 0; channel < channels; channel++) {
            resamplers[channel] = new Resampler(sound.sampleRate(), RATE);
        }
        Beginning beginning = new Beginning(channels, wanted.language().isPresent() || wanted.several());
        for (Optional<float[]> piece = sound.next(); piece.isPresent() && !closed.get(); piece = sound.next()) {
            Sound part = new Sound(piece.get(), sound.sampleRate(), sound.channels());
            for (int channel = 0; channel < channels; channel++) {
                float[] samples = wanted.keepsChannelsApart() ? part.channel(channel) : part.mono();
                beginning.feed(channel, resamplers[channel].process(samples));
            }
        }
        for (int channel = 0; channel < channels; channel++) {
            beginning.feed(channel, resamplers[channel].finish());
        }
        beginning.end();
    }

    /** Keeps the first seconds back where the language is to be identified by them. */
    private final class Beginning {
        private final float[][] kept;
        private final int[] filled;
        private boolean open;

        Beginning(int channels, boolean known) {
            kept = new float[channels][known ? 0 : IDENTIFIED_AFTER * 2];
            filled = new int[channels];
            if (known) {
                List<String> spoken = wanted.options().stream()
                        .map(code -> wanted.spoken(code, recognizer))
                        .toList();
                RecognitionOptions options = wanted.language().isPresent()
                        ? RecognitionOptions.DEFAULT.withLanguage(
                                wanted.spoken(wanted.language().get(), recognizer))
                        : RecognitionOptions.DEFAULT.withCandidates(spoken);
                begin(options.withBoostedPhrases(wanted.vocabularies().values().stream()
                        .flatMap(entries -> entries.boosted().stream())
                        .toList()));
            }
        }

        private void begin(RecognitionOptions options) {
            for (int channel = 0; channel < filled.length; channel++) {
                int number = channel;
                add(recognizer.stream(options, result -> put(new Message.Heard(number, result))));
            }
            open = true;
        }

        void feed(int channel, float[] samples) {
            if (open) {
                sessionsNow().get(channel).feed(samples);
                return;
            }
            if (filled[channel] + samples.length > kept[channel].length) {
                kept[channel] = Arrays.copyOf(kept[channel], filled[channel] + 2 * samples.length + IDENTIFIED_AFTER);
            }
            System.arraycopy(samples, 0, kept[channel], filled[channel], samples.length);
            filled[channel] += samples.length;
            boolean enough = Arrays.stream(filled).allMatch(length -> length >= IDENTIFIED_AFTER);
            if (enough) {
                identify();
            }
        }

        void end() {
            if (!open) {
                identify();
            }
        }

        private void identify() {
            List<DetectedLanguage> detected = recognizer.identify(Arrays.copyOf(kept[0], filled[0]));
            List<LanguageWithScore> found = new ArrayList<>();
            for (DetectedLanguage language : detected) {
                Languages.code(language.code(), wanted.options())
                        .ifPresent(code -> found.add(LanguageWithScore.builder()
                                .languageCode(code)
                                .score(language.score())
                                .build()));
            }
            double sum = found.stream().mapToDouble(LanguageWithScore::score).sum();
            scores = found.stream()
                    .map(each -> each.copy(share -> share.score(sum == 0 ? 0 : each.score() / sum)))
                    .sorted(Comparator.comparingDouble(LanguageWithScore::score).reversed())
                    .toList();
            String code = scores.isEmpty()
                    ? Optional.ofNullable(wanted.request().preferredLanguageAsString())
                            .orElse(wanted.options().getFirst())
                    : scores.getFirst().languageCodeAsString();
            begin(RecognitionOptions.DEFAULT
                    .withLanguage(wanted.spoken(code, recognizer))
                    .withBoostedPhrases(wanted.vocabularies()
                            .getOrDefault(code, VocabularyEntries.NONE)
                            .boosted()));
            for (int channel = 0; channel < filled.length; channel++) {
                sessionsNow().get(channel).feed(Arrays.copyOf(kept[channel], filled[channel]));
                kept[channel] = new float[0];
            }
        }
    }

    private void add(StreamingRecognizer session) {
        synchronized (sessions) {
            sessions.add(session);
        }
        if (closed.get()) {
            session.close();
        }
    }

    private List<StreamingRecognizer> sessionsNow() {
        synchronized (sessions) {
            return List.copyOf(sessions);
        }
    }

    private void closeSessions() {
        sessionsNow().forEach(StreamingRecognizer::close);
    }
}
