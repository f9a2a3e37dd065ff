package dev.outcrop.engines.text.llama;

import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.llama.binding.NativeLibraries;
import dev.outcrop.engines.worker.Worker;
import dev.outcrop.engines.worker.WorkerCall;
import dev.outcrop.engines.worker.WorkerException;
import dev.outcrop.engines.worker.WorkerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Writes a model in a type that this machine's processors compute faster, if its perplexity stays close.
 *
 * <p>llama.cpp repacks some types (Q8_0, Q4_0, Q4_K) for the processor, so that a batch of several sequences costs little
 * more than one; others (Q4_1, Q5_1…) gain nothing from batches. All native work is done in worker processes.
 */
public final class Requantization {
    /** Perplexity may grow by this factor at most. */
    public static final double TOLERANCE = 1.01;

    private static final int WINDOW_TOKENS = 512;
    private static final int HEAP_MEGABYTES = 128;
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final Path libraries;
    private final int threads;
    private final Duration limit;
    private final int window;

    /**
     * @param libraries folder of llama.cpp's libraries
     * @param threads   threads to compute with
     * @param limit     how long each of writing and measuring may take
     */
    public Requantization(Path libraries, int threads, Duration limit) {
        this(libraries, threads, limit, WINDOW_TOKENS);
    }

    Requantization(Path libraries, int threads, Duration limit, int window) {
        this.libraries = libraries;
        this.threads = threads;
        this.limit = limit;
        this.window = window;
    }

    /** Types to write, by llama.cpp's numbers ({@code enum llama_ftype}). */
    public enum Type {
        Q4_0(2),
        Q8_0(7),
        Q4_K_M(15),
        Q5_K_M(17),
        Q6_K(18);

        private final int number;

        Type(int number) {
            this.number = number;
        }
    }

    /**
     * What came of it.
     *
     * @param before perplexity of the input
     * @param after  perplexity of the output
     * @param kept   whether the output was kept, since {@code after} is at most {@link #TOLERANCE} times {@code before}
     */
    public record Outcome(double before, double after, boolean kept) {}

    /**
     * Writes {@code input} as {@code type} to {@code output} and keeps it if its perplexity on {@code text} is close.
     * The output appears whole or not at all.
     *
     * @param text ordinary prose of the languages that matter, at least some thousand words
     * @throws TextModelException if the input is no model, the text is shorter than 512 tokens, or time runs out
     */
    public Outcome requantize(Path input, Type type, Path output, String text) {
        Path unproven = output.resolveSibling(output.getFileName() + ".unproven");
        try {
            write(input, type, unproven);
            double before = perplexity(input, text);
            double after = perplexity(unproven, text);
            boolean kept = after <= before * TOLERANCE;
            if (kept) {
                Files.move(unproven, output, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            return new Outcome(before, after, kept);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(unproven);
        }
    }

    /** Writes {@code input} as {@code type} to {@code output}, whatever it does to the perplexity. */
    public void write(Path input, Type type, Path output) {
        WorkerSettings settings = new WorkerSettings(
                "requantization",
                QuantizationService.class,
                new byte[0],
                List.of("-D" + NativeLibraries.PROPERTY + "=" + libraries.toAbsolutePath()),
                HEAP_MEGABYTES,
                0,
                START_LIMIT,
                Duration.ZERO);
        byte[] request = Messages.write(new Messages.Requantize(
                input.toAbsolutePath().toString(), output.toAbsolutePath().toString(), type.number, threads));
        try (Worker worker = new Worker(settings);
                WorkerCall call = worker.call(QuantizationService.REQUANTIZE, request)) {
            Optional<byte[]> end = call.next(limit);
            if (end.isPresent()) {
                throw new TextModelException(Category.FAILED, "requantisation answered what nobody asked");
            }
        } catch (WorkerException e) {
            delete(output);
            throw LlamaTextModel.translated(e);
        }
    }

    /** The perplexity of a model on {@code text}, in windows of 512 tokens: see {@link LlamaTextModel#perplexity}. */
    public double perplexity(Path file, String text) {
        LlamaSettings settings = LlamaSettings.of("perplexity of " + file.getFileName(), file, libraries)
                .withContextLength(window)
                .withThreads(threads)
                .withQueue(1, 1);
        try (LlamaTextModel model = new LlamaTextModel(settings)) {
            return model.perplexity(text, window, limit);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
