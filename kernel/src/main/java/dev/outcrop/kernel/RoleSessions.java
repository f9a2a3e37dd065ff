package dev.outcrop.kernel;

import java.time.Instant;
import java.util.Optional;

/** How a service comes to act as a role that it was given. */
@FunctionalInterface
public interface RoleSessions {
    /**
     * The principal that {@code service} is while it acts as a role.
     *
     * @param roleArn ARN of the role
     * @param service such as {@code bedrock.amazonaws.com}
     * @throws AwsError {@code AccessDeniedException} if the role does not trust the service, or there is none
     */
    Principal open(String roleArn, String service);

    /** Takes every role to be there and to trust the service: all there is to say until IAM holds roles. */
    RoleSessions BY_ARN = (roleArn, service) -> {
        String account = checked(roleArn).split(":", 6)[4];
        String name = roleArn.substring(roleArn.lastIndexOf('/') + 1);
        return new Principal(
                Principal.Kind.ASSUMED_ROLE,
                "arn:aws:sts::" + account + ":assumed-role/" + name + "/outcrop",
                account,
                "AROA" + name + ":outcrop",
                Optional.empty(),
                Optional.of(Session.of(roleArn, Instant.now())));
    };

    /**
     * {@code roleArn} itself.
     *
     * @throws AwsError {@code ValidationException} if it is no ARN of a role
     */
    static String checked(String roleArn) {
        String[] parts = roleArn.split(":", 6);
        if (parts.length != 6 || !parts[2].equals("iam") || !parts[5].startsWith("role/")) {
            throw AwsError.validation(roleArn + " is not the ARN of a role");
        }
        return roleArn;
    }
}
