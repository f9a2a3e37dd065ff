package dev.outcrop.services.sts;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.AwsError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A signed token, read and not yet verified.
 *
 * <p>Sources: RFC 7515 (JWS), RFC 7518 (JWA), RFC 7519 (JWT). Only signatures with public keys count: neither {@code none}
 * nor a shared secret can be meant by a provider whose keys are published.
 *
 * @param algorithm such as {@code RS256}
 * @param keyId     of the key that signed, where the header says it
 * @param claims    what it says
 * @param signed    what the signature is over
 */
record JsonWebToken(Algorithm algorithm, Optional<String> keyId, JsonNode claims, byte[] signed, byte[] signature) {
    private static final int DEEPEST = 20;
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    /** The algorithms that are taken. */
    enum Algorithm {
        RS256("RSA", "SHA256withRSA", ""),
        RS384("RSA", "SHA384withRSA", ""),
        RS512("RSA", "SHA512withRSA", ""),
        PS256("RSA", "RSASSA-PSS", "SHA-256"),
        PS384("RSA", "RSASSA-PSS", "SHA-384"),
        PS512("RSA", "RSASSA-PSS", "SHA-512"),
        ES256("EC", "SHA256withECDSAinP1363Format", "secp256r1"),
        ES384("EC", "SHA384withECDSAinP1363Format", "secp384r1"),
        ES512("EC", "SHA512withECDSAinP1363Format", "secp521r1");

        private final String keyType;
        private final String signature;
        private final String parameter;

        Algorithm(String keyType, String signature, String parameter) {
            this.keyType = keyType;
            this.signature = signature;
            this.parameter = parameter;
        }

        /** {@code RSA} or {@code EC}. */
        String keyType() {
            return keyType;
        }

        private Signature signature() throws GeneralSecurityException {
            Signature verifier = Signature.getInstance(signature);
            if (signature.equals("RSASSA-PSS")) {
                int length = MessageDigest.getInstance(parameter).getDigestLength();
                verifier.setParameter(
                        new PSSParameterSpec(parameter, "MGF1", new MGF1ParameterSpec(parameter), length, 1));
            }
            return verifier;
        }
    }

    /**
     * Reads a token.
     *
     * @throws AwsError {@code InvalidIdentityToken} if it is none
     */
    static JsonWebToken read(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw malformed();
        }
        try {
            JsonNode header = object(parts[0]);
            JsonNode claims = object(parts[1]);
            // An extension that must be understood is none that we do.
            if (header.has("crit") || !header.path("alg").isTextual()) {
                throw malformed();
            }
            Algorithm algorithm = Arrays.stream(Algorithm.values())
                    .filter(known -> known.name().equals(header.get("alg").textValue()))
                    .findFirst()
                    .orElseThrow(() -> IdentityErrors.invalid(
                            "The token is signed with " + header.get("alg").textValue() + ", which is not supported."));
            return new JsonWebToken(
                    algorithm,
                    Optional.ofNullable(header.path("kid").textValue()),
                    claims,
                    (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
                    Base64.getUrlDecoder().decode(parts[2]));
        } catch (IOException | IllegalArgumentException unreadable) {
            throw malformed();
        }
    }

    private static JsonNode object(String base64) throws IOException {
        JsonNode node = json(Base64.getUrlDecoder().decode(base64));
        if (!node.isObject()) {
            throw malformed();
        }
        return node;
    }

    /** JSON of a stranger. */
    static JsonNode json(byte[] text) throws IOException {
        try (JsonParser parser = JSON.createParser(text)) {
            JsonNode node = JSON.readTree(parser);
            if (node == null || parser.nextToken() != null) {
                throw new IOException("no single JSON value");
            }
            return node;
        }
    }

    private static AwsError malformed() {
        return IdentityErrors.invalid(
                "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
    }

    /** Whether {@code key} made the signature. */
    boolean isSignedBy(PublicKey key) {
        boolean fits = switch (key) {
            case RSAPublicKey _ -> algorithm.keyType.equals("RSA");
            case ECPublicKey curve ->
                algorithm.keyType.equals("EC") && curve.getParams().toString().contains(algorithm.parameter);
            default -> false;
        };
        if (!fits) {
            return false;
        }
        try {
            Signature verifier = algorithm.signature();
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException impossible) {
            return false;
        }
    }

    /** A claim that is a text. */
    Optional<String> text(String claim) {
        return Optional.ofNullable(claims.path(claim).textValue());
    }

    /** A claim that is a text or a list of texts. */
    List<String> texts(String claim) {
        JsonNode value = claims.path(claim);
        if (value.isTextual()) {
            return List.of(value.textValue());
        }
        List<String> texts = new ArrayList<>();
        value.forEach(element -> {
            if (element.isTextual()) {
                texts.add(element.textValue());
            }
        });
        return texts;
    }

    /** A claim that is a time in seconds. */
    Optional<Instant> time(String claim) {
        JsonNode value = claims.path(claim);
        return value.isNumber() && value.canConvertToLong()
                ? Optional.of(
                        Instant.ofEpochSecond(Math.clamp(value.longValue(), -1_000_000_000_000L, 1_000_000_000_000L)))
                : Optional.empty();
    }
}
