package dev.outcrop.services.cloudtrail;

import java.util.Set;

/**
 * The services whose events are of no region.
 *
 * <p>Source: "Global service events" of the AWS CloudTrail user guide.
 */
final class GlobalServices {
    /** Their event sources. STS counts where its global endpoint is called, which is the only one here. */
    static final Set<String> SOURCES = Set.of("iam.amazonaws.com", "sts.amazonaws.com", "cloudfront.amazonaws.com");

    private GlobalServices() {}
}
