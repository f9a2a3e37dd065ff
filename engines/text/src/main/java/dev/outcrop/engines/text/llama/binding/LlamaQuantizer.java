package dev.outcrop.engines.text.llama.binding;

import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a model's weights in another type: {@code llama_model_quantize}. */
public final class LlamaQuantizer {
    private LlamaQuantizer() {}

    /**
     * Writes {@code input} with its weights in another type to {@code output}.
     *
     * @param fileType {@code enum llama_ftype}, such as 7 for Q8_0
     * @param threads  threads to compute with
     * @throws LlamaException if the input is not a model or the output cannot be written
     */
    public static void quantize(Path input, Path output, int fileType, int threads) {
        if (!Files.isReadable(input)) {
            throw new LlamaException("no readable file " + input.toAbsolutePath());
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = LlamaLibrary.quantizeDefaults(arena);
            parameters.set(JAVA_INT, Structures.offset(Structures.QUANTIZE_PARAMETERS, "nthread"), threads);
            parameters.set(JAVA_INT, Structures.offset(Structures.QUANTIZE_PARAMETERS, "ftype"), fileType);
            parameters.set(JAVA_BOOLEAN, Structures.offset(Structures.QUANTIZE_PARAMETERS, "allow_requantize"), true);
            LlamaLibrary.complaints();
            int result = LlamaLibrary.quantize(
                    arena.allocateFrom(input.toString()), arena.allocateFrom(output.toString()), parameters);
            if (result != 0) {
                throw new LlamaException("cannot quantise " + input + LlamaLibrary.complaints());
            }
        }
    }
}
