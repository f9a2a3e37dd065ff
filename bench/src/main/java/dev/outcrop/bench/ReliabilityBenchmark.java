package dev.outcrop.bench;

import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The long form of what the tests do for a short while: kills, mutated requests, clients that vanish. */
final class ReliabilityBenchmark implements Benchmark {
    private static final int KILLS = 100;
    private static final int MUTATIONS = 200_000;
    private static final int CLIENTS = 500;
    private static final String MODEL = "smollm2-135m-instruct";

    @Override
    public String name() {
        return "reliability";
    }

    @Override
    public String description() {
        return KILLS + " kills while writing, " + MUTATIONS + " mutated requests, " + CLIENTS
                + " clients that vanish mid-stream";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        long seed = System.nanoTime();
        report.note("seed " + seed);
        kill(workplace, report, seed);
        mutate(workplace, report, seed);
        vanish(workplace, report);
    }

    private static void kill(Workplace workplace, Report report, long seed) throws IOException, InterruptedException {
        Kills.Result result = Kills.run(workplace.scratch().resolve("killed"), KILLS, seed);
        report.figure("acknowledged", result.acknowledged(), "things");
        report.figure("jobs submitted", result.jobs(), "jobs");
        result.missing().stream().limit(10).forEach(report::note);
        report.atMost(
                "acknowledged and missing, or jobs that did not go on",
                result.missing().size(),
                0,
                "things");
    }

    private static void mutate(Workplace workplace, Report report, long seed) throws IOException, InterruptedException {
        // Without models, so that what gets through is not answered at a model's pace.
        Path configuration = workplace.scratch().resolve("mutations.yaml");
        Files.writeString(
                configuration,
                "models: {folder: " + workplace.scratch().resolve("no-models") + "}\nrequestsPerSecond: 10000000\n");
        try (ServerProcess server = workplace.startOutcrop("--no-models", "--config", configuration.toString())) {
            MutatedRequests requests = new MutatedRequests(server.port());
            MutatedRequests.Result first = requests.send(MUTATIONS / 10, seed);
            double before = server.settledMebibytes(workplace);
            long began = System.nanoTime();
            MutatedRequests.Result second = requests.send(MUTATIONS - MUTATIONS / 10, seed + 1);
            double seconds = (System.nanoTime() - began) / 1e9;
            double after = server.settledMebibytes(workplace);
            MutatedRequests.Result all = first.and(second);
            report.figure("mutated requests", all.sent(), "requests");
            report.figure("mutated requests a second", second.sent() / seconds, "/s");
            report.note("answered, by status (0: hung up): " + all.statuses());
            report.figure("memory after a tenth of them", before, "MiB");
            report.figure("memory after all of them", after, "MiB");
            all.samples().forEach(report::note);
            report.atMost("answers of 500 and above that no model has", all.faults(), 0, "answers");
            report.atMost("mutated requests that hang", all.hangs(), 0, "requests");
            report.atMost("growth of memory", after - before, 48, "MiB");
            HttpLoad.once(server.port(), SignedRequest.getCallerIdentity(server.port()));
        }
    }

    private static void vanish(Workplace workplace, Report report) throws IOException, InterruptedException {
        ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get(MODEL), Progress.NONE);
        Path configuration = workplace.scratch().resolve("vanishing.yaml");
        Files.writeString(configuration, "models: {slots: 8, context: 2048, preload: [" + MODEL + "]}\n");
        try (ServerProcess server = workplace.startOutcrop("--no-models", "--config", configuration.toString())) {
            ChatLoad load = new ChatLoad(server.uri("/openai/v1/chat/completions"), MODEL);
            double before = promptness(load);
            VanishingClients.Result result =
                    new VanishingClients(server.port(), MODEL).run(CLIENTS, Duration.ofSeconds(30));
            report.figure("clients that saw an answer begin", result.began(), "clients");
            report.figure("last generation gone after", (double) result.freedAfterMillis(), "ms");
            double cpu = server.cpuSeconds();
            TimeUnit.SECONDS.sleep(3);
            report.atMost("CPU of the server and its worker at rest", (server.cpuSeconds() - cpu) / 3, 0.1, "cores");
            report.atLeast("vanished mid-stream", result.began(), CLIENTS, "clients");
            report.atMost("generations leaked", result.leaked(), 0, "generations");
            double after = promptness(load);
            report.figure("first token before", before * 1000, "ms");
            report.figure("first token after", after * 1000, "ms");
            report.atMost("the next call's first token", after, Math.max(2, before * 4), "s");
        }
    }

    private static double promptness(ChatLoad load) throws IOException, InterruptedException {
        load.one("Say hello.", 4);
        return load.one("Say good night.", 4).firstTokenSeconds();
    }
}
