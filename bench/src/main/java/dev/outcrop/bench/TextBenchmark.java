package dev.outcrop.bench;

import dev.outcrop.engines.models.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Text generation through the whole API beside llama.cpp's own server, with the same file: with as many threads where the
 * machine is quiet, and beside a busy process with the threads that each takes by default, which is what a user gets.
 */
final class TextBenchmark implements Benchmark {
    private static final String MODEL = "smollm2-135m-instruct";
    private static final String STORY = "Write a very long story about a ship that is lost at sea in winter.";
    private static final int ANSWER = 160;
    private static final int ROUNDS = 3;

    @Override
    public String name() {
        return "text";
    }

    @Override
    public String description() {
        return "tokens per second, alone and at once, and time to the first token, beside llama-server";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Path cache = workplace.cache().resolve("llama-server");
        workplace.run(List.of(
                "sh", workplace.source().resolve("bench/peers/llama-server.sh").toString(), cache.toString()));
        Path weights = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .find(MODEL)
                .orElseThrow(() -> new IOException("the model is missing: ./outcrop models pull " + MODEL))
                .weights();
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        report.note("file " + weights.getFileName() + ", " + threads + " thread(s); median of " + ROUNDS + " rounds");
        Figures ours;
        try (ServerProcess server = outcrop(workplace, OptionalInt.of(threads))) {
            ours = measure(server, chats(server), report);
        }
        Figures theirs;
        try (ServerProcess server = llamaServer(workplace, cache, weights, OptionalInt.of(threads))) {
            theirs = measure(server, peerChats(server), report);
        }
        report.note("beside a busy process, each with its default number of threads:");
        double busyOurs;
        try (ServerProcess server = outcrop(workplace, OptionalInt.empty())) {
            busyOurs = besideBusyProcess(server, chats(server), report);
        }
        double busyTheirs;
        try (ServerProcess server = llamaServer(workplace, cache, weights, OptionalInt.empty())) {
            busyTheirs = besideBusyProcess(server, peerChats(server), report);
        }
        report.figure("prefill beside llama-server", ours.prefill() / theirs.prefill(), "×");
        report.atLeast("one stream beside llama-server", ours.one() / theirs.one(), 0.95, "×");
        report.figure("four streams beside llama-server", ours.four() / theirs.four(), "×");
        report.atLeast("eight streams beside llama-server", ours.eight() / theirs.eight(), 0.95, "×");
        report.atLeast("eight streams beside one", ours.eight() / ours.one(), 2, "×");
        report.atLeast("shared prefix to the first token, faster by", ours.cold() / ours.warm(), 10, "×");
        report.atLeast("one stream beside a busy process, to llama-server", busyOurs / busyTheirs, 2, "×");
    }

    /** Tokens per second of prefill and of one, four and eight streams; seconds to the first token cold and warm. */
    private record Figures(double prefill, double one, double four, double eight, double cold, double warm) {}

    private static Figures measure(ServerProcess server, ChatLoad load, Report report)
            throws IOException, InterruptedException {
        load.one(STORY, 8);
        Random random = new Random(42);
        double prefill = median(round -> {
            double cpu = server.cpuSeconds();
            ChatLoad.Chat chat = load.one(RandomWords.of(random, 1200), 1);
            report.figure(
                    server.name() + ": prefill per CPU-second",
                    chat.promptTokens() / (server.cpuSeconds() - cpu),
                    "tokens/s");
            return chat.promptTokens() / chat.totalSeconds();
        });
        report.figure(server.name() + ": prefill", prefill, "tokens/s");
        double one = streams(server, load, 1, report);
        double four = streams(server, load, 4, report);
        double eight = streams(server, load, 8, report);
        double[] cold = new double[ROUNDS];
        double[] warm = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            String shared = RandomWords.of(random, 360);
            cold[round] = load.one(shared + " First question: why?", 4).firstTokenSeconds();
            warm[round] = load.one(shared + " Another question: when?", 4).firstTokenSeconds();
        }
        Arrays.sort(cold);
        Arrays.sort(warm);
        report.figure(server.name() + ": first token, 500-token prefix new", cold[ROUNDS / 2] * 1000, "ms");
        report.figure(server.name() + ": first token, same prefix again", warm[ROUNDS / 2] * 1000, "ms");
        return new Figures(prefill, one, four, eight, cold[ROUNDS / 2], warm[ROUNDS / 2]);
    }

    private static ChatLoad chats(ServerProcess outcrop) {
        return new ChatLoad(outcrop.uri("/openai/v1/chat/completions"), MODEL);
    }

    private static ChatLoad peerChats(ServerProcess llamaServer) {
        return new ChatLoad(llamaServer.uri("/v1/chat/completions"), MODEL);
    }

    /** Tokens per second of one stream. */
    private static double besideBusyProcess(ServerProcess server, ChatLoad load, Report report)
            throws IOException, InterruptedException {
        // Neither is to pay here for its first call.
        load.one(STORY, 8);
        Process busy = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
        try {
            TimeUnit.SECONDS.sleep(1);
            return streams(server, load, 1, report);
        } finally {
            busy.destroyForcibly();
        }
    }

    private static double streams(ServerProcess server, ChatLoad load, int streams, Report report)
            throws IOException, InterruptedException {
        double rate = median(round -> {
            List<String> prompts = new ArrayList<>();
            for (int stream = 0; stream < streams; stream++) {
                prompts.add(STORY + " Chapter " + (round * streams + stream + 1) + ".");
            }
            double cpu = server.cpuSeconds();
            long started = System.nanoTime();
            int tokens = load.together(prompts, ANSWER).stream()
                    .mapToInt(ChatLoad.Chat::completionTokens)
                    .sum();
            double seconds = (System.nanoTime() - started) / 1e9;
            report.figure(
                    server.name() + ": " + streams + " stream(s), per CPU-second",
                    tokens / (server.cpuSeconds() - cpu),
                    "tokens/s");
            return tokens / seconds;
        });
        report.figure(server.name() + ": " + streams + " stream(s)", rate, "tokens/s");
        return rate;
    }

    private static double median(Round round) throws IOException, InterruptedException {
        double[] values = new double[ROUNDS];
        for (int index = 0; index < ROUNDS; index++) {
            values[index] = round.measure(index);
        }
        Arrays.sort(values);
        return values[ROUNDS / 2];
    }

    @FunctionalInterface
    private interface Round {
        double measure(int round) throws IOException, InterruptedException;
    }

    private static ServerProcess outcrop(Workplace workplace, OptionalInt threads)
            throws IOException, InterruptedException {
        Path configuration = workplace.scratch().resolve("text.yaml");
        String setting = threads.isPresent() ? "threads: " + threads.getAsInt() + ", " : "";
        Files.writeString(
                configuration,
                "models: {" + setting + "slots: 8, context: 4096, preload: [" + MODEL + "]}\n" + "routing: {text: "
                        + MODEL + "}\n");
        return workplace.startOutcrop("--config", configuration.toString());
    }

    private static ServerProcess llamaServer(Workplace workplace, Path cache, Path weights, OptionalInt threads)
            throws IOException, InterruptedException {
        int port = Workplace.freePort();
        List<String> command = new ArrayList<>(List.of(
                cache.resolve("llama-server").toString(),
                "--model",
                weights.toString(),
                "--host",
                "127.0.0.1",
                "--port",
                String.valueOf(port),
                "--ctx-size",
                String.valueOf(8 * 4096),
                "--parallel",
                "8",
                "--jinja"));
        threads.ifPresent(count -> command.addAll(List.of("--threads", String.valueOf(count))));
        return workplace.start("llama-server", command, port, "/health", Duration.ofMinutes(2));
    }
}
