package dev.outcrop.server;

import dev.outcrop.kernel.ServedServices;
import dev.outcrop.services.comprehend.Analyses;
import dev.outcrop.services.comprehend.ComprehendService;
import software.amazon.awssdk.services.comprehend.ComprehendClient;
import software.amazon.awssdk.utils.Lazy;

/** What texts say: languages, entities, sentiment, and models that users train. */
final class LanguageFamily implements Family {
    private final Lazy<ComprehendService> comprehend;

    LanguageFamily(HouseModels models) {
        comprehend = new Lazy<>(
                () -> new ComprehendService(new Analyses(() -> models.embedding(GenerativeFamily.GUARD_MODEL))));
    }

    @Override
    public void serve(ServedServices services) {
        services.serve("comprehend", ComprehendClient.class, comprehend::getValue);
    }
}
