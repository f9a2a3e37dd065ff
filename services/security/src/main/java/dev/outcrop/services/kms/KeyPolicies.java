package dev.outcrop.services.kms;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.services.policies.PolicyDocument;
import software.amazon.awssdk.services.kms.model.GetKeyPolicyRequest;
import software.amazon.awssdk.services.kms.model.GetKeyPolicyResponse;
import software.amazon.awssdk.services.kms.model.LimitExceededException;
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
    static final String NAME = "default";

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
        PolicyDocument document;
        try {
            document = PolicyDocument.ofResource(policy, "kms");
        } catch (PolicyDocument.MalformedException problem) {
            throw malformed(problem.getMessage());
        }
        CallContext call = CallContext.current();
        boolean service = call.principal().kind() == Principal.Kind.SERVICE;
        boolean open = document.mayAllow("kms:PutKeyPolicy", call.principal().arn(), call.account());
        if (!Boolean.TRUE.equals(bypassLockoutCheck) && !service && !open) {
            throw malformed("The new key policy will not allow you to update the key policy in the future.");
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
        KmsKey key = keys.identified(request.keyId());
        checkName(request.policyName());
        return GetKeyPolicyResponse.builder()
                .policy(key.policy())
                .policyName(NAME)
                .build();
    }

    private static void checkName(String name) {
        if (name != null && !name.equals(NAME)) {
            throw NotFoundException.builder().message("No such policy exists").build();
        }
    }
}
