package dev.outcrop.engines.speech.whisper;

import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Searches for the most probable texts, or draws some.
 *
 * <p>Source: OpenAI's {@code BeamSearchDecoder} with patience 1 and {@code GreedyDecoder}. A text that goes round in
 * circles is given up early, since the caller refuses it anyway.
 */
final class BeamSearch {
    /** Tokens that a window may have, as OpenAI's sample length. */
    static final int LONGEST_TEXT = 224;

    private static final int LONGEST_CIRCLE = 12;
    private static final int MOST_ROUNDS = 6;
    private static final int SHORTEST_CIRCLING = 20;

    private final WhisperModel model;
    private final TokenRules rules;
    private final PhraseBias bias;
    private final int lastTime;

    BeamSearch(WhisperModel model, TokenRules rules, PhraseBias bias, int lastTime) {
        this.model = model;
        this.rules = rules;
        this.bias = bias;
        this.lastTime = lastTime;
    }

    /** A text being written. */
    private record Beam(
            List<Integer> tokens, List<Float> logarithms, double sum, PhraseBias.Place place, double bonus) {
        double score() {
            return sum + bonus;
        }

        Hypothesis ended(float endLogarithm) {
            return new Hypothesis(tokens, logarithms, endLogarithm, bonus - place.owed());
        }
    }

    private record Step(int parent, int token, float logarithm, PhraseBias.Move move, double score) {}

    /**
     * The most probable texts, best first; at least one.
     *
     * @param state  after all that stands before the text
     * @param first  logarithms of the probabilities of the first token
     * @param forced what the text begins with, as it was found earlier; empty as a rule
     * @param width  how many texts are looked at side by side
     */
    List<Hypothesis> search(TextState state, float[] first, List<Integer> forced, int width) throws OrtException {
        Beam begun = new Beam(List.of(), List.of(), 0, bias.start(), 0);
        float[][] next = {first};
        if (!forced.isEmpty()) {
            List<Float> certain = new ArrayList<>();
            PhraseBias.Place place = bias.start();
            for (int token : forced) {
                certain.add(0f);
                place = bias.after(place, token).place();
            }
            begun = new Beam(List.copyOf(forced), certain, 0, place, 0);
            next = state.write(
                    new int[][] {forced.stream().mapToInt(Integer::intValue).toArray()},
                    new int[] {0},
                    forced.size() - 1);
        }
        List<Beam> beams = List.of(begun);
        List<Hypothesis> finished = new ArrayList<>();
        int longest = Math.min(
                LONGEST_TEXT,
                model.dimensions().textPositions()
                        - state.length()
                        - 1
                        + begun.tokens().size());
        while (true) {
            List<Step> steps = new ArrayList<>();
            for (int i = 0; i < beams.size(); i++) {
                rules.apply(next[i], beams.get(i).tokens(), lastTime);
                propose(beams.get(i), i, next[i], width, steps);
            }
            steps.sort(Comparator.comparingDouble(Step::score).reversed());
            List<Step> kept = new ArrayList<>();
            for (Step step : steps) {
                if (kept.size() == width) {
                    break;
                }
                if (step.token() == model.tokenizer().end()) {
                    if (finished.size() < width) {
                        finished.add(beams.get(step.parent()).ended(step.logarithm()));
                    }
                } else {
                    kept.add(step);
                }
            }
            List<Beam> grown = new ArrayList<>();
            for (Step step : kept) {
                grown.add(grow(beams.get(step.parent()), step));
            }
            boolean circling = !grown.isEmpty() && circles(grown.getFirst().tokens());
            if (finished.size() >= width
                    || grown.isEmpty()
                    || circling
                    || grown.getFirst().tokens().size() >= longest) {
                if (finished.isEmpty() || circling) {
                    grown.forEach(beam -> finished.add(beam.ended(0)));
                }
                break;
            }
            beams = grown;
            next = write(state, kept);
        }
        finished.sort(Comparator.comparingDouble(Hypothesis::score).reversed());
        return finished;
    }

    private void propose(Beam beam, int parent, float[] logarithms, int width, List<Step> steps) {
        int[] best = largest(logarithms, width + 1);
        for (int token : best) {
            add(beam, parent, token, logarithms[token], steps);
        }
        if (!bias.isEmpty()) {
            for (int token : bias.preferred(beam.place())) {
                addPreferred(beam, parent, token, logarithms, best, steps);
            }
            for (int token : bias.preferred(bias.start())) {
                addPreferred(beam, parent, token, logarithms, best, steps);
            }
        }
    }

    private void addPreferred(Beam beam, int parent, int token, float[] logarithms, int[] known, List<Step> steps) {
        if (Arrays.stream(known).noneMatch(other -> other == token)) {
            add(beam, parent, token, logarithms[token], steps);
        }
    }

    private void add(Beam beam, int parent, int token, float logarithm, List<Step> steps) {
        if (logarithm > Float.NEGATIVE_INFINITY) {
            PhraseBias.Move move = bias.after(beam.place(), token);
            steps.add(new Step(parent, token, logarithm, move, beam.score() + logarithm + move.gain()));
        }
    }

    private static Beam grow(Beam beam, Step step) {
        List<Integer> tokens = new ArrayList<>(beam.tokens());
        tokens.add(step.token());
        List<Float> logarithms = new ArrayList<>(beam.logarithms());
        logarithms.add(step.logarithm());
        return new Beam(
                tokens,
                logarithms,
                beam.sum() + step.logarithm(),
                step.move().place(),
                beam.bonus() + step.move().gain());
    }

    private static float[][] write(TextState state, List<Step> steps) throws OrtException {
        int[][] tokens = new int[steps.size()][];
        int[] parents = new int[steps.size()];
        int[] rows = new int[steps.size()];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = new int[] {steps.get(i).token()};
            parents[i] = steps.get(i).parent();
            rows[i] = i;
        }
        return state.write(tokens, parents, rows);
    }

    /**
     * Draws texts, each token by its probability, and gives the one that is the most probable of them.
     *
     * @param temperature above 0: how far probabilities are levelled
     * @param draws       how many texts
     */
    Hypothesis draw(TextState state, float[] first, double temperature, int draws, RandomGenerator random)
            throws OrtException {
        List<Beam> beams = new ArrayList<>(List.of(new Beam(List.of(), List.of(), 0, bias.start(), 0)));
        float[][] next = {first};
        List<Hypothesis> finished = new ArrayList<>();
        int longest = Math.min(LONGEST_TEXT, model.dimensions().textPositions() - state.length() - 1);
        int wanted = draws;
        while (true) {
            List<Step> kept = new ArrayList<>();
            List<Beam> grown = new ArrayList<>();
            for (int i = 0; i < beams.size(); i++) {
                rules.apply(next[i], beams.get(i).tokens(), lastTime);
                for (int n = 0; n < (beams.get(i).tokens().isEmpty() ? wanted : 1); n++) {
                    int token = drawn(next[i], temperature, random);
                    float logarithm = next[i][token];
                    if (token == model.tokenizer().end()) {
                        finished.add(beams.get(i).ended(logarithm));
                        continue;
                    }
                    Step step = new Step(
                            i, token, logarithm, bias.after(beams.get(i).place(), token), 0);
                    Beam longer = grow(beams.get(i), step);
                    if (longer.tokens().size() >= longest || circles(longer.tokens())) {
                        finished.add(longer.ended(0));
                    } else {
                        kept.add(step);
                        grown.add(longer);
                    }
                }
            }
            if (grown.isEmpty()) {
                return finished.stream()
                        .max(Comparator.comparingDouble(Hypothesis::score))
                        .orElseThrow();
            }
            beams = grown;
            next = write(state, kept);
        }
    }

    private static int drawn(float[] logarithms, double temperature, RandomGenerator random) {
        int best = largest(logarithms, 1)[0];
        double sum = 0;
        for (float logarithm : logarithms) {
            sum += weight(logarithm - logarithms[best], temperature);
        }
        double rest = random.nextDouble() * sum;
        for (int token = 0; token < logarithms.length; token++) {
            rest -= weight(logarithms[token] - logarithms[best], temperature);
            if (rest < 0) {
                return token;
            }
        }
        return best;
    }

    private static double weight(double relative, double temperature) {
        double exponent = relative / temperature;
        return exponent < -20 ? 0 : Math.exp(exponent);
    }

    /** Where the largest values are, largest first. */
    static int[] largest(float[] values, int count) {
        int[] best = new int[count];
        int found = 0;
        float smallest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < values.length; i++) {
            if (values[i] > smallest || found < count) {
                int at = found < count ? found++ : count - 1;
                while (at > 0 && values[best[at - 1]] < values[i]) {
                    best[at] = best[at - 1];
                    at--;
                }
                best[at] = i;
                if (found == count) {
                    smallest = values[best[count - 1]];
                }
            }
        }
        return best;
    }

    /** Whether a text ends in the same few tokens over and over. */
    private static boolean circles(List<Integer> tokens) {
        int size = tokens.size();
        for (int period = 1; period <= LONGEST_CIRCLE; period++) {
            int circling = Math.max(MOST_ROUNDS * period, SHORTEST_CIRCLING);
            int same = period;
            while (same < Math.min(circling, size)
                    && tokens.get(size - 1 - same).equals(tokens.get(size - 1 - same + period))) {
                same++;
            }
            if (same >= circling) {
                return true;
            }
        }
        return false;
    }
}
