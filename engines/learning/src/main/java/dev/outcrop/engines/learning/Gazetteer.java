package dev.outcrop.engines.learning;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Phrases of known types, found word by word whatever their case; the longest that begins at a word counts. */
final class Gazetteer {
    /** The most phrases. */
    static final int MOST = 1_000_000;

    private static final int LONGEST = 20;

    private final Map<String, String> typesByPhrase;
    private final Map<String, Integer> longestByFirstWord = new HashMap<>();

    private Gazetteer(Map<String, String> typesByPhrase) {
        this.typesByPhrase = typesByPhrase;
        for (String phrase : typesByPhrase.keySet()) {
            String[] words = phrase.split(" ", -1);
            longestByFirstWord.merge(words[0], words.length, Math::max);
        }
    }

    /** @param phrases their types by what they say */
    static Gazetteer of(Map<String, String> phrases) {
        Map<String, String> normalised = new TreeMap<>();
        phrases.forEach((phrase, type) -> {
            List<String> words = Words.of(phrase).texts();
            if (!words.isEmpty() && words.size() <= LONGEST) {
                normalised.put(Words.lowered(String.join(" ", words)), type);
            }
        });
        return new Gazetteer(normalised);
    }

    /**
     * A phrase in a text.
     *
     * @param end the word behind the last
     */
    record Place(int start, int end, String type) {}

    List<Place> find(Words words) {
        List<Place> found = new ArrayList<>();
        if (typesByPhrase.isEmpty()) {
            return found;
        }
        int at = 0;
        while (at < words.size()) {
            Optional<Place> place = at(words, at);
            place.ifPresent(found::add);
            at = place.map(Place::end).orElse(at + 1);
        }
        return found;
    }

    private Optional<Place> at(Words words, int start) {
        int longest = Math.min(
                words.size() - start,
                longestByFirstWord.getOrDefault(Words.lowered(words.texts().get(start)), 0));
        for (int length = longest; length > 0; length--) {
            String phrase = Words.lowered(String.join(" ", words.texts().subList(start, start + length)));
            String type = typesByPhrase.get(phrase);
            if (type != null) {
                return Optional.of(new Place(start, start + length, type));
            }
        }
        return Optional.empty();
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(typesByPhrase.size());
        for (Map.Entry<String, String> phrase : typesByPhrase.entrySet()) {
            out.writeUTF(phrase.getKey());
            out.writeUTF(phrase.getValue());
        }
    }

    static Gazetteer read(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > MOST) {
            throw new DamagedModelException("a gazetteer has at most " + MOST + " phrases, but says " + size);
        }
        Map<String, String> phrases = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            String phrase = in.readUTF();
            phrases.put(phrase, in.readUTF());
        }
        return new Gazetteer(phrases);
    }
}
