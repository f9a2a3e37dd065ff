package dev.outcrop.services.sts;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a telephone shows: one-time passwords by RFC 6238, worked out apart from the house's own. */
final class TotpDevice {
    private final byte[] secret;

    /** @param seed in Base32 */
    TotpDevice(String seed) {
        BigInteger bits = BigInteger.ONE;
        for (int at = 0; at < seed.length(); at++) {
            bits = bits.shiftLeft(5)
                    .or(BigInteger.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(seed.charAt(at))));
        }
        byte[] all = bits.toByteArray();
        secret = Arrays.copyOfRange(all, all.length - seed.length() * 5 / 8, all.length);
    }

    String shows(Instant time) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "RAW"));
            byte[] counter = new byte[8];
            long step = time.getEpochSecond() / 30;
            for (int index = 7; index >= 0; index--) {
                counter[index] = (byte) step;
                step >>= 8;
            }
            byte[] hash = mac.doFinal(counter);
            int at = hash[19] & 0xF;
            long number = ((hash[at] & 0x7FL) << 24)
                    | ((hash[at + 1] & 0xFFL) << 16)
                    | ((hash[at + 2] & 0xFFL) << 8)
                    | (hash[at + 3] & 0xFFL);
            return String.format("%06d", number % 1_000_000);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
