package dev.outcrop.wire.server;

import io.helidon.common.tls.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The certificate that TLS shows, with its key. */
public final class Certificate {
    private static final String ALIAS = "outcrop";
    /** The store lies beside the data that it protects, readable by its owner alone; the password adds nothing to that. */
    private static final String PASSWORD = "outcrop";

    private final PrivateKey key;
    private final List<X509Certificate> chain;

    private Certificate(PrivateKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = List.copyOf(chain);
    }

    /**
     * One that was given.
     *
     * @param chainFile certificates in PEM, the server's own first
     * @param keyFile   its private key, PKCS #8 in PEM
     * @throws IOException if a file cannot be read or holds something else
     */
    public static Certificate read(Path chainFile, Path keyFile) throws IOException {
        try (InputStream in = Files.newInputStream(chainFile)) {
            List<X509Certificate> chain = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (chain.isEmpty()) {
                throw new IOException(chainFile + " holds no certificate");
            }
            return new Certificate(privateKey(keyFile), chain);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    chainFile + " and " + keyFile + " are no certificate with its key: " + e.getMessage(), e);
        }
    }

    /**
     * Our own, for {@code localhost} and the loopback addresses, signed by itself; made in {@code folder} if it is not
     * there.
     *
     * @throws IOException if it can be neither read nor made
     */
    public static Certificate own(Path folder) throws IOException {
        Path store = folder.resolve("tls.p12");
        if (!Files.exists(store)) {
            make(folder, store);
        }
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            PrivateKey key = (PrivateKey) keys.getKey(ALIAS, PASSWORD.toCharArray());
            return new Certificate(key, List.of((X509Certificate) keys.getCertificate(ALIAS)));
        } catch (GeneralSecurityException e) {
            throw new IOException(store + " holds no certificate; delete it to have a new one made", e);
        }
    }

    /** The server's certificate, for clients that are to trust it. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** The settings of a listener that shows it. */
    public Tls tls() {
        return Tls.builder()
                .privateKey(key)
                .privateKeyCertChain(chain)
                .addApplicationProtocol("h2")
                .addApplicationProtocol("http/1.1")
                .build();
    }

    private static void make(Path folder, Path store) throws IOException {
        Files.createDirectories(folder);
        Path unfinished = folder.resolve("tls.p12." + ProcessHandle.current().pid());
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-validity",
                        "3650",
                        "-dname",
                        "CN=localhost, O=Outcrop",
                        "-ext",
                        "san=dns:localhost,dns:*.localhost,ip:127.0.0.1,ip:::1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        unfinished.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IOException("keytool made no certificate: " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool made a certificate", e);
        } finally {
            keytool.destroy();
        }
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
        }
        Files.move(unfinished, store);
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file);
        String begin = "-----BEGIN PRIVATE KEY-----";
        int start = pem.indexOf(begin);
        int end = pem.indexOf("-----END PRIVATE KEY-----");
        if (start < 0 || end < 0) {
            throw new IOException(
                    file + " holds no private key in PKCS #8; convert it with openssl pkcs8 -topk8 -nocrypt");
        }
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(pem.substring(start + begin.length(), end));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is no PEM: " + e.getMessage(), e);
        }
        PKCS8EncodedKeySpec specification = new PKCS8EncodedKeySpec(encoded);
        for (String algorithm : new String[] {"RSA", "EC", "EdDSA"}) {
            Optional<PrivateKey> key = tried(algorithm, specification);
            if (key.isPresent()) {
                return key.get();
            }
        }
        throw new IOException(file + " holds a key of an unknown kind; RSA, EC and EdDSA are known");
    }

    private static Optional<PrivateKey> tried(String algorithm, PKCS8EncodedKeySpec specification)
            throws GeneralSecurityException {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(specification));
        } catch (InvalidKeySpecException otherKind) {
            return Optional.empty();
        }
    }
}
