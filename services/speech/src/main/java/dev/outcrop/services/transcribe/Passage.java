package dev.outcrop.services.transcribe;

import dev.outcrop.engines.speech.Transcript;
import dev.outcrop.engines.speech.Transcript.RecognizedWord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A stretch of speech of one channel.
 *
 * @param speaker      who speaks, from 0; −1 where speakers are not told apart
 * @param language     AWS's code
 * @param alternatives other readings, most probable first
 */
public record Passage(
        int channel,
        int speaker,
        String language,
        double start,
        double end,
        List<Item> items,
        List<List<Item>> alternatives) {
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
                -1,
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
                speaker,
                language,
                start,
                end,
                change.apply(items),
                alternatives.stream().map(change).toList());
    }

    /**
     * The same as passages of one speaker each. What several speak has no other readings any more, since those have other
     * words.
     *
     * @param speakers who says each of its words, in their order
     */
    List<Passage> of(List<Integer> speakers) {
        if (speakers.stream().distinct().count() == 1) {
            return List.of(new Passage(channel, speakers.getFirst(), language, start, end, items, alternatives));
        }
        List<Passage> passages = new ArrayList<>();
        int word = 0;
        int from = 0;
        for (int i = 0; i < items.size(); i++) {
            if (!items.get(i).punctuation()) {
                if (word > 0 && !speakers.get(word).equals(speakers.get(word - 1))) {
                    passages.add(part(from, i, speakers.get(word - 1)));
                    from = i;
                }
                word++;
            }
        }
        passages.add(part(from, items.size(), speakers.getLast()));
        return passages;
    }

    private Passage part(int from, int to, int who) {
        List<Item> own = items.subList(from, to);
        return new Passage(
                channel,
                who,
                language,
                from == 0 ? start : own.getFirst().start(),
                to == items.size() ? end : own.getLast().end(),
                own,
                List.of());
    }

    /** The text of the most probable reading. */
    public String text() {
        return Item.text(items);
    }
}
