package dev.outcrop.kernel.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.record.ServiceMetrics.Source;
import dev.outcrop.storage.JournalEntry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ServiceMetricsTest {
    private static final Source QUEUE = new Source("123456789012", "us-east-1", "AWS/SQS", Map.of("QueueName", "q"));

    private final List<JournalEntry> journal = Collections.synchronizedList(new ArrayList<>());
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-20T10:00:59Z"));
    private final ServiceMetrics metrics = new ServiceMetrics(journal::addAll, now::get);

    private List<String> written() {
        return journal.stream()
                .map(entry -> new String(entry.body(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void whatIsMeasuredInOneMinuteIsOneEntryOfThatMinute() {
        metrics.count(QUEUE, "Sent", 1);
        metrics.count(QUEUE, "Sent", 1);
        metrics.measure(QUEUE, "Size", "Bytes", 5);
        now.set(Instant.parse("2026-11-20T10:01:00Z"));
        metrics.count(QUEUE, "Sent", 3);

        metrics.flush();
        metrics.flush();
        metrics.close();

        assertThat(journal)
                .extracting(JournalEntry::time)
                .containsExactlyInAnyOrder(
                        Instant.parse("2026-11-20T10:00:00Z"), Instant.parse("2026-11-20T10:01:00Z"));
        assertThat(written())
                .anyMatch(
                        entry -> entry.contains("{\"metric\":\"Sent\",\"unit\":\"Count\",\"value\":1.0,\"count\":2.0}")
                                && entry.contains("{\"metric\":\"Size\",\"unit\":\"Bytes\",\"value\":5.0}"))
                .anyMatch(entry -> entry.contains("{\"metric\":\"Sent\",\"unit\":\"Count\",\"value\":3.0}"));
    }

    @Test
    void whatIsLeftIsWrittenAtTheEnd() {
        metrics.count(QUEUE, "Sent", 1);

        metrics.close();

        assertThat(written()).hasSize(1);
    }

    @Test
    void manyDifferentValuesAreKeptToTwoDigitsAndAllAreCounted() {
        for (int i = 0; i < 10_000; i++) {
            metrics.measure(QUEUE, "Size", "Bytes", 1000 + i);
        }

        metrics.close();

        String entry = written().getFirst();
        assertThat(entry.split("\"value\":", -1).length - 1).isLessThan(250);
        assertThat(entry).contains("\"value\":11000.0");
    }
}
