package dev.outcrop.kernel.policy;

/**
 * The policy of a resource.
 *
 * @param policy   what it says
 * @param decisive whether nobody may do anything that it does not speak to, not even in the resource's own account: as
 *     keys of KMS and trust policies of roles have it; policies of identities count only where it names their account
 */
public record ResourcePolicy(Policy policy, boolean decisive) {
    private static final CompiledPolicies COMPILED = new CompiledPolicies();
    private static final ResourcePolicy NOBODY = new ResourcePolicy(Policy.parse("""
                    {"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}""", PolicyUse.RESOURCE), true);

    /** The policy in {@code document}; one that cannot be read lets nobody in. */
    public static ResourcePolicy of(String document, boolean decisive) {
        try {
            return new ResourcePolicy(COMPILED.get(document, PolicyUse.RESOURCE), decisive);
        } catch (MalformedPolicyException malformed) {
            return NOBODY;
        }
    }
}
