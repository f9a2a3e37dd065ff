package dev.outcrop.kernel;

import java.util.Optional;

/** The bearer tokens that the house accepts, such as Bedrock's API keys. Safe for concurrent use. */
@FunctionalInterface
public interface BearerKeys {
    /** Whom {@code bearerToken} speaks for, if it is valid. */
    Optional<Principal> find(String bearerToken);
}
