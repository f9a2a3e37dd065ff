package dev.outcrop.server;

import dev.outcrop.engines.models.Requantizer;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.llama.Requantization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Rewrites weights by llama.cpp where perplexity on a text of ours stays within one percent. */
final class ModelRequantizer implements Requantizer {
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final Path libraries;

    ModelRequantizer(Path libraries) {
        this.libraries = libraries;
    }

    @Override
    public Outcome requantize(Path original, Path target, String type, Share progress) {
        Requantization requantization =
                new Requantization(libraries, Runtime.getRuntime().availableProcessors(), LIMIT);
        progress.done(0);
        try {
            Requantization.Outcome outcome =
                    requantization.requantize(original, Requantization.Type.valueOf(type), target, perplexityText());
            progress.done(1);
            return new Outcome(
                    outcome.kept(),
                    String.format(
                            Locale.ROOT,
                            "%s: perplexity %.3f as fetched, %.3f in %s",
                            outcome.kept() ? "rewritten" : "kept as fetched",
                            outcome.before(),
                            outcome.after(),
                            type));
        } catch (TextModelException failure) {
            return new Outcome(false, "kept as fetched: " + failure.getMessage());
        }
    }

    private static String perplexityText() {
        try (InputStream text = ModelRequantizer.class.getResourceAsStream("perplexity.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
