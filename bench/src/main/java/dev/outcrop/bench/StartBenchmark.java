package dev.outcrop.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** From the process's start to the first answered call, warm, and memory at rest, without a language model. */
final class StartBenchmark implements Benchmark {
    private static final int STARTS = 7;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String description() {
        return "warm start to the first answered signed call, and memory at rest";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Path data = Files.createDirectory(workplace.scratch().resolve("kept"));
        double[] seconds = new double[STARTS];
        double resident = 0;
        for (int start = 0; start <= STARTS; start++) {
            int port = Workplace.freePort();
            byte[] request = SignedRequest.getCallerIdentity(port);
            long before = System.nanoTime();
            try (ServerProcess server = ServerProcess.start(
                    "Outcrop",
                    List.of(
                            Path.of(System.getProperty("outcrop.home"), "outcrop")
                                    .toString(),
                            "up",
                            "--port",
                            String.valueOf(port),
                            "--data",
                            data.toString()),
                    port,
                    workplace.scratch().resolve("start.log"))) {
                firstAnswer(port, request);
                double elapsed = (System.nanoTime() - before) / 1e9;
                // The first start makes keys and tables; it warms the file cache and is not counted.
                if (start > 0) {
                    seconds[start - 1] = elapsed;
                }
                TimeUnit.SECONDS.sleep(3);
                resident = Math.max(resident, server.residentMebibytes());
            }
        }
        Arrays.sort(seconds);
        report.atMost("median of " + STARTS + " starts to the first answered call", seconds[STARTS / 2], 1, "s");
        report.figure("slowest", seconds[STARTS - 1], "s");
        report.atMost("memory at rest", resident, 300, "MiB");
    }

    private static void firstAnswer(int port, byte[] request) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                HttpLoad.once(port, request);
                return;
            } catch (IOException notYet) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("no answer within a minute", notYet);
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }
}
