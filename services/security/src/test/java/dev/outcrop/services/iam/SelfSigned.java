package dev.outcrop.services.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A key with a certificate that it signed itself, made by the JDK's own keytool. */
public record SelfSigned(KeyStore store, PrivateKey privateKey, X509Certificate certificate) {
    /** What the store is locked with. */
    public static final char[] PASSWORD = "password".toCharArray();

    /** A new one for {@code host}, its store a file in {@code folder}. */
    public static SelfSigned of(Path folder, String host) throws Exception {
        Path file = folder.resolve(host + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "key",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-dname",
                        "CN=" + host,
                        "-ext",
                        "SAN=dns:" + host,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD);
        return new SelfSigned(
                store, (PrivateKey) store.getKey("key", PASSWORD), (X509Certificate) store.getCertificate("key"));
    }
}
