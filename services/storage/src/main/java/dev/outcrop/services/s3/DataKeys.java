package dev.outcrop.services.s3;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.EncryptResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.KmsException;

/**
 * The keys of objects under keys of KMS (SSE-KMS): KMS is asked as whoever calls S3, and what it gives is bound to the
 * object, or to the bucket where bucket keys are used, by the encryption context.
 *
 * <p>Source: "Using server-side encryption with AWS KMS keys (SSE-KMS)" and "Encryption context", Amazon S3 user guide.
 */
final class DataKeys {
    /** The key that is used where none is named; KMS makes it when it is first used. */
    private static final String DEFAULT_KEY = "alias/aws/s3";

    private static final String ARN_IN_CONTEXT = "aws:s3:arn";
    private static final int KEY_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LARGEST_CONTEXT = 8192;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(2)
                    .maxDocumentLength(LARGEST_CONTEXT)
                    .build())
            .build();

    private final Supplier<Clients> clients;

    DataKeys(Supplier<Clients> clients) {
        this.clients = clients;
    }

    /**
     * A data key that KMS made.
     *
     * @param keyArn  of the key that it is under
     * @param sealed  under that key, in base64
     */
    record DataKey(SecretKey key, String keyArn, String sealed) {}

    /**
     * Has KMS make a key.
     *
     * @param keyId   what names the key of KMS; empty for the default one
     * @param context the encryption context
     * @throws AwsError in S3's words, if KMS refuses
     */
    DataKey generate(String keyId, Map<String, String> context) {
        GenerateDataKeyResponse made =
                ask(kms -> kms.generateDataKey(request -> request.keyId(keyId.isEmpty() ? DEFAULT_KEY : keyId)
                        .keySpec(DataKeySpec.AES_256)
                        .encryptionContext(context)));
        return new DataKey(
                key(made.plaintext()),
                made.keyId(),
                Base64.getEncoder().encodeToString(made.ciphertextBlob().asByteArrayUnsafe()));
    }

    /** The same as the role with {@code roleArn} asks for them. */
    DataKeys as(String roleArn) {
        return new DataKeys(() -> clients.get().as(roleArn));
    }

    /** A key of our own that KMS seals, which is what the role of a replication is allowed to ask for. */
    DataKey sealed(String keyId, Map<String, String> context) {
        byte[] bytes = new byte[KEY_BYTES];
        RANDOM.nextBytes(bytes);
        EncryptResponse answer = ask(kms -> kms.encrypt(request -> request.keyId(keyId)
                .plaintext(SdkBytes.fromByteArrayUnsafe(bytes))
                .encryptionContext(context)));
        return new DataKey(
                new SecretKeySpec(bytes, "AES"),
                answer.keyId(),
                Base64.getEncoder().encodeToString(answer.ciphertextBlob().asByteArrayUnsafe()));
    }

    /** Has KMS open a key that it made. */
    SecretKey open(String sealed, String keyArn, Map<String, String> context) {
        SdkBytes blob = SdkBytes.fromByteArrayUnsafe(Base64.getDecoder().decode(sealed));
        return key(ask(kms -> kms.decrypt(
                        request -> request.ciphertextBlob(blob).keyId(keyArn).encryptionContext(context)))
                .plaintext());
    }

    private static SecretKey key(SdkBytes bytes) {
        return new SecretKeySpec(bytes.asByteArrayUnsafe(), "AES");
    }

    private <T> T ask(Function<KmsClient, T> call) {
        try {
            return call.apply(clients.get().of(KmsClient.class));
        } catch (KmsException refused) {
            String code = refused.awsErrorDetails().errorCode();
            String message = refused.awsErrorDetails().errorMessage();
            throw code.startsWith("AccessDenied")
                    ? new AwsError("AccessDenied", 403, message)
                    : new AwsError(code.startsWith("KMS.") ? code : "KMS." + code, refused.statusCode(), message);
        }
    }

    /**
     * The context that an object's key is bound to.
     *
     * @param arn   of the object, or of its bucket
     * @param given what the caller wants in it
     */
    static Map<String, String> context(String arn, Map<String, String> given) {
        Map<String, String> context = new TreeMap<>(given);
        context.putIfAbsent(ARN_IN_CONTEXT, arn);
        return context;
    }

    /** What the header of the encryption context says: JSON with texts, in base64. */
    static Map<String, String> parse(String header) {
        Map<String, String> context = new LinkedHashMap<>();
        try (JsonParser parser =
                JSON.createParser(new String(Base64.getDecoder().decode(header), StandardCharsets.UTF_8))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw invalidContext(header);
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (parser.nextToken() != JsonToken.VALUE_STRING) {
                    throw invalidContext(header);
                }
                context.put(name, parser.getText());
            }
            return context;
        } catch (IOException | IllegalArgumentException malformed) {
            throw invalidContext(header);
        }
    }

    private static AwsError invalidContext(String header) {
        return Errors.invalidArgument(
                "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON"
                        + " which represents a string-string map",
                "x-amz-server-side-encryption-context",
                header);
    }

    /** A context as the header has it. */
    static String header(Map<String, String> context) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            generator.writeStartObject();
            for (Map.Entry<String, String> entry : context.entrySet()) {
                generator.writeStringField(entry.getKey(), entry.getValue());
            }
            generator.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Base64.getEncoder().encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
