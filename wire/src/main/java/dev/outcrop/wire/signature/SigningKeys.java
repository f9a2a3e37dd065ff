package dev.outcrop.wire.signature;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Signing keys, kept once they are derived: a day's key is the same for all calls of a client to a service. */
final class SigningKeys {
    /** How many keys are kept at most. */
    static final int MOST = 10_000;

    private final ConcurrentMap<Scope, SigningKey> keys = new ConcurrentHashMap<>();

    SigningKey of(String secret, SignatureClaim claim) {
        Scope scope = new Scope(secret, claim.date(), claim.region(), claim.service());
        SigningKey known = keys.get(scope);
        if (known != null) {
            return known;
        }
        if (keys.size() >= MOST) {
            keys.clear();
        }
        SigningKey derived = SigningKey.derive(secret, claim.date(), claim.region(), claim.service());
        keys.put(scope, derived);
        return derived;
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
