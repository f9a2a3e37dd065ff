package dev.outcrop.services.foundationmodels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class FoundationModelsTest {
    private static final Set<String> MODALITIES = Set.of("TEXT", "IMAGE", "VIDEO", "AUDIO", "SPEECH", "EMBEDDING");

    private final FoundationModels models = FoundationModels.load();

    @Test
    void theTableSaysNothingThatAwsHasNoWordFor() {
        assertThat(models.all()).hasSizeGreaterThan(100).allSatisfy(model -> {
            assertThat(model.id()).matches("[a-z0-9]+\\.[a-z0-9.-]+(:[0-9]+){0,2}(k|:mm)?");
            assertThat(model.name()).isNotBlank();
            assertThat(model.inputs()).isNotEmpty().isSubsetOf(MODALITIES);
            assertThat(model.outputs()).isNotEmpty().isSubsetOf(MODALITIES);
            assertThat(model.inferenceTypes()).isNotEmpty().isSubsetOf("ON_DEMAND", "PROVISIONED", "INFERENCE_PROFILE");
            assertThat(model.lifecycle()).isIn("ACTIVE", "LEGACY");
            assertThat(model.customizations()).isSubsetOf("FINE_TUNING", "CONTINUED_PRE_TRAINING");
        });
    }

    @Test
    void everyGeographyIsKnownAndEveryProfileOnlyModelHasOne() {
        assertThat(models.all())
                .allSatisfy(model -> assertThat(model.geographies())
                        .allSatisfy(prefix -> assertThat(Geography.of(prefix)).isPresent()));
        assertThat(models.all())
                .filteredOn(model -> model.inferenceTypes().contains("INFERENCE_PROFILE"))
                .allSatisfy(model -> assertThat(model.geographies()).isNotEmpty());
    }

    @Test
    void aGeographyServesItsOwnRegions() {
        assertThat(Geography.US.servesFrom("us-west-2")).isTrue();
        assertThat(Geography.US.servesFrom("us-gov-west-1")).isFalse();
        assertThat(Geography.US_GOV.servesFrom("us-gov-west-1")).isTrue();
        assertThat(Geography.JP.servesFrom("ap-southeast-2")).isFalse();
        assertThat(Geography.GLOBAL.servesFrom("eu-west-1")).isTrue();
        assertThat(Geography.GLOBAL.destinations("eu-west-1")).containsExactly("eu-west-1");
    }
}
