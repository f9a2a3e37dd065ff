package dev.outcrop.kernel;

import java.util.Optional;

/** The access keys that the house accepts. Safe for concurrent use; asked once a call, so it answers from memory. */
@FunctionalInterface
public interface AccessKeys {
    /** The key called {@code accessKeyId}, if it exists and is active. Expired keys are found, so that AWS's error can be given. */
    Optional<AccessKey> find(String accessKeyId);
}
