package dev.outcrop.services.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.services.ServedSecurity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kms.KmsClient;

class KeyEventsTest {
    @TempDir
    Path folder;

    private ServedSecurity house;
    private ServiceEvents events;
    private String key;

    @BeforeEach
    void open() {
        house = new ServedSecurity(folder);
        events = new ServiceEvents(house.records(), house.clock());
        house.records().write(transaction -> {
            events.follow(transaction, "000000000000", "us-east-1", Optional.of(Set.of("aws.kms")));
            return null;
        });
        key = house.as(KmsClient.class, kms -> kms.createKey(request -> {}))
                .keyMetadata()
                .keyId();
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void tellsOfRotations() {
        house.as(KmsClient.class, kms -> kms.rotateKeyOnDemand(request -> request.keyId(key)));

        assertThat(events.waiting(10))
                .singleElement()
                .satisfies(waiting -> assertThat(waiting.event())
                        .contains(
                                "\"detail-type\":\"KMS CMK Rotation\",\"source\":\"aws.kms\"",
                                "\"resources\":[\"arn:aws:kms:us-east-1:000000000000:key/" + key + "\"]",
                                "\"key-id\":\"" + key
                                        + "\",\"key-origin\":\"AWS_KMS\",\"rotation-type\":\"ON_DEMAND\""));
    }

    @Test
    void tellsOfKeysThatAreGone() {
        house.as(
                KmsClient.class,
                kms -> kms.scheduleKeyDeletion(request -> request.keyId(key).pendingWindowInDays(7)));
        assertThat(events.waiting(10)).isEmpty();

        house.pass(Duration.ofDays(8));
        house.kmsService().chore().body().run(() -> false);

        assertThat(events.waiting(10))
                .singleElement()
                .satisfies(waiting -> assertThat(waiting.event())
                        .contains("\"detail-type\":\"KMS CMK Deletion\"", "\"detail\":{\"key-id\":\"" + key + "\"}"));
    }
}
