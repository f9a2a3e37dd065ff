package dev.outcrop.services.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.services.ServedSecurity;
import dev.outcrop.storage.Pkcs11Token;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.ConnectionErrorCodeType;
import software.amazon.awssdk.services.kms.model.ConnectionStateType;
import software.amazon.awssdk.services.kms.model.CustomKeyStoreHasCmKsException;
import software.amazon.awssdk.services.kms.model.CustomKeyStoreInvalidStateException;
import software.amazon.awssdk.services.kms.model.CustomKeyStoresListEntry;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.OriginType;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

/** What a custom key store on a real PKCS #11 module does, and a master key under one; ends with 0 if all is well. */
final class HsmProcess {
    private static final SdkBytes TEXT = SdkBytes.fromUtf8String("a text");
    private static final String PIN = "1234567";

    private final Path folder;
    private final Map<String, Pkcs11Token.Module> modules;
    private final String cluster;
    private ServedSecurity house;

    private HsmProcess(Path folder, Pkcs11Token.Module module, String cluster) {
        this.folder = folder;
        this.cluster = cluster;
        modules = Map.of(cluster, module);
        house = new ServedSecurity(folder, modules);
    }

    /** @param arguments a folder, the module's library, and the cluster that it stands for */
    public static void main(String[] arguments) throws Exception {
        Pkcs11Token.Module module = new Pkcs11Token.Module(Path.of(arguments[1]), 0);
        HsmProcess process = new HsmProcess(Path.of(arguments[0]), module, arguments[2]);
        process.customKeyStore();
        masterKey(Path.of(arguments[0]), module);
        System.out.println("all is well");
    }

    private <T> T kms(Function<KmsClient, T> call) {
        return house.as(KmsClient.class, call);
    }

    private void customKeyStore() {
        String store = kms(client -> client.createCustomKeyStore(request -> request.customKeyStoreName("mine")
                        .cloudHsmClusterId(cluster)
                        .trustAnchorCertificate(CustomKeyStoresTest.CERTIFICATE)
                        .keyStorePassword("not-the-pin")))
                .customKeyStoreId();
        connect(store);
        assertThat(described(store).connectionState()).isEqualTo(ConnectionStateType.FAILED);
        assertThat(described(store).connectionErrorCode()).isEqualTo(ConnectionErrorCodeType.INVALID_CREDENTIALS);
        kms(client -> client.updateCustomKeyStore(
                request -> request.customKeyStoreId(store).keyStorePassword(PIN)));
        connect(store);
        assertThat(described(store).connectionState()).isEqualTo(ConnectionStateType.CONNECTED);

        KeyMetadata key = kms(client -> client.createKey(
                        request -> request.origin(OriginType.AWS_CLOUDHSM).customKeyStoreId(store)))
                .keyMetadata();
        assertThat(key.customKeyStoreId()).isEqualTo(store);
        assertThat(key.cloudHsmClusterId()).isEqualTo(cluster);
        SdkBytes blob = encrypted(key);
        assertThat(decrypted(blob)).isEqualTo(TEXT);
        assertThatThrownBy(() -> kms(client -> client.decrypt(request -> request.ciphertextBlob(blob))))
                .isInstanceOf(InvalidCiphertextException.class);
        assertThat(kms(client -> client.generateRandom(
                                request -> request.customKeyStoreId(store).numberOfBytes(16)))
                        .plaintext()
                        .asByteArray())
                .hasSize(16);
        assertThatThrownBy(() -> kms(client -> client.rotateKeyOnDemand(request -> request.keyId(key.keyId()))))
                .isInstanceOf(UnsupportedOperationException.class);

        house.close();
        house = new ServedSecurity(folder, modules);
        assertThat(decrypted(blob)).isEqualTo(TEXT);

        kms(client -> client.disconnectCustomKeyStore(request -> request.customKeyStoreId(store)));
        assertThat(kms(client -> client.describeKey(request -> request.keyId(key.keyId())))
                        .keyMetadata()
                        .keyState())
                .isEqualTo(KeyState.UNAVAILABLE);
        assertThatThrownBy(() -> decrypted(blob)).isInstanceOf(KmsInvalidStateException.class);
        assertThatThrownBy(() -> kms(client -> client.createKey(
                        request -> request.origin(OriginType.AWS_CLOUDHSM).customKeyStoreId(store))))
                .isInstanceOf(CustomKeyStoreInvalidStateException.class);
        assertThatThrownBy(() -> kms(client -> client.deleteCustomKeyStore(request -> request.customKeyStoreId(store))))
                .isInstanceOf(CustomKeyStoreHasCmKsException.class);
        connect(store);
        assertThat(decrypted(blob)).isEqualTo(TEXT);

        kms(client ->
                client.scheduleKeyDeletion(request -> request.keyId(key.keyId()).pendingWindowInDays(7)));
        house.pass(Duration.ofDays(8));
        house.kmsService().chore().body().run(() -> false);
        kms(client -> client.disconnectCustomKeyStore(request -> request.customKeyStoreId(store)));
        kms(client -> client.deleteCustomKeyStore(request -> request.customKeyStoreId(store)));
        house.close();
    }

    private void connect(String store) {
        kms(client -> client.connectCustomKeyStore(request -> request.customKeyStoreId(store)));
    }

    private CustomKeyStoresListEntry described(String store) {
        return kms(client -> client.describeCustomKeyStores(request -> request.customKeyStoreId(store)))
                .customKeyStores()
                .getFirst();
    }

    private SdkBytes encrypted(KeyMetadata key) {
        return kms(client -> client.encrypt(
                        request -> request.keyId(key.keyId()).plaintext(TEXT).encryptionContext(Map.of("a", "1"))))
                .ciphertextBlob();
    }

    private SdkBytes decrypted(SdkBytes blob) {
        return kms(client ->
                        client.decrypt(request -> request.ciphertextBlob(blob).encryptionContext(Map.of("a", "1"))))
                .plaintext();
    }

    private static void masterKey(Path folder, Pkcs11Token.Module module) throws Exception {
        Path file = folder.resolve("wrapped.key");
        byte[] encrypted;
        try (Pkcs11Token token = Pkcs11Token.open(module, PIN.toCharArray())) {
            encrypted = Secrets.open(file, token).encrypt(new byte[] {1, 2, 3}, "context");
        }
        try (Pkcs11Token token = Pkcs11Token.open(module, PIN.toCharArray())) {
            assertThat(Secrets.open(file, token).decrypt(encrypted, "context")).containsExactly(1, 2, 3);
            Path plain = folder.resolve("plain.key");
            Secrets.open(plain);
            assertThatThrownBy(() -> Secrets.open(plain, token)).isInstanceOf(StorageException.class);
            String changed = Files.readString(file).replaceFirst("pkcs11:.", "pkcs11:/");
            Path forged = Files.copy(file, folder.resolve("forged.key"), StandardCopyOption.COPY_ATTRIBUTES);
            Files.writeString(forged, changed);
            assertThatThrownBy(() -> Secrets.open(forged, token)).isInstanceOf(StorageException.class);
        }
        assertThat(Files.readString(file)).startsWith("pkcs11:");
        assertThatThrownBy(() -> Secrets.open(file))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("PKCS #11 token");
    }
}
