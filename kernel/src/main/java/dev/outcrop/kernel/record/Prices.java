package dev.outcrop.kernel.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;

/**
 * What models cost, from a table: a line each of model id (a trailing {@code *} stands for any rest), unit, how many
 * units, and the price of as many. What is in no line is free, as models of one's own are. The table that lies beside this
 * class says what AWS asks for a model that is called by its id, so that usage records tell what the same calls would have
 * cost there; lines of a user's own table come before it.
 *
 * <pre>
 * currency USD
 * # model                unit          units  price
 * anthropic.claude-3-*   InputTokens    1000  0.003
 * anthropic.claude-3-*   OutputTokens   1000  0.015
 * </pre>
 */
public final class Prices {
    private static final String AWS = "aws-prices.table";

    private final List<Line> lines;
    private final String currency;

    private Prices(List<Line> lines, String currency) {
        this.lines = lines;
        this.currency = currency;
    }

    /** Everything is free. */
    public static Prices free() {
        return new Prices(List.of(), "USD");
    }

    /** What AWS asks; the table names its sources. */
    public static Prices aws() {
        try (InputStream table = Prices.class.getResourceAsStream(AWS)) {
            return read(AWS, new String(table.readAllBytes(), UTF_8).lines().toList());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Reads a table.
     *
     * @throws IllegalArgumentException naming the line that cannot be read
     */
    public static Prices read(Path file) throws IOException {
        return read(file.toString(), Files.readAllLines(file));
    }

    /** These prices, and those of {@code others} for what they do not name; in another currency they do not count. */
    public Prices before(Prices others) {
        if (!currency.equals(others.currency)) {
            return this;
        }
        List<Line> all = new ArrayList<>(lines);
        all.addAll(others.lines);
        return new Prices(List.copyOf(all), currency);
    }

    private static Prices read(String file, List<String> texts) {
        List<Line> lines = new ArrayList<>();
        String currency = "USD";
        int number = 0;
        for (String text : texts) {
            number++;
            String line = text.replaceFirst("#.*", "").strip();
            String[] fields = line.split("\\s+", -1);
            try {
                if (fields.length == 2 && fields[0].equals("currency")) {
                    currency = Currency.getInstance(fields[1].toUpperCase(Locale.ROOT))
                            .getCurrencyCode();
                } else if (fields.length == 4) {
                    lines.add(new Line(fields[0], fields[1], new BigDecimal(fields[2]), new BigDecimal(fields[3])));
                } else if (!line.isEmpty()) {
                    throw new IllegalArgumentException("four fields are needed");
                }
            } catch (IllegalArgumentException unreadable) {
                throw new IllegalArgumentException(
                        "line " + number + " of " + file + " must be \"model unit units price\", but is \"" + text
                                + "\"",
                        unreadable);
            }
        }
        return new Prices(List.copyOf(lines), currency);
    }

    /** What {@code amount} of {@code unit} of {@code model} costs, by the first line that fits. */
    public BigDecimal of(String model, String unit, double amount) {
        for (Line line : lines) {
            if (line.fits(model, unit)) {
                return line.price.multiply(BigDecimal.valueOf(amount)).divide(line.units, MathContext.DECIMAL64);
            }
        }
        return BigDecimal.ZERO;
    }

    /** The currency of all prices, by its ISO 4217 code. */
    public String currency() {
        return currency;
    }

    private record Line(String model, String unit, BigDecimal units, BigDecimal price) {
        Line {
            if (units.signum() <= 0 || price.signum() < 0) {
                throw new IllegalArgumentException("units must be positive and the price must not be negative");
            }
        }

        boolean fits(String asked, String askedUnit) {
            boolean modelFits = model.endsWith("*")
                    ? asked.startsWith(model.substring(0, model.length() - 1))
                    : asked.equals(model);
            return modelFits && unit.equals(askedUnit);
        }
    }
}
