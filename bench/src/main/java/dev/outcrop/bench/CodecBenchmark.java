package dev.outcrop.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** A response of 100 KB through our codec, the SDK's own, and Jackson's tree, measured by JMH. */
final class CodecBenchmark implements Benchmark {
    @Override
    public String name() {
        return "codec";
    }

    @Override
    public String description() {
        return "a response of 100 KB read and written in JSON, XML and CBOR, beside the AWS SDK and Jackson's tree";
    }

    @Override
    public void run(Workplace workplace, Report report) throws RunnerException {
        Map<String, Double> rates = measure();
        for (String format : List.of("JSON", "XML", "CBOR")) {
            int length = CodecSubject.of(format).length();
            for (String way : List.of("decode", "encode")) {
                for (String whom : List.of("Outcrop", "Sdk", "Tree")) {
                    Double rate = rates.get(way + "By" + whom + " " + format);
                    if (rate != null) {
                        report.figure(format + " " + way + ", " + words(whom), rate * length / 1e6, "MB/s");
                    }
                }
                double ours = rates.get(way + "ByOutcrop " + format);
                report.figure(format + " " + way + " beside the SDK", ours / rates.get(way + "BySdk " + format), "×");
                Double tree = rates.get(way + "ByTree " + format);
                if (tree != null) {
                    report.figure(format + " " + way + " beside Jackson's tree", ours / tree, "×");
                }
            }
        }
    }

    /** Operations a second, by the method's name and the format. */
    private static Map<String, Double> measure() throws RunnerException {
        Map<String, Double> rates = new TreeMap<>();
        for (RunResult result : new Runner(new OptionsBuilder()
                        .include(CodecMeasurements.class.getSimpleName())
                        .include(TreeMeasurements.class.getSimpleName())
                        .forks(1)
                        .warmupIterations(2)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.seconds(1))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run()) {
            String method = result.getParams().getBenchmark();
            rates.put(
                    method.substring(method.lastIndexOf('.') + 1) + " "
                            + result.getParams().getParam("format"),
                    result.getPrimaryResult().getScore());
        }
        return rates;
    }

    private static String words(String whom) {
        return switch (whom) {
            case "Sdk" -> "AWS SDK";
            case "Tree" -> "Jackson's tree";
            default -> whom;
        };
    }
}
