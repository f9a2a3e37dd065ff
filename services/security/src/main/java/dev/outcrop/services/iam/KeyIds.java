package dev.outcrop.services.iam;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Ids of access keys that say whose account they are of, as AWS's do: after the prefix come 80 bits in Base32, of which the
 * second to the forty-first are the account's number. What is left is random.
 */
public final class KeyIds {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int PREFIX = 4;
    private static final int LENGTH = 20;
    private static final int FIRST_CHARACTERS = 9;
    private static final long LARGEST_ACCOUNT = 999_999_999_999L;

    private KeyIds() {}

    /** A new id. {@code prefix} is {@code AKIA}, or {@code ASIA} for temporary keys. */
    public static String make(String prefix, String account, RandomGenerator random) {
        // Nine characters have 45 bits: one that is set, forty of the account, four of the random rest.
        long first = (1L << 44) | (Long.parseLong(account) << 4) | random.nextInt(16);
        StringBuilder id = new StringBuilder(prefix);
        for (int shift = 40; shift >= 0; shift -= 5) {
            id.append(ALPHABET.charAt((int) (first >> shift) & 31));
        }
        while (id.length() < LENGTH) {
            id.append(ALPHABET.charAt(random.nextInt(32)));
        }
        return id.toString();
    }

    /** The account, twelve digits, of a key with {@code id}; of an id of another form nothing sensible or nothing. */
    public static Optional<String> account(String id) {
        if (id.length() != LENGTH) {
            return Optional.empty();
        }
        long first = 0;
        for (int at = PREFIX; at < PREFIX + FIRST_CHARACTERS; at++) {
            int digit = ALPHABET.indexOf(id.charAt(at));
            if (digit < 0) {
                return Optional.empty();
            }
            first = (first << 5) | digit;
        }
        long account = (first >> 4) & ((1L << 40) - 1);
        return account > LARGEST_ACCOUNT ? Optional.empty() : Optional.of(String.format("%012d", account));
    }
}
