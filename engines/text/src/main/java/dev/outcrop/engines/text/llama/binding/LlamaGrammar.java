package dev.outcrop.engines.text.llama.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * A GBNF grammar and how far a text has come in it. For one thread, with a stack of some megabytes: llama.cpp's parser
 * is recursive.
 */
public final class LlamaGrammar implements AutoCloseable {
    private static final int MAXIMUM_BYTES = 256 << 10;
    private static final int MAXIMUM_DEPTH = 100;
    private static final long ID = Structures.offset(Structures.TOKEN_DATA, "id");
    private static final long LOGIT = Structures.offset(Structures.TOKEN_DATA, "logit");

    private final LlamaModel model;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment sampler;
    private final MemorySegment candidates;
    private final MemorySegment array;

    /**
     * @param gbnf the grammar, whose start is the rule {@code root}
     * @throws LlamaException if it is malformed, has no root, is left-recursive, or is too large or too deep
     */
    public LlamaGrammar(LlamaModel model, String gbnf) {
        int length = gbnf.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAXIMUM_BYTES) {
            throw new LlamaException("a grammar has at most " + MAXIMUM_BYTES + " bytes, but this one " + length);
        }
        if (gbnf.isBlank() || gbnf.indexOf('\0') >= 0) {
            throw new LlamaException("a grammar is not empty and has no NUL character");
        }
        checkDepth(gbnf);
        this.model = model;
        LlamaLibrary.complaints();
        this.sampler =
                LlamaLibrary.createGrammar(model.vocabulary(), arena.allocateFrom(gbnf), arena.allocateFrom("root"));
        if (LlamaLibrary.isNull(sampler)) {
            arena.close();
            throw new LlamaException("malformed grammar" + LlamaLibrary.complaints());
        }
        this.candidates = arena.allocate(Structures.TOKEN_DATA, model.vocabularySize());
        this.array = arena.allocate(Structures.TOKEN_DATA_ARRAY);
        array.set(ADDRESS, Structures.offset(Structures.TOKEN_DATA_ARRAY, "data"), candidates);
    }

    /** The parser descends once for every open parenthesis; ten thousand of them would break the stack. */
    private static void checkDepth(String gbnf) {
        int depth = 0;
        for (int i = 0; i < gbnf.length(); i++) {
            switch (gbnf.charAt(i)) {
                case '#' -> i = endOf(gbnf, i, '\n');
                case '"' -> i = endOf(gbnf, i, '"');
                case '[' -> i = endOf(gbnf, i, ']');
                case '(' -> depth++;
                case ')' -> depth--;
                default -> {
                    continue;
                }
            }
            if (depth > MAXIMUM_DEPTH) {
                throw new LlamaException("a grammar nests at most " + MAXIMUM_DEPTH + " parentheses");
            }
        }
    }

    private static int endOf(String gbnf, int start, char end) {
        int i = start + 1;
        while (i < gbnf.length() && gbnf.charAt(i) != end) {
            i += gbnf.charAt(i) == '\\' && end != '\n' ? 2 : 1;
        }
        return i;
    }

    /** Whether the grammar lets {@code token} come next. */
    public boolean allows(int token) {
        return allowed(new int[] {token}, 1)[0];
    }

    /** Which of the first {@code count} tokens of {@code tokens} the grammar lets come next. */
    public boolean[] allowed(int[] tokens, int count) {
        for (int i = 0; i < count; i++) {
            long offset = i * Structures.TOKEN_DATA.byteSize();
            candidates.set(JAVA_INT, offset + ID, tokens[i]);
            candidates.set(JAVA_FLOAT, offset + LOGIT, 0);
        }
        array.set(JAVA_LONG, Structures.offset(Structures.TOKEN_DATA_ARRAY, "size"), count);
        array.set(JAVA_LONG, Structures.offset(Structures.TOKEN_DATA_ARRAY, "selected"), -1);
        array.set(JAVA_BYTE, Structures.offset(Structures.TOKEN_DATA_ARRAY, "sorted"), (byte) 0);
        LlamaLibrary.applySampler(sampler, array);
        boolean[] allowed = new boolean[count];
        for (int i = 0; i < count; i++) {
            float logit = candidates.get(JAVA_FLOAT, i * Structures.TOKEN_DATA.byteSize() + LOGIT);
            // The name of a control token may fit the grammar, but stands for no text.
            boolean wordless = model.isControl(tokens[i]) && !model.endsGeneration(tokens[i]);
            allowed[i] = logit == 0 && !wordless;
        }
        return allowed;
    }

    /** Goes on by {@code token}, which must be allowed: llama.cpp ends the process otherwise. */
    public void accept(int token) {
        if (!allows(token)) {
            throw new IllegalArgumentException("the grammar does not allow token " + token);
        }
        if (!model.endsGeneration(token)) {
            LlamaLibrary.acceptToken(sampler, token);
        }
    }

    @Override
    public void close() {
        LlamaLibrary.freeSampler(sampler);
        arena.close();
    }
}
