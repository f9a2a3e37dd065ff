package dev.outcrop.services.sts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.iam.IamDirectory;
import dev.outcrop.services.iam.OpenIdProviders;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;

/**
 * Sessions of roles for people for whom an OpenID Connect provider vouches by a token.
 *
 * <p>Sources: "AssumeRoleWithWebIdentity" of the AWS STS API reference; "Available keys for AWS OIDC federation" of the IAM
 * user guide.
 */
final class WebIdentities {
    private static final String OPERATION = "AssumeRoleWithWebIdentity";
    private static final String TAGS = "https://aws.amazon.com/tags";
    private static final String SOURCE_IDENTITY = "https://aws.amazon.com/source_identity";
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final OpenIdProviders providers;
    private final ProviderKeys keys;
    private final FederatedTrust trust;
    private final AssumedRoles roles;
    private final InstantSource clock;

    WebIdentities(OpenIdProviders providers, FederatedTrust trust, AssumedRoles roles, InstantSource clock) {
        this.providers = providers;
        this.keys = new ProviderKeys(clock);
        this.trust = trust;
        this.roles = roles;
        this.clock = clock;
    }

    AssumeRoleWithWebIdentityResponse assumeRole(AssumeRoleWithWebIdentityRequest request) {
        if (request.providerId() != null) {
            throw AwsError.validation("ProviderId is only for OAuth 2.0 access tokens, which are not supported");
        }
        String[] arn = request.roleArn().split(":", 6);
        if (arn.length != 6 || !arn[5].startsWith("role/")) {
            throw AwsError.validation(request.roleArn() + " is not the ARN of a role");
        }
        JsonWebToken token = JsonWebToken.read(request.webIdentityToken());
        String issuer = token.text("iss").orElseThrow(() -> IdentityErrors.invalid("Missing a required claim: iss"));
        OpenIdProviders.Provider provider = providers
                .find(arn[4], ProviderKeys.withoutSlash(issuer))
                .orElseThrow(
                        () -> IdentityErrors.invalid("No OpenIDConnect provider found in your account for " + issuer));
        checkTimes(token);
        if (keys.of(provider, token).stream().noneMatch(token::isSignedBy)) {
            throw IdentityErrors.invalid("The signature of the token is not one of the provider's keys");
        }
        String audience = audience(token, provider);
        String subject = token.text("sub").orElseThrow(() -> IdentityErrors.invalid("Missing a required claim: sub"));
        AssumedRoles.Federation federation = federation(token, provider);
        IamDirectory.KnownRole known = trust.trusted(
                OPERATION,
                request.roleArn(),
                provider.arn(),
                subject,
                federation,
                conditionKeys(token, provider, audience, subject, request.roleSessionName()));
        AssumedRoles.Opened opened = roles.open(
                known,
                request.roleSessionName(),
                AssumedRoles.duration(known, request.durationSeconds()),
                new AssumedRoles.SessionPoliciesGiven(request.policy(), request.policyArns()),
                federation);
        return AssumeRoleWithWebIdentityResponse.builder()
                .credentials(SessionPolicies.shown(opened.key()))
                .assumedRoleUser(opened.user())
                .subjectFromWebIdentityToken(subject)
                .audience(audience)
                .provider(provider.arn())
                .sourceIdentity(federation.sourceIdentity().orElse(null))
                .packedPolicySize(SessionPolicies.packed(opened.session()))
                .build();
    }

    private void checkTimes(JsonWebToken token) {
        Instant now = clock.instant();
        Instant end = token.time("exp").orElseThrow(() -> IdentityErrors.invalid("Missing a required claim: exp"));
        if (!now.isBefore(end)) {
            throw IdentityErrors.expired("Token expired: current date/time " + now.getEpochSecond()
                    + " must be before the expiration date/time " + end.getEpochSecond());
        }
        boolean early =
                token.time("nbf").filter(from -> from.isAfter(now.plus(SKEW))).isPresent()
                        || token.time("iat")
                                .filter(made -> made.isAfter(now.plus(SKEW)))
                                .isPresent();
        if (early) {
            throw IdentityErrors.invalid("The token is not valid yet");
        }
    }

    /** Whom the token is for: the party that it was made for, where it says that, or else its audience. */
    private static String audience(JsonWebToken token, OpenIdProviders.Provider provider) {
        List<String> audiences = token.text("azp").map(List::of).orElseGet(() -> token.texts("aud"));
        return audiences.stream()
                .filter(provider.clientIds()::contains)
                .findFirst()
                .orElseThrow(() -> IdentityErrors.invalid("Incorrect token audience"));
    }

    private static AssumedRoles.Federation federation(JsonWebToken token, OpenIdProviders.Provider provider) {
        Map<String, String> tags = new LinkedHashMap<>();
        Set<String> transitive = new LinkedHashSet<>();
        JsonNode given = token.claims().path(TAGS);
        given.path("principal_tags").properties().forEach(tag -> {
            JsonNode value = tag.getValue().isArray() && tag.getValue().size() == 1
                    ? tag.getValue().get(0)
                    : tag.getValue();
            if (!value.isTextual()) {
                throw IdentityErrors.invalid(
                        "The tag " + tag.getKey() + " of the token must have one text as its value");
            }
            SessionPolicies.put(tags, tag.getKey(), value.textValue());
        });
        given.path("transitive_tag_keys").forEach(key -> transitive.add(key.asText()));
        AssumedRoles.checkTransitive(tags, transitive);
        return new AssumedRoles.Federation(tags, transitive, token.text(SOURCE_IDENTITY), Optional.of(provider.arn()));
    }

    private static Map<String, List<String>> conditionKeys(
            JsonWebToken token, OpenIdProviders.Provider provider, String audience, String subject, String session) {
        String prefix = provider.url().substring("https://".length()).toLowerCase(Locale.ROOT) + ":";
        Map<String, List<String>> known = new HashMap<>();
        known.put(prefix + "aud", List.of(audience));
        known.put(prefix + "sub", List.of(subject));
        token.text("email").ifPresent(email -> known.put(prefix + "email", List.of(email)));
        List<String> methods = token.texts("amr");
        if (!methods.isEmpty()) {
            known.put(prefix + "amr", methods);
        }
        if (token.text("azp").isPresent()) {
            known.put(prefix + "oaud", token.texts("aud"));
        }
        known.put("sts:rolesessionname", List.of(session));
        return known;
    }
}
