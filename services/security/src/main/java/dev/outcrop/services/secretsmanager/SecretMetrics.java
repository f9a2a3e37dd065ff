package dev.outcrop.services.secretsmanager;

import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.kernel.record.ServiceMetrics.Source;
import dev.outcrop.storage.Records;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Tells CloudWatch every hour how many secrets an account has, those that wait for their deletion included.
 *
 * <p>Source: "Monitor AWS Secrets Manager with Amazon CloudWatch" of the user guide.
 */
final class SecretMetrics {
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final Map<String, String> DIMENSIONS =
            Map.of("Service", "Secrets Manager", "Type", "Resource", "Resource", "SecretCount", "Class", "None");

    private final Records records;
    private final ServiceMetrics metrics;

    SecretMetrics(Records records, ServiceMetrics metrics) {
        this.records = records;
        this.metrics = metrics;
    }

    Chore chore() {
        return new Chore("secretsmanager-metrics", INTERVAL, this::tell);
    }

    private void tell(BooleanSupplier ending) {
        Map<Source, Integer> counts = new HashMap<>();
        records.all(StoredSecrets.SECRET, Optional.empty())
                .takeWhile(_ -> !ending.getAsBoolean())
                .map(StoredSecrets::read)
                .forEach(secret -> counts.merge(
                        new Source(secret.account(), secret.region(), "AWS/SecretsManager", DIMENSIONS),
                        1,
                        Integer::sum));
        if (!ending.getAsBoolean()) {
            counts.forEach((source, count) -> metrics.count(source, "ResourceCount", count));
        }
    }
}
