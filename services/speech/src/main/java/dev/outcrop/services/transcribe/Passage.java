package dev.outcrop.services.transcribe;

import dev.outcrop.engines.speech.Transcript;
import dev.outcrop.engines.speech.Transcript.RecognizedWord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A stretch of speech of one channel.
 *
 * @param language     AWS's code
 * @param alternatives other readings, most probable first
 */
public record Passage(
        int channel, String language, double start, double end, List<Item> items, List<List<Item>> alternatives) {
    public Passage {
        items = List.copyOf(items);
        alternatives = List.copyOf(alternatives);
    }

    /**
     * What a model heard.
     *
     * @param offset seconds that its sound began late
     */
    public static Passage of(Transcript.Segment segment, int channel, String language, double offset) {
        return new Passage(
                channel,
                language,
                segment.start() + offset,
                segment.end() + offset,
                items(segment.words(), offset),
                segment.alternatives().stream()
                        .map(reading -> items(reading.words(), offset))
                        .toList());
    }

    private static List<Item> items(List<RecognizedWord> words, double offset) {
        List<Item> items = new ArrayList<>();
        for (RecognizedWord word : words) {
            for (Item item : Item.of(word.text(), word.spaced(), word.start(), word.end(), word.confidence())) {
                items.add(item.later(offset));
            }
        }
        return items;
    }

    /** The same with its readings changed. */
    public Passage with(UnaryOperator<List<Item>> change) {
        return new Passage(
                channel,
                language,
                start,
                end,
                change.apply(items),
                alternatives.stream().map(change).toList());
    }

    /** The text of the most probable reading. */
    public String text() {
        return Item.text(items);
    }
}
