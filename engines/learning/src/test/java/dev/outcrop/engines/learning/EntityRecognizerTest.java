package dev.outcrop.engines.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.learning.AnnotatedText.Annotation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EntityRecognizerTest {
    private static List<AnnotatedText> examples() {
        List<AnnotatedText> examples = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String name = "Falcon " + (100 + i);
            String text = "We mounted the " + name + " engine for Ann" + i + ".";
            int person = text.indexOf("Ann");
            examples.add(new AnnotatedText(
                    text,
                    List.of(
                            new Annotation(15, 15 + name.length(), "ENGINE"),
                            new Annotation(person, text.length() - 1, "PERSON"))));
        }
        return examples;
    }

    @Test
    void findsNamesThatItNeverSawByWhatIsAroundThem() {
        EntityRecognizer recognizer = EntityRecognizer.train(examples(), Map.of(), Progress.UNHEARD);

        List<EntityRecognizer.Entity> found = recognizer.find("We mounted the Osprey 977 engine for Ann99.");

        assertThat(found).extracting(EntityRecognizer.Entity::type).containsExactly("ENGINE", "PERSON");
        assertThat(found.getFirst().start()).isEqualTo(15);
        assertThat(found.getFirst().end()).isEqualTo(25);
        assertThat(found.getFirst().score()).isBetween(0.3, 1.0);
        assertThat(recognizer.find("")).isEmpty();
        assertThat(recognizer.evaluate(examples()).overall().f1()).isEqualTo(1);
    }

    @Test
    void annotatesTextsByAList() {
        List<AnnotatedText> annotated = EntityRecognizer.annotated(
                List.of("The new york times of New York.", "Nothing."),
                Map.of("New York", "CITY", "The New York Times", "PAPER"));

        assertThat(annotated.getFirst().annotations())
                .containsExactly(new Annotation(0, 18, "PAPER"), new Annotation(22, 30, "CITY"));
        assertThat(annotated.get(1).annotations()).isEmpty();
    }

    @Test
    void readsBackWhatItWrote() throws IOException {
        EntityRecognizer recognizer = EntityRecognizer.train(examples(), Map.of("Heron", "ENGINE"), Progress.UNHEARD);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        recognizer.write(bytes);

        EntityRecognizer read = EntityRecognizer.read(new ByteArrayInputStream(bytes.toByteArray()));

        String text = "They tested a Heron and the Falcon 120 engine.";
        assertThat(read.find(text))
                .extracting(EntityRecognizer.Entity::start)
                .isEqualTo(recognizer.find(text).stream()
                        .map(EntityRecognizer.Entity::start)
                        .toList());
        assertThatThrownBy(() -> EntityRecognizer.read(new ByteArrayInputStream(new byte[] {1, 2, 3})))
                .isInstanceOf(DamagedModelException.class);
    }

    @Test
    void refusesTextsWithoutAnnotations() {
        assertThatThrownBy(() -> EntityRecognizer.train(
                        List.of(new AnnotatedText("Nothing.", List.of())), Map.of(), Progress.UNHEARD))
                .isInstanceOf(UntrainableException.class);
    }
}
