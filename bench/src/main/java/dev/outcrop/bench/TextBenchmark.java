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
        Figures theirs;
        try (ServerProcess outcrop = outcrop(workplace, OptionalInt.of(threads));
                ServerProcess llamaServer = llamaServer(workplace, cache, weights, OptionalInt.of(threads))) {
            List<Figures> figures = measure(List.of(
                    new Served(outcrop, chats(outcrop), report),
                    new Served(llamaServer, peerChats(llamaServer), report)));
            ours = figures.getFirst();
            theirs = figures.getLast();
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

    /** The figures of each server, which take turns round by round: what the machine does meanwhile hits them alike. */
    private static List<Figures> measure(List<Served> servers) throws IOException, InterruptedException {
        for (Served served : servers) {
            served.load().one(STORY, 8);
        }
        double[] prefill = medians(servers, Served::prefill);
        double[] one = medians(servers, (served, round) -> served.streams(1, round));
        double[] four = medians(servers, (served, round) -> served.streams(4, round));
        double[] eight = medians(servers, (served, round) -> served.streams(8, round));
        double[] cold = medians(servers, (served, round) -> served.firstToken(round, " First question: why?"));
        double[] warm = medians(servers, (served, round) -> served.firstToken(round, " Another question: when?"));
        List<Figures> figures = new ArrayList<>();
        for (int index = 0; index < servers.size(); index++) {
            servers.get(index).tell("prefill", prefill[index], "tokens/s");
            servers.get(index).tell("1 stream", one[index], "tokens/s");
            servers.get(index).tell("4 streams", four[index], "tokens/s");
            servers.get(index).tell("8 streams", eight[index], "tokens/s");
            servers.get(index).tell("first token, 500-token prefix new", cold[index] * 1000, "ms");
            servers.get(index).tell("first token, same prefix again", warm[index] * 1000, "ms");
            figures.add(new Figures(prefill[index], one[index], four[index], eight[index], cold[index], warm[index]));
        }
        return figures;
    }

    /** A server, the load on it, and where its figures go. */
    private record Served(ServerProcess server, ChatLoad load, Report report) {
        double prefill(int round) throws IOException, InterruptedException {
            double cpu = server.cpuSeconds();
            ChatLoad.Chat chat = load.one(RandomWords.of(new Random(round), 1200), 1);
            tell("prefill per CPU-second", chat.promptTokens() / (server.cpuSeconds() - cpu), "tokens/s");
            return chat.promptTokens() / chat.totalSeconds();
        }

        /** Tokens per second of so many streams at once. */
        double streams(int streams, int round) throws IOException, InterruptedException {
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
            tell(streams + " stream(s) per CPU-second", tokens / (server.cpuSeconds() - cpu), "tokens/s");
            return tokens / seconds;
        }

        /** Seconds to the first token after the round's prefix of 500 tokens. */
        double firstToken(int round, String question) throws IOException, InterruptedException {
            return load.one(RandomWords.of(new Random(1000L + round), 360) + question, 4)
                    .firstTokenSeconds();
        }

        void tell(String what, double value, String unit) {
            report.figure(server.name() + ": " + what, value, unit);
        }
    }

    private static double[] medians(List<Served> servers, Round measured) throws IOException, InterruptedException {
        double[][] values = new double[servers.size()][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            for (int index = 0; index < servers.size(); index++) {
                values[index][round] = measured.measure(servers.get(index), round);
            }
        }
        return Arrays.stream(values)
                .mapToDouble(rounds -> {
                    Arrays.sort(rounds);
                    return rounds[ROUNDS / 2];
                })
                .toArray();
    }

    @FunctionalInterface
    private interface Round {
        double measure(Served served, int round) throws IOException, InterruptedException;
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
            Served served = new Served(server, load, report);
            double rate = medians(List.of(served), (one, round) -> one.streams(1, round))[0];
            served.tell("1 stream", rate, "tokens/s");
            return rate;
        } finally {
            busy.destroyForcibly();
        }
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
