package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** Certificates and keys in PEM (RFC 7468), as requests carry them. */
final class PemCertificates {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private PemCertificates() {}

    /**
     * The one certificate in {@code pem}.
     *
     * @throws AwsError {@code MalformedCertificate} if there is none
     */
    static X509Certificate certificate(String pem) {
        List<X509Certificate> all = chain(pem);
        if (all.size() != 1) {
            throw malformed("The certificate body must hold one certificate.");
        }
        return all.getFirst();
    }

    /** All the certificates in {@code pem}, at least one. */
    static List<X509Certificate> chain(String pem) {
        if (!pem.strip().startsWith("-----BEGIN CERTIFICATE-----")) {
            throw malformed("The certificate is not in PEM format.");
        }
        try {
            List<X509Certificate> chain = new ArrayList<>();
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.strip().getBytes(StandardCharsets.US_ASCII)))
                    .forEach(certificate -> chain.add((X509Certificate) certificate));
            return List.copyOf(chain);
        } catch (CertificateException unreadable) {
            throw malformed("The certificate cannot be read.");
        }
    }

    /**
     * Makes sure that the private key in {@code pem} is that of {@code certificate}.
     *
     * @throws AwsError {@code MalformedCertificate} if it cannot be read, {@code KeyPairMismatch} if it is another's
     */
    static void checkKey(String pem, X509Certificate certificate) {
        Matcher key = KEY.matcher(pem.strip());
        if (!key.matches()) {
            throw malformed("The private key is not in unencrypted PEM format.");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(key.group(2));
            String algorithm = certificate.getPublicKey().getAlgorithm();
            PrivateKey read = KeyFactory.getInstance(algorithm)
                    .generatePrivate(
                            key.group(1).equals("RSA PRIVATE KEY") ? pkcs1(encoded) : new PKCS8EncodedKeySpec(encoded));
            if (!isPair(read, certificate.getPublicKey())) {
                throw mismatch();
            }
        } catch (InvalidKeySpecException another) {
            throw mismatch();
        } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
            throw malformed("The private key cannot be read.");
        }
    }

    /** RFC 8017, appendix A.1.2, inside RFC 5208's envelope. */
    private static PKCS8EncodedKeySpec pkcs1(byte[] encoded) throws GeneralSecurityException {
        try {
            AlgorithmIdentifier rsa = new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
            return new PKCS8EncodedKeySpec(new PrivateKeyInfo(rsa, RSAPrivateKey.getInstance(encoded)).getEncoded());
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new InvalidKeyException(unreadable);
        }
    }

    private static boolean isPair(PrivateKey mine, PublicKey its) throws GeneralSecurityException {
        byte[] text = "pair".getBytes(StandardCharsets.US_ASCII);
        Signature signature =
                Signature.getInstance(mine.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
        signature.initSign(mine);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(its);
        signature.update(text);
        return signature.verify(signed);
    }

    private static AwsError mismatch() {
        return new AwsError("KeyPairMismatch", 400, "The public key certificate and the private key do not match.");
    }

    private static AwsError malformed(String message) {
        return new AwsError("MalformedCertificate", 400, message);
    }
}
