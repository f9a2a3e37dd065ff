package dev.outcrop.services.sts;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.iam.IamDirectory;
import dev.outcrop.services.iam.SamlMetadata;
import dev.outcrop.services.iam.SamlProviders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithSamlRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithSamlResponse;

/**
 * Sessions of roles for people for whom a SAML provider vouches by an assertion.
 *
 * <p>Sources: "AssumeRoleWithSAML" of the AWS STS API reference; "Configure SAML assertions for the authentication
 * response" and "Available keys for SAML-based AWS STS federation" of the IAM user guide.
 */
final class SamlIdentities {
    private static final String OPERATION = "AssumeRoleWithSAML";
    private static final String ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/";
    private static final String PRINCIPAL_TAG = ATTRIBUTES + "PrincipalTag:";
    private static final String NAME_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:";
    private static final Pattern RECIPIENT = Pattern.compile(
            "https://([a-z0-9-]+\\.)?signin\\.aws\\.amazon\\.com/(saml|saml/acs/[A-Za-z0-9_-]+|static/saml/[A-Za-z0-9_-]+)");
    private static final String AUDIENCE = "urn:amazon:webservices";
    private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
    private static final Duration REDEEMED_WITHIN = Duration.ofMinutes(5);
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final SamlProviders providers;
    private final FederatedTrust trust;
    private final AssumedRoles roles;
    private final InstantSource clock;

    SamlIdentities(SamlProviders providers, FederatedTrust trust, AssumedRoles roles, InstantSource clock) {
        this.providers = providers;
        this.trust = trust;
        this.roles = roles;
        this.clock = clock;
    }

    AssumeRoleWithSamlResponse assumeRole(AssumeRoleWithSamlRequest request) {
        String provider = request.principalArn();
        String[] arn = provider.split(":", 6);
        if (arn.length != 6 || !arn[5].startsWith("saml-provider/")) {
            throw AwsError.validation(provider + " is not the ARN of a SAML provider");
        }
        SamlMetadata metadata =
                providers.find(provider).orElseThrow(() -> IdentityErrors.invalid("Specified provider doesn't exist"));
        List<PublicKey> keys = metadata.certificates().stream()
                .map(X509Certificate::getPublicKey)
                .toList();
        SamlAssertion assertion = SamlAssertion.read(request.samlAssertion(), keys);
        check(assertion, metadata);
        if (roles(assertion).stream().noneMatch(pair -> pair.equals(Set.of(request.roleArn(), provider)))) {
            throw IdentityErrors.notAuthorized(OPERATION);
        }
        String session = one(assertion, "RoleSessionName")
                .filter(name -> SESSION_NAME.matcher(name).matches())
                .orElseThrow(() -> IdentityErrors.invalid("RoleSessionName is required in AuthnResponse"));
        String name = arn[5].substring("saml-provider/".length());
        AssumedRoles.Federation federation = federation(assertion, provider);
        IamDirectory.KnownRole known = trust.trusted(
                OPERATION,
                request.roleArn(),
                provider,
                assertion.subject(),
                federation,
                conditionKeys(assertion, arn[4] + "/" + name, session));
        AssumedRoles.Opened opened = roles.open(
                known,
                session,
                AssumedRoles.duration(known, duration(assertion, request.durationSeconds())),
                new AssumedRoles.SessionPoliciesGiven(request.policy(), request.policyArns()),
                federation);
        return AssumeRoleWithSamlResponse.builder()
                .credentials(SessionPolicies.shown(opened.key()))
                .assumedRoleUser(opened.user())
                .subject(assertion.subject())
                .subjectType(subjectType(assertion))
                .issuer(assertion.issuer())
                .audience(assertion.recipient())
                .nameQualifier(nameQualifier(assertion.issuer() + arn[4] + "/" + name))
                .sourceIdentity(federation.sourceIdentity().orElse(null))
                .packedPolicySize(SessionPolicies.packed(opened.session()))
                .build();
    }

    private void check(SamlAssertion assertion, SamlMetadata metadata) {
        Instant now = clock.instant();
        if (!assertion.issuer().equals(metadata.entityId())) {
            throw IdentityErrors.invalid("Issuer not present in specified provider");
        }
        if (!RECIPIENT.matcher(assertion.recipient()).matches()) {
            throw IdentityErrors.invalid("The recipient " + assertion.recipient() + " of the assertion is another");
        }
        boolean ours = assertion.audiences().isEmpty()
                || assertion.audiences().stream()
                        .anyMatch(audience -> audience.equals(AUDIENCE)
                                || RECIPIENT.matcher(audience).matches());
        if (!ours) {
            throw IdentityErrors.invalid("The audience of the assertion is another");
        }
        if (assertion.issuedAt().isAfter(now.plus(SKEW))
                || assertion
                        .notBefore()
                        .filter(from -> from.isAfter(now.plus(SKEW)))
                        .isPresent()) {
            throw IdentityErrors.invalid("The assertion is not valid yet");
        }
        if (!now.isBefore(assertion.end())) {
            throw IdentityErrors.expired("The assertion has expired");
        }
        if (now.isAfter(assertion.issuedAt().plus(REDEEMED_WITHIN))) {
            throw IdentityErrors.expired("Token must be redeemed within 5 minutes of issuance");
        }
    }

    /** The pairs of a role and a provider that the assertion allows, in whichever order it names them. */
    private static List<Set<String>> roles(SamlAssertion assertion) {
        return assertion.attributes().getOrDefault(ATTRIBUTES + "Role", List.of()).stream()
                .map(pair -> pair.split(",", -1))
                .filter(pair -> pair.length == 2)
                .map(pair -> new HashSet<>(List.of(pair[0].strip(), pair[1].strip())))
                .map(Set::copyOf)
                .toList();
    }

    private static Optional<String> one(SamlAssertion assertion, String attribute) {
        return assertion.attributes().getOrDefault(ATTRIBUTES + attribute, List.of()).stream()
                .findFirst();
    }

    /** What the request says, but no longer than the assertion. */
    private static Integer duration(SamlAssertion assertion, Integer requested) {
        Optional<Integer> longest = one(assertion, "SessionDuration").map(text -> {
            if (!text.matches("[0-9]{3,5}")) {
                throw IdentityErrors.invalid("SessionDuration must be 900 to 43200 seconds, but is " + text);
            }
            return Integer.valueOf(text);
        });
        return longest.isEmpty()
                ? requested
                : Integer.valueOf(requested == null ? longest.get() : Math.min(requested, longest.get()));
    }

    private static AssumedRoles.Federation federation(SamlAssertion assertion, String provider) {
        Map<String, String> tags = new LinkedHashMap<>();
        assertion.attributes().forEach((name, values) -> {
            if (name.startsWith(PRINCIPAL_TAG)) {
                if (values.size() != 1) {
                    throw IdentityErrors.invalid("The attribute " + name + " must have one value");
                }
                SessionPolicies.put(tags, name.substring(PRINCIPAL_TAG.length()), values.getFirst());
            }
        });
        Set<String> transitive =
                new LinkedHashSet<>(assertion.attributes().getOrDefault(ATTRIBUTES + "TransitiveTagKeys", List.of()));
        AssumedRoles.checkTransitive(tags, transitive);
        return new AssumedRoles.Federation(tags, transitive, one(assertion, "SourceIdentity"), Optional.of(provider));
    }

    private static Map<String, List<String>> conditionKeys(SamlAssertion assertion, String document, String session) {
        Map<String, List<String>> known = new HashMap<>();
        known.put("saml:aud", List.of(assertion.recipient()));
        known.put("saml:iss", List.of(assertion.issuer()));
        known.put("saml:sub", List.of(assertion.subject()));
        known.put("saml:sub_type", List.of(subjectType(assertion)));
        known.put("saml:doc", List.of(document));
        known.put("saml:namequalifier", List.of(nameQualifier(assertion.issuer() + document)));
        known.put("sts:rolesessionname", List.of(session));
        return known;
    }

    private static String subjectType(SamlAssertion assertion) {
        return assertion.format().startsWith(NAME_FORMAT)
                ? assertion.format().substring(NAME_FORMAT.length())
                : assertion.format();
    }

    /** SHA-1 names the pair of a provider and an account here, and protects nothing. */
    private static String nameQualifier(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
