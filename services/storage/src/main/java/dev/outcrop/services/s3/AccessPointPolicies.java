package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.ResourcePolicy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3control.model.PublicAccessBlockConfiguration;

/**
 * What the policies of access points say.
 *
 * <p>Source: "Configuring IAM policies for using access points" and "Managing public access to access points", Amazon S3
 * user guide.
 */
public final class AccessPointPolicies {
    private final AccountPublicAccess accounts;

    public AccessPointPolicies(AccountPublicAccess accounts) {
        this.accounts = accounts;
    }

    /** Whether {@code document}, which was checked, lets the public in. */
    public boolean isPublic(String document) {
        return PolicyGrammar.parse(document).isPublic();
    }

    /**
     * Checks a policy that is to be set.
     *
     * @throws AwsError {@code MalformedPolicy}, or {@code AccessDenied} if it lets the public in where that is blocked
     */
    public void check(AccessPoints.Point point, String document) {
        if (document.getBytes(StandardCharsets.UTF_8).length > PolicyGrammar.LONGEST) {
            throw new AwsError("MalformedPolicy", 400, "Policy exceeds the maximum allowed document size.");
        }
        String arn = point.place().arn();
        for (Map<?, ?> statement : PolicyGrammar.statements(document)) {
            PolicyGrammar.checkElements(statement);
            for (String resource : PolicyGrammar.resources(statement)) {
                if (!resource.equals(arn) && !resource.startsWith(arn + "/object/")) {
                    throw new AwsError(
                            "MalformedPolicy", 400, "Policy has invalid resource", Map.of("Detail", resource));
                }
            }
        }
        if (isPublic(document)
                && (Boolean.TRUE.equals(blocks(point).blockPublicPolicy())
                        || accounts.find(point.place().account())
                                .filter(set -> Boolean.TRUE.equals(set.blockPublicPolicy()))
                                .isPresent())) {
            throw Errors.accessDenied();
        }
    }

    private static PublicAccessBlockConfiguration blocks(AccessPoints.Point point) {
        return point.shape().publicAccessBlockConfiguration();
    }

    /** The policy that decides about whoever is of the access point's account, or is not. */
    Optional<Policy> deciding(AccessPoints.Point point, boolean stranger) {
        return point.policy().map(document -> {
            Policy policy =
                    ResourcePolicy.of(point.place().arn(), document, false).policy();
            boolean restricted = Boolean.TRUE.equals(blocks(point).restrictPublicBuckets())
                    || accounts.find(point.place().account())
                            .filter(set -> Boolean.TRUE.equals(set.restrictPublicBuckets()))
                            .isPresent();
            return stranger && restricted && isPublic(document) ? policy.denials() : policy;
        });
    }
}
