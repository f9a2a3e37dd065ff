package dev.outcrop.services.guardrails;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.services.foundationmodels.Geography;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.bedrock.model.GuardrailCrossRegionDetails;

/**
 * The guardrail profiles that AWS defines. Here a profile leads to no other Region; the standard tier asks for one, and
 * who applies a guardrail that has one must be allowed to use it, as on AWS.
 *
 * <p>Source: "Distribute guardrail inference across AWS Regions", Amazon Bedrock User Guide.
 */
final class GuardrailProfiles {
    private static final Pattern IDENTIFIER =
            Pattern.compile("(?:arn:aws(?:-[^:]+)?:bedrock:([a-z0-9-]+):([0-9]{12}):guardrail-profile/)?"
                    + "(([a-z-]+)\\.guardrail\\.v1:0)");
    private static final Set<Geography> WITH_PROFILES =
            Set.of(Geography.US, Geography.EU, Geography.APAC, Geography.US_GOV);

    private GuardrailProfiles() {}

    /**
     * The profile that a caller names by its id or ARN.
     *
     * @throws AwsError if there is none that can be used in the Region of the call
     */
    static GuardrailCrossRegionDetails find(String identifier) {
        CallContext call = CallContext.current();
        Matcher parts = IDENTIFIER.matcher(identifier);
        if (!parts.matches()
                || (parts.group(1) != null && !parts.group(1).equals(call.region()))
                || (parts.group(2) != null && !parts.group(2).equals(call.account()))
                || Geography.of(parts.group(4))
                        .filter(WITH_PROFILES::contains)
                        .filter(geography -> geography.servesFrom(call.region()))
                        .isEmpty()) {
            throw AwsError.validation("The guardrail profile " + identifier + " cannot be used in " + call.region()
                    + ". Name one of the system-defined guardrail profiles of this Region.");
        }
        String id = parts.group(3);
        return GuardrailCrossRegionDetails.builder()
                .guardrailProfileId(id)
                .guardrailProfileArn(
                        "arn:aws:bedrock:" + call.region() + ":" + call.account() + ":guardrail-profile/" + id)
                .build();
    }
}
