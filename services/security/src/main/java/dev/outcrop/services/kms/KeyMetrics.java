package dev.outcrop.services.kms;

import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.kernel.record.ServiceMetrics.Source;
import dev.outcrop.storage.Records;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Tells CloudWatch how long the imported material of keys is good for, each key by the material that expires first.
 *
 * <p>Source: "Monitor KMS keys with Amazon CloudWatch" of the developer guide, {@code SecondsUntilKeyMaterialExpiration}.
 */
final class KeyMetrics {
    private static final Duration INTERVAL = Duration.ofMinutes(5);
    private static final double MILLIS = 1000;

    private final Records records;
    private final ServiceMetrics metrics;
    private final InstantSource clock;

    KeyMetrics(Records records, ServiceMetrics metrics, InstantSource clock) {
        this.records = records;
        this.metrics = metrics;
        this.clock = clock;
    }

    Chore chore() {
        return new Chore("kms-metrics", INTERVAL, this::tell);
    }

    private void tell(BooleanSupplier ending) {
        records.all(KmsKeys.KEY, Optional.empty())
                .takeWhile(_ -> !ending.getAsBoolean())
                .map(KmsKeys::read)
                .forEach(this::tell);
    }

    private void tell(KmsKey key) {
        OptionalLong first = key.materials().stream()
                .filter(material -> material.encrypted().length > 0)
                .mapToLong(KmsKey.Material::validTo)
                .filter(validTo -> validTo > 0)
                .min();
        if (first.isPresent()) {
            Source source = new Source(key.account(), key.region(), "AWS/KMS", Map.of("KeyId", key.id()));
            double seconds = Math.max(0, first.getAsLong() - clock.millis()) / MILLIS;
            metrics.measure(source, "SecondsUntilKeyMaterialExpiration", "Seconds", seconds);
        }
    }
}
