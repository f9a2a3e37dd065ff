package dev.outcrop.server;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outcrop services}: how much of each service is implemented, as the code itself has it. */
@Command(
        name = "services",
        description = "Lists the services and how many of their operations are implemented.",
        mixinStandardHelpOptions = true)
final class ServicesCommand implements Runnable {
    @Option(names = "--markdown", description = "the table of README.md")
    private boolean markdown;

    @Spec
    private CommandSpec specification;

    @Override
    public void run() {
        PrintWriter out = specification.commandLine().getOut();
        List<Row> rows = rows();
        if (markdown) {
            out.print(markdown(rows));
        } else {
            rows.forEach(row -> out.printf("%-36s %4d of %4d%n", row.id(), row.implemented(), row.total()));
        }
        out.flush();
    }

    /** A service with what is implemented of it. */
    record Row(String id, String name, int implemented, int total) {}

    /** Counted in a house put together for the purpose, so that the table cannot say anything else than the server. */
    static List<Row> rows() {
        try (TemporaryFolder data = TemporaryFolder.make("outcrop-services");
                Assembly assembly = Assembly.start(Configuration.defaults()
                        .with(Optional.empty(), Optional.of(0), Optional.of(data.path()), false))) {
            return assembly.services().models().summaries().stream()
                    .map(summary -> new Row(
                            summary.id(),
                            summary.fullName(),
                            assembly.services()
                                    .find(summary.id())
                                    .map(service -> service.operations().size())
                                    .orElse(0),
                            summary.operationCount()))
                    .toList();
        }
    }

    /** The implemented services in full; the rest, whose routes exist, in one line. */
    static String markdown(List<Row> rows) {
        StringBuilder table = new StringBuilder("| service | implemented | operations |\n|---|---:|---:|\n");
        int routes = 0;
        List<String> rest = new ArrayList<>();
        for (Row row : rows) {
            routes += row.total();
            if (row.implemented() == 0) {
                rest.add(row.id());
            } else {
                table.append(String.format(
                        Locale.ROOT,
                        "| %s (`%s`) | %d | %d |%n",
                        row.name(),
                        row.id(),
                        row.implemented(),
                        row.total()));
            }
        }
        return table.append(String.format(
                        Locale.ROOT,
                        "%nAll %,d operations of %d services are routed, validated and answered in their own protocol. Nothing is"
                                + " implemented yet of: %s.%n",
                        routes,
                        rows.size(),
                        String.join(", ", rest)))
                .toString();
    }
}
