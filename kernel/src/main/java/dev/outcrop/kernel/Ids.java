package dev.outcrop.kernel;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes the ids of new things, in the shapes that AWS gives them. */
public final class Ids {
    private static final String DIGITS = "0123456789";
    private static final String LOWERCASE = "abcdefghijklmnopqrstuvwxyz";
    private static final String UPPERCASE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String BASE_32 = UPPERCASE + "234567";

    private final RandomGenerator random;

    /** Ids that cannot be guessed. */
    public Ids() {
        this(new SecureRandom());
    }

    /** @param random makes the ids; tests give one with a seed */
    public Ids(RandomGenerator random) {
        this.random = random;
    }

    /** {@code length} lower-case letters and digits, beginning with a letter. */
    public String lowercase(int length) {
        return length == 0 ? "" : of(LOWERCASE, 1) + of(LOWERCASE + DIGITS, length - 1);
    }

    /** {@code length} upper-case letters and digits, beginning with a letter. */
    public String uppercase(int length) {
        return length == 0 ? "" : of(UPPERCASE, 1) + of(UPPERCASE + DIGITS, length - 1);
    }

    /** {@code length} lower-case hexadecimal digits. */
    public String hexadecimal(int length) {
        return of("0123456789abcdef", length);
    }

    /** A random UUID (RFC 9562, version 4). */
    public String uuid() {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & ~(3L << 62)) | (1L << 63);
        return new UUID(high, low).toString();
    }

    /** The id of a long-term access key. */
    public String accessKeyId() {
        return "AKIA" + of(BASE_32, 16);
    }

    /** A secret access key, 40 characters. */
    public String secretAccessKey() {
        return of(UPPERCASE + LOWERCASE + DIGITS + "+/", 40);
    }

    /** The ARN of {@code resource}, such as {@code guardrail/abc}, of {@code service} in the call's account and region. */
    public static String arn(String service, String resource) {
        CallContext context = CallContext.current();
        return "arn:aws:" + service + ":" + context.region() + ":" + context.account() + ":" + resource;
    }

    private String of(String alphabet, int length) {
        StringBuilder id = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            id.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return id.toString();
    }
}
