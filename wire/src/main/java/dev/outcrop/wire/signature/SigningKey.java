package dev.outcrop.wire.signature;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key that signs for one day, region and service. Safe for concurrent use. */
public final class SigningKey {
    private static final String HMAC = "HmacSHA256";

    /** Keyed once and cloned for each signature: keying costs two blocks of SHA-256 and a provider look-up. */
    private final Mac keyed;

    private SigningKey(byte[] key) {
        keyed = keyed(key);
    }

    /** The key that {@code secret} gives for a scope. */
    static SigningKey derive(String secret, String date, String region, String service) {
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {date, region, service, "aws4_request"}) {
            key = keyed(key).doFinal(part.getBytes(StandardCharsets.UTF_8));
        }
        return new SigningKey(key);
    }

    /** The signature of {@code text} in hexadecimal digits. */
    String sign(String text) {
        try {
            Mac mac = (Mac) keyed.clone();
            return Hex.lower(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's " + HMAC + " cannot be cloned", e);
        }
    }

    /** The signature of version 2 that {@code secret} gives {@code text}, in base64. */
    static String signVersion2(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC with SHA-1", e);
        }
    }

    private static Mac keyed(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
