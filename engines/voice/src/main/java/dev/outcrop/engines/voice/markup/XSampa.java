package dev.outcrop.engines.voice.markup;

import java.util.Map;
import java.util.Optional;

/**
 * From X-SAMPA to IPA.
 *
 * <p>Source: Wells, "Computer-coding the IPA: a proposed extension of SAMPA", 1995.
 */
final class XSampa {
    private static final Map<String, String> SYMBOLS = Map.ofEntries(
            Map.entry("A", "ɑ"),
            Map.entry("B", "β"),
            Map.entry("C", "ç"),
            Map.entry("D", "ð"),
            Map.entry("E", "ɛ"),
            Map.entry("F", "ɱ"),
            Map.entry("G", "ɣ"),
            Map.entry("H", "ɥ"),
            Map.entry("I", "ɪ"),
            Map.entry("J", "ɲ"),
            Map.entry("K", "ɬ"),
            Map.entry("L", "ʎ"),
            Map.entry("M", "ɯ"),
            Map.entry("N", "ŋ"),
            Map.entry("O", "ɔ"),
            Map.entry("P", "ʋ"),
            Map.entry("Q", "ɒ"),
            Map.entry("R", "ʁ"),
            Map.entry("S", "ʃ"),
            Map.entry("T", "θ"),
            Map.entry("U", "ʊ"),
            Map.entry("V", "ʌ"),
            Map.entry("W", "ʍ"),
            Map.entry("X", "χ"),
            Map.entry("Y", "ʏ"),
            Map.entry("Z", "ʒ"),
            Map.entry("g", "ɡ"),
            Map.entry("r\\`", "ɻ"),
            Map.entry("r\\", "ɹ"),
            Map.entry("l`", "ɭ"),
            Map.entry("n`", "ɳ"),
            Map.entry("t`", "ʈ"),
            Map.entry("d`", "ɖ"),
            Map.entry("s`", "ʂ"),
            Map.entry("z`", "ʐ"),
            Map.entry("r`", "ɽ"),
            Map.entry("s\\", "ɕ"),
            Map.entry("z\\", "ʑ"),
            Map.entry("h\\", "ɦ"),
            Map.entry("j\\", "ʝ"),
            Map.entry("p\\", "ɸ"),
            Map.entry("v\\", "ʋ"),
            Map.entry("K\\", "ɮ"),
            Map.entry("M\\", "ɰ"),
            Map.entry("R\\", "ʀ"),
            Map.entry("I\\", "ᵻ"),
            Map.entry("{", "æ"),
            Map.entry("}", "ʉ"),
            Map.entry("@`", "ɚ"),
            Map.entry("@\\", "ɘ"),
            Map.entry("@", "ə"),
            Map.entry("3`", "ɝ"),
            Map.entry("3\\", "ɞ"),
            Map.entry("3", "ɜ"),
            Map.entry("1", "ɨ"),
            Map.entry("2", "ø"),
            Map.entry("4", "ɾ"),
            Map.entry("5", "ɫ"),
            Map.entry("6", "ɐ"),
            Map.entry("7", "ɤ"),
            Map.entry("8", "ɵ"),
            Map.entry("9", "œ"),
            Map.entry("&", "ɶ"),
            Map.entry("?", "ʔ"),
            Map.entry("\"", "ˈ"),
            Map.entry("%", "ˌ"),
            Map.entry(":\\", "ˑ"),
            Map.entry(":", "ː"),
            Map.entry("_j", "ʲ"),
            Map.entry("_h", "ʰ"),
            Map.entry("_=", "̩"),
            Map.entry("=", "̩"),
            Map.entry("_d", "̪"),
            Map.entry("_^", "̯"),
            Map.entry("_~", "̃"),
            Map.entry("~", "̃"),
            Map.entry(".", "."),
            Map.entry("-", "-"),
            Map.entry("'", "ʲ"));

    private static final int LONGEST = 3;

    private XSampa() {}

    /** The transcription in IPA; empty if it is none of X-SAMPA. */
    static Optional<String> toIpa(String transcription) {
        StringBuilder ipa = new StringBuilder();
        int at = 0;
        while (at < transcription.length()) {
            int length = Math.min(LONGEST, transcription.length() - at);
            String symbol = null;
            while (length > 0 && symbol == null) {
                symbol = SYMBOLS.get(transcription.substring(at, at + length));
                length -= symbol == null ? 1 : 0;
            }
            char here = transcription.charAt(at);
            if (symbol == null) {
                if ((here < 'a' || here > 'z') && here != ' ') {
                    return Optional.empty();
                }
                symbol = String.valueOf(here);
                length = 1;
            }
            ipa.append(symbol);
            at += length;
        }
        return Optional.of(ipa.toString());
    }
}
