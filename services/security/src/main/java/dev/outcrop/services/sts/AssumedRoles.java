package dev.outcrop.services.sts;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Session;
import dev.outcrop.services.iam.IamDirectory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.AssumedRoleUser;
import software.amazon.awssdk.services.sts.model.PolicyDescriptorType;

/** Sessions of roles, which users, services and other roles open. Who may is decided before. */
final class AssumedRoles {
    private static final Duration HOUR = Duration.ofHours(1);

    private final IamDirectory directory;
    private final SessionPolicies policies;
    private final SecondFactor secondFactor;
    private final TemporaryKeys keys;
    private final InstantSource clock;

    AssumedRoles(
            IamDirectory directory,
            SessionPolicies policies,
            SecondFactor secondFactor,
            TemporaryKeys keys,
            InstantSource clock) {
        this.directory = directory;
        this.policies = policies;
        this.secondFactor = secondFactor;
        this.keys = keys;
        this.clock = clock;
    }

    AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
        Principal caller = CallContext.current().principal();
        if (caller.kind() == Principal.Kind.ROOT) {
            throw new AwsError("AccessDenied", 403, "Roles may not be assumed by root accounts.");
        }
        // The corridor has asked the role's trust policy: it is there.
        IamDirectory.KnownRole known = directory.findRole(request.roleArn()).orElseThrow();
        secondFactor.use(caller, request.serialNumber(), request.tokenCode());
        Optional<Session> chained = caller.kind() == Principal.Kind.ASSUMED_ROLE ? caller.session() : Optional.empty();
        Duration duration = duration(known, request.durationSeconds());
        if (chained.isPresent() && duration.compareTo(HOUR) > 0) {
            throw AwsError.validation(
                    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
        }
        Map<String, String> tags = SessionPolicies.tags(request.tags());
        Set<String> transitive = new LinkedHashSet<>(request.transitiveTagKeys());
        checkTransitive(tags, transitive);
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
        Opened opened = open(
                known,
                request.roleSessionName(),
                duration,
                new SessionPoliciesGiven(request.policy(), request.policyArns()),
                new Federation(tags, transitive, sourceIdentity, Optional.empty()));
        return AssumeRoleResponse.builder()
                .credentials(SessionPolicies.shown(opened.key))
                .assumedRoleUser(opened.user())
                .sourceIdentity(sourceIdentity.orElse(null))
                .packedPolicySize(SessionPolicies.packed(opened.session))
                .build();
    }

    /** The policies of a request for a session. {@code inline} is null where there is none, as in the SDK's requests. */
    record SessionPoliciesGiven(String inline, List<PolicyDescriptorType> managed) {}

    /**
     * What is said of whom a session is for.
     *
     * @param provider ARN of the identity provider that says it, where one does
     */
    record Federation(
            Map<String, String> tags,
            Set<String> transitive,
            Optional<String> sourceIdentity,
            Optional<String> provider) {}

    /** A session that was opened. */
    record Opened(AccessKey key, Session session) {
        AssumedRoleUser user() {
            return AssumedRoleUser.builder()
                    .arn(key.principal().arn())
                    .assumedRoleId(key.principal().id())
                    .build();
        }
    }

    /**
     * How long a session of a role is to last.
     *
     * @param seconds null for an hour
     * @throws AwsError {@code ValidationException} if that is longer than the role allows
     */
    static Duration duration(IamDirectory.KnownRole known, Integer seconds) {
        Duration duration = Duration.ofSeconds(seconds == null ? HOUR.toSeconds() : seconds);
        if (duration.toSeconds() > known.role().maxSessionDuration()) {
            throw AwsError.validation(
                    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }
        return duration;
    }

    static void checkTransitive(Map<String, String> tags, Set<String> transitive) {
        for (String key : transitive) {
            if (tags.keySet().stream().noneMatch(key::equalsIgnoreCase)) {
                throw new AwsError(
                        "InvalidParameterValue",
                        400,
                        "The transitive tag key " + key + " is not among the session's tags");
            }
        }
    }

    /** Opens a session. Codes of a second factor do not go into it: only the trust policy sees those. */
    Opened open(
            IamDirectory.KnownRole known,
            String name,
            Duration duration,
            SessionPoliciesGiven given,
            Federation federation) {
        Instant now = clock.instant();
        String arn = known.role().arn();
        Session session = new Session(
                now,
                arn,
                policies.inline(given.inline, given.managed),
                policies.arns(arn.split(":", 6)[4], given.managed),
                federation.tags,
                federation.transitive,
                federation.sourceIdentity,
                federation.provider,
                Optional.empty());
        AccessKey key = keys.open(IamRoleSessions.session(known, name, session, known.tags()), now.plus(duration));
        return new Opened(key, session);
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
}
