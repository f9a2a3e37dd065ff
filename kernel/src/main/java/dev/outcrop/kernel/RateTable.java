package dev.outcrop.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rates from a table that users write: a line each of account, service, operation ({@code *} stands for any), calls a
 * second, and burst. The first line that fits counts; what none fits is not limited.
 *
 * <pre>
 * # account      service          operation  per-second  burst
 * 123456789012   bedrock-runtime  *          50          100
 * *              bedrock-runtime  Converse   10          20
 * </pre>
 */
public final class RateTable implements Throttle.Rates {
    private final List<Line> lines;

    private RateTable(List<Line> lines) {
        this.lines = lines;
    }

    /**
     * Reads a table.
     *
     * @throws IllegalArgumentException naming the line that cannot be read
     */
    public static RateTable read(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String text : Files.readAllLines(file)) {
            number++;
            String line = text.replaceFirst("#.*", "").strip();
            String[] fields = line.split("\\s+", -1);
            try {
                if (fields.length == 5) {
                    Throttle.Rate rate =
                            new Throttle.Rate(Double.parseDouble(fields[3]), Double.parseDouble(fields[4]));
                    lines.add(new Line(fields[0], fields[1], fields[2], Optional.of(rate)));
                } else if (!line.isEmpty()) {
                    throw new IllegalArgumentException("five fields are needed");
                }
            } catch (IllegalArgumentException unreadable) {
                throw new IllegalArgumentException(
                        "line " + number + " of " + file
                                + " must be \"account service operation per-second burst\", but is \"" + text + "\": "
                                + unreadable.getMessage(),
                        unreadable);
            }
        }
        return new RateTable(List.copyOf(lines));
    }

    @Override
    public Optional<Throttle.Rate> of(String account, String service, String operation) {
        for (Line line : lines) {
            if (fits(line.account, account) && fits(line.service, service) && fits(line.operation, operation)) {
                return line.rate;
            }
        }
        return Optional.empty();
    }

    private static boolean fits(String wanted, String asked) {
        return wanted.equals("*") || wanted.equals(asked);
    }

    private record Line(String account, String service, String operation, Optional<Throttle.Rate> rate) {}
}
