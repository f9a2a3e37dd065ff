package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.core.SdkPojo;

/**
 * A key that a customer brings with a request (SSE-C). It is never kept: an object keeps a random salt and a digest of the
 * key under it, by which the key is known again, and its bytes are under a key made of both.
 *
 * <p>Source: "Using server-side encryption with customer-provided keys (SSE-C)", Amazon S3 user guide.
 */
final class CustomerKey {
    static final String ALGORITHM = "SSECustomerAlgorithm";
    static final String MD5 = "SSECustomerKeyMD5";

    /** Where an object keeps the salt and the digest. */
    static final String CHECK = "CustomerKeyCheck";

    private static final String OF_SOURCE = "CopySource";
    private static final String KEY = "SSECustomerKey";
    private static final String REQUESTS =
            "Requests specifying Server Side Encryption with Customer provided keys must ";
    private static final int KEY_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;
    private final String md5;

    private CustomerKey(byte[] key, String md5) {
        this.key = key;
        this.md5 = md5;
    }

    /** The key that {@code request} brings for the object that it reads or writes. */
    static Optional<CustomerKey> of(SdkPojo request) {
        return of(request, "", "x-amz-server-side-encryption-customer-");
    }

    /** The key that {@code request} brings for the source of a copy. */
    static Optional<CustomerKey> ofSource(SdkPojo request) {
        return of(request, OF_SOURCE, "x-amz-copy-source-server-side-encryption-customer-");
    }

    private static Optional<CustomerKey> of(SdkPojo request, String prefix, String header) {
        Optional<String> algorithm = Members.text(request, prefix + ALGORITHM);
        Optional<String> key = Members.text(request, prefix + KEY);
        Optional<String> md5 = Members.text(request, prefix + MD5);
        if (algorithm.isEmpty() && key.isEmpty() && md5.isEmpty()) {
            return Optional.empty();
        }
        if (!isConfidential()) {
            throw Errors.invalidRequest(REQUESTS + "be made over a secure connection.");
        }
        if (algorithm.isEmpty()) {
            throw Errors.invalidArgument(
                    REQUESTS + "provide a valid encryption algorithm.", header + "algorithm", "null");
        }
        if (!algorithm.get().equals("AES256")) {
            throw new AwsError(
                    "InvalidEncryptionAlgorithmError",
                    400,
                    "The Encryption request you specified is not valid. Supported value: AES256.",
                    Errors.details("ArgumentName", header + "algorithm", "ArgumentValue", algorithm.get()));
        }
        if (key.isEmpty()) {
            throw Errors.invalidArgument(REQUESTS + "provide an appropriate secret key.", header + "key", "null");
        }
        if (md5.isEmpty()) {
            throw Errors.invalidArgument(
                    REQUESTS + "provide the client calculated MD5 of the secret key.", header + "key-MD5", "null");
        }
        byte[] bytes = decoded(key.get());
        if (bytes.length != KEY_BYTES) {
            throw Errors.invalidArgument(
                    "The secret key was invalid for the specified algorithm.", header + "key", "null");
        }
        if (!MessageDigest.isEqual(digest(bytes), decoded(md5.get()))) {
            throw Errors.invalidArgument(
                    "The calculated MD5 hash of the key did not match the hash that was provided.",
                    header + "key-MD5",
                    md5.get());
        }
        return Optional.of(new CustomerKey(bytes, md5.get()));
    }

    /** Whether nobody but the caller and us can have seen the request: it came over TLS, or from this machine. */
    static boolean isConfidential() {
        CallContext context = CallContext.current();
        if (context.secureTransport()) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(context.sourceAddress()).isLoopbackAddress();
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has MD5", impossible);
        }
    }

    /** The MD5 that came with it, by which its owner knows it. */
    String md5() {
        return md5;
    }

    /** What a new object keeps, so that the key is known again. */
    Map<String, String> kept() {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        Map<String, String> kept = new LinkedHashMap<>();
        kept.put(ALGORITHM, "AES256");
        kept.put(MD5, md5);
        kept.put(
                CHECK,
                Base64.getEncoder().encodeToString(salt) + ":"
                        + Base64.getEncoder().encodeToString(made("check", salt)));
        return kept;
    }

    /** The key of the bytes of an object that keeps {@code check}; empty if this is not the key that it was put with. */
    Optional<SecretKey> contentKey(String check) {
        String[] parts = check.split(":", 2);
        byte[] salt = Base64.getDecoder().decode(parts[0]);
        return MessageDigest.isEqual(made("check", salt), Base64.getDecoder().decode(parts[1]))
                ? Optional.of(new SecretKeySpec(made("content", salt), "AES"))
                : Optional.empty();
    }

    private byte[] made(String purpose, byte[] salt) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(purpose.getBytes(StandardCharsets.US_ASCII));
            return mac.doFinal(salt);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has HMAC with SHA-256", impossible);
        }
    }
}
