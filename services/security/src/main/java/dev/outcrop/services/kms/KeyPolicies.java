package dev.outcrop.services.kms;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.policy.MalformedPolicyException;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyUse;
import software.amazon.awssdk.services.kms.model.GetKeyPolicyRequest;
import software.amazon.awssdk.services.kms.model.GetKeyPolicyResponse;
import software.amazon.awssdk.services.kms.model.LimitExceededException;
import software.amazon.awssdk.services.kms.model.ListKeyPoliciesRequest;
import software.amazon.awssdk.services.kms.model.ListKeyPoliciesResponse;
import software.amazon.awssdk.services.kms.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.PutKeyPolicyRequest;

/**
 * Key policies: kept, checked for their grammar, and against locking their owner out. Who may do what under them IAM
 * decides.
 *
 * <p>Source: "Key policies in AWS KMS" and "Default key policy" of the AWS KMS developer guide.
 */
final class KeyPolicies {
    /** The only name that a key policy can have. */
    private static final String NAME = "default";

    private static final int LONGEST = 32_768;

    private final KmsKeys keys;
    private final KeyUse use;

    KeyPolicies(KmsKeys keys, KeyUse use) {
        this.keys = keys;
        this.use = use;
    }

    /** What a key gets where its maker gives no policy: the account decides by its IAM policies. */
    static String byDefault() {
        String account = CallContext.current().account();
        return """
                {
                  "Version" : "2012-10-17",
                  "Id" : "key-default-1",
                  "Statement" : [ {
                    "Sid" : "Enable IAM User Permissions",
                    "Effect" : "Allow",
                    "Principal" : {
                      "AWS" : "arn:aws:iam::%s:root"
                    },
                    "Action" : "kms:*",
                    "Resource" : "*"
                  } ]
                }""".formatted(account);
    }

    /** How AWS's {@code service} is named where a call comes through it. */
    static String via(String service) {
        return service + "." + CallContext.current().region() + ".amazonaws.com";
    }

    /** The policy of the key that AWS manages for {@code service}. */
    static String awsManaged(String service) {
        String account = CallContext.current().account();
        return """
                {
                  "Version" : "2012-10-17",
                  "Id" : "auto-%1$s-1",
                  "Statement" : [ {
                    "Sid" : "Allow access through %1$s for all principals in the account that are authorized to use %1$s",
                    "Effect" : "Allow",
                    "Principal" : {
                      "AWS" : "*"
                    },
                    "Action" : [ "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey" ],
                    "Resource" : "*",
                    "Condition" : {
                      "StringEquals" : {
                        "kms:CallerAccount" : "%2$s",
                        "kms:ViaService" : "%3$s"
                      }
                    }
                  }, {
                    "Sid" : "Allow direct access to key metadata to the account",
                    "Effect" : "Allow",
                    "Principal" : {
                      "AWS" : "arn:aws:iam::%2$s:root"
                    },
                    "Action" : [ "kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant" ],
                    "Resource" : "*"
                  } ]
                }""".formatted(service, account, via(service));
    }

    /**
     * {@code policy} itself.
     *
     * @throws MalformedPolicyDocumentException if it is none, or would lock the caller out
     * @throws LimitExceededException if it is too long
     */
    static String checked(String policy, Boolean bypassLockoutCheck) {
        if (policy.length() > LONGEST) {
            throw LimitExceededException.builder()
                    .message("The key policy must be at most " + LONGEST + " characters long, but has "
                            + policy.length() + ".")
                    .build();
        }
        CallContext call = CallContext.current();
        boolean service = call.principal().kind() == Principal.Kind.SERVICE;
        boolean open = parsed(policy).mayAllow(call.principal(), "kms:PutKeyPolicy");
        if (!Boolean.TRUE.equals(bypassLockoutCheck) && !service && !open) {
            throw malformed("The new key policy will not allow you to update the key policy in the future.");
        }
        return policy;
    }

    private static Policy parsed(String document) {
        Policy policy;
        try {
            policy = Policy.parse(document, PolicyUse.RESOURCE);
        } catch (MalformedPolicyException problem) {
            throw malformed(
                    switch (problem.flaw()) {
                        case JSON, SYNTAX -> "Policy contains invalid json";
                        case PRINCIPAL -> "Policy contains a statement with one or more invalid principals.";
                        case OTHER -> problem.getMessage();
                    });
        }
        for (String service : policy.services()) {
            if (!service.equals("kms")) {
                throw malformed("Policy contains a statement with an action of " + service + ", which is not KMS's.");
            }
        }
        return policy;
    }

    private static MalformedPolicyDocumentException malformed(String message) {
        return MalformedPolicyDocumentException.builder().message(message).build();
    }

    void put(PutKeyPolicyRequest request) {
        KmsKey key = use.changeable(keys.identified(request.keyId()), "PutKeyPolicy");
        checkName(request.policyName());
        String policy = checked(request.policy(), request.bypassPolicyLockoutSafetyCheck());
        keys.update(key, present -> use.kept(present).governedBy(policy));
    }

    GetKeyPolicyResponse get(GetKeyPolicyRequest request) {
        KmsKey key = use.ofAccount(keys.identified(request.keyId()), "GetKeyPolicy");
        checkName(request.policyName());
        return GetKeyPolicyResponse.builder()
                .policy(key.policy())
                .policyName(NAME)
                .build();
    }

    ListKeyPoliciesResponse list(ListKeyPoliciesRequest request) {
        use.ofAccount(keys.identified(request.keyId()), "ListKeyPolicies");
        return ListKeyPoliciesResponse.builder()
                .policyNames(NAME)
                .truncated(false)
                .build();
    }

    private static void checkName(String name) {
        if (name != null && !name.equals(NAME)) {
            throw NotFoundException.builder().message("No such policy exists").build();
        }
    }
}
