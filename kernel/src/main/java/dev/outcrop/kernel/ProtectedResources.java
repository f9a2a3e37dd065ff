package dev.outcrop.kernel;

import dev.outcrop.kernel.policy.ResourcePolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;

/**
 * What a service tells IAM of its resources. A service's class implements it beside its client where requests do not say
 * all: a key under an alias, a secret under its name, a user whose path is not in the request. Asked on the thread of the
 * call, and only when a decision needs the answer; it answers from memory as far as it can and authorizes nothing itself.
 */
public interface ProtectedResources {
    /**
     * The ARNs of what a request is about.
     *
     * @param operation the operation's name
     * @param named     the ARNs as far as the request alone tells them, one access of the operation's each time; a part
     *                  that it does not tell is {@code *}
     */
    default List<String> resources(String operation, SdkRequest request, List<String> named) {
        return named;
    }

    /**
     * When the caller has given a code of a second factor with this very request, as some requests for credentials do.
     *
     * @throws AwsError if the code is not a valid one
     */
    default Optional<Instant> secondFactor(SdkRequest request) {
        return Optional.empty();
    }

    /** The tags of the resource with {@code arn}. */
    default Map<String, String> tags(String arn) {
        return Map.of();
    }

    /**
     * The values of one of the service's own condition keys that do not stand in the request.
     *
     * @param key in lower case, such as {@code s3:existingobjecttag/team}
     * @param arn the resource
     */
    default Optional<List<String>> condition(String key, String arn) {
        return Optional.empty();
    }

    /** The same, where the value depends on which of the call's accesses is decided, or on more of the request. */
    default Optional<List<String>> condition(String key, Access access, SdkRequest request) {
        return condition(key, access.resource());
    }

    /** The same, compiled; keys of KMS decide about everybody, and a document that cannot be read lets nobody in. */
    default Optional<ResourcePolicy> resourcePolicy(String arn) {
        return policy(arn).map(document -> ResourcePolicy.of(arn, document, arn.startsWith("arn:aws:kms:")));
    }

    /**
     * The policy that decides about {@code access}, where who asks for what makes a difference, as it does to the access
     * control lists of S3.
     */
    default Optional<ResourcePolicy> resourcePolicy(Access access, Principal principal, SdkRequest request) {
        return resourcePolicy(access.resource());
    }

    /** The account of the resource with {@code arn}, where the ARN does not say it, as those of buckets do not. */
    default Optional<String> owner(String arn) {
        return Optional.empty();
    }

    /** The same, where it depends on what is done: an object may belong to another account than its bucket. */
    default Optional<String> owner(Access access, SdkRequest request) {
        return owner(access.resource());
    }

    /** Whether there is no such resource: who may not use it is then told so by the service. */
    default boolean isMissing(Access access, SdkRequest request) {
        return false;
    }

    /** The policy that the resource with {@code arn} itself carries, a JSON document. */
    default Optional<String> policy(String arn) {
        return Optional.empty();
    }

    /**
     * Whether the service itself has given a right, beside all policies, as KMS does by grants. What a policy denies stays
     * denied.
     */
    default boolean grants(Principal principal, Access access, SdkRequest request) {
        return false;
    }
}
