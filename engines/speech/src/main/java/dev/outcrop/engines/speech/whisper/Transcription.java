package dev.outcrop.engines.speech.whisper;

import dev.outcrop.engines.speech.RecognitionOptions;
import dev.outcrop.engines.speech.Transcript;
import dev.outcrop.engines.speech.Transcript.Alternative;
import dev.outcrop.engines.speech.Transcript.RecognizedWord;
import dev.outcrop.engines.speech.Transcript.Segment;
import dev.outcrop.engines.speech.VoiceActivity.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One recording being transcribed, window after window. */
final class Transcription {
    private static final double WINDOW = 30;

    /** Stretches of speech are heard together up to this length, if the pause between them is not longer than… */
    private static final double LONGEST_TOGETHER = 28;

    /** …this. */
    private static final double LONGEST_PAUSE = 2;

    /** After a text drawn at a higher temperature, the next window does not get to see it. */
    private static final double TRUSTED_TEMPERATURE = 0.5;

    private static final double SHORTEST_ADVANCE = 1;
    private static final int MOST_PREVIOUS = 223;
    static final int BEAMS = 5;

    private final WhisperRecognizer recognizer;
    private final float[] samples;
    private final RecognitionOptions options;
    private final List<Segment> segments = new ArrayList<>();
    private final List<Integer> previous = new ArrayList<>();
    private String language;

    Transcription(WhisperRecognizer recognizer, float[] samples, RecognitionOptions options) {
        this.recognizer = recognizer;
        this.samples = samples;
        this.options = options;
        this.language = options.language().orElse("");
    }

    /** A window's question, whose language is identified where {@code language} is empty. */
    static Messages.Window question(String language, List<Integer> previous, RecognitionOptions options) {
        int readings = 1 + options.alternatives();
        return new Messages.Window(
                language,
                options.candidates(),
                List.copyOf(previous.subList(Math.max(0, previous.size() - MOST_PREVIOUS), previous.size())),
                previous.isEmpty() ? options.prompt() : "",
                List.of(),
                List.of(),
                options.boostedPhrases(),
                Math.max(BEAMS, readings),
                readings,
                true,
                options.wordTimes());
    }

    Transcript run(List<Span> speech) {
        for (Span region : together(speech)) {
            hear(region);
        }
        return new Transcript(language, segments);
    }

    /** Stretches of speech that are heard in one window, or are longer than one. */
    private static List<Span> together(List<Span> speech) {
        List<Span> regions = new ArrayList<>();
        for (Span span : speech) {
            if (!regions.isEmpty()
                    && span.start() - regions.getLast().end() <= LONGEST_PAUSE
                    && span.end() - regions.getLast().start() <= LONGEST_TOGETHER) {
                regions.add(new Span(regions.removeLast().start(), span.end()));
            } else {
                regions.add(span);
            }
        }
        return regions;
    }

    private void hear(Span region) {
        double at = region.start();
        while (at < region.end()) {
            boolean more = region.end() - at > WINDOW;
            float[] window = WhisperRecognizer.window(samples, at, region.end());
            if (window.length == 0) {
                return;
            }
            Messages.Heard heard = recognizer.hear(question(language, previous, options), window);
            if (heard.readings().isEmpty()) {
                at += WINDOW;
                continue;
            }
            if (language.isEmpty()) {
                language = heard.language();
            }
            Messages.Reading best = heard.readings().getFirst();
            List<Messages.Part> parts = finished(best.parts(), more);
            for (Messages.Part part : parts) {
                segments.add(segment(part.start(), part.end(), part.words(), heard, at));
            }
            remember(best, parts);
            at += more && !parts.isEmpty() && parts.getLast().closed()
                    ? Math.max(SHORTEST_ADVANCE, parts.getLast().until())
                    : WINDOW;
        }
    }

    /** Without the last part if it goes on behind the window, unless it is all. */
    private static List<Messages.Part> finished(List<Messages.Part> parts, boolean more) {
        boolean cut = more && parts.size() > 1 && !parts.getLast().closed();
        return cut ? parts.subList(0, parts.size() - 1) : parts;
    }

    private void remember(Messages.Reading reading, List<Messages.Part> parts) {
        if (reading.temperature() > TRUSTED_TEMPERATURE) {
            previous.clear();
        } else if (!parts.isEmpty()) {
            previous.addAll(reading.tokens().subList(0, parts.getLast().tokens()));
        }
    }

    /** A segment with the other readings of its time. */
    static Segment segment(double start, double end, List<RecognizedWord> words, Messages.Heard heard, double offset) {
        List<Alternative> alternatives = new ArrayList<>();
        Segment plain = new Segment(start + offset, end + offset, shifted(words, offset), List.of());
        Set<String> known = new HashSet<>(Set.of(plain.text()));
        for (Messages.Reading other :
                heard.readings().subList(1, heard.readings().size())) {
            List<RecognizedWord> within = new ArrayList<>();
            for (Messages.Part part : other.parts()) {
                for (RecognizedWord word : part.words()) {
                    double middle = (word.start() + word.end()) / 2;
                    if (middle >= start && middle <= end) {
                        within.add(word);
                    }
                }
            }
            double confidence = within.stream()
                    .mapToDouble(RecognizedWord::confidence)
                    .average()
                    .orElse(0);
            Alternative alternative = new Alternative(shifted(within, offset), confidence);
            if (!within.isEmpty() && known.add(alternative.text())) {
                alternatives.add(alternative);
            }
        }
        return new Segment(plain.start(), plain.end(), plain.words(), alternatives);
    }

    private static List<RecognizedWord> shifted(List<RecognizedWord> words, double offset) {
        return words.stream()
                .map(word -> new RecognizedWord(
                        word.text(), word.spaced(), word.start() + offset, word.end() + offset, word.confidence()))
                .toList();
    }
}
