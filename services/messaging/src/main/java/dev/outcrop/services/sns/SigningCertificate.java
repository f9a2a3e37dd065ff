package dev.outcrop.services.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.storage.DuplicateRecordException;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StoredRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.utils.Lazy;

/**
 * The certificate that messages are signed by, with its key: made when it is first needed, and kept encrypted under the
 * master key, so that all servers that share a database sign alike.
 *
 * <p>Source: "Verifying the signatures of Amazon SNS messages" of the developer guide: version 1 is SHA1withRSA, version 2
 * SHA256withRSA.
 */
final class SigningCertificate {
    static final String PATHS = "/_outcrop/sns/certificates/*";

    private static final String CONTEXT = "sns signing certificate";
    private static final String ALIAS = "sns";
    private static final RecordKey KEY = new RecordKey("sns:certificate", "", "", "signing");
    /** The store is encrypted as a whole. */
    private static final String PASSWORD = "outcrop";

    private final Records records;
    private final Secrets secrets;
    private final InstantSource clock;
    private final Lazy<Loaded> loaded = new Lazy<>(this::load);

    SigningCertificate(Records records, Secrets secrets, InstantSource clock) {
        this.records = records;
        this.secrets = secrets;
        this.clock = clock;
    }

    private record Loaded(PrivateKey key, String pem, String path) {}

    /** Where it is to be had on this server. */
    String path() {
        return loaded.getValue().path;
    }

    /** The certificate in PEM. */
    String pem() {
        return loaded.getValue().pem;
    }

    /** The signature of a text in base64. */
    String signature(String text, String version) {
        try {
            Signature signature = Signature.getInstance(version.equals("2") ? "SHA256withRSA" : "SHA1withRSA");
            signature.initSign(loaded.getValue().key);
            signature.update(text.getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("a message cannot be signed", failure);
        }
    }

    private Loaded load() {
        Optional<StoredRecord> present = records.get(KEY);
        if (present.isEmpty()) {
            byte[] made = secrets.encrypt(make(), CONTEXT);
            try {
                records.write(transaction -> {
                    transaction.insert(KEY, "", Optional.empty(), clock.instant(), made);
                    return null;
                });
            } catch (DuplicateRecordException another) {
                // Another server was faster; its certificate is as good.
            }
            present = records.get(KEY);
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(
                    new ByteArrayInputStream(
                            secrets.decrypt(present.orElseThrow().body(), CONTEXT)),
                    PASSWORD.toCharArray());
            X509Certificate certificate = (X509Certificate) store.getCertificate(ALIAS);
            byte[] encoded = certificate.getEncoded();
            String pem = "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                    + "\n-----END CERTIFICATE-----\n";
            String name = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(encoded), 0, 16);
            return new Loaded(
                    (PrivateKey) store.getKey(ALIAS, PASSWORD.toCharArray()),
                    pem,
                    PATHS.replace("*", "SimpleNotificationService-" + name + ".pem"));
        } catch (IOException | GeneralSecurityException damaged) {
            throw new IllegalStateException("the certificate that messages are signed by cannot be read", damaged);
        }
    }

    private static byte[] make() {
        try {
            Path folder = Files.createTempDirectory("outcrop-sns");
            Path store = folder.resolve("signing.p12");
            try {
                keytool(store);
                return Files.readAllBytes(store);
            } finally {
                Files.deleteIfExists(store);
                Files.delete(folder);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("the certificate that messages are signed by cannot be made", failure);
        }
    }

    private static void keytool(Path store) throws IOException {
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-validity",
                        "36500",
                        "-dname",
                        "CN=sns.amazonaws.com, O=Outcrop",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IOException("keytool made no certificate: " + said.strip());
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool made a certificate", interruption);
        } finally {
            keytool.destroy();
        }
    }
}
