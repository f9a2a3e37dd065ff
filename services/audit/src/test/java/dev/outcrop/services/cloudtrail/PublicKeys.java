package dev.outcrop.services.cloudtrail;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.Arrays;

/** The keys that CloudTrail says it signs with. */
final class PublicKeys {
    private PublicKeys() {}

    /** The key with {@code fingerprint}. */
    static PublicKey of(AuditHouse house, String fingerprint) throws GeneralSecurityException {
        byte[] encoded = house
                .cloudTrail(cloudTrail -> cloudTrail.listPublicKeys(
                        request -> request.startTime(house.clock().instant().minus(Duration.ofDays(1)))
                                .endTime(house.clock().instant())))
                .publicKeyList()
                .stream()
                .filter(listed -> listed.fingerprint().equals(fingerprint))
                .findFirst()
                .orElseThrow()
                .value()
                .asByteArray();
        // SEQUENCE of two INTEGERs, of 257 and 3 octets.
        return KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(
                        new BigInteger(Arrays.copyOfRange(encoded, 8, 8 + 257)),
                        new BigInteger(Arrays.copyOfRange(encoded, 8 + 257 + 2, encoded.length))));
    }
}
