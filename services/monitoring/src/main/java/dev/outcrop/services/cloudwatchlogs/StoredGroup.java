package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.StoredRecord;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroupClass;

/**
 * A log group.
 *
 * @param account whose
 * @param region  where
 * @param id      under which its events are stored; another group of the same name has another one
 * @param shape   its settings
 * @param version of its record
 */
record StoredGroup(String account, String region, String id, LogGroup shape, long version) {
    static StoredGroup read(StoredRecord record) {
        return new StoredGroup(
                record.key().account(),
                record.key().region(),
                record.name().orElseThrow(),
                StoredShapes.read(record.body(), LogGroup::builder),
                record.version());
    }

    String name() {
        return shape.logGroupName();
    }

    /** Its ARN as other resources name it, without an asterisk. */
    String arn() {
        return arn(account, region, name());
    }

    static String arn(String account, String region, String name) {
        return "arn:aws:logs:" + region + ":" + account + ":log-group:" + name;
    }

    /** Whether it is of the class that is only for queries. */
    boolean isInfrequentAccess() {
        return shape.logGroupClass() == LogGroupClass.INFREQUENT_ACCESS;
    }

    /** Events before this time have expired, in milliseconds since 1970. */
    long expiry(long now) {
        return shape.retentionInDays() == null ? 0 : now - TimeUnit.DAYS.toMillis(shape.retentionInDays());
    }
}
