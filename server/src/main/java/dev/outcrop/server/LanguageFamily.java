package dev.outcrop.server;

import dev.outcrop.engines.embedding.EmbeddingException;
import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.services.comprehend.Analyses;
import dev.outcrop.services.comprehend.ComprehendService;
import software.amazon.awssdk.services.comprehend.ComprehendClient;
import software.amazon.awssdk.utils.Lazy;

/** What texts say: languages, entities, sentiment, and models that users train. */
final class LanguageFamily implements Family {
    private final Lazy<ComprehendService> comprehend;

    LanguageFamily(House house, HouseModels models) {
        comprehend = new Lazy<>(() -> new ComprehendService(
                new Analyses(() -> embedding(models)),
                house.records(),
                house.secrets(),
                house.clients(),
                house.jobs(),
                house.ids(),
                house.clock()));
    }

    /** The model, which is remembered once it is open; that it is not installed is found out by opening it alone. */
    private static EmbeddingModel embedding(HouseModels models) {
        try {
            return models.embedding(GenerativeFamily.GUARD_MODEL);
        } catch (EmbeddingException failure) {
            if (failure.category() != EmbeddingException.Category.NOT_FOUND) {
                throw failure;
            }
            throw new AwsError(
                    "ServiceUnavailableException",
                    503,
                    "The model " + GenerativeFamily.GUARD_MODEL
                            + " is not installed. Install it with: outcrop models pull "
                            + GenerativeFamily.GUARD_MODEL);
        }
    }

    @Override
    public void serve(ServedServices services) {
        services.serve("comprehend", ComprehendClient.class, comprehend::getValue);
    }

    @Override
    public Background background() {
        return comprehend.getValue().background();
    }
}
