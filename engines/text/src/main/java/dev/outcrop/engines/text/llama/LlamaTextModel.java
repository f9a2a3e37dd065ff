package dev.outcrop.engines.text.llama;

import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Sampling;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.engines.text.TextModelDescription;
import dev.outcrop.engines.text.TextModelDescription.Capability;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.engines.text.chat.ChatFormat;
import dev.outcrop.engines.text.chat.OutputParser;
import dev.outcrop.engines.text.chat.RenderedPrompt;
import dev.outcrop.engines.text.chat.TriggeredGrammar;
import dev.outcrop.engines.text.grammar.JsonSchemaGrammar;
import dev.outcrop.engines.text.llama.binding.NativeLibraries;
import dev.outcrop.engines.text.llama.decoding.SamplingSettings;
import dev.outcrop.engines.worker.Worker;
import dev.outcrop.engines.worker.WorkerCall;
import dev.outcrop.engines.worker.WorkerException;
import dev.outcrop.engines.worker.WorkerSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A model in a GGUF file, run by llama.cpp in a worker process that is started when first used, comes back after its
 * death, and ends when idle.
 *
 * <p>Requests are batched step by step, so that many at once cost little more than one; a prompt that begins like an
 * earlier one is read from where they part. Options beyond {@link TextRequest}'s own are refused.
 */
public final class LlamaTextModel implements TextModel {
    private static final int HEAP_MEGABYTES = 256;
    private static final long MEMORY_BESIDE_STATE = 1L << 30;
    private static final int MAXIMUM_ALTERNATIVES = 20;
    private static final int MAXIMUM_STOP_SEQUENCES = 256;
    private static final Duration CONTROL_LIMIT = Duration.ofMinutes(2);

    /** The worker keeps the time itself; only where it does not, we stop waiting so much later. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final LlamaSettings settings;
    private final Worker worker;
    private volatile Profile profile;

    /** What was learnt from the file when it was loaded. */
    private static final class Profile {
        final byte[] source;
        final Messages.Loaded loaded;
        private final String template;
        private ChatFormat format;

        Profile(byte[] source, Optional<String> template) {
            this.source = source;
            this.loaded = Messages.read(source, Messages.Loaded.class);
            this.template = template.orElse(loaded.chatTemplate());
        }

        /** The chat format, if there is a template; read when first needed, since a bad one only hinders chats. */
        synchronized Optional<ChatFormat> format() {
            if (format == null && !template.isEmpty()) {
                format = ChatFormat.of(template, loaded.beginningToken(), loaded.endToken());
            }
            return Optional.ofNullable(format);
        }
    }

    public LlamaTextModel(LlamaSettings settings) {
        this.settings = settings;
        this.worker = new Worker(new WorkerSettings(
                settings.id(),
                LlamaService.class,
                Messages.write(new Messages.Load(
                        settings.file().toAbsolutePath().toString(),
                        settings.contextLength().orElse(Messages.ABSENT),
                        settings.parallel(),
                        settings.queueLimit(),
                        settings.threads(),
                        settings.gpuLayers(),
                        settings.memoryBytes(),
                        settings.adapters().stream()
                                .map(adapter -> adapter.file().toAbsolutePath().toString())
                                .toList(),
                        settings.adapters().stream()
                                .map(LlamaSettings.Adapter::scale)
                                .toList())),
                List.of("-D" + NativeLibraries.PROPERTY + "="
                        + settings.libraries().toAbsolutePath()),
                HEAP_MEGABYTES,
                // Some weights are repacked for the processor, so that the file's size may be needed once more.
                sizeOf(settings.file()) * 2 + settings.memoryBytes() + MEMORY_BESIDE_STATE,
                settings.startLimit(),
                settings.idleLimit()));
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0; // that it is missing is said when it is loaded
        }
    }

    /** Loads the model if it is not loaded. */
    public void load() {
        profile();
    }

    /** Unloads the model; the next use loads it again. Generations in flight end with an error. */
    public void unload() {
        worker.stop();
    }

    /** The worker process, while there is one. */
    public Optional<Worker.Status> status() {
        return worker.status();
    }

    /**
     * Memory that it takes when loaded: its weights, some of which may be repacked for the processor, and the state of its
     * context. Before it was loaded for the first time, an upper limit.
     */
    public long estimatedBytes() {
        Profile known = profile;
        return sizeOf(settings.file()) * 3 / 2 + (known == null ? settings.memoryBytes() : known.loaded.stateBytes());
    }

    /** How it is run. */
    public LlamaSettings settings() {
        return settings;
    }

    @Override
    public TextModelDescription description() {
        Profile known = profile();
        Set<Capability> capabilities = EnumSet.of(Capability.CONSTRAINTS, Capability.LOG_PROBABILITIES);
        known.format().ifPresent(format -> capabilities.addAll(format.capabilities()));
        return new TextModelDescription(settings.id(), known.loaded.contextLength(), capabilities);
    }

    private Profile profile() {
        byte[] description;
        try {
            description = worker.start();
        } catch (WorkerException e) {
            throw translated(e);
        }
        Profile known = profile;
        if (known == null || !Arrays.equals(known.source, description)) {
            known = new Profile(description, settings.chatTemplate());
            profile = known;
        }
        return known;
    }

    @Override
    public Generation generate(TextRequest request) {
        long startedAt = System.nanoTime();
        long deadline = startedAt + request.timeout().toNanos();
        check(request);
        Profile known = profile();
        Written written = written(request.prompt(), known);
        Grammar grammar = grammar(request, known);
        long remaining = deadline - System.nanoTime();
        if (remaining <= 0) {
            throw new TextModelException(Category.TIMED_OUT, "loading the model took all the time of the request");
        }
        Messages.Generate message = new Messages.Generate(
                written.text(),
                written.cachePoints(),
                sampling(request.sampling(), known.loaded.sampling()),
                request.maximumTokens().orElse(Messages.ABSENT),
                request.stopSequences(),
                grammar.gbnf(),
                grammar.triggers(),
                request.logProbabilities().orElse(Messages.ABSENT),
                request.scorePrompt(),
                written.parser().isPresent(),
                Duration.ofNanos(remaining).toMillis());
        try {
            WorkerCall call = worker.call(Messages.GENERATE, Messages.write(message));
            return new LlamaGeneration(call, written.parser(), startedAt, deadline + GRACE.toNanos());
        } catch (WorkerException e) {
            throw translated(e);
        }
    }

    /** A prompt as the worker is given it, and how its answer is to be read. */
    private record Written(Messages.Text text, List<Integer> cachePoints, Optional<OutputParser> parser) {}

    private Written written(Prompt prompt, Profile known) {
        return switch (prompt) {
            case Prompt.Raw raw ->
                new Written(
                        new Messages.Text(List.of(new Messages.Piece(raw.text(), true)), true),
                        List.of(),
                        Optional.empty());
            case Prompt.Chat chat -> {
                ChatFormat format = known.format()
                        .orElseThrow(() -> new TextModelException(
                                Category.UNSUPPORTED,
                                "model " + settings.id() + " has no chat template: it only continues text"));
                checkContent(chat);
                RenderedPrompt rendered = format.render(chat);
                yield new Written(
                        new Messages.Text(
                                rendered.pieces(known.loaded.specialTexts()).stream()
                                        .map(piece -> new Messages.Piece(piece.text(), piece.special()))
                                        .toList(),
                                false),
                        rendered.cachePoints().stream()
                                .map(characters -> rendered.text()
                                        .substring(0, characters)
                                        .getBytes(StandardCharsets.UTF_8)
                                        .length)
                                .toList(),
                        Optional.of(format.parser(chat)));
            }
        };
    }

    private void checkContent(Prompt.Chat chat) {
        boolean hasImage = chat.messages().stream()
                .flatMap(message -> message.content().stream())
                .anyMatch(Prompt.Content.Image.class::isInstance);
        if (hasImage) {
            throw new TextModelException(Category.UNSUPPORTED, "model " + settings.id() + " sees no images");
        }
    }

    /** A grammar in GBNF, empty for none, and after what it holds. */
    private record Grammar(String gbnf, List<String> triggers) {
        static final Grammar NONE = new Grammar("", List.of());
    }

    private static Grammar grammar(TextRequest request, Profile known) {
        if (request.constraint() instanceof TextRequest.Constraint.None
                && request.prompt() instanceof Prompt.Chat chat
                && known.format().isPresent()) {
            ChatFormat format = known.format().get();
            Optional<TextRequest.Constraint> forced = format.constraint(chat);
            if (forced.isPresent()) {
                return grammar(forced.get());
            }
            Optional<TriggeredGrammar> triggered = format.triggeredGrammar(chat);
            return triggered
                    .map(one -> new Grammar(one.grammar().gbnf(), one.triggers()))
                    .orElse(Grammar.NONE);
        }
        return grammar(request.constraint());
    }

    private static Grammar grammar(TextRequest.Constraint constraint) {
        return switch (constraint) {
            case TextRequest.Constraint.None none -> Grammar.NONE;
            case TextRequest.Constraint.Grammar grammar -> {
                if (grammar.gbnf().isBlank()) {
                    throw new TextModelException(Category.INVALID, "the grammar is empty");
                }
                yield new Grammar(grammar.gbnf(), List.of());
            }
            case TextRequest.Constraint.JsonSchema schema ->
                new Grammar(JsonSchemaGrammar.of(schema.schema()), List.of());
        };
    }

    private static SamplingSettings sampling(Sampling asked, SamplingSettings defaults) {
        return new SamplingSettings(
                asked.temperature().orElse(defaults.temperature()),
                asked.topK().orElse(defaults.topK()),
                asked.topP().orElse(defaults.topP()),
                asked.minP().orElse(defaults.minP()),
                asked.frequencyPenalty().orElse(defaults.frequencyPenalty()),
                asked.presencePenalty().orElse(defaults.presencePenalty()),
                asked.repetitionPenalty().orElse(defaults.repetitionPenalty()),
                asked.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong()));
    }

    private static void check(TextRequest request) {
        Sampling sampling = request.sampling();
        between("temperature", sampling.temperature().orElse(0), 0, 100);
        between("topP", sampling.topP().orElse(1), 0, 1);
        between("topK", sampling.topK().orElse(0), 0, Integer.MAX_VALUE);
        between("minP", sampling.minP().orElse(0), 0, 1);
        between("frequencyPenalty", sampling.frequencyPenalty().orElse(0), -2, 2);
        between("presencePenalty", sampling.presencePenalty().orElse(0), -2, 2);
        between("repetitionPenalty", sampling.repetitionPenalty().orElse(1), 0.01, 100);
        between("maximumTokens", request.maximumTokens().orElse(0), 0, Integer.MAX_VALUE);
        between("logProbabilities", request.logProbabilities().orElse(0), 0, MAXIMUM_ALTERNATIVES);
        between("the number of stop sequences", request.stopSequences().size(), 0, MAXIMUM_STOP_SEQUENCES);
        if (request.stopSequences().contains("")) {
            throw new TextModelException(Category.INVALID, "a stop sequence must not be empty");
        }
        if (!request.options().isEmpty()) {
            throw new TextModelException(
                    Category.INVALID,
                    "unknown options "
                            + request.options().keySet().stream().sorted().toList());
        }
    }

    private static void between(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new TextModelException(
                    Category.INVALID, name + " must be between " + least + " and " + most + ", but is " + value);
        }
    }

    @Override
    public int countTokens(Prompt prompt) {
        Written written = written(prompt, profile());
        return ask(Messages.COUNT_TOKENS, written.text(), CONTROL_LIMIT, Messages.TokenCount.class)
                .tokens();
    }

    /** Generations in the worker, at work and waiting, by its own count. */
    public int generationsInWorker() {
        Messages.Activity activity = ask(Messages.ACTIVITY, "", CONTROL_LIMIT, Messages.Activity.class);
        return activity.generating() + activity.queued();
    }

    /**
     * The perplexity of the model on {@code text}: the exponential of the mean negative log-likelihood of its tokens, in
     * windows of {@code window} tokens that do not overlap, counting the second half of each.
     *
     * @throws TextModelException of category INVALID if the text is shorter than a window
     */
    public double perplexity(String text, int window, Duration limit) {
        return ask(Messages.PERPLEXITY, new Messages.Measure(text, window), limit, Messages.Perplexity.class)
                .perplexity();
    }

    private <T> T ask(String operation, Object request, Duration limit, Class<T> answer) {
        try (WorkerCall call = worker.call(operation, Messages.write(request))) {
            return Messages.read(
                    call.next(limit)
                            .orElseThrow(() -> new TextModelException(Category.FAILED, "no answer to " + operation)),
                    answer);
        } catch (WorkerException e) {
            throw translated(e);
        }
    }

    static TextModelException translated(WorkerException failure) {
        Category category = switch (failure.reason()) {
            case UNAVAILABLE -> Category.UNAVAILABLE;
            case TIMED_OUT -> Category.TIMED_OUT;
            case REFUSED ->
                failure.category().equals(WorkerException.UNFORESEEN)
                        ? Category.FAILED
                        : Category.valueOf(failure.category());
        };
        return new TextModelException(category, failure.getMessage(), failure);
    }

    @Override
    public void close() {
        worker.close();
    }
}
