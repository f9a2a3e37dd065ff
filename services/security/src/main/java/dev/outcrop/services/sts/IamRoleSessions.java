package dev.outcrop.services.sts;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.RoleSessions;
import dev.outcrop.kernel.Session;
import dev.outcrop.kernel.policy.PolicyEvaluation;
import dev.outcrop.kernel.policy.PolicyQuestion;
import dev.outcrop.kernel.policy.PolicySources;
import dev.outcrop.kernel.policy.Verdict;
import dev.outcrop.services.iam.IamDirectory;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Services come to act as the roles that they were given where the roles trust them. */
public final class IamRoleSessions implements RoleSessions {
    private final IamDirectory directory;
    private final InstantSource clock;

    public IamRoleSessions(IamDirectory directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
    }

    @Override
    public Principal open(String roleArn, String service) {
        String account = RoleSessions.checked(roleArn).split(":", 6)[4];
        IamDirectory.KnownRole known = directory.findRole(roleArn).orElseThrow(() -> refusal(roleArn, service));
        PolicyQuestion question = new PolicyQuestion(
                Principal.service(service, account), "sts:AssumeRole", roleArn, account, IamRoleSessions::condition);
        PolicySources sources =
                new PolicySources(List.of(), Optional.empty(), Optional.empty(), List.of(), Optional.of(known.trust()));
        if (PolicyEvaluation.evaluate(question, sources) != Verdict.ALLOWED) {
            throw refusal(roleArn, service);
        }
        String name = service.replace(".amazonaws.com", "");
        return session(known, name, Session.of(roleArn, clock.instant()), known.tags());
    }

    /** For whom the service does so, by which a role's trust policy keeps others from making use of the service. */
    private static Optional<List<String>> condition(String key) {
        Optional<String> source = CallContext.isBound() ? CallContext.current().sourceArn() : Optional.empty();
        return switch (key.toLowerCase(Locale.ROOT)) {
            case "aws:sourcearn" -> source.map(List::of);
            case "aws:sourceaccount" ->
                source.map(arn -> List.of(CallContext.current().account()));
            default -> Optional.empty();
        };
    }

    private static AwsError refusal(String roleArn, String service) {
        return AwsError.accessDenied(service + " is not authorized to perform: sts:AssumeRole on resource: " + roleArn);
    }

    /** The principal of a session called {@code name} of a role. {@code roleTags} are the role's own. */
    static Principal session(IamDirectory.KnownRole known, String name, Session session, Map<String, String> roleTags) {
        Map<String, String> tags = new LinkedHashMap<>(roleTags);
        session.tags().forEach((key, value) -> {
            tags.keySet().removeIf(present -> present.equalsIgnoreCase(key));
            tags.put(key, value);
        });
        String account = known.role().arn().split(":", 6)[4];
        return new Principal(
                Principal.Kind.ASSUMED_ROLE,
                "arn:aws:sts::" + account + ":assumed-role/" + known.role().roleName() + "/" + name,
                account,
                known.role().roleId() + ":" + name,
                Optional.empty(),
                Optional.of(new Session(
                        session.issuedAt(),
                        session.issuer(),
                        session.policies(),
                        session.policyArns(),
                        tags,
                        session.transitiveTags(),
                        session.sourceIdentity(),
                        session.federatedProvider(),
                        session.authenticatedAt())));
    }
}
