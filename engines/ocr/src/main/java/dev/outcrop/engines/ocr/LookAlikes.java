package dev.outcrop.engines.ocr;

/**
 * Sets right characters that look alike, where what stands around them leaves no doubt: letters between digits, the only
 * digit within a word of letters, a capital among small letters. Codes that mix both stay as they were read.
 */
final class LookAlikes {
    private LookAlikes() {}

    /** {@code word} with as many characters as it has. */
    static String settled(String word) {
        StringBuilder settled = new StringBuilder(word);
        int digits = (int) word.chars().filter(Character::isDigit).count();
        int letters = (int) word.chars().filter(Character::isLetter).count();
        for (int i = 0; i < word.length(); i++) {
            char before = i > 0 ? word.charAt(i - 1) : ' ';
            char after = i + 1 < word.length() ? word.charAt(i + 1) : ' ';
            char letter = word.charAt(i);
            if (Character.isDigit(letter)) {
                if (digits == 1 && letters >= 3 && Character.isLetter(before) && Character.isLetter(after)) {
                    settled.setCharAt(i, asLetter(letter, before));
                }
            } else if (betweenDigits(word, i) || (isZero(letter) && numeric(word))) {
                settled.setCharAt(i, asDigit(letter));
            } else if (letter == 'I'
                    && Character.isLowerCase(before)
                    && (after == ' ' || Character.isLowerCase(after))) {
                settled.setCharAt(i, 'l');
            } else if (letter == 'l' && isCapital(before) && (after == ' ' || isCapital(after))) {
                settled.setCharAt(i, 'I');
            }
        }
        return settled.toString();
    }

    /** Whether digits, or one and a sign as in sums and dates, stand at both sides. */
    private static boolean betweenDigits(String word, int at) {
        return at > 0
                && at + 1 < word.length()
                && Character.isDigit(word.charAt(at - 1))
                && (Character.isDigit(word.charAt(at + 1))
                        || (isSign(word.charAt(at + 1))
                                && at + 2 < word.length()
                                && Character.isDigit(word.charAt(at + 2))));
    }

    /** Whether there is nothing but digits, signs, and what looks like a zero. */
    private static boolean numeric(String word) {
        return word.length() >= 3
                && word.chars().anyMatch(Character::isDigit)
                && word.chars()
                        .allMatch(
                                letter -> Character.isDigit(letter) || isSign((char) letter) || isZero((char) letter));
    }

    private static boolean isSign(char sign) {
        return ".,/:-".indexOf(sign) >= 0;
    }

    private static boolean isCapital(char letter) {
        return Character.isUpperCase(letter) && letter != 'I';
    }

    private static boolean isZero(char letter) {
        return letter == 'O' || letter == 'o';
    }

    private static char asDigit(char letter) {
        return switch (letter) {
            case 'O', 'o' -> '0';
            case 'I', 'l', '|' -> '1';
            default -> letter;
        };
    }

    private static char asLetter(char digit, char before) {
        boolean small = Character.isLowerCase(before);
        return switch (digit) {
            case '0' -> small ? 'o' : 'O';
            case '1' -> small ? 'l' : digit;
            default -> digit;
        };
    }
}
