package dev.outcrop.services.sts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.iam.OpenIdProviders;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The keys that OpenID Connect providers publish, fetched from them and remembered for a while. Safe for concurrent use.
 *
 * <p>Sources: "OpenID Connect Discovery 1.0"; RFC 7517 (JSON Web Key).
 */
final class ProviderKeys {
    private static final Duration FRESH = Duration.ofMinutes(10);
    /** How soon keys are fetched again that lack the one looked for, or could not be fetched. */
    private static final Duration RETRY = Duration.ofSeconds(30);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final int LARGEST = 1 << 18;
    private static final int MOST_KEYS = 100;
    private static final int MOST_REMEMBERED = 1000;
    private static final int LEAST_RSA_BITS = 2048;
    private static final int MOST_RSA_BITS = 16_384;
    private static final Map<String, String> CURVES =
            Map.of("P-256", "secp256r1", "P-384", "secp384r1", "P-521", "secp521r1");

    private final InstantSource clock;
    private final ConcurrentMap<OpenIdProviders.Provider, Fetched> remembered = new ConcurrentHashMap<>();

    ProviderKeys(InstantSource clock) {
        this.clock = clock;
    }

    /** A key of a provider. */
    private record NamedKey(Optional<String> id, PublicKey key) {}

    /** What a provider answered, or why it did not. */
    private record Fetched(Instant at, List<NamedKey> keys, Optional<AwsError> failure) {}

    /**
     * The keys that may have signed a token: the one that it names, or all.
     *
     * @throws AwsError {@code IDPCommunicationError} or {@code InvalidIdentityToken} if they cannot be had
     */
    List<PublicKey> of(OpenIdProviders.Provider provider, JsonWebToken token) {
        Instant now = clock.instant();
        Fetched known = remembered.get(provider);
        boolean stale = known == null || now.isAfter(known.at.plus(FRESH));
        boolean lacking = known != null
                && (known.failure.isPresent() || named(known, token).isEmpty());
        if (stale || (lacking && now.isAfter(known.at.plus(RETRY)))) {
            if (remembered.size() >= MOST_REMEMBERED) {
                remembered.clear();
            }
            known = fetch(provider, now);
            remembered.put(provider, known);
        }
        if (known.failure.isPresent()) {
            throw known.failure.get();
        }
        return named(known, token);
    }

    private static List<PublicKey> named(Fetched fetched, JsonWebToken token) {
        return fetched.keys.stream()
                .filter(key -> token.keyId().isEmpty() || key.id.equals(token.keyId()))
                .map(NamedKey::key)
                .toList();
    }

    private static Fetched fetch(OpenIdProviders.Provider provider, Instant now) {
        try (HttpClient http = HttpClient.newBuilder()
                .connectTimeout(LONGEST_WAIT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(PinnedCertificates.context(provider.thumbprints()))
                .build()) {
            try {
                JsonNode description = get(http, provider.url() + "/.well-known/openid-configuration");
                if (!provider.url()
                        .equals(withoutSlash(description.path("issuer").asText()))) {
                    throw IdentityErrors.invalid("The provider at " + provider.url() + " says that it is another.");
                }
                String keys = description.path("jwks_uri").asText();
                if (!keys.startsWith("https://")) {
                    throw unusable();
                }
                return new Fetched(now, keys(get(http, keys)), Optional.empty());
            } finally {
                http.shutdownNow();
            }
        } catch (AwsError failure) {
            return new Fetched(now, List.of(), Optional.of(failure));
        }
    }

    static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private static JsonNode get(HttpClient http, String url) {
        try {
            HttpRequest request = HttpRequest.newBuilder(new URI(url))
                    .timeout(LONGEST_WAIT)
                    .header("accept", "application/json")
                    .build();
            HttpResponse<byte[]> response = http.sendAsync(
                            request,
                            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), LARGEST))
                    .get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw unusable();
            }
            return JsonWebToken.json(response.body());
        } catch (URISyntaxException | IllegalArgumentException | IOException unreadable) {
            throw unusable();
        } catch (ExecutionException | TimeoutException unreachable) {
            throw IdentityErrors.unreachable("The request to the identity provider failed: " + url
                    + " cannot be reached, does not prove who it is, or does not answer in time");
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw IdentityErrors.unreachable("The request to the identity provider was interrupted");
        }
    }

    private static AwsError unusable() {
        return IdentityErrors.invalid("Couldn't retrieve verification key from your identity provider, please reference"
                + " AssumeRoleWithWebIdentity documentation for requirements");
    }

    private static List<NamedKey> keys(JsonNode set) {
        List<NamedKey> keys = new ArrayList<>();
        for (JsonNode key : set.path("keys")) {
            boolean signs = !key.has("use") || key.path("use").asText().equals("sig");
            if (signs && keys.size() < MOST_KEYS) {
                // A key of a kind that we do not know is no reason to refuse the others.
                key(key).ifPresent(read -> keys.add(
                        new NamedKey(Optional.ofNullable(key.path("kid").textValue()), read)));
            }
        }
        if (keys.isEmpty()) {
            throw unusable();
        }
        return List.copyOf(keys);
    }

    private static Optional<PublicKey> key(JsonNode key) {
        try {
            return switch (key.path("kty").asText()) {
                case "RSA" -> {
                    BigInteger modulus = number(key, "n");
                    boolean usable = modulus.bitLength() >= LEAST_RSA_BITS && modulus.bitLength() <= MOST_RSA_BITS;
                    yield usable
                            ? Optional.of(KeyFactory.getInstance("RSA")
                                    .generatePublic(new RSAPublicKeySpec(modulus, number(key, "e"))))
                            : Optional.empty();
                }
                case "EC" -> {
                    String curve = CURVES.get(key.path("crv").asText());
                    if (curve == null) {
                        yield Optional.empty();
                    }
                    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
                    parameters.init(new ECGenParameterSpec(curve));
                    yield Optional.of(KeyFactory.getInstance("EC")
                            .generatePublic(new ECPublicKeySpec(
                                    new ECPoint(number(key, "x"), number(key, "y")),
                                    parameters.getParameterSpec(ECParameterSpec.class))));
                }
                default -> Optional.empty();
            };
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            return Optional.empty();
        }
    }

    private static BigInteger number(JsonNode key, String member) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(member).asText()));
    }
}
