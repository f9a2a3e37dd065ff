package dev.outcrop.services.secretsmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.events.ServiceEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ReplicaRegionType;
import software.amazon.awssdk.services.secretsmanager.model.RotateSecretResponse;

class SecretRotationTest {
    private static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:rotate";
    private static final String TOKEN = "00000000-0000-0000-0000-000000000002";

    @TempDir
    Path folder;

    private ServedSecrets served;

    @BeforeEach
    void open() {
        served = new ServedSecrets(folder);
        served.call(client -> client.createSecret(request -> request.name("s").secretString("one")));
    }

    @AfterEach
    void close() {
        served.close();
    }

    private void playLambda() {
        served.house.serve("lambda", LambdaClient.class, new RotatingFunction(served.house));
        served.jobs().start();
    }

    private String value() {
        return served.call(client -> client.getSecretValue(request -> request.secretId("s")))
                .secretString();
    }

    private DescribeSecretResponse described() {
        return served.call(client -> client.describeSecret(request -> request.secretId("s")));
    }

    private void awaitRotation() throws InterruptedException {
        Instant limit = Instant.now().plusSeconds(20);
        while (described().lastRotatedDate() == null && Instant.now().isBefore(limit)) {
            Thread.sleep(50);
        }
    }

    @Test
    void rotationNeedsAFunctionThatCanBeCalled() {
        assertThatThrownBy(() -> served.call(client -> client.rotateSecret(request -> request.secretId("s"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("No Lambda rotation function ARN is associated with this secret.");
        assertThatThrownBy(() -> served.call(client ->
                        client.rotateSecret(request -> request.secretId("s").rotationLambdaARN(FUNCTION))))
                .hasMessageContaining("cannot invoke the specified Lambda function");
    }

    @Test
    void aRotationFunctionMakesTheNewVersionTheCurrentOne() throws Exception {
        playLambda();
        ServiceEvents events = new ServiceEvents(served.house.records(), served.house.clock());
        served.house.records().write(transaction -> {
            events.follow(transaction, ServedSecrets.OWNER, "us-east-1", Optional.of(Set.of("aws.secretsmanager")));
            return null;
        });

        RotateSecretResponse begun = served.call(client -> client.rotateSecret(request -> request.secretId("s")
                .clientRequestToken(TOKEN)
                .rotationLambdaARN(FUNCTION)
                .rotationRules(rules -> rules.automaticallyAfterDays(30L))));
        awaitRotation();

        assertThat(begun.versionId()).isEqualTo(TOKEN);
        assertThat(value()).isEqualTo("rotated");
        DescribeSecretResponse rotated = described();
        assertThat(rotated.versionIdsToStages().get(TOKEN)).containsExactly("AWSCURRENT");
        assertThat(rotated.rotationEnabled()).isTrue();
        assertThat(rotated.lastRotatedDate()).isEqualTo(served.house.clock().instant());
        assertThat(rotated.nextRotationDate()).isEqualTo("2026-12-22T23:59:59Z");
        Instant limit = Instant.now().plusSeconds(30);
        while (events.waiting(10).size() < 2 && Instant.now().isBefore(limit)) {
            Thread.sleep(50);
        }
        assertThat(events.waiting(10))
                .extracting(ServiceEvents.Waiting::event)
                .allMatch(event -> event.contains("\"detail-type\":\"AWS Service Event via CloudTrail\"")
                        && event.contains("\"additionalEventData\":{\"SecretId\":\"" + rotated.arn() + "\"}"))
                .anyMatch(event -> event.contains("\"eventName\":\"RotationStarted\""))
                .anyMatch(event -> event.contains("\"eventName\":\"RotationSucceeded\""));
    }

    @Test
    void aScheduleRotatesWhenItsWindowOpensAndNotBefore() throws Exception {
        playLambda();
        served.call(client -> client.replicateSecretToRegions(request -> request.secretId("s")
                .addReplicaRegions(
                        ReplicaRegionType.builder().region("eu-west-1").build())));
        served.call(client -> client.rotateSecret(request -> request.secretId("s")
                .rotateImmediately(false)
                .rotationLambdaARN(FUNCTION)
                .rotationRules(
                        rules -> rules.scheduleExpression("cron(0 20 * * ? *)").duration("2h"))));
        assertThat(described().nextRotationDate()).isEqualTo("2026-11-22T21:59:59Z");

        served.pass(Duration.ofHours(9));
        assertThat(described().versionIdsToStages()).hasSize(1);
        served.pass(Duration.ofHours(2));
        awaitRotation();

        assertThat(value()).isEqualTo("rotated");
        assertThat(described().nextRotationDate()).isEqualTo("2026-11-23T21:59:59Z");
        assertThat(served.in("eu-west-1", client -> client.getSecretValue(request -> request.secretId("s")))
                        .secretString())
                .isEqualTo("rotated");
    }

    @Test
    void aValueSetByHandCountsAsARotation() {
        playLambda();
        served.call(client -> client.rotateSecret(request -> request.secretId("s")
                .rotateImmediately(false)
                .rotationLambdaARN(FUNCTION)
                .rotationRules(rules -> rules.automaticallyAfterDays(10L))));
        served.house.pass(Duration.ofDays(9));

        served.call(
                client -> client.putSecretValue(request -> request.secretId("s").secretString("two")));

        assertThat(described().nextRotationDate()).isEqualTo("2026-12-11T23:59:59Z");
    }

    @Test
    void aCancelledRotationHappensNoMore() {
        playLambda();
        served.call(client -> client.rotateSecret(request -> request.secretId("s")
                .rotateImmediately(false)
                .rotationLambdaARN(FUNCTION)
                .rotationRules(rules -> rules.scheduleExpression("rate(1 day)"))));

        served.call(client -> client.cancelRotateSecret(request -> request.secretId("s")));
        served.pass(Duration.ofDays(5));

        assertThat(described().rotationEnabled()).isFalse();
        assertThat(described().nextRotationDate()).isNull();
        assertThat(described().versionIdsToStages().values()).containsExactly(List.of("AWSCURRENT"));
    }
}
