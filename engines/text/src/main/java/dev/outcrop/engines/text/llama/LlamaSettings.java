package dev.outcrop.engines.text.llama;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a model in a GGUF file is run. {@link #of} gives a sound start; the {@code with…} methods change one thing.
 *
 * @param id            what the model is called
 * @param file          the GGUF file
 * @param libraries     folder of llama.cpp's libraries: see {@link
 *                      dev.outcrop.engines.text.llama.binding.NativeLibraries}
 * @param contextLength tokens of prompt and answer together; absent for what the model was trained for, at most 8,192
 * @param parallel      generations at work at once, 1 to 64
 * @param queueLimit    generations waiting beside them
 * @param threads       threads to compute with at most; fewer are used while the machine is busy with other work
 * @param gpuLayers     layers to put on a graphics processor where the libraries serve one; negative for all
 * @param memoryBytes   for the contexts' state, at most; lowers {@code contextLength} if need be
 * @param adapters      LoRA adapters applied to it
 * @param chatTemplate  Jinja template to use instead of the file's
 * @param startLimit    how long loading may take
 * @param idleLimit     without a call, the model is unloaded after it; zero for never
 */
public record LlamaSettings(
        String id,
        Path file,
        Path libraries,
        Optional<Integer> contextLength,
        int parallel,
        int queueLimit,
        int threads,
        int gpuLayers,
        long memoryBytes,
        List<Adapter> adapters,
        Optional<String> chatTemplate,
        Duration startLimit,
        Duration idleLimit) {
    private static final long DEFAULT_MEMORY = 2L << 30;

    public LlamaSettings {
        if (parallel < 1 || parallel > 64) {
            throw new IllegalArgumentException("parallel must be between 1 and 64, but is " + parallel);
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, but is " + threads);
        }
        adapters = List.copyOf(adapters);
    }

    /**
     * A LoRA adapter.
     *
     * @param scale its strength, 1 as it was trained
     */
    public record Adapter(Path file, double scale) {}

    /** Eight generations at once, 64 waiting, all cores, unloaded after ten idle minutes. */
    public static LlamaSettings of(String id, Path file, Path libraries) {
        return new LlamaSettings(
                id,
                file,
                libraries,
                Optional.empty(),
                8,
                64,
                Runtime.getRuntime().availableProcessors(),
                -1,
                DEFAULT_MEMORY,
                List.of(),
                Optional.empty(),
                Duration.ofMinutes(5),
                Duration.ofMinutes(10));
    }

    public LlamaSettings withContextLength(int length) {
        return new LlamaSettings(
                id,
                file,
                libraries,
                Optional.of(length),
                parallel,
                queueLimit,
                threads,
                gpuLayers,
                memoryBytes,
                adapters,
                chatTemplate,
                startLimit,
                idleLimit);
    }

    /** The same for so many generations at once and so many waiting. */
    public LlamaSettings withQueue(int atOnce, int waiting) {
        return new LlamaSettings(
                id,
                file,
                libraries,
                contextLength,
                atOnce,
                waiting,
                threads,
                gpuLayers,
                memoryBytes,
                adapters,
                chatTemplate,
                startLimit,
                idleLimit);
    }

    public LlamaSettings withThreads(int count) {
        return new LlamaSettings(
                id,
                file,
                libraries,
                contextLength,
                parallel,
                queueLimit,
                count,
                gpuLayers,
                memoryBytes,
                adapters,
                chatTemplate,
                startLimit,
                idleLimit);
    }

    public LlamaSettings withAdapters(List<Adapter> some) {
        return new LlamaSettings(
                id,
                file,
                libraries,
                contextLength,
                parallel,
                queueLimit,
                threads,
                gpuLayers,
                memoryBytes,
                some,
                chatTemplate,
                startLimit,
                idleLimit);
    }

    public LlamaSettings withChatTemplate(String template) {
        return new LlamaSettings(
                id,
                file,
                libraries,
                contextLength,
                parallel,
                queueLimit,
                threads,
                gpuLayers,
                memoryBytes,
                adapters,
                Optional.of(template),
                startLimit,
                idleLimit);
    }

    public LlamaSettings withMemoryBytes(long bytes) {
        return new LlamaSettings(
                id,
                file,
                libraries,
                contextLength,
                parallel,
                queueLimit,
                threads,
                gpuLayers,
                bytes,
                adapters,
                chatTemplate,
                startLimit,
                idleLimit);
    }

    public LlamaSettings withIdleLimit(Duration limit) {
        return new LlamaSettings(
                id,
                file,
                libraries,
                contextLength,
                parallel,
                queueLimit,
                threads,
                gpuLayers,
                memoryBytes,
                adapters,
                chatTemplate,
                startLimit,
                limit);
    }
}
