package dev.outcrop.services.kms;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SignatureException;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DigestInfo;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.pqc.crypto.mldsa.MLDSASigner;
import org.bouncycastle.pqc.crypto.util.PrivateKeyFactory;
import org.bouncycastle.pqc.crypto.util.PublicKeyFactory;

/**
 * What the JDK does not do: the curve secp256k1, and signatures over hashes made elsewhere.
 *
 * <p>What every start loads must not name Bouncy Castle's types: looking one up has the signature of its jar verified,
 * which takes a quarter of a second.
 */
final class BouncyCastle {
    private static final Provider PROVIDER = new BouncyCastleProvider();

    private BouncyCastle() {}

    static Provider provider() {
        return PROVIDER;
    }

    /** The signature of a SHA-512 hash by Ed25519ph; the key in PKCS #8. */
    static byte[] signEd25519(byte[] privateKey, byte[] hash) throws IOException {
        byte[] seed = ((Ed25519PrivateKeyParameters)
                        org.bouncycastle.crypto.util.PrivateKeyFactory.createKey(privateKey))
                .getEncoded();
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.signPrehash(seed, 0, new byte[0], hash, 0, signature, 0);
        return signature;
    }

    /** Whether {@code signature} is that of a SHA-512 hash by Ed25519ph; the key in X.509. */
    static boolean verifyEd25519(byte[] publicKey, byte[] hash, byte[] signature) throws IOException {
        byte[] point = ((Ed25519PublicKeyParameters) org.bouncycastle.crypto.util.PublicKeyFactory.createKey(publicKey))
                .getEncoded();
        return signature.length == Ed25519.SIGNATURE_SIZE
                && Ed25519.verifyPrehash(signature, 0, point, 0, new byte[0], hash, 0);
    }

    /** The signature of a message representative µ by ML-DSA; the key in PKCS #8. */
    static byte[] signMlDsa(byte[] privateKey, byte[] representative) throws IOException, GeneralSecurityException {
        MLDSASigner signer = new MLDSASigner();
        signer.init(true, PrivateKeyFactory.createKey(privateKey));
        try {
            return signer.generateMuSignature(representative);
        } catch (CryptoException failure) {
            throw new SignatureException(failure);
        }
    }

    /** Whether {@code signature} is that of a message representative µ by ML-DSA; the key in X.509. */
    static boolean verifyMlDsa(byte[] publicKey, byte[] representative, byte[] signature) throws IOException {
        MLDSASigner signer = new MLDSASigner();
        signer.init(false, PublicKeyFactory.createKey(publicKey));
        return signer.verifyMuSignature(representative, signature);
    }

    /** A hash together with the name of the function that made it, which is what PKCS #1 signs. */
    static byte[] digestInfo(int hashBits, byte[] hash) throws IOException {
        ASN1ObjectIdentifier function = switch (hashBits) {
            case 256 -> NISTObjectIdentifiers.id_sha256;
            case 384 -> NISTObjectIdentifiers.id_sha384;
            default -> NISTObjectIdentifiers.id_sha512;
        };
        return new DigestInfo(new AlgorithmIdentifier(function, DERNull.INSTANCE), hash).getEncoded();
    }
}
