package dev.outcrop.engines.text.llama.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The working memory of a model, shared by several sequences, and the batch of tokens that goes through it next.
 *
 * <p>A step: {@link #add} tokens, {@link #decode}, {@link #logits}. For one thread, but for {@link #abort}.
 */
public final class LlamaContext implements AutoCloseable {
    private final LlamaModel model;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment context;
    private final MemorySegment memory;
    private final int cells;
    private final int batchLimit;
    private final int sequenceLimit;

    private final MemorySegment batch;
    private final MemorySegment tokens;
    private final MemorySegment positions;
    private final MemorySegment sequences;
    private final MemorySegment wantsLogits;
    private int count;
    private int decodedRows;
    private volatile boolean aborted;
    private boolean closed;

    /**
     * @param cells     tokens that all sequences together can hold
     * @param batch     tokens that can go through at once
     * @param sequences sequences that can be held apart
     * @param threads   threads to compute with
     * @throws LlamaException if there is no memory for it
     */
    public LlamaContext(LlamaModel model, int cells, int batch, int sequences, int threads) {
        if (cells < 1 || batch < 1 || sequences < 1 || threads < 1) {
            throw new IllegalArgumentException("cells, batch, sequences and threads must be positive, but are " + cells
                    + ", " + batch + ", " + sequences + ", " + threads);
        }
        this.model = model;
        LlamaLibrary.complaints();
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment parameters = LlamaLibrary.contextDefaults(scratch);
            set(parameters, "n_ctx", cells);
            set(parameters, "n_batch", batch);
            set(parameters, "n_ubatch", batch);
            set(parameters, "n_seq_max", sequences);
            set(parameters, "n_threads", threads);
            set(parameters, "n_threads_batch", threads);
            // Sequences may share the cells of a common prefix only in one buffer for all.
            parameters.set(JAVA_BOOLEAN, Structures.offset(Structures.CONTEXT_PARAMETERS, "kv_unified"), true);
            parameters.set(
                    ADDRESS,
                    Structures.offset(Structures.CONTEXT_PARAMETERS, "abort_callback"),
                    LlamaLibrary.abortCallback(() -> aborted, arena));
            this.context = LlamaLibrary.createContext(model.pointer(), parameters);
        }
        if (LlamaLibrary.isNull(context)) {
            arena.close();
            throw new LlamaException("cannot create a context of " + cells + " tokens" + LlamaLibrary.complaints());
        }
        this.memory = LlamaLibrary.memoryOf(context);
        // The library rounds: what it says is what holds.
        this.cells = LlamaLibrary.contextLength(context);
        this.batchLimit = LlamaLibrary.batchLimit(context);
        this.sequenceLimit = LlamaLibrary.sequenceLimit(context);
        this.tokens = arena.allocate(JAVA_INT, batchLimit);
        this.positions = arena.allocate(JAVA_INT, batchLimit);
        this.sequences = arena.allocate(JAVA_INT, batchLimit);
        this.wantsLogits = arena.allocate(batchLimit);
        MemorySegment sequenceCounts = arena.allocate(JAVA_INT, batchLimit);
        MemorySegment sequenceLists = arena.allocate(ADDRESS, batchLimit);
        for (int i = 0; i < batchLimit; i++) {
            sequenceCounts.setAtIndex(JAVA_INT, i, 1);
            sequenceLists.setAtIndex(ADDRESS, i, this.sequences.asSlice((long) i * Integer.BYTES));
        }
        this.batch = arena.allocate(Structures.BATCH);
        point("token", tokens);
        point("pos", positions);
        point("n_seq_id", sequenceCounts);
        point("seq_id", sequenceLists);
        point("logits", wantsLogits);
    }

    private static void set(MemorySegment parameters, String member, int value) {
        parameters.set(JAVA_INT, Structures.offset(Structures.CONTEXT_PARAMETERS, member), value);
    }

    private void point(String member, MemorySegment target) {
        batch.set(ADDRESS, Structures.offset(Structures.BATCH, member), target);
    }

    /** Applies LoRA adapters to everything from now on, each with its strength; replaces those before. */
    public void setAdapters(Path[] files, float[] scales) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment adapters = scratch.allocate(ADDRESS, Math.max(1, files.length));
            for (int i = 0; i < files.length; i++) {
                LlamaLibrary.complaints();
                MemorySegment adapter =
                        LlamaLibrary.loadAdapter(model.pointer(), scratch.allocateFrom(files[i].toString()));
                if (LlamaLibrary.isNull(adapter)) {
                    throw new LlamaException("cannot load adapter " + files[i] + LlamaLibrary.complaints());
                }
                adapters.setAtIndex(ADDRESS, i, adapter);
            }
            int result =
                    LlamaLibrary.setAdapters(context, adapters, files.length, scratch.allocateFrom(JAVA_FLOAT, scales));
            if (result != 0) {
                throw new LlamaException("cannot apply adapters" + LlamaLibrary.complaints());
            }
        }
    }

    /** Tokens that all sequences together can hold. */
    public int cells() {
        return cells;
    }

    /** Tokens that can go through at once. */
    public int batchLimit() {
        return batchLimit;
    }

    /** Sequences that can be held apart: their ids are below. */
    public int sequenceLimit() {
        return sequenceLimit;
    }

    /** Tokens in the batch. */
    public int count() {
        return count;
    }

    /** Empties the batch. */
    public void clear() {
        count = 0;
    }

    /**
     * Puts a token into the batch.
     *
     * @return its row, which {@link #logits} takes
     */
    public int add(int token, int position, int sequence, boolean withLogits) {
        if (count >= batchLimit) {
            throw new IllegalStateException("the batch holds " + batchLimit + " tokens already");
        }
        if (token < 0 || token >= model.vocabularySize()) {
            throw new IllegalArgumentException(
                    "token must be between 0 and " + (model.vocabularySize() - 1) + ", but is " + token);
        }
        if (position < 0 || position >= cells) {
            throw new IllegalArgumentException(
                    "position must be between 0 and " + (cells - 1) + ", but is " + position);
        }
        checkSequence(sequence);
        tokens.setAtIndex(JAVA_INT, count, token);
        positions.setAtIndex(JAVA_INT, count, position);
        sequences.setAtIndex(JAVA_INT, count, sequence);
        wantsLogits.set(JAVA_BYTE, count, (byte) (withLogits ? 1 : 0));
        return count++;
    }

    /** Sends the batch through the model. What is in the memory of other sequences stays as it is. */
    public Outcome decode() {
        if (count == 0) {
            throw new IllegalStateException("the batch is empty");
        }
        batch.set(JAVA_INT, Structures.offset(Structures.BATCH, "n_tokens"), count);
        decodedRows = 0;
        LlamaLibrary.complaints();
        int result = LlamaLibrary.decode(context, batch);
        return switch (result) {
            case 0 -> {
                decodedRows = count;
                yield Outcome.DONE;
            }
            case 1 -> Outcome.NO_ROOM;
            case 2 -> Outcome.ABORTED;
            default -> throw new LlamaException("llama_decode failed with " + result + LlamaLibrary.complaints());
        };
    }

    /** What became of a batch. */
    public enum Outcome {
        /** All of it went through. */
        DONE,
        /** The memory has too few free cells: nothing happened. */
        NO_ROOM,
        /** Stopped by {@link #abort}: some of it may have gone through. */
        ABORTED
    }

    /** Makes {@link #decode} stop as soon as it can, now and until {@link #proceed}. For any thread. */
    public void abort() {
        aborted = true;
    }

    /** Lets {@link #decode} work again after {@link #abort}. */
    public void proceed() {
        aborted = false;
    }

    /** Copies the logits of a row of the last batch, which must have asked for them, to {@code target}. */
    public void logits(int row, float[] target) {
        if (row < 0 || row >= decodedRows || wantsLogits.get(JAVA_BYTE, row) == 0) {
            throw new IllegalArgumentException("row " + row + " of the last batch has no logits");
        }
        MemorySegment logits = LlamaLibrary.logits(context, row);
        if (LlamaLibrary.isNull(logits)) {
            throw new LlamaException("no logits for row " + row + LlamaLibrary.complaints());
        }
        int size = model.vocabularySize();
        MemorySegment.copy(LlamaLibrary.floats(logits, size), JAVA_FLOAT, 0, target, 0, size);
    }

    /** How many threads compute from now on. */
    public void setThreads(int threads) {
        LlamaLibrary.setThreads(context, Math.max(1, threads), Math.max(1, threads));
    }

    /** Forgets a sequence from {@code position} on, and says whether it could: a recurrent state is one piece. */
    public boolean forget(int sequence, int position) {
        checkSequence(sequence);
        return LlamaLibrary.removeFromSequence(memory, sequence, Math.max(0, position), -1);
    }

    /**
     * Lets an empty sequence begin with the first {@code length} tokens of another. Nothing is computed or copied: the
     * two share the cells.
     *
     * @return whether all of them were there; else the target is empty
     */
    public boolean share(int source, int target, int length) {
        checkSequence(source);
        checkSequence(target);
        LlamaLibrary.copySequence(memory, source, target, 0, length);
        return holdsOrEmpties(target, length);
    }

    // Models with sliding attention forget what is far behind.
    private boolean holdsOrEmpties(int sequence, int length) {
        boolean whole = LlamaLibrary.firstPosition(memory, sequence) == 0
                && LlamaLibrary.lastPosition(memory, sequence) == length - 1;
        if (!whole) {
            LlamaLibrary.removeFromSequence(memory, sequence, -1, -1);
        }
        return whole;
    }

    /**
     * Copies a sequence's state out of the context. The copy belongs to the calling thread.
     *
     * @return empty if the sequence holds nothing or cannot be copied
     */
    public Optional<SavedSequence> save(int sequence) {
        checkSequence(sequence);
        long size = LlamaLibrary.stateSize(context, sequence);
        if (size <= 0) {
            return Optional.empty();
        }
        SavedSequence saved = new SavedSequence(size);
        if (LlamaLibrary.saveState(context, saved.bytes, sequence) != size) {
            saved.close();
            return Optional.empty();
        }
        return Optional.of(saved);
    }

    /**
     * Lets an empty sequence begin with the first {@code length} tokens of a saved one.
     *
     * @return whether all of them are there; else the target is empty, for lack of cells perhaps
     */
    public boolean restore(SavedSequence saved, int target, int length) {
        checkSequence(target);
        if (LlamaLibrary.restoreState(context, saved.bytes, target) != saved.bytes.byteSize()) {
            LlamaLibrary.removeFromSequence(memory, target, -1, -1);
            return false;
        }
        LlamaLibrary.removeFromSequence(memory, target, length, -1);
        return holdsOrEmpties(target, length);
    }

    /** A copy of a sequence's state outside the context, where no step passes over it. */
    public static final class SavedSequence implements AutoCloseable {
        private final Arena arena = Arena.ofConfined();
        private final MemorySegment bytes;

        private SavedSequence(long size) {
            this.bytes = arena.allocate(size);
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    private void checkSequence(int sequence) {
        if (sequence < 0 || sequence >= sequenceLimit) {
            throw new IllegalArgumentException(
                    "sequence must be between 0 and " + (sequenceLimit - 1) + ", but is " + sequence);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LlamaLibrary.freeContext(context);
            arena.close();
        }
    }
}
