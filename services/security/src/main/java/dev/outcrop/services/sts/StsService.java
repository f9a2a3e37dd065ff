package dev.outcrop.services.sts;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.Session;
import dev.outcrop.kernel.policy.MalformedPolicyException;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyUse;
import dev.outcrop.kernel.policy.ResourcePolicy;
import dev.outcrop.services.iam.IamDirectory;
import dev.outcrop.services.iam.KeyIds;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.GetAccessKeyInfoRequest;
import software.amazon.awssdk.services.sts.model.GetAccessKeyInfoResponse;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.GetFederationTokenRequest;
import software.amazon.awssdk.services.sts.model.GetFederationTokenResponse;
import software.amazon.awssdk.services.sts.model.GetSessionTokenRequest;
import software.amazon.awssdk.services.sts.model.GetSessionTokenResponse;
import software.amazon.awssdk.services.sts.model.PolicyDescriptorType;
import software.amazon.awssdk.services.sts.model.Tag;

/** Says who a caller is, and gives out temporary credentials. */
public final class StsService implements StsClient, ProtectedResources {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration TWELVE_HOURS = Duration.ofHours(12);
    private static final Duration LONGEST_SESSION = Duration.ofHours(36);
    private static final int LONGEST_POLICIES = 2048;
    /** What a role that does not exist says: it trusts nobody who could call. */
    private static final ResourcePolicy NOBODY = new ResourcePolicy(Policy.parse("""
                    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                     "Principal": {"Service": "nobody.amazonaws.com"}}}""", PolicyUse.TRUST), true);

    private final IamDirectory directory;
    private final TemporaryKeys keys;
    private final InstantSource clock;

    public StsService(IamDirectory directory, TemporaryKeys keys, InstantSource clock) {
        this.directory = directory;
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
        Principal caller = CallContext.current().principal();
        if (caller.kind() == Principal.Kind.ROOT) {
            throw new AwsError("AccessDenied", 403, "Roles may not be assumed by root accounts.");
        }
        // The corridor has asked the role's trust policy: it is there.
        IamDirectory.KnownRole known = directory.findRole(request.roleArn()).orElseThrow();
        Optional<Session> chained = caller.kind() == Principal.Kind.ASSUMED_ROLE ? caller.session() : Optional.empty();
        Duration duration = Duration.ofSeconds(request.durationSeconds() == null ? 3600 : request.durationSeconds());
        if (duration.toSeconds() > known.role().maxSessionDuration()) {
            throw AwsError.validation(
                    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }
        if (chained.isPresent() && duration.compareTo(HOUR) > 0) {
            throw AwsError.validation(
                    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
        }
        Map<String, String> tags = tags(request.tags());
        Set<String> transitive = new LinkedHashSet<>(request.transitiveTagKeys());
        for (String key : transitive) {
            if (tags.keySet().stream().noneMatch(key::equalsIgnoreCase)) {
                throw new AwsError(
                        "InvalidParameterValue",
                        400,
                        "The transitive tag key " + key + " is not among the session's tags");
            }
        }
        chained.ifPresent(session -> inherit(session, tags, transitive));
        Optional<String> sourceIdentity = chained.flatMap(Session::sourceIdentity);
        if (request.sourceIdentity() != null) {
            if (sourceIdentity
                    .filter(set -> !set.equals(request.sourceIdentity()))
                    .isPresent()) {
                throw new AwsError("AccessDenied", 403, "The source identity of a session cannot be changed.");
            }
            sourceIdentity = Optional.of(request.sourceIdentity());
        }
        Instant now = clock.instant();
        Session session = new Session(
                now,
                known.role().arn(),
                policies(request.policy(), request.policyArns()),
                arns(known.role().arn(), request.policyArns()),
                tags,
                transitive,
                sourceIdentity,
                Optional.empty(),
                caller.session().flatMap(Session::authenticatedAt));
        AccessKey key = keys.open(
                IamRoleSessions.session(known, request.roleSessionName(), session, known.tags()), now.plus(duration));
        return AssumeRoleResponse.builder()
                .credentials(shown(key))
                .assumedRoleUser(user -> user.arn(key.principal().arn())
                        .assumedRoleId(key.principal().id()))
                .sourceIdentity(sourceIdentity.orElse(null))
                .packedPolicySize(packed(session))
                .build();
    }

    /** What stays along a chain of roles, and cannot be set anew. */
    private static void inherit(Session before, Map<String, String> tags, Set<String> transitive) {
        for (String key : before.transitiveTags()) {
            if (tags.keySet().stream().anyMatch(key::equalsIgnoreCase)) {
                throw new AwsError(
                        "InvalidParameterValue",
                        400,
                        "One of the specified transitive tag keys can't be set because it conflicts with a transitive"
                                + " tag key from the calling session.");
            }
            before.tags().forEach((name, value) -> {
                if (name.equalsIgnoreCase(key)) {
                    tags.put(name, value);
                    transitive.add(name);
                }
            });
        }
    }

    @Override
    public GetSessionTokenResponse getSessionToken(GetSessionTokenRequest request) {
        Principal caller = ofLongTermKey("GetSessionToken");
        if (request.serialNumber() != null || request.tokenCode() != null) {
            throw AwsError.notImplemented("sts", "GetSessionToken with MFA");
        }
        boolean root = caller.kind() == Principal.Kind.ROOT;
        Duration wanted = request.durationSeconds() == null
                ? root ? HOUR : TWELVE_HOURS
                : Duration.ofSeconds(request.durationSeconds());
        Instant now = clock.instant();
        AccessKey key = keys.open(
                with(caller, caller.kind(), caller.arn(), caller.id(), Session.of(caller.arn(), now)),
                now.plus(root && wanted.compareTo(HOUR) > 0 ? HOUR : shorter(wanted, LONGEST_SESSION)));
        return GetSessionTokenResponse.builder().credentials(shown(key)).build();
    }

    @Override
    public GetFederationTokenResponse getFederationToken(GetFederationTokenRequest request) {
        Principal caller = ofLongTermKey("GetFederationToken");
        boolean root = caller.kind() == Principal.Kind.ROOT;
        Duration wanted =
                request.durationSeconds() == null ? TWELVE_HOURS : Duration.ofSeconds(request.durationSeconds());
        Instant now = clock.instant();
        Map<String, String> tags = new LinkedHashMap<>(directory.tags(caller));
        tags.putAll(tags(request.tags()));
        Session session = new Session(
                now,
                caller.arn(),
                policies(request.policy(), request.policyArns()),
                arns(caller.arn(), request.policyArns()),
                tags,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        String arn = "arn:aws:sts::" + caller.account() + ":federated-user/" + request.name();
        AccessKey key = keys.open(
                with(caller, Principal.Kind.FEDERATED, arn, caller.account() + ":" + request.name(), session),
                now.plus(root ? shorter(wanted, HOUR) : shorter(wanted, LONGEST_SESSION)));
        return GetFederationTokenResponse.builder()
                .credentials(shown(key))
                .federatedUser(
                        user -> user.arn(arn).federatedUserId(key.principal().id()))
                .packedPolicySize(packed(session))
                .build();
    }

    private static Principal ofLongTermKey(String operation) {
        Principal caller = CallContext.current().principal();
        boolean longTerm = caller.kind() == Principal.Kind.ROOT || caller.kind() == Principal.Kind.USER;
        if (!longTerm || caller.session().isPresent()) {
            throw new AwsError("AccessDenied", 403, "Cannot call " + operation + " with session credentials");
        }
        return caller;
    }

    private static Principal with(Principal caller, Principal.Kind kind, String arn, String id, Session session) {
        return new Principal(kind, arn, caller.account(), id, Optional.empty(), Optional.of(session));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public GetAccessKeyInfoResponse getAccessKeyInfo(GetAccessKeyInfoRequest request) {
        return GetAccessKeyInfoResponse.builder()
                .account(KeyIds.account(request.accessKeyId())
                        .orElseThrow(() -> AwsError.validation(
                                "The access key " + request.accessKeyId() + " is not of any account")))
                .build();
    }

    @Override
    public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest request) {
        Principal caller = CallContext.current().principal();
        return GetCallerIdentityResponse.builder()
                .userId(caller.id())
                .account(caller.account())
                .arn(caller.arn())
                .build();
    }

    private List<String> policies(String inline, List<PolicyDescriptorType> managed) {
        int size = managed.stream().mapToInt(policy -> policy.arn().length()).sum();
        if (inline == null) {
            return List.of();
        }
        try {
            directory.compiled().get(inline, PolicyUse.IDENTITY);
        } catch (MalformedPolicyException malformed) {
            throw new AwsError("MalformedPolicyDocument", 400, malformed.getMessage());
        }
        if (size + inline.length() > LONGEST_POLICIES) {
            throw AwsError.validation(
                    "The plaintext of session policies must not be longer than " + LONGEST_POLICIES + " characters");
        }
        return List.of(inline);
    }

    private List<String> arns(String issuer, List<PolicyDescriptorType> managed) {
        String account = issuer.split(":", 6)[4];
        List<String> arns = new ArrayList<>();
        for (PolicyDescriptorType policy : managed) {
            if (directory.managed(account, policy.arn()).isEmpty()) {
                throw new AwsError(
                        "MalformedPolicyDocument",
                        400,
                        "Policy " + policy.arn() + " does not exist or is not attachable.");
            }
            arns.add(policy.arn());
        }
        return arns;
    }

    private static Map<String, String> tags(List<Tag> given) {
        Map<String, String> tags = new LinkedHashMap<>();
        Set<String> seen = new LinkedHashSet<>();
        for (Tag tag : given) {
            if (!seen.add(tag.key().toLowerCase(Locale.ROOT))) {
                throw new AwsError(
                        "InvalidParameterValue",
                        400,
                        "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }
            tags.put(tag.key(), tag.value());
        }
        return tags;
    }

    /** Per cent of what a session may carry; null, as an SDK response has it, of one that carries nothing. */
    private static Integer packed(Session session) {
        int size = session.policies().stream().mapToInt(String::length).sum()
                + session.policyArns().stream().mapToInt(String::length).sum();
        return size == 0 ? null : Math.max(1, size * 100 / LONGEST_POLICIES);
    }

    private static Credentials shown(AccessKey key) {
        return Credentials.builder()
                .accessKeyId(key.accessKeyId())
                .secretAccessKey(key.secretAccessKey())
                .sessionToken(key.sessionToken().orElseThrow())
                .expiration(key.expiresAt().orElseThrow())
                .build();
    }

    /** Trust policies are the policies of roles; a role that is not there trusts nobody. */
    @Override
    public Optional<ResourcePolicy> resourcePolicy(String arn) {
        return arn.contains(":role/")
                ? Optional.of(directory
                        .findRole(arn)
                        .map(IamDirectory.KnownRole::trust)
                        .orElse(NOBODY))
                : Optional.empty();
    }

    @Override
    public Map<String, String> tags(String arn) {
        return directory.findRole(arn).map(IamDirectory.KnownRole::tags).orElse(Map.of());
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
