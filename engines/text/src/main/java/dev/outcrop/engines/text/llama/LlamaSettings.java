package dev.outcrop.engines.text.llama;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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
        return with(copy -> copy.contextLength = Optional.of(length));
    }

    /** The same for so many generations at once and so many waiting. */
    public LlamaSettings withQueue(int atOnce, int waiting) {
        return with(copy -> {
            copy.parallel = atOnce;
            copy.queueLimit = waiting;
        });
    }

    public LlamaSettings withThreads(int count) {
        return with(copy -> copy.threads = count);
    }

    public LlamaSettings withAdapters(List<Adapter> some) {
        return with(copy -> copy.adapters = some);
    }

    public LlamaSettings withChatTemplate(String template) {
        return with(copy -> copy.chatTemplate = Optional.of(template));
    }

    public LlamaSettings withMemoryBytes(long bytes) {
        return with(copy -> copy.memoryBytes = bytes);
    }

    public LlamaSettings withIdleLimit(Duration limit) {
        return with(copy -> copy.idleLimit = limit);
    }

    private LlamaSettings with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.settings(this);
    }

    /** What may be changed, while it is being changed. */
    private static final class Copy {
        private Optional<Integer> contextLength;
        private int parallel;
        private int queueLimit;
        private int threads;
        private long memoryBytes;
        private List<Adapter> adapters;
        private Optional<String> chatTemplate;
        private Duration idleLimit;

        Copy(LlamaSettings from) {
            contextLength = from.contextLength;
            parallel = from.parallel;
            queueLimit = from.queueLimit;
            threads = from.threads;
            memoryBytes = from.memoryBytes;
            adapters = from.adapters;
            chatTemplate = from.chatTemplate;
            idleLimit = from.idleLimit;
        }

        LlamaSettings settings(LlamaSettings from) {
            return new LlamaSettings(
                    from.id,
                    from.file,
                    from.libraries,
                    contextLength,
                    parallel,
                    queueLimit,
                    threads,
                    from.gpuLayers,
                    memoryBytes,
                    adapters,
                    chatTemplate,
                    from.startLimit,
                    idleLimit);
        }
    }
}
