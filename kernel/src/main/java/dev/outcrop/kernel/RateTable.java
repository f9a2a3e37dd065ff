package dev.outcrop.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rates from a table that users write: a line each of account, service, operation ({@code *} stands for any), calls a
 * second, and burst. The first line that fits counts; what none fits is not limited. A service may name its region;
 * operations with commas between them share one rate; a line of {@code aws} alone stands for the quotas that AWS documents.
 *
 * <pre>
 * # account      service                    operation                per-second  burst
 * 123456789012   bedrock-runtime            *                        50          100
 * *              bedrock-runtime@eu-west-1  Converse,ConverseStream  10          20
 * aws
 * </pre>
 */
public final class RateTable implements Throttle.Rates {
    private static final String ANY = "*";
    private static final String AWS = "aws";

    private final List<Line> lines;

    private RateTable(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /** The quotas that AWS documents, by account, region and operation. */
    public static RateTable aws() {
        try (InputStream table = RateTable.class.getResourceAsStream("aws-quotas.table")) {
            return new RateTable(lines(
                    "aws-quotas.table",
                    new String(table.readAllBytes(), UTF_8).lines().toList()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Reads a table.
     *
     * @throws IllegalArgumentException naming the line that cannot be read
     */
    public static RateTable read(Path file) throws IOException {
        return new RateTable(lines(file.toString(), Files.readAllLines(file)));
    }

    private static List<Line> lines(String name, List<String> texts) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String text : texts) {
            number++;
            String line = text.replaceFirst("#.*", "").strip();
            try {
                if (line.equals(AWS)) {
                    lines.addAll(aws().lines);
                } else if (!line.isEmpty()) {
                    lines.add(line(line.split("\\s+", -1)));
                }
            } catch (IllegalArgumentException unreadable) {
                throw new IllegalArgumentException(
                        "line " + number + " of " + name
                                + " must be \"account service operation per-second burst\", but is \"" + text + "\": "
                                + unreadable.getMessage(),
                        unreadable);
            }
        }
        return lines;
    }

    private static Line line(String[] fields) {
        if (fields.length != 5) {
            throw new IllegalArgumentException("five fields are needed");
        }
        String[] service = fields[1].split("@", 2);
        Set<String> operations = Set.of(fields[2].split(","));
        Throttle.Rate rate = new Throttle.Rate(
                Double.parseDouble(fields[3]),
                Double.parseDouble(fields[4]),
                operations.size() > 1 ? Optional.of(fields[2]) : Optional.empty());
        return new Line(fields[0], service[0], service.length > 1 ? service[1] : ANY, operations, Optional.of(rate));
    }

    @Override
    public Optional<Throttle.Rate> of(String account, String region, String service, String operation) {
        for (Line line : lines) {
            if (fits(line.service, service)
                    && (line.operations.contains(operation) || line.operations.contains(ANY))
                    && fits(line.region, region)
                    && fits(line.account, account)) {
                return line.rate;
            }
        }
        return Optional.empty();
    }

    private static boolean fits(String wanted, String asked) {
        return wanted.equals(ANY) || wanted.equals(asked);
    }

    /** The operations that lines name, as {@code service:operation}. */
    List<String> named() {
        return lines.stream()
                .flatMap(line -> line.operations.stream().map(operation -> line.service + ":" + operation))
                .toList();
    }

    private record Line(
            String account, String service, String region, Set<String> operations, Optional<Throttle.Rate> rate) {}
}
