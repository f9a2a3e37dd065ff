package dev.outcrop.engines.voice;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A speech sound.
 *
 * @param symbols IPA as Piper's voices were trained on it: a mark of stress stands right before its vowel
 */
public record Phone(String symbols) {
    private static final String STRESS = "ˈˌ";
    private static final Set<String> PAIRS =
            Set.of("tʃ", "dʒ", "eɪ", "aɪ", "aʊ", "oʊ", "ɔɪ", "iə", "əʊ", "ɪə", "eə", "ʊə");
    private static final String VOWELS = "aeiouæɑɒɐɔəɚɛɜɝɪʊʌᵻyøœɨʉɯɤɵɘɞɶ";
    private static final String MODIFIERS = "ːˑʰʲˤ̧̩̯̪̃˞";
    private static final String CONSONANTS = "bcdfghjklmnpqrstvwxzçðħŋɓɕɖɗɟɡɢɣɥɦɧɫɬɭɮɰɱɲɳɴɸɹɺɻɽɾʀʁʂʃʄʈʋʍʎʐʑʒʔʝʟβθχ";

    /** What writers write for what the voices know. */
    private static final Map<String, String> SAME = Map.of("g", "ɡ", "r", "ɹ", "ɝ", "ɜː", "ɫ", "l", "ɐ̯", "ɐ");

    /**
     * The shapes of the mouth, by the first symbol of a sound.
     *
     * <p>Source: "English (US) (en-US)" of the phoneme and viseme tables of the Amazon Polly developer guide.
     */
    private static final Map<String, String> VISEMES = Map.ofEntries(
            Map.entry("pbm", "p"),
            Map.entry("tdnlɾʔɲ", "t"),
            Map.entry("ʃʒɕʑ", "S"),
            Map.entry("θð", "T"),
            Map.entry("fvɸβ", "f"),
            Map.entry("kɡhŋxɣχ", "k"),
            Map.entry("jiɪᵻɨy", "i"),
            Map.entry("ɹʁʀ", "r"),
            Map.entry("szç", "s"),
            Map.entry("wuʊʉɥ", "u"),
            Map.entry("əɚɐ", "@"),
            Map.entry("aæɑɒ", "a"),
            Map.entry("eø", "e"),
            Map.entry("ɛɜʌœ", "E"),
            Map.entry("o", "o"),
            Map.entry("ɔ", "O"));

    /** Its shape of the mouth, of those that {@code sil} for silence belongs to. */
    public String viseme() {
        String plain = withoutStress();
        if (plain.equals("tʃ") || plain.equals("dʒ")) {
            return "S";
        }
        if (plain.equals("ɔɪ")) {
            return "O";
        }
        String first = plain.substring(0, plain.offsetByCodePoints(0, 1));
        return VISEMES.entrySet().stream()
                .filter(entry -> entry.getKey().contains(first))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("sil");
    }

    private String withoutStress() {
        return STRESS.indexOf(symbols.charAt(0)) >= 0 ? symbols.substring(1) : symbols;
    }

    boolean isStressed() {
        return STRESS.indexOf(symbols.charAt(0)) >= 0;
    }

    boolean isVowel() {
        return VOWELS.indexOf(withoutStress().charAt(0)) >= 0;
    }

    /**
     * The sounds that a transcription in IPA stands for; empty if it holds anything else. Marks of stress may stand
     * before the syllable or before the vowel; marks between syllables and ties say nothing here.
     */
    public static Optional<List<Phone>> parse(String ipa) {
        List<Phone> phones = new ArrayList<>();
        String stress = "";
        String text = Normalizer.normalize(ipa, Normalizer.Form.NFD);
        for (int at = 0; at < text.length(); at++) {
            char symbol = text.charAt(at);
            if (STRESS.indexOf(symbol) >= 0) {
                stress = String.valueOf(symbol);
            } else if (MODIFIERS.indexOf(symbol) >= 0) {
                if (phones.isEmpty()) {
                    return Optional.empty();
                }
                phones.add(new Phone(phones.removeLast().symbols + symbol));
            } else if (VOWELS.indexOf(symbol) >= 0 || CONSONANTS.indexOf(symbol) >= 0) {
                String tied = at + 2 < text.length() && text.charAt(at + 1) == '͡'
                        ? "" + symbol + text.charAt(at + 2)
                        : at + 1 < text.length() ? text.substring(at, at + 2) : "";
                String sound = PAIRS.contains(tied) ? tied : String.valueOf(symbol);
                if (PAIRS.contains(tied)) {
                    at += text.charAt(at + 1) == '͡' ? 2 : 1;
                }
                Phone phone = new Phone(SAME.getOrDefault(sound, sound));
                if (phone.isVowel() && !stress.isEmpty()) {
                    phone = new Phone(stress + phone.symbols);
                    stress = "";
                }
                phones.add(phone);
            } else if (symbol == 'ç') {
                phones.add(new Phone("ç"));
            } else if (".͜͡‿- ".indexOf(symbol) < 0) {
                return Optional.empty();
            }
        }
        return phones.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(phones));
    }
}
