package dev.outcrop.services.iam;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a user signs in to the console by.
 *
 * @param hash          of the password
 * @param earlier       hashes of the passwords before it, the latest first
 * @param resetRequired whether the user must choose another at the next sign-in
 * @param createdAt     when the user was first given one, in milliseconds
 * @param changedAt     when the present one was set, in milliseconds
 */
record Login(String hash, List<String> earlier, boolean resetRequired, long createdAt, long changedAt) {
    /** The most that an account can have remembered; the present one is one of them. */
    private static final int MOST_REMEMBERED = 24;

    Login {
        earlier = List.copyOf(earlier);
    }

    /** Hashes of the present password and those before it, the latest first. */
    List<String> hashes() {
        List<String> hashes = new ArrayList<>(earlier);
        hashes.addFirst(hash);
        return hashes;
    }

    Login with(String newHash, boolean reset, Instant now) {
        return new Login(
                newHash, hashes().stream().limit(MOST_REMEMBERED - 1L).toList(), reset, createdAt, now.toEpochMilli());
    }

    Login withReset(boolean reset) {
        return new Login(hash, earlier, reset, createdAt, changedAt);
    }
}
