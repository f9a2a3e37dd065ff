package dev.outcrop.bench;

import dev.outcrop.conformance.shapes.SampleHouse;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The long form of what the tests do for a short while: kills, mutated requests and frames, clients that vanish. */
final class ReliabilityBenchmark implements Benchmark {
    private static final int KILLS = 100;
    private static final int MUTATIONS = 200_000;
    /** How often the memory is looked at while they come. */
    private static final int POINTS = 19;

    private static final int ATTACKS = 14_000;
    private static final int CLIENTS = 500;
    private static final String MODEL = "smollm2-135m-instruct";

    @Override
    public String name() {
        return "reliability";
    }

    @Override
    public String description() {
        return KILLS + " kills while writing, " + MUTATIONS + " mutated requests, " + ATTACKS + " attacks over HTTP/2, "
                + CLIENTS
                + " clients that vanish mid-stream";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        long seed = System.nanoTime();
        report.note("seed " + seed);
        kill(workplace, report, seed);
        mutate(workplace, report, seed);
        decode(workplace, report, seed);
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

    /** The whole server, in which much is answered with 501 before it is decoded. */
    private static void mutate(Workplace workplace, Report report, long seed) throws IOException, InterruptedException {
        // Without models, so that what gets through is not answered at a model's pace.
        Path configuration = workplace.scratch().resolve("mutations.yaml");
        Files.writeString(
                configuration, "models: {folder: " + workplace.scratch().resolve("no-models") + "}\n");
        try (ServerProcess server = workplace.startOutcrop("--no-models", "--config", configuration.toString())) {
            judge(new MutatedRequests(server.port()).send(MUTATIONS / 10, seed), "whole server", report);
            HttpLoad.once(server.port(), SignedRequest.getCallerIdentity(server.port()));
        }
    }

    /** A house in which every operation of a service of each protocol is decoded, validated and answered. */
    private static void decode(Workplace workplace, Report report, long seed) throws IOException, InterruptedException {
        try (ServerProcess server = workplace.startJava("samples", SampleHouse.class, "/")) {
            MutatedRequests requests = new MutatedRequests(server.port());
            int share = MUTATIONS / (POINTS + 1);
            // The first share fills the caches.
            MutatedRequests.Result all = requests.send(share, seed);
            List<Trend.Point> heap = new ArrayList<>();
            ServerProcess.Holdings first = settled(server, workplace);
            ServerProcess.Holdings last = first;
            long began = System.nanoTime();
            for (int point = 1; point <= POINTS; point++) {
                all = all.and(requests.send(share, seed + point));
                last = settled(server, workplace);
                report.note(String.format(
                        Locale.ROOT,
                        "after %,d requests: live heap %,.0f KiB, resident %,.0f MiB, %d sockets, %d threads",
                        all.sent(),
                        last.heapKibibytes(),
                        server.residentMebibytes(),
                        last.connections(),
                        last.threads()));
                heap.add(new Trend.Point(all.sent(), last.heapKibibytes() * 1024));
            }
            report.figure("mutated requests a second", POINTS * share / ((System.nanoTime() - began) / 1e9), "/s");
            judge(all, "every decoder", report);
            // The parsers' tables of names fill meanwhile, hold some thousands and begin anew, which has come to 34
            // bytes a request. An exchange that each left behind would come to hundreds, a connection to thousands.
            Trend trend = Trend.of(heap);
            report.figure("growth of the live heap a request", trend.slope(), "bytes");
            report.atMost("the same, upper end at 95 % confidence", trend.upperBound(), 64, "bytes");
            report.atMost("sockets left open", last.connections() - (double) first.connections(), 0, "sockets");
            attack(server, workplace, report, seed);
            HttpLoad.once(server.port(), SignedRequest.getCallerIdentity(server.port()));
        }
    }

    private static void attack(ServerProcess server, Workplace workplace, Report report, long seed)
            throws IOException, InterruptedException {
        ServerProcess.Holdings before = settled(server, workplace);
        MutatedFrames.Result result = new MutatedFrames(server.port()).send(ATTACKS, seed);
        ServerProcess.Holdings after = settled(server, workplace);
        report.note("attacks over HTTP/2: " + result.attacks());
        result.samples().forEach(report::note);
        report.atMost("attacks answered with 500 and above", result.faults(), 0, "attacks");
        report.atMost("attacks that hang", result.hangs(), 0, "attacks");
        report.atMost("sockets left open", after.connections() - (double) before.connections(), 0, "sockets");
        // A stream that each left behind would come to some 20,000.
        report.atMost(
                "growth of the live heap an attack",
                (after.heapKibibytes() - before.heapKibibytes()) * 1024 / result.sent(),
                4096,
                "bytes");
        report.figure("threads more", after.threads() - (double) before.threads(), "threads");
    }

    /** What is left once connections have had time to close. */
    private static ServerProcess.Holdings settled(ServerProcess server, Workplace workplace)
            throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(1);
        return server.holdings(workplace);
    }

    private static void judge(MutatedRequests.Result result, String what, Report report) {
        report.figure(what + ": mutated requests", result.sent(), "requests");
        report.note("answered, by status (0: hung up): " + result.statuses());
        result.samples().forEach(report::note);
        report.atMost(what + ": answers of 500 and above that no model has", result.faults(), 0, "answers");
        report.atMost(what + ": mutated requests that hang", result.hangs(), 0, "requests");
        report.atMost(what + ": requests with a whole head, but no answer", result.unanswered(), 0, "requests");
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
