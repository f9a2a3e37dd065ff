package dev.outcrop.bench;

/** One benchmark: measures Outcrop and its peers in the same run and prints figures and ratios. */
interface Benchmark {
    /** What it is run by. */
    String name();

    /** One line for people. */
    String description();

    /** Measures and reports. */
    void run(Workplace workplace, Report report) throws Exception;
}
