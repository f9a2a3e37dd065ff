package dev.outcrop.engines.text;

import static dev.outcrop.engines.text.Answers.read;
import static dev.outcrop.engines.text.Answers.text;
import static dev.outcrop.engines.text.Answers.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.TextModels.LoadedTextModel;
import dev.outcrop.engines.text.llama.LlamaSettings;
import dev.outcrop.engines.text.llama.SmallModel;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LocalTextModelsTest {
    private static final long STATE_BYTES = 64L << 20;
    private static final long ONE_MODEL = 330L << 20;

    private static TextModelLocation file(String id) {
        return new TextModelLocation.GgufFile(
                LlamaSettings.of(id, SmallModel.requantized(), SmallModel.libraries())
                        .withContextLength(512)
                        .withMemoryBytes(STATE_BYTES),
                false);
    }

    @Test
    void unloadsAnIdleModelToMakeRoomAndLoadsItAgainWhenUsed() {
        Map<String, TextModelLocation> installed = Map.of("first", file("first"), "second", file("second"));
        try (TextModels models = new LocalTextModels(id -> Optional.ofNullable(installed.get(id)), ONE_MODEL)) {
            TextModel first = models.get("first");
            assertThat(text(read(first, turn("Say hello.", 3)))).isNotBlank();
            assertThat(models.loaded()).extracting(LoadedTextModel::id).containsExactly("first");

            assertThat(text(read(models.get("second"), turn("Say hello.", 3)))).isNotBlank();
            assertThat(models.loaded()).extracting(LoadedTextModel::id).containsExactly("second");

            assertThat(text(read(first, turn("Say hello.", 3)))).isNotBlank();
            assertThat(models.loaded()).extracting(LoadedTextModel::id).containsExactly("first");
        }
    }

    @Test
    void refusesAModelWhileTheOthersAreAtWorkAndTheBudgetIsTaken() {
        Map<String, TextModelLocation> installed = Map.of("first", file("first"), "second", file("second"));
        try (TextModels models = new LocalTextModels(id -> Optional.ofNullable(installed.get(id)), ONE_MODEL);
                Generation working = models.get("first").generate(turn("Write a long story.", 400))) {
            working.next();

            assertThat(category(() -> models.get("second").generate(turn("Hello", 1))))
                    .isEqualTo(Category.OVERLOADED);
            assertThat(models.loaded().getFirst().generating()).isEqualTo(1);
        }
    }

    @Test
    void refusesWhatIsNotInstalledAndWhatNeverFits() {
        try (TextModels models = new LocalTextModels(
                id -> id.equals("large") ? Optional.of(file("large")) : Optional.empty(), STATE_BYTES)) {
            assertThat(category(() -> models.get("missing"))).isEqualTo(Category.NOT_FOUND);
            assertThat(category(() -> models.get("large").description())).isEqualTo(Category.OVERLOADED);
        }
    }

    private static Category category(Runnable action) {
        TextModelException refused = catchThrowableOfType(TextModelException.class, action::run);
        assertThat(refused).isNotNull();
        return refused.category();
    }
}
