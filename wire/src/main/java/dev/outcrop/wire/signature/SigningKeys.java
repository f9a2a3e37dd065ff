package dev.outcrop.wire.signature;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Signing keys, kept once they are derived: a day's key is the same for all calls of a client to a service. */
final class SigningKeys {
    /** How many keys are kept at most. */
    static final int MOST = 10_000;

    private final ConcurrentMap<Scope, SigningKey> keys = new ConcurrentHashMap<>();

    /** The key for {@code claim}, if it is kept. */
    Optional<SigningKey> find(String secret, SignatureClaim claim) {
        return Optional.ofNullable(keys.get(scope(secret, claim)));
    }

    /** Keeps the key of a signature that was right: scopes that anybody makes up would drive out those in use. */
    void keep(String secret, SignatureClaim claim, SigningKey key) {
        if (keys.size() >= MOST) {
            keys.clear();
        }
        keys.put(scope(secret, claim), key);
    }

    private static Scope scope(String secret, SignatureClaim claim) {
        return new Scope(secret, claim.date(), claim.region(), claim.service());
    }

    /** How many keys are kept. */
    int size() {
        return keys.size();
    }

    private record Scope(String secret, String date, String region, String service) {
        @Override
        public String toString() {
            return date + "/" + region + "/" + service;
        }
    }
}
