package dev.outcrop.engines.guard;

import java.util.Locale;

/** Check digits of the numbers that personal data carries. All take the number with or without separators. */
final class Checksums {
    private static final int[] NHS_WEIGHTS = {10, 9, 8, 7, 6, 5, 4, 3, 2};
    private static final int[] TAX_WEIGHTS = {6, 7, 8, 9, 10, 5, 4, 3, 2};
    private static final int[] ROUTING_WEIGHTS = {3, 7, 1};
    private static final int[] VEHICLE_WEIGHTS = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    private static final String VEHICLE_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ";
    private static final String VEHICLE_VALUES = "12345678123457923456789";

    private Checksums() {}

    static String digits(String text) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= '0' && text.charAt(i) <= '9') {
                digits.append(text.charAt(i));
            }
        }
        return digits.toString();
    }

    /** ISO/IEC 7812-1, annex B. */
    static boolean luhn(String number) {
        String digits = digits(number);
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = 2 * digit;
            sum += i % 2 == 0 ? digit : doubled / 10 + doubled % 10;
        }
        return !digits.isEmpty() && sum % 10 == 0;
    }

    /** ISO 13616: modulus 97. */
    static boolean iban(String number) {
        String iban = number.replaceAll("[ -]", "").toUpperCase(Locale.ROOT);
        if (iban.length() < 15 || iban.length() > 34) {
            return false;
        }
        int rest = 0;
        String turned = iban.substring(4) + iban.substring(0, 4);
        for (int i = 0; i < turned.length(); i++) {
            int value = Character.digit(turned.charAt(i), 36);
            if (value < 0) {
                return false;
            }
            rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
        }
        return rest == 1;
    }

    /** NHS number: modulus 11. */
    static boolean nationalHealthService(String number) {
        String digits = digits(number);
        if (digits.length() != 10) {
            return false;
        }
        int check = 11 - weighted(digits, NHS_WEIGHTS) % 11;
        return (check == 11 ? 0 : check) == digits.charAt(9) - '0';
    }

    /** Unique Taxpayer Reference: the first digit checks the other nine, modulus 11. */
    static boolean uniqueTaxpayerReference(String number) {
        String digits = digits(number);
        if (digits.length() != 10) {
            return false;
        }
        int rest = weighted(digits.substring(1), TAX_WEIGHTS) % 11;
        return "21987654321".charAt(rest) == digits.charAt(0);
    }

    /** ABA routing number: modulus 10, weights 3, 7, 1. */
    static boolean routing(String number) {
        String digits = digits(number);
        if (digits.length() != 9) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 9; i++) {
            sum += (digits.charAt(i) - '0') * ROUTING_WEIGHTS[i % 3];
        }
        int district = Integer.parseInt(digits.substring(0, 2));
        boolean known = district <= 12
                || (district >= 21 && district <= 32)
                || (district >= 61 && district <= 72)
                || district == 80;
        return known && sum % 10 == 0 && sum > 0;
    }

    /** Vehicle identification number: ISO 3779, with the check digit of 49 CFR 565. */
    static boolean vehicle(String number) {
        String vin = number.toUpperCase(Locale.ROOT);
        if (vin.length() != 17) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 17; i++) {
            char character = vin.charAt(i);
            int letter = VEHICLE_LETTERS.indexOf(character);
            if (letter < 0 && !Character.isDigit(character)) {
                return false;
            }
            int value = letter < 0 ? character - '0' : VEHICLE_VALUES.charAt(letter) - '0';
            sum += value * VEHICLE_WEIGHTS[i];
        }
        return "0123456789X".charAt(sum % 11) == vin.charAt(8);
    }

    private static int weighted(String digits, int[] weights) {
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += (digits.charAt(i) - '0') * weights[i];
        }
        return sum;
    }
}
