package dev.outcrop.kernel.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.events.ServiceEvents.Origin;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Records;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceEventsTest {
    private static final Origin S3 = new Origin("000000000000", "us-east-1", "aws.s3");

    @TempDir
    Path path;

    private DataFolder folder;
    private Records records;
    private ServiceEvents events;

    @BeforeEach
    void open() {
        folder = DataFolder.open(path);
        records = folder.records();
        events = new ServiceEvents(records, InstantSource.fixed(Instant.parse("2026-11-22T10:00:00.5Z")));
    }

    @AfterEach
    void close() {
        records.close();
        folder.close();
    }

    private void follow(Optional<Set<String>> sources) {
        records.write(transaction -> {
            events.follow(transaction, "000000000000", "us-east-1", sources);
            return null;
        });
    }

    @Test
    void keepsNothingThatNobodyFollows() {
        follow(Optional.of(Set.of("aws.kms")));

        events.publish(S3, "Object Created", List.of(), () -> {
            throw new AssertionError("nobody asked for the detail");
        });

        assertThat(events.waiting(10)).isEmpty();
    }

    @Test
    void keepsEventsUntilTheyAreTaken() {
        follow(Optional.of(Set.of("aws.s3")));

        events.publish(S3, "Object Created", List.of("arn:aws:s3:::b"), () -> "{\"version\":\"0\"}");

        ServiceEvents.Waiting waiting = events.waiting(10).getFirst();
        assertThat(waiting.event())
                .contains(
                        "\"detail-type\":\"Object Created\",\"source\":\"aws.s3\",\"account\":\"000000000000\"",
                        "\"time\":\"2026-11-22T10:00:00Z\",\"region\":\"us-east-1\"",
                        "\"resources\":[\"arn:aws:s3:::b\"],\"detail\":{\"version\":\"0\"}");
        assertThat(records.<Boolean>write(transaction -> events.take(transaction, waiting)))
                .isTrue();
        assertThat(records.<Boolean>write(transaction -> events.take(transaction, waiting)))
                .isFalse();
        assertThat(events.waiting(10)).isEmpty();
    }

    @Test
    void happensOnlyIfItsTransactionDoes() {
        follow(Optional.empty());

        assertThatThrownBy(() -> records.write(transaction -> {
                    events.publish(transaction, S3, "Object Created", List.of(), () -> "{}");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(events.waiting(10)).isEmpty();
    }

    @Test
    void noticesAtOnceWhoFollowsAndTellsThatSomethingWaits() {
        AtomicInteger told = new AtomicInteger();
        events.watch(told::incrementAndGet);
        assertThat(events.isFollowed(S3)).isFalse();

        follow(Optional.empty());
        events.publish(S3, "Object Created", List.of(), () -> "{}");

        assertThat(events.isFollowed(S3)).isTrue();
        assertThat(events.isFollowed(new Origin("000000000000", "eu-west-1", "aws.s3")))
                .isFalse();
        assertThat(told).hasValue(1);
    }
}
