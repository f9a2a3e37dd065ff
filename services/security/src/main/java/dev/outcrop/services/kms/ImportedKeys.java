package dev.outcrop.services.kms;

import java.io.IOException;
import java.security.GeneralSecurityException;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import software.amazon.awssdk.services.kms.model.IncorrectKeyMaterialException;
import software.amazon.awssdk.services.kms.model.KeySpec;

/**
 * Reads key material that comes from outside.
 *
 * <p>Source: "Key material requirements for imported keys" of the AWS KMS developer guide; RFC 5208 and RFC 5480.
 */
final class ImportedKeys {
    private ImportedKeys() {}

    /**
     * {@code material} as a key of {@code spec} keeps it, the public key worked out where there is one.
     *
     * @throws IncorrectKeyMaterialException if it is none for such a key
     */
    static KeySpecs.Generated read(KeySpec spec, byte[] material) {
        try {
            return switch (KeySpecs.family(spec)) {
                case SYMMETRIC, HMAC -> {
                    if (material.length != KeySpecs.secretBytes(spec)) {
                        throw incorrect(spec);
                    }
                    yield new KeySpecs.Generated(material, new byte[0]);
                }
                case RSA, ELLIPTIC_CURVE, EDWARDS -> {
                    byte[] publicKey = publicKey(spec, PrivateKeyFactory.createKey(material));
                    // The JDK is what will use them.
                    KeySpecs.privateKey(spec, material);
                    KeySpecs.publicKey(spec, publicKey);
                    yield new KeySpecs.Generated(material, publicKey);
                }
                case ML_DSA -> throw incorrect(spec);
            };
        } catch (IOException | GeneralSecurityException | IllegalArgumentException | ClassCastException malformed) {
            throw incorrect(spec);
        }
    }

    private static IncorrectKeyMaterialException incorrect(KeySpec spec) {
        return IncorrectKeyMaterialException.builder()
                .message("The key material in the request is not valid for the key spec " + spec + ".")
                .build();
    }

    private static byte[] publicKey(KeySpec spec, AsymmetricKeyParameter key) throws IOException {
        AsymmetricKeyParameter half = switch (key) {
            case RSAPrivateCrtKeyParameters rsa
            when KeySpecs.family(spec) == KeySpecs.Family.RSA -> {
                if (rsa.getModulus().bitLength() != KeySpecs.modulusBits(spec)) {
                    throw incorrect(spec);
                }
                yield new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent());
            }
            case ECPrivateKeyParameters curve
            when KeySpecs.family(spec) == KeySpecs.Family.ELLIPTIC_CURVE -> {
                ASN1ObjectIdentifier expected = ECNamedCurveTable.getOID(KeySpecs.curve(spec));
                if (!(curve.getParameters() instanceof ECNamedDomainParameters named)
                        || !named.getName().equals(expected)) {
                    throw incorrect(spec);
                }
                yield new ECPublicKeyParameters(
                        new FixedPointCombMultiplier().multiply(named.getG(), curve.getD()), named);
            }
            case Ed25519PrivateKeyParameters edwards
            when KeySpecs.family(spec) == KeySpecs.Family.EDWARDS -> edwards.generatePublicKey();
            default -> throw incorrect(spec);
        };
        return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(half).getEncoded();
    }
}
