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

    /** The policy in {@code document} of the resource {@code arn}; one that cannot be read lets nobody in. */
    public static ResourcePolicy of(String arn, String document, boolean decisive) {
        return new ResourcePolicy(COMPILED.kept(document, PolicyUse.RESOURCE, arn), decisive);
    }
}
