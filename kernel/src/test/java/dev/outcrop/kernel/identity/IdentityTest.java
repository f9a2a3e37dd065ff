package dev.outcrop.kernel.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.TestHouse;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
    private static final AccessKey KEY = new AccessKey(
            "AKIAEXAMPLE",
            "secret/+",
            Principal.root("000000000000", Optional.empty()),
            Optional.empty(),
            Optional.empty());
    private static final String ENDPOINT = "http://127.0.0.1:4566";

    @TempDir
    private Path folder;

    @Test
    void makesOneRootKeyAndFindsItAfterARestart() {
        AccessKey made;
        try (TestHouse house = new TestHouse(folder)) {
            StoredAccessKeys keys = keys(house);
            made = keys.rootKey("000000000000", new Ids(), InstantSource.system());
            assertThat(keys.find(made.accessKeyId())).contains(made);
        }
        try (TestHouse house = new TestHouse(folder)) {
            StoredAccessKeys keys = keys(house);
            assertThat(keys.rootKey("000000000000", new Ids(), InstantSource.system()))
                    .isEqualTo(made);
            assertThat(keys.find(made.accessKeyId())).contains(made);
            assertThat(keys.find("AKIAUNKNOWN")).isEmpty();
        }

        assertThat(made.accessKeyId()).matches("AKIA[A-Z2-7]{16}");
        assertThat(made.secretAccessKey()).hasSize(40);
        assertThat(made.principal().arn()).isEqualTo("arn:aws:iam::000000000000:root");
        assertThat(made.toString()).doesNotContain(made.secretAccessKey());
    }

    @Test
    void keepsNoSecretInClearOnDisk() throws Exception {
        String secret;
        try (TestHouse house = new TestHouse(folder)) {
            secret = keys(house)
                    .rootKey("000000000000", new Ids(), InstantSource.system())
                    .secretAccessKey();
        }

        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(secret);
            }
        }
    }

    @Test
    void knowsTheKeysThatEveryoneKnows() {
        DevelopmentKeys keys = new DevelopmentKeys();

        assertThat(keys.find("test").orElseThrow().principal().account()).isEqualTo("000000000000");
        assertThat(keys.find("123456789012").orElseThrow().principal().account())
                .isEqualTo("123456789012");
        assertThat(keys.find("123456789012").orElseThrow().secretAccessKey()).isEqualTo("test");
        assertThat(keys.find("1234567890123")).isEmpty();
        assertThat(keys.find("AKIAEXAMPLE")).isEmpty();
        assertThat(keys.bearerKeys().find("test")).isPresent();
    }

    @Test
    void listensElsewhereOnlyWithTlsAndWithoutWellKnownKeys() throws Exception {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        InetAddress any = InetAddress.ofLiteral("0.0.0.0");

        assertThatCode(() -> ListeningRules.check(loopback, true, false, false)).doesNotThrowAnyException();
        assertThatCode(() -> ListeningRules.check(any, false, true, false)).doesNotThrowAnyException();
        assertThatCode(() -> ListeningRules.check(any, false, false, true)).doesNotThrowAnyException();
        assertThatThrownBy(() -> ListeningRules.check(any, true, true, true)).hasMessageContaining("development keys");
        assertThatThrownBy(() -> ListeningRules.check(any, false, false, false)).hasMessageContaining("--insecure");
    }

    @Test
    void writesTheProfileOnceWithOwnerOnlyRights() throws Exception {
        ProfileFiles files = ProfileFiles.of(Map.of(), folder);

        ProfileFiles.Outcome first = files.write("outcrop", KEY, "us-east-1", ENDPOINT);
        ProfileFiles.Outcome second = files.write("outcrop", KEY, "us-east-1", ENDPOINT);

        assertThat(first).isInstanceOf(ProfileFiles.Outcome.Written.class);
        assertThat(second).isInstanceOf(ProfileFiles.Outcome.Unchanged.class);
        assertThat(folder.resolve(".aws/credentials"))
                .hasContent("[outcrop]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret/+\n");
        assertThat(folder.resolve(".aws/config"))
                .hasContent("[profile outcrop]\nregion = us-east-1\nendpoint_url = " + ENDPOINT + "\n");
        assertThat(Files.getPosixFilePermissions(folder.resolve(".aws/credentials")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void addsToWhatIsThereAndChangesNothingOfIt() throws Exception {
        Path credentials = folder.resolve("c");
        Path configuration = folder.resolve("f");
        Files.writeString(credentials, "[default]\naws_access_key_id = MINE\n# no newline at the end");
        ProfileFiles files = ProfileFiles.of(
                Map.of(
                        "AWS_SHARED_CREDENTIALS_FILE",
                        credentials.toString(),
                        "AWS_CONFIG_FILE",
                        configuration.toString()),
                folder.resolve("nowhere"));

        files.write("outcrop", KEY, "us-east-1", ENDPOINT);

        assertThat(Files.readString(credentials))
                .startsWith("[default]\naws_access_key_id = MINE\n# no newline at the end\n\n[outcrop]\n");
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }

    @Test
    void leavesAnotherProfileOfThatNameAlone() throws Exception {
        Path credentials = folder.resolve(".aws/credentials");
        Files.createDirectories(credentials.getParent());
        String mine =
                "[ outcrop ]\naws_access_key_id=MINE\naws_secret_access_key=x\n[other]\naws_access_key_id=AKIAEXAMPLE\n";
        Files.writeString(credentials, mine);

        ProfileFiles.Outcome outcome = ProfileFiles.of(Map.of(), folder).write("outcrop", KEY, "us-east-1", ENDPOINT);

        assertThat(outcome).isEqualTo(new ProfileFiles.Outcome.LeftAlone(credentials));
        assertThat(credentials).hasContent(mine);
        assertThat(folder.resolve(".aws/config")).doesNotExist();
    }

    private static StoredAccessKeys keys(TestHouse house) {
        return new StoredAccessKeys(house.records(), house.folder().secrets());
    }
}
