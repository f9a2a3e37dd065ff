package dev.outcrop.services.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.outcrop.kernel.Principal;
import dev.outcrop.services.ServedSecurity;
import dev.outcrop.storage.Pkcs11Token;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.CloudHsmClusterInUseException;
import software.amazon.awssdk.services.kms.model.CloudHsmClusterNotFoundException;
import software.amazon.awssdk.services.kms.model.ConnectionErrorCodeType;
import software.amazon.awssdk.services.kms.model.ConnectionStateType;
import software.amazon.awssdk.services.kms.model.CreateCustomKeyStoreRequest;
import software.amazon.awssdk.services.kms.model.CustomKeyStoreInvalidStateException;
import software.amazon.awssdk.services.kms.model.CustomKeyStoreNameInUseException;
import software.amazon.awssdk.services.kms.model.CustomKeyStoreNotFoundException;
import software.amazon.awssdk.services.kms.model.CustomKeyStoreType;
import software.amazon.awssdk.services.kms.model.CustomKeyStoresListEntry;
import software.amazon.awssdk.services.kms.model.IncorrectTrustAnchorException;
import software.amazon.awssdk.services.kms.model.OriginType;

class CustomKeyStoresTest {
    /** A certificate of nobody's. */
    static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBOjCB7aADAgECAhRRonfWKUvm4SBoPISwmSsmH2jOOzAFBgMrZXAwEjEQMA4G
            A1UEAwwHY2x1c3RlcjAgFw0yNjExMjIyMzE5MjNaGA8yMTI2MTAyOTIzMTkyM1ow
            EjEQMA4GA1UEAwwHY2x1c3RlcjAqMAUGAytlcAMhAMpG6Fpb1kuBOIf1SO3Ykn5M
            gHRNPZmo0dzihJzUNaC2o1MwUTAdBgNVHQ4EFgQU8SaPgCp02AEJU96w6L32bK3E
            zMYwHwYDVR0jBBgwFoAU8SaPgCp02AEJU96w6L32bK3EzMYwDwYDVR0TAQH/BAUw
            AwEB/zAFBgMrZXADQQDvwjdFVxN+uyn0zgGnTr4vWaNLX4DC7FVrDzuhaZecI/we
            TQcHdXVVqGbP+14ZJE56P48lOx83KFqmSy9POAgH
            -----END CERTIFICATE-----
            """;

    private static final String CLUSTER = "cluster-2a34b5cdefg";
    private static final String ANOTHER = "cluster-3a34b5cdefg";

    @TempDir
    Path folder;

    private ServedSecurity house;

    @BeforeEach
    void open() {
        Pkcs11Token.Module nowhere = new Pkcs11Token.Module(folder.resolve("missing.so"), 0);
        house = new ServedSecurity(folder.resolve("data"), Map.of(CLUSTER, nowhere, ANOTHER, nowhere));
    }

    @AfterEach
    void close() {
        house.close();
    }

    private <T> T kms(Function<KmsClient, T> call) {
        return house.as(KmsClient.class, call);
    }

    private String store(String name, Consumer<CreateCustomKeyStoreRequest.Builder> more) {
        return kms(client -> client.createCustomKeyStore(request -> {
                    request.customKeyStoreName(name)
                            .cloudHsmClusterId(CLUSTER)
                            .trustAnchorCertificate(CERTIFICATE)
                            .keyStorePassword("secret-pin");
                    more.accept(request);
                }))
                .customKeyStoreId();
    }

    @Test
    void aKeyStoreIsDescribedAsItWasMadeWithoutItsPassword() {
        String id = store("mine", request -> {});

        CustomKeyStoresListEntry store = kms(client ->
                        client.describeCustomKeyStores(request -> request.customKeyStoreName("mine")))
                .customKeyStores()
                .getFirst();

        assertThat(id).matches("cks-[0-9a-f]{17}");
        assertThat(store.customKeyStoreId()).isEqualTo(id);
        assertThat(store.customKeyStoreType()).isEqualTo(CustomKeyStoreType.AWS_CLOUDHSM);
        assertThat(store.cloudHsmClusterId()).isEqualTo(CLUSTER);
        assertThat(store.connectionState()).isEqualTo(ConnectionStateType.DISCONNECTED);
        assertThat(store.toString()).doesNotContain("secret-pin");
    }

    @Test
    void whatCannotBeIsRefused() {
        store("mine", request -> {});

        assertThatThrownBy(() -> store("other", request -> request.cloudHsmClusterId("cluster-4a34b5cdefg")))
                .isInstanceOf(CloudHsmClusterNotFoundException.class);
        assertThatThrownBy(() -> store("mine", request -> request.cloudHsmClusterId(ANOTHER)))
                .isInstanceOf(CustomKeyStoreNameInUseException.class);
        assertThatThrownBy(() -> store("other", request -> {})).isInstanceOf(CloudHsmClusterInUseException.class);
        assertThatThrownBy(() -> store(
                        "other", request -> request.cloudHsmClusterId(ANOTHER).trustAnchorCertificate("none")))
                .isInstanceOf(IncorrectTrustAnchorException.class);
        assertThatThrownBy(() -> store("other", request -> request.customKeyStoreType("EXTERNAL_KEY_STORE")))
                .hasMessageContaining("does not implement");
        assertThatThrownBy(() ->
                        kms(client -> client.describeCustomKeyStores(request -> request.customKeyStoreId("cks-none"))))
                .isInstanceOf(CustomKeyStoreNotFoundException.class);
    }

    @Test
    void anotherAccountCannotTakeAClusterThatIsLoggedInTo() {
        store("mine", request -> {});

        assertThatThrownBy(() -> house.as(
                        Principal.root("111111111111", Optional.empty()),
                        KmsClient.class,
                        client -> client.createCustomKeyStore(request -> request.customKeyStoreName("theirs")
                                .cloudHsmClusterId(CLUSTER)
                                .trustAnchorCertificate(CERTIFICATE)
                                .keyStorePassword("guessed-pin"))))
                .isInstanceOf(CloudHsmClusterInUseException.class);
    }

    @Test
    void aModuleThatIsNotThereFailsToConnectAndHoldsNoKeys() {
        String id = store("mine", request -> {});

        kms(client -> client.connectCustomKeyStore(request -> request.customKeyStoreId(id)));

        CustomKeyStoresListEntry store = kms(client ->
                        client.describeCustomKeyStores(request -> request.customKeyStoreId(id)))
                .customKeyStores()
                .getFirst();
        assertThat(store.connectionState()).isEqualTo(ConnectionStateType.FAILED);
        assertThat(store.connectionErrorCode()).isEqualTo(ConnectionErrorCodeType.NETWORK_ERRORS);
        assertThatThrownBy(() -> kms(client -> client.createKey(
                        request -> request.origin(OriginType.AWS_CLOUDHSM).customKeyStoreId(id))))
                .isInstanceOf(CustomKeyStoreInvalidStateException.class);
        kms(client -> client.updateCustomKeyStore(
                request -> request.customKeyStoreId(id).newCustomKeyStoreName("renamed")));
        kms(client -> client.deleteCustomKeyStore(request -> request.customKeyStoreId(id)));
        assertThat(kms(KmsClient::describeCustomKeyStores).customKeyStores()).isEmpty();
    }

    /** In a process of its own, since SoftHSM learns where its tokens are from the environment. */
    @Test
    void keysOfAModuleAreUsedInItAndTheMasterKeyIsOpenedByIt() throws Exception {
        Optional<Path> library = Stream.of(
                        "/usr/lib/softhsm/libsofthsm2.so",
                        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
                        "/usr/lib64/libsofthsm2.so")
                .map(Path::of)
                .filter(Files::exists)
                .findFirst();
        assumeThat(library).as("SoftHSM").isPresent();
        Path tokens = Files.createDirectory(folder.resolve("tokens"));
        Path settings = Files.writeString(
                folder.resolve("softhsm2.conf"), "directories.tokendir = " + tokens + "\nlog.level = ERROR\n");
        run(
                settings,
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                "test",
                "--pin",
                "1234567",
                "--so-pin",
                "5678");

        String said = run(
                settings,
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                HsmProcess.class.getName(),
                folder.resolve("hsm").toString(),
                library.get().toString(),
                CLUSTER);

        assertThat(said).endsWith("all is well\n");
    }

    private static String run(Path settings, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Arrays.asList(command)).redirectErrorStream(true);
        builder.environment().put("SOFTHSM2_CONF", settings.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
