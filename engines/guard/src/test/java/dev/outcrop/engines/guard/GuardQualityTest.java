package dev.outcrop.engines.guard;

import dev.outcrop.engines.embedding.OnnxEmbeddingModel;
import dev.outcrop.engines.guard.training.GuardFigures;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the figures on texts that were held out, those in the tests' names, less a small margin. */
class GuardQualityTest {
    private static OnnxEmbeddingModel model;
    private static GuardFigures figures;
    private static Guard guard;

    @BeforeAll
    static void open() {
        model = MiniLm.open();
        guard = new Guard(() -> model);
        figures = new GuardFigures(guard, Path.of("data"));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void printsAll() throws IOException {
        System.out.println("any " + figures.anyHarm() + " " + figures.anyHarm().f1());
        figures.categories().forEach((c, n) -> System.out.println(c + " " + n + " " + n.f1()));
        System.out.println(
                "attacks " + figures.attacks() + " " + figures.attacks().f1());
        System.out.println("contrast " + figures.harmlessStopped() + " " + figures.harmfulCaught() + " "
                + figures.attacksCaught());
        System.out.println("topics " + figures.topics() + " " + figures.topics().f1());
        System.out.println("grounding " + figures.grounding() + " relevance " + figures.relevance());
        System.out.println("pii " + figures.personalData().f1());
    }
}
