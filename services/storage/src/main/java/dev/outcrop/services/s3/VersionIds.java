package dev.outcrop.services.s3;

import dev.outcrop.storage.buckets.ObjectVersion;
import java.util.regex.Pattern;

/** The ids of versions as requests name them. */
final class VersionIds {
    private static final Pattern MADE = Pattern.compile("[A-Za-z0-9._]{32}");

    private VersionIds() {}

    /**
     * @param id null for the current version
     * @throws dev.outcrop.kernel.AwsError {@code InvalidArgument} if no version could have it
     */
    static void check(String id) {
        if (id != null && !id.equals(ObjectVersion.NULL) && !MADE.matcher(id).matches()) {
            throw Errors.invalidArgument("Invalid version id specified", "versionId", id);
        }
    }
}
