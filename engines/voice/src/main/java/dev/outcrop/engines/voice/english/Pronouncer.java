package dev.outcrop.engines.voice.english;

import dev.outcrop.engines.voice.Phone;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How English words are pronounced in a sentence: weak forms of small words, homographs by what stands beside them, CMU's
 * dictionary, inflections and compounds of its words, and for the rest a guess from the letters. Thread safe.
 */
public final class Pronouncer {
    private static final int SHORTEST_PART = 3;

    private static final Map<String, String> LETTERS = Map.ofEntries(
            Map.entry("a", "EY1"),
            Map.entry("b", "B IY1"),
            Map.entry("c", "S IY1"),
            Map.entry("d", "D IY1"),
            Map.entry("e", "IY1"),
            Map.entry("f", "EH1 F"),
            Map.entry("g", "JH IY1"),
            Map.entry("h", "EY1 CH"),
            Map.entry("i", "AY1"),
            Map.entry("j", "JH EY1"),
            Map.entry("k", "K EY1"),
            Map.entry("l", "EH1 L"),
            Map.entry("m", "EH1 M"),
            Map.entry("n", "EH1 N"),
            Map.entry("o", "OW1"),
            Map.entry("p", "P IY1"),
            Map.entry("q", "K Y UW1"),
            Map.entry("r", "AA1 R"),
            Map.entry("s", "EH1 S"),
            Map.entry("t", "T IY1"),
            Map.entry("u", "Y UW1"),
            Map.entry("v", "V IY1"),
            Map.entry("w", "D AH1 B AH0 L Y UW0"),
            Map.entry("x", "EH1 K S"),
            Map.entry("y", "W AY1"),
            Map.entry("z", "Z IY1"));

    /** Small words as they are said inside of a sentence, in espeak's IPA. */
    private static final Map<String, String> WEAK = Map.ofEntries(
            Map.entry("a", "ɐ"),
            Map.entry("an", "ɐn"),
            Map.entry("the", "ðə"),
            Map.entry("and", "ænd"),
            Map.entry("of", "ʌv"),
            Map.entry("to", "tə"),
            Map.entry("for", "fɔːɹ"),
            Map.entry("from", "fɹʌm"),
            Map.entry("in", "ɪn"),
            Map.entry("is", "ɪz"),
            Map.entry("it", "ɪt"),
            Map.entry("was", "wʌz"),
            Map.entry("that", "ðæt"),
            Map.entry("with", "wɪð"),
            Map.entry("as", "æz"),
            Map.entry("at", "æt"),
            Map.entry("be", "biː"),
            Map.entry("are", "ɑːɹ"),
            Map.entry("were", "wɜː"),
            Map.entry("he", "hiː"),
            Map.entry("she", "ʃiː"),
            Map.entry("they", "ðeɪ"),
            Map.entry("we", "wiː"),
            Map.entry("you", "juː"),
            Map.entry("i", "aɪ"),
            Map.entry("his", "hɪz"),
            Map.entry("her", "hɜː"),
            Map.entry("have", "hæv"),
            Map.entry("has", "hɐz"),
            Map.entry("had", "hɐd"),
            Map.entry("will", "wɪl"),
            Map.entry("would", "wʊd"),
            Map.entry("can", "kæn"),
            Map.entry("could", "kʊd"),
            Map.entry("but", "bʌt"),
            Map.entry("or", "ɔːɹ"),
            Map.entry("by", "baɪ"),
            Map.entry("on", "ɔn"),
            Map.entry("this", "ðɪs"),
            Map.entry("your", "jʊɹ"),
            Map.entry("my", "maɪ"),
            Map.entry("their", "ðɛɹ"),
            Map.entry("there", "ðɛɹ"),
            Map.entry("if", "ɪf"),
            Map.entry("been", "bˌɪn"),
            Map.entry("into", "ˌɪntʊ"),
            Map.entry("than", "ðɐn"),
            Map.entry("its", "ɪts"),
            Map.entry("our", "ˌaʊɚ"),
            Map.entry("us", "ˌʌs"),
            Map.entry("them", "ðˌɛm"),
            Map.entry("what", "wˌʌt"),
            Map.entry("when", "wˌɛn"),
            Map.entry("which", "wˌɪtʃ"),
            Map.entry("who", "hˌuː"),
            Map.entry("so", "sˌoʊ"));

    private static final Set<String> SIBILANTS = Set.of("S", "Z", "SH", "ZH", "CH", "JH");
    private static final Set<String> VOICELESS = Set.of("P", "T", "K", "F", "TH", "S", "SH", "CH");

    private final PronunciationDictionary dictionary;
    private final LetterToSound letters;

    /** Pronounces by a dictionary, and by a model what is not in it. */
    public Pronouncer(PronunciationDictionary dictionary, LetterToSound letters) {
        this.dictionary = dictionary;
        this.letters = letters;
    }

    /** Pronounces by what comes with the engine. */
    public static Pronouncer shipped() {
        return new Pronouncer(PronunciationDictionary.shipped(), LetterToSound.shipped());
    }

    /** Whether the dictionary has a word, in lower case. */
    public boolean knows(String word) {
        return dictionary.contains(word);
    }

    /**
     * A word among others.
     *
     * @param before the word before it in lower case, or nothing
     * @param after  the one behind it
     * @param role   what SSML says it is, such as {@code amazon:VB}, or nothing
     */
    public record Place(String before, String after, String role) {
        /** Alone. */
        public static final Place ALONE = new Place("", "", "");
    }

    /** The sounds of a word; empty if nothing of it can be said. */
    public List<Phone> pronounce(SpokenWord word, Place place) {
        String text = word.text().toLowerCase(Locale.ROOT);
        if (word.spelled()) {
            String letter = text.substring(0, 1);
            boolean plural = text.length() > 1 && text.endsWith("s");
            Optional<String> name = Optional.ofNullable(LETTERS.get(plain(letter)));
            return name.map(sounds -> Arpabet.phones(plural ? withS(sounds) : sounds, letter))
                    .orElse(List.of());
        }
        Optional<String> weak = place.role.isEmpty() && !(place.before.isEmpty() && place.after.isEmpty())
                ? weak(text, place)
                : Optional.empty();
        if (weak.isPresent()) {
            return Phone.parse(weak.get()).orElseThrow();
        }
        return Homographs.find(text, place.before, place.after, place.role)
                .or(() -> arpabet(text))
                .map(sounds -> Arpabet.phones(sounds, text))
                .orElse(List.of());
    }

    private Optional<String> weak(String word, Place place) {
        boolean beforeVowel = !place.after.isEmpty() && beginsWithVowel(place.after);
        if (word.equals("the") && beforeVowel) {
            return Optional.of("ðɪ");
        }
        if (word.equals("to") && (beforeVowel || place.after.isEmpty())) {
            return Optional.of(beforeVowel ? "tʊ" : "tuː");
        }
        // What ends a sentence is not weak.
        return place.after.isEmpty() && !word.equals("it") ? Optional.empty() : Optional.ofNullable(WEAK.get(word));
    }

    private boolean beginsWithVowel(String word) {
        List<String> found = dictionary.find(word);
        return found.isEmpty()
                ? "aeiou".indexOf(word.charAt(0)) >= 0
                : Arpabet.isVowel(found.getFirst().split(" ")[0]);
    }

    /** ARPAbet of a word that stands alone. */
    Optional<String> arpabet(String word) {
        List<String> found = dictionary.find(word);
        if (!found.isEmpty()) {
            return Optional.of(found.getFirst());
        }
        String letterWord = plain(word);
        return inflected(letterWord)
                .or(() -> compound(letterWord))
                .or(() -> letters.pronounce(letterWord.replaceAll("[^a-z']", "")));
    }

    /** Without accents. */
    private static String plain(String word) {
        return Normalizer.normalize(word, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .replace("ß", "ss")
                .replace("æ", "ae")
                .replace("ø", "o")
                .replace("œ", "oe");
    }

    private Optional<String> known(String stem) {
        return stem.length() < SHORTEST_PART
                ? Optional.empty()
                : dictionary.find(stem).stream().findFirst();
    }

    /** A word of the dictionary with an ending. */
    private Optional<String> inflected(String word) {
        if (word.endsWith("'s") || word.endsWith("s'")) {
            return arpabet(word.substring(0, word.length() - 2)).map(Pronouncer::withS);
        }
        if (word.endsWith("s")) {
            Optional<String> stem = known(cut(word, 1));
            if (stem.isEmpty() && word.endsWith("ies")) {
                stem = known(cut(word, 3) + "y");
            }
            if (stem.isEmpty() && word.endsWith("es")) {
                stem = known(cut(word, 2));
            }
            return stem.map(Pronouncer::withS);
        }
        if (word.endsWith("ed")) {
            return stem(word, 2).map(Pronouncer::withD);
        }
        if (word.endsWith("ing")) {
            return stem(word, 3).map(sounds -> sounds + " IH0 NG");
        }
        if (word.endsWith("er")) {
            return stem(word, 2).map(sounds -> sounds + " ER0");
        }
        if (word.endsWith("ly")) {
            return known(cut(word, 2)).map(sounds -> sounds + " L IY0");
        }
        if (word.endsWith("ness")) {
            return known(cut(word, 4)).map(sounds -> sounds + " N AH0 S");
        }
        if (word.endsWith("less")) {
            return known(cut(word, 4)).map(sounds -> sounds + " L AH0 S");
        }
        if (word.startsWith("un")) {
            return known(word.substring(2)).map(sounds -> "AH0 N " + sounds);
        }
        if (word.startsWith("re")) {
            return known(word.substring(2)).map(sounds -> "R IY0 " + sounds);
        }
        if (word.startsWith("non")) {
            return known(word.substring(3)).map(sounds -> "N AA2 N " + sounds);
        }
        return Optional.empty();
    }

    private static String cut(String word, int end) {
        return word.substring(0, word.length() - end);
    }

    /** What stands before -ed, -er or -ing: as it is, with the e that was dropped, or with one consonant of two. */
    private Optional<String> stem(String word, int ending) {
        String stem = cut(word, ending);
        Optional<String> found = known(stem).or(() -> known(stem + "e"));
        if (found.isEmpty() && stem.endsWith("i")) {
            found = known(cut(stem, 1) + "y");
        }
        boolean doubled =
                stem.length() > SHORTEST_PART && stem.charAt(stem.length() - 1) == stem.charAt(stem.length() - 2);
        return found.isEmpty() && doubled ? known(cut(stem, 1)) : found;
    }

    private static String last(String sounds) {
        return sounds.substring(sounds.lastIndexOf(' ') + 1);
    }

    private static String withS(String sounds) {
        String last = last(sounds);
        return sounds + (SIBILANTS.contains(last) ? " IH0 Z" : VOICELESS.contains(last) ? " S" : " Z");
    }

    private static String withD(String sounds) {
        String last = last(sounds);
        return sounds + (last.equals("T") || last.equals("D") ? " IH0 D" : VOICELESS.contains(last) ? " T" : " D");
    }

    /** Two words of the dictionary in one, the first as long as it can be. */
    private Optional<String> compound(String word) {
        for (int split = word.length() - SHORTEST_PART - 1; split > SHORTEST_PART; split--) {
            Optional<String> first = known(word.substring(0, split));
            Optional<String> second = known(word.substring(split));
            if (first.isPresent() && second.isPresent()) {
                return Optional.of(first.get() + " " + second.get().replace('1', '2'));
            }
        }
        return Optional.empty();
    }
}
