package dev.outcrop.engines.ocr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What each class of the recogniser stands for: 0 for nothing, then the keys in their order, the last for a space.
 */
final class CharacterSet {
    /** The class of no character. */
    static final int BLANK = 0;

    private final String[] characters;
    private final String[] plain;
    private final boolean[] eastern;

    private CharacterSet(List<String> keys) {
        characters = new String[keys.size() + 2];
        plain = new String[characters.length];
        eastern = new boolean[characters.length];
        characters[0] = "";
        characters[characters.length - 1] = " ";
        for (int i = 0; i < keys.size(); i++) {
            characters[i + 1] = keys.get(i);
        }
        for (int i = 0; i < characters.length; i++) {
            plain[i] = plain(characters[i]);
            eastern[i] = !characters[i].isEmpty() && isEastern(characters[i].codePointAt(0));
        }
    }

    /** Reads a file of keys, one a line. */
    static CharacterSet read(Path file) {
        try {
            return new CharacterSet(Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException("the characters " + file + " cannot be read", e);
        }
    }

    int size() {
        return characters.length;
    }

    /** The class of a space. */
    int space() {
        return characters.length - 1;
    }

    String character(int index) {
        return characters[index];
    }

    /** The character as it is written among Latin letters: full-width forms and typographic marks become ASCII's. */
    String plain(int index) {
        return plain[index];
    }

    /** Whether it belongs to Chinese, Japanese or Korean writing. */
    boolean eastern(int index) {
        return eastern[index];
    }

    private static boolean isEastern(int codePoint) {
        return switch (Character.UnicodeScript.of(codePoint)) {
            case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO -> true;
            default ->
                codePoint >= 0x3000
                        && codePoint <= 0x303F
                        && plain(Character.toString(codePoint)).codePointAt(0) > 0x7F;
        };
    }

    private static String plain(String character) {
        if (character.length() != 1) {
            return character;
        }
        char letter = character.charAt(0);
        if (letter >= '\uFF01' && letter <= '\uFF5E') {
            return String.valueOf((char) (letter - 0xFEE0));
        }
        return switch (letter) {
            case '“', '”', '″', '〃' -> "\"";
            case '‘', '’', '′' -> "'";
            case '。' -> ".";
            case '、', '﹑' -> ",";
            case '【' -> "[";
            case '】' -> "]";
            case '〔' -> "(";
            case '〕' -> ")";
            case '《' -> "«";
            case '》' -> "»";
            case '￥' -> "¥";
            case '￡' -> "£";
            case '￠' -> "¢";
            case '∶' -> ":";
            case '●', '▪', '·' -> "•";
            case '－', '─', '—' -> "-";
            case '｜', '│', '∣' -> "|";
            default -> character;
        };
    }
}
