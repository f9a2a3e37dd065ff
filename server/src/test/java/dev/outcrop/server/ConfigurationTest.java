package dev.outcrop.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.services.s3.BucketDefaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    @TempDir
    private Path folder;

    @Test
    void everySettingOfTheReadmeIsRead() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        String block = readme.substring(readme.indexOf("    listen: 127.0.0.1"), readme.indexOf("`/_outcrop/health`"));

        Configuration configuration = read(block.stripIndent());

        assertThat(configuration.port()).isEqualTo(4566);
        assertThat(configuration.routing().table()).containsEntry("anthropic.*", "qwen2.5-1.5b-instruct");
        assertThat(configuration.models().idle()).isEqualTo(Duration.ofMinutes(10));
        assertThat(configuration.models().memoryBytes()).contains(4L << 30);
        assertThat(configuration.postgres()).isPresent();
        assertThat(configuration.tls()).isPresent();
        assertThat(configuration.masterKey()).isPresent();
        assertThat(configuration.retention().audit()).isEqualTo(Duration.ofDays(90));
        assertThat(configuration.jobs().heartbeat()).isEqualTo(Duration.ofSeconds(5));
        assertThat(configuration.remote()).containsOnlyKeys("s3");
    }

    @Test
    void anEmptyFileLeavesEverythingToItsDefault() throws IOException {
        assertThat(read("")).isEqualTo(Configuration.defaults());
    }

    @Test
    void newBucketsArePrivateUnlessTheyAreToBeOpen() throws IOException {
        assertThat(read("").newBuckets()).isEqualTo(BucketDefaults.AWS);
        assertThat(read("newBuckets: open").newBuckets()).isEqualTo(BucketDefaults.OPEN);
    }

    @Test
    void storesAndSourcesMayBeInPrivateNetworksUnlessOnlySomeHostsMay() throws Exception {
        assertThat(read("").reach().allows("127.0.0.1")).isTrue();
        assertThat(read("reach: [public]").reach().allows("127.0.0.1")).isFalse();
        assertThat(read("reach: [127.0.0.1]").reach().allows("127.0.0.1")).isTrue();
        assertThat(read("reach: [127.0.0.1]").reach().allows("10.0.0.1")).isFalse();
        assertThat(read("reach: ['*']").reach().allows("169.254.169.254")).isFalse();
    }

    @Test
    void theCommandLineHasTheLastWord() throws IOException {
        Configuration configuration = read("port: 1234\ninsecure: false")
                .with(Optional.of("::1"), Optional.of(99), Optional.of(Path.of("elsewhere")), true);

        assertThat(configuration.port()).isEqualTo(99);
        assertThat(configuration.listen()).isEqualTo("::1");
        assertThat(configuration.data()).isEqualTo(Path.of("elsewhere"));
        assertThat(configuration.insecure()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prot: 1                         | there is no setting",
                "port: many                      | port must be a whole number between 0 and 65535, but is \"many\"",
                "port: 70000                     | port must be a whole number between 0 and 65535, but is \"70000\"",
                "models: {idle: soon}            | models.idle must be a duration such as 10m",
                "models: {memory: much}          | models.memory must be an amount of memory",
                "models: {slotz: 1}              | there is no setting",
                "logFormat: xml                  | logFormat must be text or json",
                "newBuckets: closed              | newBuckets must be private or open",
                "tls: {certificate: a.pem}       | tls.certificate and tls.key must be given together",
                "postgres: {url: 'mysql://x'}    | must be a URL such as jdbc:postgresql://",
                "retention: {audit: 1m}          | retention.audit must be an hour at least",
                "remote: {s3: {accessKeyId: a}}  | remote.s3.url must be given",
                "traces: 'not a url'             | traces must be a URL",
                "'just a text'                   | must be a mapping of settings",
                "'port: 1: 2'                    | is not YAML",
                "{port: 1                        | is not YAML"
            })
    void whatIsWrongIsNamed(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    private Configuration read(String yaml) throws IOException {
        return Configuration.of(Files.writeString(folder.resolve("outcrop.yaml"), yaml));
    }
}
