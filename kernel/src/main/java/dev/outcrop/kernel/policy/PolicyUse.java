package dev.outcrop.kernel.policy;

/** What a policy is attached to, which decides what its statements must and must not say. */
public enum PolicyUse {
    /** Attached to users, groups and roles, and session policies, boundaries and service control policies. */
    IDENTITY,
    /** Says who may assume a role: it names principals and no resources. */
    TRUST,
    /** Attached to a resource: it names principals and resources. */
    RESOURCE
}
