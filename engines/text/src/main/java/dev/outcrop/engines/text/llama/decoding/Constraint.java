package dev.outcrop.engines.text.llama.decoding;

import dev.outcrop.engines.text.llama.binding.LlamaGrammar;
import dev.outcrop.engines.text.llama.binding.LlamaModel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A grammar that an answer must follow, from its beginning or from a trigger on.
 *
 * <p>To ask llama.cpp about every token costs tens of milliseconds. So the sampler chooses freely, the one token is
 * checked, and only where it is refused the likeliest others are asked about, more and more of them until some are
 * allowed. Choosing anew among the allowed gives the same distribution as choosing among them at once.
 */
final class Constraint implements AutoCloseable {
    private static final int[] ASKED_ABOUT = {64, 1024};

    private final LlamaModel model;
    private final List<String> triggers;
    private final int[] endTokens;
    private final StringBuilder written = new StringBuilder();
    private final LlamaGrammar grammar;
    private State state;

    private enum State {
        WAITING_FOR_TRIGGER,
        HOLDING,
        GIVEN_UP
    }

    /**
     * @param triggers texts after any of which the grammar holds; none if it holds from the beginning
     * @throws dev.outcrop.engines.text.llama.binding.LlamaException if the grammar is malformed
     */
    Constraint(LlamaModel model, String gbnf, List<String> triggers) {
        this.model = model;
        this.triggers = triggers;
        this.endTokens = model.endTokens();
        this.grammar = new LlamaGrammar(model, gbnf); // a malformed one fails now, whenever it is to hold
        this.state = triggers.isEmpty() ? State.HOLDING : State.WAITING_FOR_TRIGGER;
    }

    /** The token that was sampled, if it is allowed, else another one. */
    int choose(int sampled, float[] logits, TokenSampler sampler) {
        if (state != State.HOLDING || grammar.allows(sampled)) {
            return sampled;
        }
        for (int count : ASKED_ABOUT) {
            int allowed = choose(ScoredToken.likeliest(logits, count), logits, sampler);
            if (allowed >= 0) {
                return allowed;
            }
        }
        int allowed = choose(IntStream.range(0, logits.length).toArray(), logits, sampler);
        if (allowed < 0) {
            throw new IllegalStateException("the grammar allows nothing here");
        }
        return allowed;
    }

    private int choose(int[] candidates, float[] logits, TokenSampler sampler) {
        int[] asked = IntStream.concat(IntStream.of(candidates), IntStream.of(endTokens))
                .distinct()
                .toArray();
        boolean[] answers = grammar.allowed(asked, asked.length);
        int count = 0;
        for (int i = 0; i < asked.length; i++) {
            if (answers[i]) {
                asked[count++] = asked[i];
            }
        }
        return count == 0 ? -1 : sampler.sampleAmong(logits, asked, count);
    }

    void accept(int token) {
        switch (state) {
            case HOLDING -> grammar.accept(token);
            case WAITING_FOR_TRIGGER -> {
                written.append(new String(model.piece(token), StandardCharsets.UTF_8));
                for (String trigger : triggers) {
                    int place = written.indexOf(trigger);
                    if (place >= 0) {
                        state = follows(written.substring(place + trigger.length())) ? State.HOLDING : State.GIVEN_UP;
                        return;
                    }
                }
            }
            case GIVEN_UP -> {}
        }
    }

    /** Whether what the trigger's token went on with is the grammar's; if not, it was no call after all. */
    private boolean follows(String rest) {
        for (int token : model.tokenize(rest, false)) {
            if (!grammar.allows(token)) {
                return false;
            }
            grammar.accept(token);
        }
        return true;
    }

    @Override
    public void close() {
        grammar.close();
    }
}
