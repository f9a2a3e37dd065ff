package dev.outcrop.engines.speech.whisper;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.outcrop.engines.speech.SpeechException;
import dev.outcrop.engines.speech.SpeechException.Category;
import dev.outcrop.engines.speech.SpeechRecognizer.DetectedLanguage;
import dev.outcrop.engines.speech.Transcript.RecognizedWord;
import dev.outcrop.engines.speech.whisper.WhisperModel.HeardSound;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.Deflater;

/**
 * Turns a window of sound into text.
 *
 * <p>Source: OpenAI's {@code transcribe} and {@code decode_with_fallback}: a search, and where its result is improbable
 * or repeats itself, texts drawn at rising temperatures; silence where the model says so and its text is improbable.
 */
final class WindowDecoder {
    private static final double POSITIONS_A_SECOND = 50;
    private static final int SAMPLES_A_POSITION = 320;

    /**
     * Silence that follows the sound. The model was trained on half a minute always; of 40 sentences in noise (5 dB) it gets
     * .129 of the words wrong with 100 positions behind them, .111 with 300, .079 with 500 and .066 with all 1,500, at .09,
     * .13, .16 and .28 seconds of CPU a second.
     */
    private static final int SILENT_POSITIONS = 500;

    /**
     * What is less probable is heard a second time, with silence up to half a minute, and the more probable reading of the two
     * is taken: of 32 sentences in noise 7.6 % of the words are wrong so, 8.4 % without, and 9.3 % if all are heard with half
     * a minute. Of sentences without noise every tenth is heard twice.
     */
    private static final double CERTAIN_LOGARITHM = -0.3;

    /** The same where a reading is wanted at once and the next one will replace it. */
    private static final int FEW_SILENT_POSITIONS = 150;

    private static final int FEWEST_POSITIONS = 200;
    private static final int POSITION_STEP = 50;
    private static final double HIGHEST_COMPRESSION = 2.4;
    private static final double LOWEST_LOGARITHM = -1;
    private static final double SURELY_SILENT = 0.6;
    private static final double[] TEMPERATURES = {0.2, 0.4, 0.6, 0.8, 1};
    private static final int DRAWS = 5;
    private static final int LONGEST_PROMPT = 223;
    private static final long SEED = 1;

    private final WhisperModel model;
    private final WhisperTokenizer tokenizer;
    private final TokenRules rules;

    WindowDecoder(WhisperModel model) {
        this.model = model;
        this.tokenizer = model.tokenizer();
        this.rules = new TokenRules(tokenizer);
    }

    private static int positions(float[] samples, int silent) {
        int needed = (samples.length + SAMPLES_A_POSITION - 1) / SAMPLES_A_POSITION + silent;
        int rounded = (needed + POSITION_STEP - 1) / POSITION_STEP * POSITION_STEP;
        return Math.max(FEWEST_POSITIONS, rounded);
    }

    /** How probable each language is, most probable first. */
    List<DetectedLanguage> languages(float[] samples, Collection<String> candidates, OrtSession.RunOptions options)
            throws OrtException {
        try (HeardSound sound = model.listen(samples, positions(samples, FEW_SILENT_POSITIONS), options)) {
            return languages(sound, candidates, options);
        }
    }

    private List<DetectedLanguage> languages(
            HeardSound sound, Collection<String> candidates, OrtSession.RunOptions options) throws OrtException {
        float[] logarithms;
        try (TextState state = new TextState(model, sound, options)) {
            logarithms = state.write(new int[][] {{tokenizer.start()}}, new int[] {0}, 0)[0];
        }
        List<DetectedLanguage> languages = new ArrayList<>();
        double sum = 0;
        for (Map.Entry<String, Integer> language : tokenizer.languages().entrySet()) {
            if (candidates.isEmpty() || candidates.contains(language.getKey())) {
                double probability = Math.exp(logarithms[language.getValue()]);
                languages.add(new DetectedLanguage(language.getKey(), probability));
                sum += probability;
            }
        }
        if (languages.isEmpty()) {
            throw new SpeechException(Category.INVALID, "the model knows none of the languages " + candidates);
        }
        double all = Math.max(sum, Double.MIN_NORMAL);
        return languages.stream()
                .map(language -> new DetectedLanguage(language.code(), language.score() / all))
                .sorted(Comparator.comparingDouble(DetectedLanguage::score).reversed())
                .toList();
    }

    /**
     * Decodes a window.
     *
     * @param samples at most half a minute
     * @param options ends the work when told to terminate
     */
    Messages.Heard decode(Messages.Window window, float[] samples, OrtSession.RunOptions options) throws OrtException {
        if (window.beams() == 1) {
            return decode(window, samples, FEW_SILENT_POSITIONS, options);
        }
        Messages.Heard heard = decode(window, samples, SILENT_POSITIONS, options);
        int all = model.dimensions().audioPositions();
        if (logarithm(heard) >= CERTAIN_LOGARITHM || positions(samples, SILENT_POSITIONS) >= all) {
            return heard;
        }
        Messages.Heard again = decode(window, samples, all, options);
        return logarithm(again) > logarithm(heard) ? again : heard;
    }

    /** How probable the best reading of a window is; nothing said is certain. */
    private static double logarithm(Messages.Heard heard) {
        return heard.readings().isEmpty() ? 0 : heard.readings().getFirst().meanLogarithm();
    }

    private Messages.Heard decode(Messages.Window window, float[] samples, int silent, OrtSession.RunOptions options)
            throws OrtException {
        try (HeardSound sound = model.listen(samples, positions(samples, silent), options)) {
            String language = window.language().isEmpty()
                    ? languages(sound, window.candidates(), options).getFirst().code()
                    : window.language();
            int languageToken = tokenizer
                    .language(language)
                    .orElseThrow(() ->
                            new SpeechException(Category.INVALID, "the model does not know the language " + language));
            return decode(window, sound, samples.length, language, languageToken, options);
        }
    }

    private Messages.Heard decode(
            Messages.Window window,
            HeardSound sound,
            int samples,
            String language,
            int languageToken,
            OrtSession.RunOptions options)
            throws OrtException {
        List<Integer> before = before(window);
        int start = before.size();
        before.addAll(List.of(tokenizer.start(), languageToken, tokenizer.transcribe()));
        int[][] prompt = {before.stream().mapToInt(Integer::intValue).toArray()};
        int positions = Math.min(sound.positions(), samples / SAMPLES_A_POSITION + 1);
        PhraseBias bias = new PhraseBias(window.phrases(), tokenizer);
        BeamSearch search =
                new BeamSearch(model, rules, bias, Math.min(tokenizer.firstTime() + positions, tokenizer.lastTime()));
        List<Hypothesis> found;
        double noSpeech;
        double temperature = 0;
        try (TextState state = new TextState(model, sound, options)) {
            float[][] next = state.write(prompt, new int[] {0}, start, before.size() - 1);
            noSpeech = Math.exp(next[0][tokenizer.noSpeech()]);
            found = search.search(state, next[1], window.forced(), window.beams());
        }
        Hypothesis best = found.getFirst();
        boolean silent =
                window.forced().isEmpty() && noSpeech > SURELY_SILENT && best.meanLogarithm() < LOWEST_LOGARITHM;
        if (!silent && window.draws() && window.forced().isEmpty() && !acceptable(best)) {
            Random random = new Random(SEED);
            for (double level : TEMPERATURES) {
                Hypothesis drawn;
                try (TextState state = new TextState(model, sound, options)) {
                    float[][] next = state.write(prompt, new int[] {0}, before.size() - 1);
                    drawn = search.draw(state, next[0], level, DRAWS, random);
                }
                if (better(drawn, best)) {
                    best = drawn;
                    temperature = level;
                }
                if (acceptable(drawn)) {
                    break;
                }
            }
            silent = noSpeech > SURELY_SILENT && best.meanLogarithm() < LOWEST_LOGARITHM;
            found = List.of(best);
        }
        List<Messages.Reading> readings = new ArrayList<>();
        if (!silent) {
            for (Hypothesis hypothesis : found.subList(0, Math.clamp(window.readings(), 1, found.size()))) {
                List<Messages.Part> parts = parts(
                        hypothesis, window.wordTimes(), sound, samples, positions, language, languageToken, options);
                int agreed = Math.max(window.forced().size(), agreed(hypothesis.tokens(), window.earlier()));
                readings.add(new Messages.Reading(
                        parts,
                        hypothesis.tokens(),
                        agreed,
                        words(hypothesis.tokens().subList(0, agreed), language),
                        hypothesis.meanLogarithm(),
                        temperature));
            }
        }
        return new Messages.Heard(language, noSpeech, readings);
    }

    private List<Integer> before(Messages.Window window) {
        List<Integer> before = new ArrayList<>();
        if (!window.prompt().isEmpty()) {
            for (int token : tokenizer.encode(" " + window.prompt().strip())) {
                before.add(token);
            }
        }
        window.previous().stream()
                .filter(token -> token >= 0 && token < tokenizer.end())
                .forEach(before::add);
        if (before.isEmpty()) {
            return before;
        }
        List<Integer> kept =
                new ArrayList<>(before.subList(Math.max(0, before.size() - LONGEST_PROMPT), before.size()));
        kept.addFirst(tokenizer.previous());
        return kept;
    }

    private boolean acceptable(Hypothesis hypothesis) {
        return hypothesis.meanLogarithm() >= LOWEST_LOGARITHM && !repeats(hypothesis);
    }

    private boolean better(Hypothesis one, Hypothesis other) {
        boolean oneRepeats = repeats(one);
        return oneRepeats == repeats(other) ? one.meanLogarithm() > other.meanLogarithm() : !oneRepeats;
    }

    /** Whether a text is so much shorter when compressed that it must have gone round in circles. */
    private boolean repeats(Hypothesis hypothesis) {
        byte[] text = tokenizer
                .decode(hypothesis.tokens().stream().mapToInt(Integer::intValue).toArray())
                .strip()
                .getBytes(StandardCharsets.UTF_8);
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(text);
            deflater.finish();
            int compressed = deflater.deflate(new byte[text.length + 64]);
            return text.length > HIGHEST_COMPRESSION * compressed;
        }
    }

    /** The segments of a text, with their words. */
    private List<Messages.Part> parts(
            Hypothesis hypothesis,
            boolean wordTimes,
            HeardSound sound,
            int samples,
            int positions,
            String language,
            int languageToken,
            OrtSession.RunOptions options)
            throws OrtException {
        int[] text = hypothesis.tokens().stream()
                .filter(token -> token < tokenizer.end())
                .mapToInt(Integer::intValue)
                .toArray();
        double length = samples / (POSITIONS_A_SECOND * SAMPLES_A_POSITION);
        double[] starts = new double[text.length + 1];
        if (wordTimes && text.length > 0) {
            starts = times(text, sound, positions, languageToken, options);
        }
        Words words = new Words(tokenizer, language);
        List<Messages.Part> parts = new ArrayList<>();
        int from = 0; // of the text's tokens
        int at = 0; // of all tokens
        double begin = 0;
        List<Integer> all = hypothesis.tokens();
        while (at < all.size()) {
            while (at < all.size() && all.get(at) >= tokenizer.firstTime()) {
                begin = time(all.get(at++));
            }
            int textFrom = at;
            while (at < all.size() && all.get(at) < tokenizer.firstTime()) {
                at++;
            }
            int count = at - textFrom;
            boolean closed = at < all.size();
            double end = Math.min(length, closed ? time(all.get(at++)) : length);
            if (count > 0) {
                float[] logarithms = new float[count];
                for (int i = 0; i < count; i++) {
                    logarithms[i] = hypothesis.logarithms().get(textFrom + i);
                }
                double[] own = wordTimes
                        ? Arrays.copyOfRange(starts, from, from + count + 1)
                        : evenly(Math.min(begin, end), end, count);
                List<RecognizedWord> spoken = words.of(Arrays.copyOfRange(text, from, from + count), logarithms, own);
                if (!spoken.isEmpty()) {
                    parts.add(new Messages.Part(
                            wordTimes ? spoken.getFirst().start() : Math.min(begin, end),
                            wordTimes ? spoken.getLast().end() : end,
                            closed,
                            end,
                            at,
                            spoken));
                }
                from += count;
            }
        }
        return parts;
    }

    /** How many words these tokens are. */
    private int words(List<Integer> tokens, String language) {
        int[] text = tokens.stream()
                .filter(token -> token < tokenizer.end())
                .mapToInt(Integer::intValue)
                .toArray();
        return new Words(tokenizer, language)
                .of(text, new float[text.length], new double[text.length + 1])
                .size();
    }

    /** How many tokens, to the end of a word, are the same text as the earlier reading begins with. */
    private int agreed(List<Integer> tokens, List<Integer> earlier) {
        List<Integer> text =
                earlier.stream().filter(token -> token < tokenizer.end()).toList();
        int same = 0;
        int agreed = 0;
        for (int i = 0; i < tokens.size(); i++) {
            int token = tokens.get(i);
            if (token < tokenizer.end()) {
                byte[] piece = tokenizer.piece(token);
                if (piece.length > 0 && piece[0] == ' ') {
                    agreed = i; // a word begins, so all before it are whole
                }
                if (same >= text.size() || text.get(same) != token) {
                    return agreed;
                }
                same++;
            }
        }
        return agreed;
    }

    private static double[] evenly(double start, double end, int count) {
        double[] times = new double[count + 1];
        for (int i = 0; i <= count; i++) {
            times[i] = start + (end - start) * i / count;
        }
        return times;
    }

    private double time(int token) {
        return (token - tokenizer.firstTime()) / POSITIONS_A_SECOND;
    }

    private double[] times(
            int[] text, HeardSound sound, int positions, int languageToken, OrtSession.RunOptions options)
            throws OrtException {
        int[] tokens = new int[text.length + 4];
        tokens[0] = tokenizer.start();
        tokens[1] = languageToken;
        tokens[2] = tokenizer.transcribe();
        tokens[3] = tokenizer.noTimes();
        System.arraycopy(text, 0, tokens, 4, text.length);
        float[][][] attention;
        try (TextState state = new TextState(model, sound, options)) {
            attention = state.attention(tokens);
        }
        for (int head = 0; head < attention.length; head++) {
            attention[head] = Arrays.copyOfRange(attention[head], 3, tokens.length);
        }
        int[] starts = WordAlignment.starts(attention, positions);
        return Arrays.stream(starts)
                .mapToDouble(start -> start / POSITIONS_A_SECOND)
                .toArray();
    }
}
