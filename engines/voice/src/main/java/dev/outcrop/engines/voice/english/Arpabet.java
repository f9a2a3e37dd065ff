package dev.outcrop.engines.voice.english;

import dev.outcrop.engines.voice.Phone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * From ARPAbet, as CMU's dictionary has it, to IPA as espeak writes American English, which is what Piper's voices were
 * trained on: reduced vowels in prefixes and endings, flaps, r-coloured vowels, and stress right before the vowel.
 */
final class Arpabet {
    private static final Map<String, String> SOUNDS = Map.ofEntries(
            Map.entry("AA", "ɑː"),
            Map.entry("AE", "æ"),
            Map.entry("AH", "ʌ"),
            Map.entry("AO", "ɔː"),
            Map.entry("AW", "aʊ"),
            Map.entry("AY", "aɪ"),
            Map.entry("B", "b"),
            Map.entry("CH", "tʃ"),
            Map.entry("D", "d"),
            Map.entry("DH", "ð"),
            Map.entry("EH", "ɛ"),
            Map.entry("ER", "ɜː"),
            Map.entry("EY", "eɪ"),
            Map.entry("F", "f"),
            Map.entry("G", "ɡ"),
            Map.entry("HH", "h"),
            Map.entry("IH", "ɪ"),
            Map.entry("IY", "iː"),
            Map.entry("JH", "dʒ"),
            Map.entry("K", "k"),
            Map.entry("L", "l"),
            Map.entry("M", "m"),
            Map.entry("N", "n"),
            Map.entry("NG", "ŋ"),
            Map.entry("OW", "oʊ"),
            Map.entry("OY", "ɔɪ"),
            Map.entry("P", "p"),
            Map.entry("R", "ɹ"),
            Map.entry("S", "s"),
            Map.entry("SH", "ʃ"),
            Map.entry("T", "t"),
            Map.entry("TH", "θ"),
            Map.entry("UH", "ʊ"),
            Map.entry("UW", "uː"),
            Map.entry("V", "v"),
            Map.entry("W", "w"),
            Map.entry("Y", "j"),
            Map.entry("Z", "z"),
            Map.entry("ZH", "ʒ"));

    private static final Set<String> REDUCED_PREFIXES = Set.of("be", "de", "re", "pre", "e", "se", "ne");

    private Arpabet() {}

    /** Whether it is a vowel; those carry a digit of stress. */
    static boolean isVowel(String sound) {
        return Character.isDigit(sound.charAt(sound.length() - 1));
    }

    /**
     * The sounds in IPA.
     *
     * @param spelling the word, which tells some vowels apart
     */
    static List<Phone> phones(String arpabet, String spelling) {
        String[] sounds = arpabet.split(" ");
        int vowels = 0;
        for (String sound : sounds) {
            vowels += isVowel(sound) ? 1 : 0;
        }
        List<Phone> phones = new ArrayList<>(sounds.length);
        int seen = 0;
        for (int i = 0; i < sounds.length; i++) {
            if (isVowel(sounds[i])) {
                seen++;
                phones.add(new Phone(vowel(sounds, i, seen, vowels, spelling)));
                if (sounds[i].equals("IY0") && i + 1 < sounds.length && sounds[i + 1].equals("AH0")) {
                    phones.set(phones.size() - 1, new Phone("iə"));
                    seen++;
                    i++;
                }
            } else {
                phones.add(new Phone(consonant(sounds, i)));
            }
        }
        return phones;
    }

    private static String consonant(String[] sounds, int i) {
        if (sounds[i].equals("T") && i > 0 && i + 1 < sounds.length) {
            boolean afterVowel = isVowel(sounds[i - 1]) || sounds[i - 1].equals("R");
            boolean beforeWeak = sounds[i + 1].endsWith("0") && isVowel(sounds[i + 1]);
            boolean nasal = i + 2 < sounds.length && sounds[i + 1].equals("AH0") && sounds[i + 2].equals("N");
            if (afterVowel && beforeWeak && !nasal) {
                return "ɾ";
            }
        }
        return SOUNDS.getOrDefault(sounds[i], "");
    }

    private static String vowel(String[] sounds, int i, int number, int vowels, String spelling) {
        String sound = sounds[i];
        String name = sound.substring(0, sound.length() - 1);
        char stress = sound.charAt(sound.length() - 1);
        String next = i + 1 < sounds.length ? sounds[i + 1] : "";
        boolean beforeVowel = !next.isEmpty() && isVowel(next);
        String mark = stress == '1' ? "ˈ" : stress == '2' ? "ˌ" : "";
        return mark
                + switch (name) {
                    case "AH" -> stress == '0' ? schwa(sounds, i, spelling) : "ʌ";
                    case "ER" -> {
                        if (stress == '0') {
                            yield beforeVowel ? "ɚɹ" : "ɚ";
                        }
                        yield beforeVowel ? "ɜːɹ" : "ɜː";
                    }
                    case "IY" -> stress == '0' ? "i" : "iː";
                    case "IH" -> stress == '0' && isReduced(sounds, i, number, vowels, spelling) ? "ᵻ" : "ɪ";
                    case "AO" -> next.equals("R") && isForce(sounds, i, spelling) ? "oː" : "ɔː";
                    default -> SOUNDS.getOrDefault(name, "ə");
                };
    }

    private static String schwa(String[] sounds, int i, String spelling) {
        if (i == 0 && spelling.startsWith("a")) {
            return "ɐ";
        }
        boolean inIty = i + 2 < sounds.length && sounds[i + 1].equals("T") && sounds[i + 2].equals("IY0");
        return inIty && spelling.endsWith("ity") ? "ᵻ" : "ə";
    }

    /** Whether an unstressed i is one of a prefix such as be- or of an ending such as -ed. */
    private static boolean isReduced(String[] sounds, int i, int number, int vowels, String spelling) {
        if (number == vowels && i == sounds.length - 2) {
            return spelling.endsWith("ed") || spelling.endsWith("es") || spelling.endsWith("'s");
        }
        if (number == 1 && vowels > 1) {
            for (int length = 1; length <= 3 && length < spelling.length(); length++) {
                if (REDUCED_PREFIXES.contains(spelling.substring(0, length)) && i <= length - 1) {
                    return true;
                }
            }
        }
        return i + 2 < sounds.length
                && sounds[i + 1].equals("T")
                && sounds[i + 2].equals("IY0")
                && spelling.endsWith("ity");
    }

    /** Whether an o before r is that of "force", not that of "north": before a vowel, and as most spellings tell. */
    private static boolean isForce(String[] sounds, int i, String spelling) {
        if (i + 2 < sounds.length && isVowel(sounds[i + 2])) {
            return true;
        }
        return spelling.contains("ore")
                || spelling.contains("our")
                || spelling.contains("oar")
                || spelling.contains("oor")
                || spelling.contains("port")
                || spelling.contains("ford")
                || spelling.contains("forc");
    }
}
