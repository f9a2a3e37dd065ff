package dev.outcrop.kernel;

import java.util.Optional;

/**
 * Who makes a call.
 *
 * @param kind        what sort of caller it is
 * @param arn         such as {@code arn:aws:iam::000000000000:root}; of {@link #ANONYMOUS} the empty string
 * @param account     twelve digits; of {@link #ANONYMOUS} the empty string
 * @param id          IAM's unique id: of an account's root its number, else such as {@code AIDA…} or {@code AROA…:session}
 * @param accessKeyId the key that signed the call, where one did
 * @param session     what its temporary credentials say, where it has some
 */
public record Principal(
        Kind kind, String arn, String account, String id, Optional<String> accessKeyId, Optional<Session> session) {
    /** A principal without temporary credentials. */
    public Principal(Kind kind, String arn, String account, String id, Optional<String> accessKeyId) {
        this(kind, arn, account, id, accessKeyId, Optional.empty());
    }

    /** Nobody: the caller of a call that is not signed. */
    public static final Principal ANONYMOUS = new Principal(Kind.ANONYMOUS, "", "", "ANONYMOUS", Optional.empty());

    /** The root of {@code account}, twelve digits, calling with {@code accessKeyId}. */
    public static Principal root(String account, Optional<String> accessKeyId) {
        return new Principal(Kind.ROOT, "arn:aws:iam::" + account + ":root", account, account, accessKeyId);
    }

    /** The house itself, as {@code service} such as {@code bedrock.amazonaws.com}, in {@code account}. */
    public static Principal service(String service, String account) {
        return new Principal(Kind.SERVICE, service, account, service, Optional.empty());
    }

    /** The sorts of callers that IAM tells apart. */
    public enum Kind {
        ROOT("Root"),
        USER("IAMUser"),
        ASSUMED_ROLE("AssumedRole"),
        FEDERATED("FederatedUser"),
        SERVICE("AWSService"),
        ANONYMOUS("Unknown");

        private final String auditName;

        Kind(String auditName) {
            this.auditName = auditName;
        }

        /** The name in the {@code userIdentity.type} of CloudTrail's records. */
        public String auditName() {
            return auditName;
        }
    }
}
