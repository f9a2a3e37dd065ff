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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.sts.model.GetFederationTokenRequest;
import software.amazon.awssdk.services.sts.model.GetFederationTokenResponse;
import software.amazon.awssdk.services.sts.model.GetSessionTokenRequest;
import software.amazon.awssdk.services.sts.model.GetSessionTokenResponse;

/**
 * Temporary credentials that users and roots open for themselves, or for people whom they vouch for.
 *
 * <p>Source: "Compare AWS STS credentials" of the IAM user guide.
 */
final class UserSessions {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration TWELVE_HOURS = Duration.ofHours(12);
    private static final Duration LONGEST = Duration.ofHours(36);

    private final IamDirectory directory;
    private final SessionPolicies policies;
    private final SecondFactor secondFactor;
    private final TemporaryKeys keys;
    private final InstantSource clock;

    UserSessions(
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

    GetSessionTokenResponse getSessionToken(GetSessionTokenRequest request) {
        Principal caller = ofLongTermKey("GetSessionToken");
        Optional<Instant> authenticated = secondFactor.use(caller, request.serialNumber(), request.tokenCode());
        boolean root = caller.kind() == Principal.Kind.ROOT;
        Duration wanted = request.durationSeconds() == null
                ? root ? HOUR : TWELVE_HOURS
                : Duration.ofSeconds(request.durationSeconds());
        Instant now = clock.instant();
        Session session = new Session(
                now,
                caller.arn(),
                List.of(),
                List.of(),
                Map.of(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                authenticated);
        AccessKey key = keys.open(
                with(caller, caller.kind(), caller.arn(), caller.id(), session),
                now.plus(shorter(wanted, root ? HOUR : LONGEST)));
        return GetSessionTokenResponse.builder()
                .credentials(SessionPolicies.shown(key))
                .build();
    }

    GetFederationTokenResponse getFederationToken(GetFederationTokenRequest request) {
        Principal caller = ofLongTermKey("GetFederationToken");
        boolean root = caller.kind() == Principal.Kind.ROOT;
        Duration wanted =
                request.durationSeconds() == null ? TWELVE_HOURS : Duration.ofSeconds(request.durationSeconds());
        Instant now = clock.instant();
        Map<String, String> tags = new LinkedHashMap<>(directory.tags(caller));
        SessionPolicies.tags(request.tags()).forEach((key, value) -> {
            tags.keySet().removeIf(key::equalsIgnoreCase);
            tags.put(key, value);
        });
        Session session = new Session(
                now,
                caller.arn(),
                policies.inline(request.policy(), request.policyArns()),
                policies.arns(caller.account(), request.policyArns()),
                tags,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        String arn = "arn:aws:sts::" + caller.account() + ":federated-user/" + request.name();
        AccessKey key = keys.open(
                with(caller, Principal.Kind.FEDERATED, arn, caller.account() + ":" + request.name(), session),
                now.plus(shorter(wanted, root ? HOUR : LONGEST)));
        return GetFederationTokenResponse.builder()
                .credentials(SessionPolicies.shown(key))
                .federatedUser(
                        user -> user.arn(arn).federatedUserId(key.principal().id()))
                .packedPolicySize(SessionPolicies.packed(session))
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
}
