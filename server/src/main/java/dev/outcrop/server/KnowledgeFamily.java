package dev.outcrop.server;

import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.services.s3vectors.S3VectorsService;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3vectors.S3VectorsClient;

/** What is known: vectors, knowledge bases, and answers that rest on them. */
final class KnowledgeFamily implements Family {
    private final Supplier<S3VectorsService> vectors;

    KnowledgeFamily(House house) {
        vectors = house.parts()
                .lazily(() -> new S3VectorsService(
                        house.records(),
                        house.secrets(),
                        house.tags(),
                        house.folder().resolve("vectors"),
                        house.clients(),
                        house.ids(),
                        house.clock()));
    }

    @Override
    public void serve(ServedServices services) {
        services.serve("s3vectors", S3VectorsClient.class, vectors);
    }

    @Override
    public Background background() {
        return Background.of(List.of(S3VectorsService.chore(vectors)));
    }
}
