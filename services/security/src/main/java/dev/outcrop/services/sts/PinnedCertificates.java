package dev.outcrop.services.sts;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Takes certificates that the JDK trusts, and those that stand under one whose SHA-1 thumbprint is known.
 *
 * <p>Source: "Obtain the thumbprint for an OpenID Connect identity provider" of the IAM user guide.
 */
final class PinnedCertificates implements X509TrustManager {
    private final X509TrustManager usual;
    private final List<String> thumbprints;

    private PinnedCertificates(X509TrustManager usual, List<String> thumbprints) {
        this.usual = usual;
        this.thumbprints = thumbprints;
    }

    /** @param thumbprints in lower-case hexadecimal digits */
    static SSLContext context(List<String> thumbprints) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            X509TrustManager usual = Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
            SSLContext context = SSLContext.getInstance("TLS");
            // Not an extended one: so the JDK itself compares the host's name, whichever way a chain is trusted.
            context.init(null, new TrustManager[] {new PinnedCertificates(usual, thumbprints)}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange) throws CertificateException {
        try {
            usual.checkServerTrusted(chain, keyExchange);
        } catch (CertificateException unknown) {
            if (!standsUnderKnown(chain)) {
                throw unknown;
            }
        }
    }

    /** A known certificate counts only where the server's own is signed by it, over however many between. */
    private boolean standsUnderKnown(X509Certificate[] chain) throws CertificateException {
        for (int index = 0; index < chain.length; index++) {
            chain[index].checkValidity();
            if (thumbprints.contains(thumbprint(chain[index]))) {
                return true;
            }
            boolean signed = index + 1 < chain.length
                    && chain[index + 1].getBasicConstraints() >= 0
                    && isSigned(chain[index], chain[index + 1]);
            if (!signed) {
                return false;
            }
        }
        return false;
    }

    private static boolean isSigned(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
        } catch (GeneralSecurityException not) {
            return false;
        }
    }

    static String thumbprint(X509Certificate certificate) throws CertificateException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange) throws CertificateException {
        throw new CertificateException("nobody proves itself to us by a certificate");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return usual.getAcceptedIssuers();
    }
}
