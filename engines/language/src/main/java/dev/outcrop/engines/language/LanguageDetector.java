package dev.outcrop.engines.language;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells which languages a text is in: by its script where that is one language's alone, and else by its n-grams of two to
 * five letters, each of which speaks for the languages that have it as much as it is frequent there. A text in several
 * languages is judged piece by piece. Safe for concurrent use; knows 88 languages.
 *
 * <p>Source: Cavnar and Trenkle, "N-Gram-Based Text Categorization", 1994; the frequencies are Lingua's, reduced by {@code
 * training.LanguageRecipe}.
 */
public final class LanguageDetector {
    /** Texts are judged in pieces of at least so many letters, where they have so many. */
    private static final int PIECE = 120;

    /** No more than so many letters of a piece are looked at. */
    private static final int LOOKED_AT = 2000;

    /** Languages less likely than this are not named, unless nothing is likelier. */
    private static final double UNLIKELY = 0.01;

    /** What n-grams of each length count: long ones say again what the short ones in them have said. */
    private static final double[] WEIGHTS = {0, 0, 1, 1, 0.7, 0.5};

    /**
     * Languages that seldom are what a text is in, and look like one that often is: Bosnian like Croatian, Malay like
     * Indonesian. They need so much more than the others; chosen on messages of Sphinx's, Wagtail's and WTForms' catalogs.
     */
    private static final Set<String> RARE =
            Set.of("bs", "eo", "la", "lg", "mi", "ms", "nn", "sn", "so", "st", "tn", "ts", "xh", "yo", "zu");

    private static final double MORE_FOR_RARE = 20;

    private static final Map<Character.UnicodeScript, String> SCRIPTS = Map.ofEntries(
            Map.entry(Character.UnicodeScript.GREEK, "el"),
            Map.entry(Character.UnicodeScript.HEBREW, "he"),
            Map.entry(Character.UnicodeScript.ARMENIAN, "hy"),
            Map.entry(Character.UnicodeScript.GEORGIAN, "ka"),
            Map.entry(Character.UnicodeScript.HANGUL, "ko"),
            Map.entry(Character.UnicodeScript.TAMIL, "ta"),
            Map.entry(Character.UnicodeScript.TELUGU, "te"),
            Map.entry(Character.UnicodeScript.THAI, "th"),
            Map.entry(Character.UnicodeScript.BENGALI, "bn"),
            Map.entry(Character.UnicodeScript.GUJARATI, "gu"),
            Map.entry(Character.UnicodeScript.GURMUKHI, "pa"),
            Map.entry(Character.UnicodeScript.KANNADA, "kn"),
            Map.entry(Character.UnicodeScript.MALAYALAM, "ml"),
            Map.entry(Character.UnicodeScript.KHMER, "km"),
            Map.entry(Character.UnicodeScript.LAO, "lo"),
            Map.entry(Character.UnicodeScript.MYANMAR, "my"),
            Map.entry(Character.UnicodeScript.SINHALA, "si"),
            Map.entry(Character.UnicodeScript.ORIYA, "or"),
            Map.entry(Character.UnicodeScript.ETHIOPIC, "am"),
            Map.entry(Character.UnicodeScript.HIRAGANA, "ja"),
            Map.entry(Character.UnicodeScript.KATAKANA, "ja"),
            Map.entry(Character.UnicodeScript.HAN, "zh"));

    /** The languages that n-grams tell apart and that are not written in Latin letters. */
    private static final Map<Character.UnicodeScript, Set<String>> SHARED_SCRIPTS = Map.of(
            Character.UnicodeScript.CYRILLIC, Set.of("be", "bg", "kk", "mk", "mn", "ru", "sr", "uk"),
            Character.UnicodeScript.ARABIC, Set.of("ar", "fa", "ur"),
            Character.UnicodeScript.DEVANAGARI, Set.of("hi", "mr"));

    /** Characters that are written so in traditional Chinese alone. */
    private static final String TRADITIONAL = "們這來國說時會對沒還個為學從發後麼東車門開關長問間書電話語請謝讓點應該實現業產當與"
            + "無樂愛貝見風飛馬魚鳥龍龜號處備經濟體質題選過運進達遠適報場廣張強歲歷戰戶據擊數斷條樣機樹歡氣漢爾獨獲環畫療盡監眾禮種節範純紙細終組結給統綠網維緊線";

    /** A language with how probable it is, or which part of the text is in it. */
    public record DetectedLanguage(String code, double score) {}

    /** The languages of a text, the likeliest first; none where nothing is written in letters. */
    public List<DetectedLanguage> detect(String text) {
        Map<String, Double> sums = new HashMap<>();
        double all = 0;
        for (String piece : pieces(text)) {
            int letters = (int) Math.min(
                    LOOKED_AT, piece.codePoints().filter(Character::isLetter).count());
            if (letters > 0) {
                judge(piece).forEach((code, score) -> sums.merge(code, score * letters, Double::sum));
                all += letters;
            }
        }
        double whole = all;
        List<DetectedLanguage> ranked = sums.entrySet().stream()
                .map(entry -> new DetectedLanguage(entry.getKey(), entry.getValue() / whole))
                .sorted(Comparator.comparingDouble(DetectedLanguage::score)
                        .reversed()
                        .thenComparing(DetectedLanguage::code))
                .toList();
        List<DetectedLanguage> likely =
                ranked.stream().filter(language -> language.score() >= UNLIKELY).toList();
        return likely.isEmpty() ? ranked.stream().limit(1).toList() : likely;
    }

    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (Sentences.Sentence sentence : Sentences.of(text)) {
            piece.append(sentence.text()).append(' ');
            if (piece.length() >= PIECE) {
                pieces.add(piece.toString());
                piece.setLength(0);
            }
        }
        if (!piece.isEmpty()) {
            if (piece.length() < PIECE / 2 && !pieces.isEmpty()) {
                pieces.add(pieces.removeLast() + piece);
            } else {
                pieces.add(piece.toString());
            }
        }
        return pieces;
    }

    private static Map<String, Double> judge(String piece) {
        Map<Character.UnicodeScript, Integer> scripts = new HashMap<>();
        int letters = 0;
        for (int character :
                piece.codePoints().filter(Character::isLetter).limit(LOOKED_AT).toArray()) {
            scripts.merge(Character.UnicodeScript.of(character), 1, Integer::sum);
            letters++;
        }
        int kana = scripts.getOrDefault(Character.UnicodeScript.HIRAGANA, 0)
                + scripts.getOrDefault(Character.UnicodeScript.KATAKANA, 0);
        Map<String, Double> found = new HashMap<>();
        for (Map.Entry<Character.UnicodeScript, Integer> entry : scripts.entrySet()) {
            double share = (double) entry.getValue() / letters;
            String own = SCRIPTS.get(entry.getKey());
            if (entry.getKey() == Character.UnicodeScript.HAN) {
                own = 10 * kana >= entry.getValue() ? "ja" : chinese(piece);
            }
            if (own != null) {
                found.merge(own, share, Double::sum);
            } else {
                byNgrams(piece, entry.getKey()).forEach((code, score) -> found.merge(code, score * share, Double::sum));
            }
        }
        return found;
    }

    private static String chinese(String piece) {
        long traditional = piece.codePoints()
                .filter(letter -> TRADITIONAL.indexOf(letter) >= 0)
                .count();
        return 20 * traditional >= piece.length() ? "zh-TW" : "zh";
    }

    private static Map<String, Double> byNgrams(String piece, Character.UnicodeScript script) {
        NgramTable table = NgramTable.shipped();
        double[] votes = new double[table.languages().size()];
        int ngrams = 0;
        for (String word : piece.toLowerCase(java.util.Locale.ROOT).split("[^\\p{L}\\p{M}]+")) {
            int[] characters = word.codePoints().toArray();
            if (characters.length == 0 || Character.UnicodeScript.of(characters[0]) != script) {
                continue;
            }
            for (int length = NgramTable.SHORTEST; length <= NgramTable.LONGEST; length++) {
                for (int from = 0; from + length <= characters.length; from++) {
                    ngrams += table.vote(NgramTable.hash(characters, from, from + length), WEIGHTS[length], votes)
                            ? 1
                            : 0;
                }
            }
            if (ngrams > 4 * LOOKED_AT) {
                break;
            }
        }
        Map<String, Double> found = new HashMap<>();
        Set<String> candidates = SHARED_SCRIPTS.get(script);
        if (ngrams == 0) {
            return script == Character.UnicodeScript.LATIN ? Map.of("en", 1.0) : Map.of();
        }
        // Neighbouring n-grams say much the same: as many opinions as there are letters, and a few of them, are enough.
        double sharpness = Math.min(1, 40.0 / ngrams) * 0.35;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < votes.length; i++) {
            votes[i] -= RARE.contains(table.languages().get(i)) ? MORE_FOR_RARE : 0;
            largest = Math.max(largest, votes[i]);
        }
        double sum = 0;
        for (int i = 0; i < votes.length; i++) {
            String code = table.languages().get(i);
            boolean latin = SHARED_SCRIPTS.values().stream().noneMatch(codes -> codes.contains(code));
            if (candidates == null ? latin : candidates.contains(code)) {
                double probability = Math.exp((votes[i] - largest) * sharpness);
                found.merge(norwegian(code), probability, Double::sum);
                sum += probability;
            }
        }
        double total = Math.max(1e-12, sum);
        found.replaceAll((code, probability) -> probability / total);
        found.values().removeIf(probability -> probability < 1e-4);
        return found;
    }

    /** Both ways of writing Norwegian are one language here. */
    private static String norwegian(String code) {
        return code.equals("nb") || code.equals("nn") ? "no" : code;
    }
}
