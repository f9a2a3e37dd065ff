package dev.outcrop.services.foundationmodels;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The foundation models that AWS published for Amazon Bedrock, from a table beside this class.
 *
 * <p>Source: Amazon Bedrock User Guide, "Supported foundation models", "Supported Regions and models for inference
 * profiles" and "Model lifecycle".
 */
public final class FoundationModels {
    private static final String TABLE = "foundation-models.tsv";
    private static final int COLUMNS = 10;

    private final Map<String, FoundationModel> models;

    private FoundationModels(Map<String, FoundationModel> models) {
        this.models = models;
    }

    /** Reads the table. */
    public static FoundationModels load() {
        try (InputStream table = FoundationModels.class.getResourceAsStream(TABLE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            Map<String, FoundationModel> models = new LinkedHashMap<>();
            lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(FoundationModels::read)
                    .forEach(model -> models.put(model.id(), model));
            return new FoundationModels(Collections.unmodifiableMap(models));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All of them, by provider. */
    public Collection<FoundationModel> all() {
        return models.values();
    }

    /** The model that AWS calls {@code id}. */
    public Optional<FoundationModel> find(String id) {
        return Optional.ofNullable(models.get(id));
    }

    private static FoundationModel read(String line) {
        String[] columns = line.split("\t", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalStateException(
                    TABLE + ": a line must have " + COLUMNS + " columns, but has " + columns.length + ": " + line);
        }
        return new FoundationModel(
                columns[0],
                columns[1],
                columns[2],
                values(columns[3]),
                values(columns[4]),
                columns[5].equals("yes"),
                values(columns[6]),
                values(columns[7]),
                columns[8],
                Set.copyOf(values(columns[9])));
    }

    private static List<String> values(String column) {
        return column.isEmpty() ? List.of() : List.of(column.split(","));
    }
}
