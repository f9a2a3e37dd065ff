package dev.outcrop.engines.text.llama;

import static dev.outcrop.engines.text.Answers.GREEDY;
import static dev.outcrop.engines.text.Answers.finished;
import static dev.outcrop.engines.text.Answers.raw;
import static dev.outcrop.engines.text.Answers.read;
import static dev.outcrop.engines.text.Answers.request;
import static dev.outcrop.engines.text.Answers.sampling;
import static dev.outcrop.engines.text.Answers.text;
import static dev.outcrop.engines.text.Answers.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.engines.text.TextRequest.Constraint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LlamaTextModelTest {
    private static LlamaTextModel model;

    @BeforeAll
    static void load() {
        model = new LlamaTextModel(settings());
        model.load();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static LlamaSettings settings() {
        return LlamaSettings.of("smollm2", SmallModel.requantized(), SmallModel.libraries())
                .withContextLength(1024)
                .withQueue(8, 64);
    }

    @Test
    void writesTheSameGreedyAnswerAgainAndReadsThePromptOnlyOnce() {
        TextRequest request = turn("Write a short story about a cat.", 24);

        List<GenerationEvent> first = read(model, request);
        List<GenerationEvent> second = read(model, request);

        assertThat(text(first)).isNotBlank().isEqualTo(text(second));
        assertThat(finished(first).reason()).isEqualTo(FinishReason.MAXIMUM_TOKENS);
        assertThat(finished(first).usage().outputTokens()).isEqualTo(24);
    }

    @Test
    void endsItsTurnByItself() {
        GenerationEvent.Finished end = finished(read(model, turn("What is 2 + 2?", 200)));

        assertThat(end.reason()).isEqualTo(FinishReason.END_OF_TURN);
        assertThat(end.usage().outputTokens()).isLessThan(200);
    }

    @Test
    void aSeedMakesTheChoiceRepeatable() {
        List<String> answers = new ArrayList<>();
        // The prompt is kept before the first answer that counts: see stopsAtASequenceThatFallsAcrossTokens.
        read(
                model,
                request(
                        turn("Write a short story about a cat.", 0).prompt(),
                        1,
                        GREEDY,
                        new Constraint.None(),
                        List.of()));
        for (long seed : new long[] {7, 7, 8}) {
            answers.add(text(read(
                    model,
                    request(
                            turn("Write a short story about a cat.", 0).prompt(),
                            24,
                            sampling(1, seed),
                            new Constraint.None(),
                            List.of()))));
        }

        assertThat(answers.get(0)).isEqualTo(answers.get(1)).isNotEqualTo(answers.get(2));
    }

    @Test
    void stopsAtASequenceThatFallsAcrossTokens() {
        Prompt prompt = turn("Write a short story about a cat.", 0).prompt();
        // Sums differ in their last digits with how many tokens are computed together: both readings find the prompt
        // kept.
        read(model, request(prompt, 1, GREEDY, new Constraint.None(), List.of()));
        String whole = text(read(model, request(prompt, 24, GREEDY, new Constraint.None(), List.of())));
        String sequence = whole.substring(9, 16);

        List<GenerationEvent> events =
                read(model, request(prompt, 24, GREEDY, new Constraint.None(), List.of("never", sequence)));

        assertThat(text(events)).isEqualTo(whole.substring(0, whole.indexOf(sequence)));
        assertThat(finished(events).reason()).isEqualTo(FinishReason.STOP_SEQUENCE);
        assertThat(finished(events).stopSequence()).contains(sequence);
    }

    @Test
    void streamsWholeCharactersOnly() {
        String emoji = "🐈🦄🌍 日本語 ελληνικά ";
        Constraint grammar = new Constraint.Grammar("root ::= \"" + emoji + "\"");

        List<GenerationEvent> events = read(model, request(turn("Write.", 0).prompt(), 60, GREEDY, grammar, List.of()));

        assertThat(text(events)).isEqualTo(emoji);
        assertThat(events)
                .noneMatch(event -> event instanceof GenerationEvent.Text part
                        && part.text().contains("\ufffd"));
    }

    @Test
    void aGrammarHoldsWhateverTheModelWouldRatherWrite() {
        Constraint grammar = new Constraint.Grammar("""
                root ::= "{\\"answer\\": " ("true" | "false") ", \\"digits\\": [" [0-9] ("," [0-9]){3} "]}"
                """);

        for (long seed = 1; seed <= 3; seed++) {
            List<GenerationEvent> events = read(
                    model, request(turn("Is the sky blue?", 0).prompt(), 60, sampling(1.5, seed), grammar, List.of()));

            assertThat(text(events)).matches("\\{\"answer\": (true|false), \"digits\": \\[[0-9](,[0-9]){3}]}");
            assertThat(finished(events).reason()).isEqualTo(FinishReason.END_OF_TURN);
        }
    }

    @Test
    void refusesMalformedGrammarsInsteadOfIgnoringThem() {
        for (String malformed : List.of(
                "root ::= (",
                "start ::= \"a\"",
                "root ::= missing",
                "root ::= root \"a\"",
                " ",
                "root ::= " + "(".repeat(100_000) + "\"a\"" + ")".repeat(100_000))) {
            TextModelException refused = catchThrowableOfType(
                    TextModelException.class,
                    () -> read(
                            model,
                            request(
                                    turn("Hello", 0).prompt(),
                                    5,
                                    GREEDY,
                                    new Constraint.Grammar(malformed),
                                    List.of())));

            assertThat(refused)
                    .as(malformed.substring(0, Math.min(20, malformed.length())))
                    .isNotNull();
            assertThat(refused.category()).isEqualTo(Category.INVALID);
        }
        assertThat(text(read(model, turn("Say hello.", 3)))).isNotBlank();
    }

    @Test
    void reportsProbabilitiesOfPromptAndAnswer() {
        TextRequest request = new TextRequest(
                new Prompt.Raw("The capital of France is the city of Paris"),
                GREEDY,
                OptionalInt.of(3),
                List.of(),
                new Constraint.None(),
                OptionalInt.of(4),
                true,
                Duration.ofMinutes(1),
                Map.of());

        List<GenerationEvent> events = read(model, request);

        List<GenerationEvent.Probabilities> probabilities = events.stream()
                .filter(GenerationEvent.Probabilities.class::isInstance)
                .map(GenerationEvent.Probabilities.class::cast)
                .toList();
        int promptTokens = finished(events).usage().inputTokens();
        assertThat(events.getFirst()).isInstanceOf(GenerationEvent.Probabilities.class);
        assertThat(probabilities.getFirst().tokens()).hasSize(promptTokens - 1);
        assertThat(probabilities.getFirst().tokens().getLast().token()).isEqualTo(" Paris");
        assertThat(probabilities.subList(1, 4)).allSatisfy(one -> {
            GenerationEvent.TokenProbability token = one.tokens().getFirst();
            assertThat(token.alternatives()).hasSize(4);
            assertThat(token.logProbability())
                    .isEqualTo(token.alternatives().getFirst().logProbability());
            assertThat(token.alternatives().stream()
                            .mapToDouble(alternative -> Math.exp(alternative.logProbability()))
                            .sum())
                    .isLessThanOrEqualTo(1.000001);
        });
    }

    @Test
    void aSecondPromptThatBeginsAlikeIsReadFromWhereTheyPart() {
        String shared = "The committee met again and did not agree on anything of substance. ".repeat(40);
        GenerationEvent.Finished cold = finished(read(model, raw(shared + "First, it", 1)));
        GenerationEvent.Finished warm = finished(read(model, raw(shared + "Secondly, they", 1)));

        assertThat(cold.usage().inputTokens()).isGreaterThan(450);
        assertThat(warm.timings().firstToken())
                .isLessThan(cold.timings().firstToken().dividedBy(5));
    }

    @Test
    void aPromptIsReadFromWhereItPartsWhenOthersCameInBetweenAndGetsTheSameAnswer() {
        String shared = "The minutes of the meeting were read aloud and nobody had anything to add. ".repeat(30);
        String unrelated = "A ship sailed north into the ice and its crew saw nothing but snow for weeks. ".repeat(25);
        GenerationEvent.Finished cold = finished(read(model, raw(shared + "First, it", 1)));
        String alone = text(read(model, raw(shared + "Secondly, they decided", 4)));

        read(model, raw(unrelated, 4));
        List<GenerationEvent> again = read(model, raw(shared + "Secondly, they decided", 4));

        assertThat(finished(again).timings().firstToken())
                .isLessThan(cold.timings().firstToken().dividedBy(5));
        assertThat(text(again)).isNotBlank().isEqualTo(alone);
    }

    @Test
    void aPromptReadWithOthersOrAfterThemGetsTheSameAnswer() throws Exception {
        String shared = "A list of animals and what they eat follows. ".repeat(12);
        List<String> endings = List.of("Cats eat", "Horses eat", "Frogs eat", "Bees eat", "Cats eat", "Wolves eat");
        List<String> alone = new ArrayList<>();
        for (String ending : endings.subList(0, 2)) { // a fresh process for each: nothing shared
            try (LlamaTextModel fresh = new LlamaTextModel(settings())) {
                alone.add(text(read(fresh, raw(shared + ending, 1))));
            }
        }

        List<String> together = concurrently(endings.stream()
                .map(ending -> (Callable<String>) () -> text(read(model, raw(shared + ending, 1))))
                .toList());

        assertThat(together.subList(0, 2)).isEqualTo(alone);
        assertThat(together.get(4)).isEqualTo(together.get(0));
    }

    @Test
    void countsTokensByTheModelsOwnTokenizer() {
        assertThat(model.countTokens(new Prompt.Raw("<|im_start|>user\nHello<|im_end|>\n")))
                .isEqualTo(6);
    }

    @Test
    void perplexityOfProseIsThatOfALanguageModel() {
        String prose = "The river rises in the mountains of the north and flows through the valley to the sea. "
                + "Its waters were used by the people of the region for farming and for trade. "
                + "In the nineteenth century a railway was built along its banks, and the towns grew. ";

        double perplexity = model.perplexity(prose.repeat(2), 64, Duration.ofMinutes(1));

        assertThat(perplexity).isBetween(1.0, 60.0);
    }

    @Test
    void refusesWhatCannotBeAsked() {
        assertThat(refusal(raw("", 5))).isEqualTo(Category.INVALID);
        assertThat(refusal(raw("word ".repeat(5000), 5))).isEqualTo(Category.TOO_LONG);
        assertThat(refusal(request(new Prompt.Raw("a"), 5, sampling(-1, 1), new Constraint.None(), List.of())))
                .isEqualTo(Category.INVALID);
        assertThat(refusal(request(new Prompt.Raw("a"), 5, GREEDY, new Constraint.None(), List.of(""))))
                .isEqualTo(Category.INVALID);
    }

    @Test
    void aFullContextEndsTheAnswer() {
        try (LlamaTextModel small = new LlamaTextModel(settings().withContextLength(128))) {
            List<GenerationEvent> events = read(small, raw("word ".repeat(120), 1000));

            assertThat(finished(events).reason()).isEqualTo(FinishReason.MAXIMUM_TOKENS);
            assertThat(finished(events).usage().inputTokens()
                            + finished(events).usage().outputTokens())
                    .isEqualTo(128);
        }
    }

    @Test
    void timesOutInsteadOfWorkingForEver() {
        TextRequest slow = raw("word ".repeat(900) + "x", 100);
        TextRequest request = new TextRequest(
                slow.prompt(),
                GREEDY,
                slow.maximumTokens(),
                List.of(),
                new Constraint.None(),
                OptionalInt.empty(),
                false,
                Duration.ofMillis(300),
                Map.of());

        assertThat(refusal(request)).isEqualTo(Category.TIMED_OUT);
    }

    @Test
    void refusesMoreThanTheQueueHolds() throws Exception {
        try (LlamaTextModel small = new LlamaTextModel(settings().withQueue(1, 1))) {
            small.load();
            try (Generation working = small.generate(turn("Write a long story.", 1000));
                    Generation waiting = small.generate(turn("Write another one.", 1000))) {
                working.next();
                TextModelException refused = catchThrowableOfType(
                        TextModelException.class, () -> small.generate(turn("And a third.", 1000)));

                assertThat(refused.category()).isEqualTo(Category.OVERLOADED);
                assertThat(waiting.hasNext()).isTrue();
            }
        }
    }

    @Test
    void cancellingLeavesNothingBehindWithinATenthOfASecond() throws Exception {
        try (LlamaTextModel one = new LlamaTextModel(settings().withQueue(1, 4))) {
            String longPrompt = "The weather of the day before was not what anyone had expected. ".repeat(60);
            read(one, turn("Hi", 1));
            Generation reading = one.generate(raw(longPrompt, 10));
            Thread.sleep(100);
            long closedAt = System.nanoTime();
            reading.close();
            read(one, turn("Hi", 1));

            // One token of another prompt comes after the cancelled one has let go of the only place.
            assertThat(Duration.ofNanos(System.nanoTime() - closedAt)).isLessThan(Duration.ofMillis(600));
        }
    }

    @Test
    void closingFromAnotherThreadStopsTheReadingOfThePrompt() throws Exception {
        String longPrompt = "The weather of the day before was not what anyone had expected. ".repeat(120);
        try (LlamaTextModel slow = new LlamaTextModel(settings().withContextLength(2048))) {
            slow.load();
            Generation reading = slow.generate(raw(longPrompt, 100));
            CompletableFuture<TextModelException> outcome =
                    CompletableFuture.supplyAsync(() -> catchThrowableOfType(TextModelException.class, reading::next));
            await(() -> slow.generationsInWorker() == 1, Duration.ofSeconds(5));

            long closedAt = System.nanoTime();
            reading.close();

            assertThat(outcome.get(1, TimeUnit.SECONDS).category()).isEqualTo(Category.CANCELLED);
            await(() -> slow.generationsInWorker() == 0, Duration.ofSeconds(5));
            assertThat(Duration.ofNanos(System.nanoTime() - closedAt)).isLessThan(Duration.ofSeconds(1));
        }
    }

    private static void await(BooleanSupplier condition, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("what is awaited must come within " + limit)
                    .isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void fiftyRequestsWithRandomCancellationsLeaveNoSequenceBusy() throws Exception {
        Random random = new Random(3);
        List<Callable<String>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int closeAfter = random.nextInt(8);
            String question = "Tell me about the number " + i + ".";
            calls.add(() -> {
                try (Generation generation = model.generate(turn(question, 12))) {
                    for (int events = 0; generation.hasNext() && events < closeAfter; events++) {
                        generation.next();
                    }
                }
                return question;
            });
        }

        concurrently(calls);

        assertThat(eventuallyNoCalls()).isTrue();
        assertThat(text(read(model, turn("Say hello.", 5)))).isNotBlank();
    }

    @Test
    void aKilledWorkerCostsTheCallsInFlightAndComesBackByItself() throws Exception {
        try (LlamaTextModel mortal = new LlamaTextModel(settings())) {
            Generation generation = mortal.generate(turn("Write a long story.", 1000));
            generation.next();
            long killedAt = System.nanoTime();
            ProcessHandle.of(mortal.status().orElseThrow().processId())
                    .orElseThrow()
                    .destroyForcibly();

            TextModelException death = catchThrowableOfType(
                    TextModelException.class,
                    () -> generation.forEachRemaining(event -> assertThat(event).isNotNull()));

            assertThat(death.category()).isEqualTo(Category.UNAVAILABLE);
            assertThat(Duration.ofNanos(System.nanoTime() - killedAt)).isLessThan(Duration.ofSeconds(1));
            assertThat(text(read(mortal, turn("Say hello.", 5)))).isNotBlank();
        }
    }

    @Test
    void saysWhichFileIsMissingOrIsNoModel() throws Exception {
        Path nonsense = Files.createTempFile("nonsense", ".gguf");
        Files.writeString(nonsense, "GGUF but not really");
        for (Path file : List.of(nonsense, nonsense.resolveSibling("missing.gguf"))) {
            try (LlamaTextModel none = new LlamaTextModel(LlamaSettings.of("none", file, SmallModel.libraries()))) {
                TextModelException refused = catchThrowableOfType(TextModelException.class, none::load);

                assertThat(refused.category()).isEqualTo(Category.NOT_FOUND);
                assertThat(refused).hasMessageContaining(file.getFileName().toString());
            }
        }
        Files.delete(nonsense);
    }

    @Test
    void logProbabilitiesDoNotDependOnHowThePromptIsCutIntoChunks() {
        TextRequest request = new TextRequest(
                new Prompt.Raw("one two three four five six seven eight nine ten ".repeat(16)),
                GREEDY,
                OptionalInt.of(0),
                List.of(),
                new Constraint.None(),
                OptionalInt.of(0),
                true,
                Duration.ofMinutes(1),
                Map.of());

        GenerationEvent.Probabilities first =
                (GenerationEvent.Probabilities) read(model, request).getFirst();

        double mean = first.tokens().stream()
                .skip(60)
                .mapToDouble(GenerationEvent.TokenProbability::logProbability)
                .average()
                .orElseThrow();
        assertThat(mean).isCloseTo(0, within(0.3)); // what repeats itself is easy to foresee
    }

    private static Category refusal(TextRequest request) {
        TextModelException refused = catchThrowableOfType(TextModelException.class, () -> read(model, request));
        assertThat(refused).isNotNull();
        return refused.category();
    }

    private static boolean eventuallyNoCalls() throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            if (model.status().orElseThrow().calls() == 0) {
                return true;
            }
            Thread.sleep(50);
        }
        return false;
    }

    private static <T> List<T> concurrently(List<Callable<T>> calls) throws Exception {
        List<T> results = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> result : callers.invokeAll(calls, 2, TimeUnit.MINUTES)) {
                results.add(result.get());
            }
        }
        return results;
    }
}
