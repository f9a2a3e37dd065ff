package dev.outcrop.services.sts;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Session;
import dev.outcrop.kernel.policy.MalformedPolicyException;
import dev.outcrop.kernel.policy.PolicyUse;
import dev.outcrop.services.iam.IamDirectory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.PolicyDescriptorType;
import software.amazon.awssdk.services.sts.model.Tag;

/**
 * What requests for credentials say of the session beside who it is: policies that narrow it, and tags.
 *
 * <p>Sources: "Session policies" and "Pass session tags in AWS STS" of the IAM user guide.
 */
final class SessionPolicies {
    private static final int LONGEST = 2048;
    private static final int MOST_ARNS = 10;
    private static final int MOST_TAGS = 50;

    private final IamDirectory directory;

    SessionPolicies(IamDirectory directory) {
        this.directory = directory;
    }

    /** The inline policy, where there is one, checked. */
    List<String> inline(String document, List<PolicyDescriptorType> managed) {
        if (managed.size() > MOST_ARNS) {
            throw AwsError.validation("A session can have " + MOST_ARNS + " managed session policies at most");
        }
        if (document == null) {
            return List.of();
        }
        try {
            directory.compiled().get(document, PolicyUse.IDENTITY);
        } catch (MalformedPolicyException malformed) {
            throw new AwsError("MalformedPolicyDocument", 400, malformed.getMessage());
        }
        int size = managed.stream().mapToInt(policy -> policy.arn().length()).sum();
        if (size + document.length() > LONGEST) {
            throw new AwsError(
                    "PackedPolicyTooLarge",
                    400,
                    "The session policies must not be longer than " + LONGEST + " characters together");
        }
        return List.of(document);
    }

    /** The managed policies of {@code account}, checked. */
    List<String> arns(String account, List<PolicyDescriptorType> managed) {
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

    /** The tags of a request by key. */
    static Map<String, String> tags(List<Tag> given) {
        Map<String, String> tags = new LinkedHashMap<>();
        given.forEach(tag -> put(tags, tag.key(), tag.value()));
        return tags;
    }

    /** Adds a tag; keys that differ in case only are the same. */
    static void put(Map<String, String> tags, String key, String value) {
        if (tags.keySet().stream().anyMatch(key::equalsIgnoreCase)) {
            throw new AwsError(
                    "InvalidParameterValue",
                    400,
                    "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
        }
        if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
            throw AwsError.validation("aws: prefixed tag key names are not allowed for external use.");
        }
        tags.put(key, value);
        if (tags.size() > MOST_TAGS) {
            throw AwsError.validation("A session can have " + MOST_TAGS + " tags at most");
        }
    }

    /** Per cent of what a session may carry; null, as an SDK response has it, of one that carries nothing. */
    static Integer packed(Session session) {
        int size = session.policies().stream().mapToInt(String::length).sum()
                + session.policyArns().stream().mapToInt(String::length).sum();
        return size == 0 ? null : Math.max(1, size * 100 / LONGEST);
    }

    /** A key as responses have it. */
    static Credentials shown(AccessKey key) {
        return Credentials.builder()
                .accessKeyId(key.accessKeyId())
                .secretAccessKey(key.secretAccessKey())
                .sessionToken(key.sessionToken().orElseThrow())
                .expiration(key.expiresAt().orElseThrow())
                .build();
    }
}
