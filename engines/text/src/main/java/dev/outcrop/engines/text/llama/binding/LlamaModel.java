package dev.outcrop.engines.text.llama.binding;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import com.sun.management.OperatingSystemMXBean;
import dev.outcrop.engines.worker.HugePages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A model's weights and vocabulary. Its methods may be called by any thread; {@link #close} after all contexts are
 * closed.
 */
public final class LlamaModel implements AutoCloseable {
    /** Longer texts are refused: no context holds as many tokens. */
    public static final int MAXIMUM_TEXT_BYTES = 32 << 20;

    private static final int LONGEST_PIECE = 4096;
    private static final int LONGEST_METADATA = 64 << 10;
    private static final int ATTRIBUTE_USER_DEFINED = 1 << 4;
    private static final int BYTES_OF_HALF = 2;

    /** {@code LLAMA_LOAD_MODE_NONE}. */
    private static final int LOAD_COPIED = 0;

    /** A copy cannot be dropped for want of memory, as mapped pages are: what is larger than this part stays mapped. */
    private static final int SHARE_TO_COPY = 4;

    private final MemorySegment model;
    private final MemorySegment vocabulary;
    private final byte[][] pieces;
    private final boolean[] control;
    private final boolean[] special;
    private final boolean[] endOfGeneration;
    private boolean closed;

    private LlamaModel(MemorySegment model) {
        this.model = model;
        this.vocabulary = LlamaLibrary.vocabularyOf(model);
        int size = LlamaLibrary.tokenCount(vocabulary);
        this.pieces = new byte[size][];
        this.control = new boolean[size];
        this.special = new boolean[size];
        this.endOfGeneration = new boolean[size];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(LONGEST_PIECE);
            for (int token = 0; token < size; token++) {
                int length = LlamaLibrary.tokenToPiece(vocabulary, token, buffer, LONGEST_PIECE, 0, true);
                pieces[token] =
                        length <= 0 ? new byte[0] : buffer.asSlice(0, length).toArray(JAVA_BYTE);
                control[token] = LlamaLibrary.isControl(vocabulary, token);
                special[token] = control[token]
                        || (LlamaLibrary.tokenAttributes(vocabulary, token) & ATTRIBUTE_USER_DEFINED) != 0;
                endOfGeneration[token] = LlamaLibrary.isEndOfGeneration(vocabulary, token);
            }
        }
    }

    /**
     * Loads a GGUF file. It is copied into huge pages where these are to be had and memory is ample; otherwise its pages
     * are mapped, so that processes share them. Corrupt weights are not noticed: check the file's hash before.
     *
     * @param gpuLayers how many layers to put on a graphics processor if the libraries serve one; negative for all
     * @throws LlamaException if the file is not there, is not a model or does not generate text
     */
    public static LlamaModel load(Path file, int gpuLayers) {
        if (!Files.isReadable(file)) {
            throw new LlamaException("no readable file " + file.toAbsolutePath());
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = LlamaLibrary.modelDefaults(arena);
            parameters.set(JAVA_INT, Structures.offset(Structures.MODEL_PARAMETERS, "n_gpu_layers"), gpuLayers);
            if (isWorthCopying(file)) {
                parameters.set(JAVA_INT, Structures.offset(Structures.MODEL_PARAMETERS, "load_mode"), LOAD_COPIED);
            }
            LlamaLibrary.complaints();
            MemorySegment model = LlamaLibrary.loadModel(arena.allocateFrom(file.toString()), parameters);
            if (LlamaLibrary.isNull(model)) {
                throw new LlamaException("cannot load " + file + LlamaLibrary.complaints());
            }
            if (!LlamaLibrary.hasDecoder(model)
                    || LlamaLibrary.hasEncoder(model)
                    || LlamaLibrary.isDiffusion(model)
                    || LlamaLibrary.tokenCount(LlamaLibrary.vocabularyOf(model)) == 0) {
                LlamaLibrary.freeModel(model);
                throw new LlamaException(file + " is not a model that continues text");
            }
            return new LlamaModel(model);
        }
    }

    /** Whether a processor reads the weights, and could read them faster: files cannot be mapped in huge pages. */
    private static boolean isWorthCopying(Path file) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        boolean onProcessor = LlamaLibrary.deviceCount() == 1;
        return onProcessor
                && HugePages.areToBeHad()
                && file.toFile().length() <= system.getTotalMemorySize() / SHARE_TO_COPY;
    }

    /** The version of llama.cpp. */
    public static String libraryVersion() {
        return LlamaLibrary.string(LlamaLibrary.version());
    }

    MemorySegment pointer() {
        return model;
    }

    MemorySegment vocabulary() {
        return vocabulary;
    }

    /** How many tokens there are: ids are below. */
    public int vocabularySize() {
        return pieces.length;
    }

    /** The tokens of prompt and answer that the model was trained for. */
    public int trainedContextLength() {
        return LlamaLibrary.trainedContextLength(model);
    }

    /** Bytes of all weights. */
    public long sizeInBytes() {
        return LlamaLibrary.modelSize(model);
    }

    /** Bytes that one token takes in the memory of a context (keys and values of all layers, 16-bit). */
    public long memoryPerToken() {
        String architecture = metadata("general.architecture").orElse("");
        long headLength = LlamaLibrary.embeddingLength(model) / Math.max(1, LlamaLibrary.headCount(model));
        long keys = metadata(architecture + ".attention.key_length")
                .map(Long::parseLong)
                .orElse(headLength);
        long values = metadata(architecture + ".attention.value_length")
                .map(Long::parseLong)
                .orElse(headLength);
        return LlamaLibrary.layerCount(model)
                * (long) LlamaLibrary.keyValueHeadCount(model)
                * (keys + values)
                * BYTES_OF_HALF;
    }

    /** Whether the state of a sequence can be cut off at any token: not so where it is one recurrent state. */
    public boolean canForget() {
        return !LlamaLibrary.isRecurrent(model) && !LlamaLibrary.isHybrid(model);
    }

    /** The chat template, in Jinja, if the file has one. */
    public Optional<String> chatTemplate() {
        String template = LlamaLibrary.string(LlamaLibrary.chatTemplate(model, MemorySegment.NULL));
        return template.isEmpty() ? Optional.empty() : Optional.of(template);
    }

    /** A value from the file's metadata, such as {@code general.name}; arrays are not served. */
    public Optional<String> metadata(String key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(LONGEST_METADATA);
            int length = LlamaLibrary.metadataValue(model, arena.allocateFrom(key), buffer, LONGEST_METADATA);
            return length < 0 ? Optional.empty() : Optional.of(buffer.getString(0));
        }
    }

    /** The token that begins a text, if the vocabulary has one. */
    public Optional<Integer> beginningToken() {
        return token(LlamaLibrary.beginningToken(vocabulary));
    }

    /** The token that ends a text, if the vocabulary has one. */
    public Optional<Integer> endToken() {
        return token(LlamaLibrary.endToken(vocabulary));
    }

    private Optional<Integer> token(int id) {
        return id < 0 || id >= pieces.length ? Optional.empty() : Optional.of(id);
    }

    /** Whether prompts are to begin with {@link #beginningToken}. */
    public boolean addsBeginningToken() {
        return LlamaLibrary.addsBeginningToken(vocabulary);
    }

    /** Whether the model says with this token that it has finished. */
    public boolean endsGeneration(int token) {
        return endOfGeneration[token];
    }

    /** All tokens with which the model says that it has finished. */
    public int[] endTokens() {
        int[] tokens = new int[endOfGeneration.length];
        int count = 0;
        for (int token = 0; token < endOfGeneration.length; token++) {
            if (endOfGeneration[token]) {
                tokens[count++] = token;
            }
        }
        return Arrays.copyOf(tokens, count);
    }

    /** Whether a token steers the model and stands for no text of its own. */
    public boolean isControl(int token) {
        return control[token];
    }

    /** The bytes that a token stands for, which may be a part of a character; for a control token, its name. */
    public byte[] piece(int token) {
        return pieces[token];
    }

    /** The texts that are one token each when special tokens are recognised, longest first. */
    public List<String> specialTexts() {
        List<String> texts = new ArrayList<>();
        for (int token = 0; token < special.length; token++) {
            if (special[token] && pieces[token].length > 0) {
                texts.add(new String(pieces[token], StandardCharsets.UTF_8));
            }
        }
        texts.sort((left, right) -> Integer.compare(right.length(), left.length()));
        return texts;
    }

    /**
     * The tokens of {@code text}, without a beginning token.
     *
     * @param recogniseSpecial whether texts of special tokens become those tokens; else they are text like any other
     * @throws LlamaException if the text is too long
     */
    public int[] tokenize(String text, boolean recogniseSpecial) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAXIMUM_TEXT_BYTES) {
            throw new LlamaException("a text of " + bytes.length + " bytes is longer than " + MAXIMUM_TEXT_BYTES);
        }
        if (bytes.length == 0) {
            return new int[0];
        }
        try (Arena arena = Arena.ofConfined()) {
            // Some tokenizers put a space before the text, and none makes two tokens of a byte.
            int capacity = bytes.length + 16;
            MemorySegment characters = arena.allocate(bytes.length);
            characters.copyFrom(MemorySegment.ofArray(bytes));
            MemorySegment tokens = arena.allocate(JAVA_INT, capacity);
            int count = LlamaLibrary.tokenize(
                    vocabulary, characters, bytes.length, tokens, capacity, false, recogniseSpecial);
            if (count < 0 || count > capacity) {
                throw new LlamaException("a text of " + bytes.length + " bytes cannot be tokenised (" + count + ")");
            }
            return tokens.asSlice(0, (long) count * Integer.BYTES).toArray(JAVA_INT);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LlamaLibrary.freeModel(model);
        }
    }
}
