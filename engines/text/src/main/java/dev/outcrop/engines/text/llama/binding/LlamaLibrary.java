package dev.outcrop.engines.text.llama.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * The functions of {@code llama.h} that we call, one Java method each. Loads the libraries that the system property
 * {@value NativeLibraries#PROPERTY} names when first touched: a process has one llama.cpp.
 *
 * <p>Nothing is checked here: that is the work of the classes beside it, which alone may call this one.
 */
@SuppressWarnings("restricted") // calling native code is what this class is for; the JVM is told --enable-native-access
final class LlamaLibrary {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final NativeLibraries LIBRARIES =
            NativeLibraries.in(Path.of(System.getProperty(NativeLibraries.PROPERTY, "native")));
    private static final SymbolLookup SYMBOLS = LIBRARIES.inOrderOfLoading().stream()
            .map(library -> SymbolLookup.libraryLookup(library, Arena.global()))
            .reduce(SymbolLookup::or)
            .orElseThrow();

    private static final MethodHandle LOAD_BACKENDS =
            function("ggml_backend_load_all_from_path", FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle DEVICE_COUNT =
            function("ggml_backend_dev_count", FunctionDescriptor.of(JAVA_LONG));
    private static final MethodHandle SET_LOG = function("llama_log_set", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
    private static final MethodHandle INITIALIZE_BACKEND = function("llama_backend_init", FunctionDescriptor.ofVoid());
    private static final MethodHandle VERSION = function("llama_version", FunctionDescriptor.of(ADDRESS));
    private static final MethodHandle LOAD_MODEL = function(
            "llama_model_load_from_file", FunctionDescriptor.of(ADDRESS, ADDRESS, Structures.MODEL_PARAMETERS));
    private static final MethodHandle FREE_MODEL = function("llama_model_free", FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle VOCABULARY_OF =
            function("llama_model_get_vocab", FunctionDescriptor.of(ADDRESS, ADDRESS));
    private static final MethodHandle TOKEN_COUNT =
            function("llama_vocab_n_tokens", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle TRAINED_CONTEXT_LENGTH =
            function("llama_model_n_ctx_train", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle LAYER_COUNT =
            function("llama_model_n_layer", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle HEAD_COUNT =
            function("llama_model_n_head", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle KEY_VALUE_HEAD_COUNT =
            function("llama_model_n_head_kv", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle EMBEDDING_LENGTH =
            function("llama_model_n_embd", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle MODEL_SIZE =
            function("llama_model_size", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    private static final MethodHandle IS_RECURRENT =
            function("llama_model_is_recurrent", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS));
    private static final MethodHandle IS_HYBRID =
            function("llama_model_is_hybrid", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS));
    private static final MethodHandle HAS_DECODER =
            function("llama_model_has_decoder", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS));
    private static final MethodHandle HAS_ENCODER =
            function("llama_model_has_encoder", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS));
    private static final MethodHandle IS_DIFFUSION =
            function("llama_model_is_diffusion", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS));
    private static final MethodHandle CHAT_TEMPLATE =
            function("llama_model_chat_template", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle METADATA_VALUE =
            function("llama_model_meta_val_str", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
    private static final MethodHandle IS_END_OF_GENERATION =
            function("llama_vocab_is_eog", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, JAVA_INT));
    private static final MethodHandle IS_CONTROL =
            function("llama_vocab_is_control", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, JAVA_INT));
    private static final MethodHandle BEGINNING_TOKEN =
            function("llama_vocab_bos", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle END_TOKEN = function("llama_vocab_eos", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle ADDS_BEGINNING_TOKEN =
            function("llama_vocab_get_add_bos", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS));
    private static final MethodHandle TOKEN_ATTRIBUTES =
            function("llama_vocab_get_attr", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle TOKENIZE = function(
            "llama_tokenize",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_BOOLEAN, JAVA_BOOLEAN));
    private static final MethodHandle TOKEN_TO_PIECE = function(
            "llama_token_to_piece",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_BOOLEAN));
    private static final MethodHandle CREATE_CONTEXT =
            function("llama_init_from_model", FunctionDescriptor.of(ADDRESS, ADDRESS, Structures.CONTEXT_PARAMETERS));
    private static final MethodHandle FREE_CONTEXT = function("llama_free", FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle CONTEXT_LENGTH =
            function("llama_n_ctx", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle BATCH_LIMIT = function("llama_n_batch", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle SEQUENCE_LIMIT =
            function("llama_n_seq_max", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle MEMORY_OF = function("llama_get_memory", FunctionDescriptor.of(ADDRESS, ADDRESS));
    private static final MethodHandle DECODE =
            function("llama_decode", FunctionDescriptor.of(JAVA_INT, ADDRESS, Structures.BATCH));
    private static final MethodHandle LOGITS =
            function("llama_get_logits_ith", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
    private static final MethodHandle SET_THREADS =
            function("llama_set_n_threads", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle REMOVE_FROM_SEQUENCE =
            function("llama_memory_seq_rm", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle COPY_SEQUENCE =
            function("llama_memory_seq_cp", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle FIRST_POSITION =
            function("llama_memory_seq_pos_min", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle LAST_POSITION =
            function("llama_memory_seq_pos_max", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle STATE_SIZE =
            function("llama_state_seq_get_size", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_INT));
    private static final MethodHandle SAVE_STATE = function(
            "llama_state_seq_get_data", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RESTORE_STATE = function(
            "llama_state_seq_set_data", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle LOAD_ADAPTER =
            function("llama_adapter_lora_init", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle SET_ADAPTERS =
            function("llama_set_adapters_lora", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    private static final MethodHandle CREATE_GRAMMAR =
            function("llama_sampler_init_grammar", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle APPLY_SAMPLER =
            function("llama_sampler_apply", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
    private static final MethodHandle ACCEPT_TOKEN =
            function("llama_sampler_accept", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
    private static final MethodHandle FREE_SAMPLER = function("llama_sampler_free", FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle QUANTIZE =
            function("llama_model_quantize", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));

    private static final MethodHandle MODEL_DEFAULTS =
            function("llama_model_default_params", FunctionDescriptor.of(Structures.MODEL_PARAMETERS));
    private static final MethodHandle CONTEXT_DEFAULTS =
            function("llama_context_default_params", FunctionDescriptor.of(Structures.CONTEXT_PARAMETERS));
    private static final MethodHandle QUANTIZE_DEFAULTS =
            function("llama_model_quantize_default_params", FunctionDescriptor.of(Structures.QUANTIZE_PARAMETERS));

    private static final int LOG_LEVEL_WARNING = 3;
    private static final int LOG_LEVEL_ERROR = 4;
    private static final int KEPT_LOG_LINES = 5;
    private static final Deque<String> LAST_ERRORS = new ArrayDeque<>();

    static {
        MethodHandle log = method(Log.class, "log", MethodType.methodType(void.class, int.class, MemorySegment.class))
                .bindTo((Log) LlamaLibrary::onLog);
        setLog(
                LINKER.upcallStub(
                        MethodHandles.dropArguments(log, 2, MemorySegment.class),
                        FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS),
                        Arena.global()),
                MemorySegment.NULL);
        try (Arena arena = Arena.ofConfined()) {
            loadBackends(arena.allocateFrom(LIBRARIES.folder().toString()));
        }
        initializeBackend();
        if (deviceCount() == 0) {
            throw new LlamaException("no library in " + LIBRARIES.folder() + " serves this processor");
        }
    }

    private LlamaLibrary() {}

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(SYMBOLS.findOrThrow(name), descriptor);
    }

    private static MethodHandle method(Class<?> type, String name, MethodType signature) {
        try {
            return MethodHandles.lookup().findVirtual(type, name, signature);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }

    /** A {@code ggml_log_callback}, but for its user data. */
    interface Log {
        void log(int level, MemorySegment text);
    }

    /** A {@code ggml_abort_callback}, which says whether to stop. The decision must not throw. */
    static MemorySegment abortCallback(BooleanSupplier decision, Arena arena) {
        MethodHandle decide = method(BooleanSupplier.class, "getAsBoolean", MethodType.methodType(boolean.class))
                .bindTo(decision);
        return LINKER.upcallStub(
                MethodHandles.dropArguments(decide, 0, MemorySegment.class),
                FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS),
                arena);
    }

    // Called by native code: an exception that left it would end the process.
    private static void onLog(int level, MemorySegment text) {
        if (level != LOG_LEVEL_WARNING && level != LOG_LEVEL_ERROR) {
            return;
        }
        String line = string(text).strip();
        System.err.println(line);
        if (level == LOG_LEVEL_ERROR) {
            synchronized (LAST_ERRORS) {
                LAST_ERRORS.addLast(line);
                if (LAST_ERRORS.size() > KEPT_LOG_LINES) {
                    LAST_ERRORS.removeFirst();
                }
            }
        }
    }

    /** What the library has complained of since this was last asked, as the end of a message. */
    static String complaints() {
        synchronized (LAST_ERRORS) {
            String complaints = LAST_ERRORS.isEmpty() ? "" : ": " + String.join("; ", LAST_ERRORS);
            LAST_ERRORS.clear();
            return complaints;
        }
    }

    /** A C string; empty for NULL. */
    static String string(MemorySegment pointer) {
        return isNull(pointer) ? "" : pointer.reinterpret(Long.MAX_VALUE).getString(0);
    }

    static boolean isNull(MemorySegment pointer) {
        return pointer.address() == 0;
    }

    private static LlamaException broken(Throwable e) {
        return new LlamaException("a call into llama.cpp failed", e);
    }

    /** An array of floats in native memory. */
    static MemorySegment floats(MemorySegment pointer, int count) {
        return pointer.reinterpret((long) count * Float.BYTES);
    }

    static MemorySegment modelDefaults(Arena arena) {
        try {
            return (MemorySegment) MODEL_DEFAULTS.invokeExact((SegmentAllocator) arena);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static MemorySegment contextDefaults(Arena arena) {
        try {
            return (MemorySegment) CONTEXT_DEFAULTS.invokeExact((SegmentAllocator) arena);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static MemorySegment quantizeDefaults(Arena arena) {
        try {
            return (MemorySegment) QUANTIZE_DEFAULTS.invokeExact((SegmentAllocator) arena);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void loadBackends(MemorySegment folder) {
        try {
            LOAD_BACKENDS.invokeExact(folder);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static long deviceCount() {
        try {
            return (long) DEVICE_COUNT.invokeExact();
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void setLog(MemorySegment callback, MemorySegment data) {
        try {
            SET_LOG.invokeExact(callback, data);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void initializeBackend() {
        try {
            INITIALIZE_BACKEND.invokeExact();
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static MemorySegment version() {
        try {
            return (MemorySegment) VERSION.invokeExact();
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static MemorySegment loadModel(MemorySegment path, MemorySegment parameters) {
        try {
            return (MemorySegment) LOAD_MODEL.invokeExact(path, parameters);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void freeModel(MemorySegment model) {
        try {
            FREE_MODEL.invokeExact(model);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static MemorySegment vocabularyOf(MemorySegment model) {
        try {
            return (MemorySegment) VOCABULARY_OF.invokeExact(model);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int tokenCount(MemorySegment vocabulary) {
        try {
            return (int) TOKEN_COUNT.invokeExact(vocabulary);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int trainedContextLength(MemorySegment model) {
        try {
            return (int) TRAINED_CONTEXT_LENGTH.invokeExact(model);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int layerCount(MemorySegment model) {
        try {
            return (int) LAYER_COUNT.invokeExact(model);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int headCount(MemorySegment model) {
        try {
            return (int) HEAD_COUNT.invokeExact(model);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int keyValueHeadCount(MemorySegment model) {
        try {
            return (int) KEY_VALUE_HEAD_COUNT.invokeExact(model);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int embeddingLength(MemorySegment model) {
        try {
            return (int) EMBEDDING_LENGTH.invokeExact(model);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static long modelSize(MemorySegment model) {
        try {
            return (long) MODEL_SIZE.invokeExact(model);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static boolean isRecurrent(MemorySegment model) {
        try {
            return (boolean) IS_RECURRENT.invokeExact(model);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static boolean isHybrid(MemorySegment model) {
        try {
            return (boolean) IS_HYBRID.invokeExact(model);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static boolean hasDecoder(MemorySegment model) {
        try {
            return (boolean) HAS_DECODER.invokeExact(model);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static boolean hasEncoder(MemorySegment model) {
        try {
            return (boolean) HAS_ENCODER.invokeExact(model);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static boolean isDiffusion(MemorySegment model) {
        try {
            return (boolean) IS_DIFFUSION.invokeExact(model);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static MemorySegment chatTemplate(MemorySegment model, MemorySegment name) {
        try {
            return (MemorySegment) CHAT_TEMPLATE.invokeExact(model, name);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int metadataValue(MemorySegment model, MemorySegment key, MemorySegment buffer, long length) {
        try {
            return (int) METADATA_VALUE.invokeExact(model, key, buffer, length);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static boolean isEndOfGeneration(MemorySegment vocabulary, int token) {
        try {
            return (boolean) IS_END_OF_GENERATION.invokeExact(vocabulary, token);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static boolean isControl(MemorySegment vocabulary, int token) {
        try {
            return (boolean) IS_CONTROL.invokeExact(vocabulary, token);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int beginningToken(MemorySegment vocabulary) {
        try {
            return (int) BEGINNING_TOKEN.invokeExact(vocabulary);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int endToken(MemorySegment vocabulary) {
        try {
            return (int) END_TOKEN.invokeExact(vocabulary);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static boolean addsBeginningToken(MemorySegment vocabulary) {
        try {
            return (boolean) ADDS_BEGINNING_TOKEN.invokeExact(vocabulary);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int tokenAttributes(MemorySegment vocabulary, int token) {
        try {
            return (int) TOKEN_ATTRIBUTES.invokeExact(vocabulary, token);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int tokenize(
            MemorySegment vocabulary,
            MemorySegment text,
            int textLength,
            MemorySegment tokens,
            int capacity,
            boolean addSpecial,
            boolean parseSpecial) {
        try {
            return (int) TOKENIZE.invokeExact(vocabulary, text, textLength, tokens, capacity, addSpecial, parseSpecial);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int tokenToPiece(
            MemorySegment vocabulary, int token, MemorySegment buffer, int length, int leadingSpaces, boolean special) {
        try {
            return (int) TOKEN_TO_PIECE.invokeExact(vocabulary, token, buffer, length, leadingSpaces, special);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static MemorySegment createContext(MemorySegment model, MemorySegment parameters) {
        try {
            return (MemorySegment) CREATE_CONTEXT.invokeExact(model, parameters);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void freeContext(MemorySegment context) {
        try {
            FREE_CONTEXT.invokeExact(context);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int contextLength(MemorySegment context) {
        try {
            return (int) CONTEXT_LENGTH.invokeExact(context);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int batchLimit(MemorySegment context) {
        try {
            return (int) BATCH_LIMIT.invokeExact(context);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int sequenceLimit(MemorySegment context) {
        try {
            return (int) SEQUENCE_LIMIT.invokeExact(context);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static MemorySegment memoryOf(MemorySegment context) {
        try {
            return (MemorySegment) MEMORY_OF.invokeExact(context);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int decode(MemorySegment context, MemorySegment batch) {
        try {
            return (int) DECODE.invokeExact(context, batch);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static MemorySegment logits(MemorySegment context, int row) {
        try {
            return (MemorySegment) LOGITS.invokeExact(context, row);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void setThreads(MemorySegment context, int threads, int batchThreads) {
        try {
            SET_THREADS.invokeExact(context, threads, batchThreads);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static boolean removeFromSequence(MemorySegment memory, int sequence, int from, int to) {
        try {
            return (boolean) REMOVE_FROM_SEQUENCE.invokeExact(memory, sequence, from, to);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void copySequence(MemorySegment memory, int source, int target, int from, int to) {
        try {
            COPY_SEQUENCE.invokeExact(memory, source, target, from, to);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static long stateSize(MemorySegment context, int sequence) {
        try {
            return (long) STATE_SIZE.invokeExact(context, sequence);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static long saveState(MemorySegment context, MemorySegment target, int sequence) {
        try {
            return (long) SAVE_STATE.invokeExact(context, target, target.byteSize(), sequence);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static long restoreState(MemorySegment context, MemorySegment source, int sequence) {
        try {
            return (long) RESTORE_STATE.invokeExact(context, source, source.byteSize(), sequence);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int firstPosition(MemorySegment memory, int sequence) {
        try {
            return (int) FIRST_POSITION.invokeExact(memory, sequence);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int lastPosition(MemorySegment memory, int sequence) {
        try {
            return (int) LAST_POSITION.invokeExact(memory, sequence);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static MemorySegment loadAdapter(MemorySegment model, MemorySegment path) {
        try {
            return (MemorySegment) LOAD_ADAPTER.invokeExact(model, path);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int setAdapters(MemorySegment context, MemorySegment adapters, long count, MemorySegment scales) {
        try {
            return (int) SET_ADAPTERS.invokeExact(context, adapters, count, scales);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static MemorySegment createGrammar(MemorySegment vocabulary, MemorySegment grammar, MemorySegment root) {
        try {
            return (MemorySegment) CREATE_GRAMMAR.invokeExact(vocabulary, grammar, root);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void applySampler(MemorySegment sampler, MemorySegment candidates) {
        try {
            APPLY_SAMPLER.invokeExact(sampler, candidates);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void acceptToken(MemorySegment sampler, int token) {
        try {
            ACCEPT_TOKEN.invokeExact(sampler, token);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void freeSampler(MemorySegment sampler) {
        try {
            FREE_SAMPLER.invokeExact(sampler);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static int quantize(MemorySegment input, MemorySegment output, MemorySegment parameters) {
        try {
            return (int) QUANTIZE.invokeExact(input, output, parameters);
        } catch (Throwable e) {
            throw broken(e);
        }
    }
}
