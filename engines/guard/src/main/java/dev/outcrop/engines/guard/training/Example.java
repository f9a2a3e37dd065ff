package dev.outcrop.engines.guard.training;

import dev.outcrop.engines.guard.HarmCategory;
import dev.outcrop.engines.guard.TextClassifier;
import java.util.Arrays;
import java.util.Optional;

/**
 * A labelled text.
 *
 * @param labels of each output of {@link TextClassifier}: 1 it is, 0 it is not, -1 nobody knows
 * @param weight how much it counts
 * @param group  what it was written with; texts of one group are never on both sides of a split
 */
record Example(String text, byte[] labels, float weight, String group) {
    static Example harmless(String text, float weight, String group) {
        return new Example(text, new byte[TextClassifier.OUTPUTS], weight, group);
    }

    static Example harmful(String text, HarmCategory category, float weight, String group) {
        byte[] labels = new byte[TextClassifier.OUTPUTS];
        labels[TextClassifier.output(category)] = 1;
        labels[TextClassifier.ANY_HARM] = 1;
        return new Example(text, labels, weight, group);
    }

    /** An attack; what else it asks for may be harmful or not. */
    static Example attack(String text, float weight, String group) {
        byte[] labels = new byte[TextClassifier.OUTPUTS];
        Arrays.fill(labels, (byte) -1);
        labels[TextClassifier.ATTACK] = 1;
        return new Example(text, labels, weight, group);
    }

    /** By the name of a label: NONE, ATTACK or PROMPT_ATTACK, or a category. */
    static Example of(String text, String label, float weight, String group) {
        return switch (label) {
            case "NONE" -> harmless(text, weight, group);
            case "ATTACK", "PROMPT_ATTACK" -> attack(text, weight, group);
            default -> harmful(text, HarmCategory.valueOf(label), weight, group);
        };
    }

    /** The category, where it is harmful. */
    Optional<HarmCategory> category() {
        return Arrays.stream(HarmCategory.values())
                .filter(category -> labels[TextClassifier.output(category)] == 1)
                .findFirst();
    }
}
