package dev.outcrop.engines.voice.english;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Numbers in English words. */
final class Numbers {
    private static final String[] SMALL = {
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen"
    };
    private static final String[] TENS = {
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"
    };
    private static final String[] GROUPS = {
        "", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion"
    };
    private static final Map<String, String> ORDINALS = Map.of(
            "one", "first",
            "two", "second",
            "three", "third",
            "five", "fifth",
            "eight", "eighth",
            "nine", "ninth",
            "twelve", "twelfth");

    private Numbers() {}

    /** A whole number; one of more than 24 digits is read digit by digit. */
    static List<String> cardinal(String digits) {
        String plain = digits.replace(",", "").replaceFirst("^0+(?=\\d)", "");
        if (plain.length() > 3 * GROUPS.length) {
            return digits(plain);
        }
        BigInteger rest = new BigInteger(plain);
        if (rest.signum() == 0) {
            return List.of(SMALL[0]);
        }
        List<String> words = new ArrayList<>();
        for (int group = 0; rest.signum() > 0; group++) {
            BigInteger[] parts = rest.divideAndRemainder(BigInteger.valueOf(1000));
            if (parts[1].signum() > 0) {
                List<String> here = hundreds(parts[1].intValue());
                if (group > 0) {
                    here.add(GROUPS[group]);
                }
                words.addAll(0, here);
            }
            rest = parts[0];
        }
        return words;
    }

    private static List<String> hundreds(int number) {
        List<String> words = new ArrayList<>();
        int rest = number;
        if (rest >= 100) {
            words.add(SMALL[rest / 100]);
            words.add("hundred");
            rest %= 100;
        }
        if (rest >= 20) {
            words.add(TENS[rest / 10]);
            rest %= 10;
            if (rest > 0) {
                words.add(SMALL[rest]);
            }
        } else if (rest > 0) {
            words.add(SMALL[rest]);
        }
        return words;
    }

    static List<String> ordinal(String digits) {
        List<String> words = new ArrayList<>(cardinal(digits));
        String last = words.removeLast();
        words.add(
                ORDINALS.containsKey(last)
                        ? ORDINALS.get(last)
                        : last.endsWith("y")
                                ? last.substring(0, last.length() - 1) + "ieth"
                                : last.endsWith("t") ? last + "h" : last + "th");
        return words;
    }

    /** Each digit on its own. */
    static List<String> digits(String digits) {
        return digits.chars()
                .filter(Character::isDigit)
                .mapToObj(digit -> SMALL[Character.digit(digit, 10)])
                .toList();
    }

    /** A number that may have a fraction, such as 1,234.05. */
    static List<String> decimal(String number) {
        int point = number.indexOf('.');
        if (point < 0) {
            return cardinal(number);
        }
        List<String> words = new ArrayList<>(point == 0 ? List.of() : cardinal(number.substring(0, point)));
        words.add("point");
        words.addAll(digits(number.substring(point + 1)));
        return words;
    }

    /** A year of four digits. */
    static List<String> year(int year) {
        int century = year / 100;
        int rest = year % 100;
        if ((year >= 2000 && year < 2010) || (rest == 0 && century % 10 == 0)) {
            return cardinal(Integer.toString(year));
        }
        List<String> words = new ArrayList<>(hundreds(century));
        if (rest == 0) {
            words.add("hundred");
        } else if (rest < 10) {
            words.add("oh");
            words.add(SMALL[rest]);
        } else {
            words.addAll(hundreds(rest));
        }
        return words;
    }

    /** A fraction such as three quarters. */
    static List<String> fraction(String numerator, String denominator) {
        List<String> words = new ArrayList<>(cardinal(numerator));
        boolean one = new BigInteger(numerator).equals(BigInteger.ONE);
        String below = denominator.replaceFirst("^0+(?=\\d)", "");
        switch (below) {
            case "0", "1" -> {
                words.add("over");
                words.addAll(cardinal(below));
            }
            case "2" -> words.add(one ? "half" : "halves");
            case "4" -> words.add(one ? "quarter" : "quarters");
            default -> {
                List<String> parts = new ArrayList<>(ordinal(below));
                if (!one) {
                    parts.add(parts.removeLast() + "s");
                }
                words.addAll(parts);
            }
        }
        return words;
    }

    /** The value of a Roman numeral, or 0 if it is none. */
    static int roman(String numeral) {
        if (!numeral.matches("M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")) {
            return 0;
        }
        Map<Character, Integer> values = Map.of('I', 1, 'V', 5, 'X', 10, 'L', 50, 'C', 100, 'D', 500, 'M', 1000);
        int sum = 0;
        for (int i = 0; i < numeral.length(); i++) {
            int value = values.get(numeral.charAt(i));
            boolean smaller = i + 1 < numeral.length() && value < values.get(numeral.charAt(i + 1));
            sum += smaller ? -value : value;
        }
        return sum;
    }
}
