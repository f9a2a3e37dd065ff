package dev.outcrop.bench;

/** Kills a writing process a hundred times; nothing that was acknowledged may be missing. */
final class ReliabilityBenchmark implements Benchmark {
    private static final int KILLS = 100;

    @Override
    public String name() {
        return "reliability";
    }

    @Override
    public String description() {
        return KILLS + " kills at random moments while writing: nothing acknowledged is missing, jobs go on";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Kills.Result result = Kills.run(workplace.scratch().resolve("killed"), KILLS, System.nanoTime());
        report.figure("acknowledged", result.acknowledged(), "things");
        report.figure("jobs that went on to their end", result.jobs(), "jobs");
        result.missing().stream().limit(10).forEach(report::note);
        report.atMost("acknowledged and missing", result.missing().size(), 0, "things");
    }
}
