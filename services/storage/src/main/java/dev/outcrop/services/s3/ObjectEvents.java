package dev.outcrop.services.s3;

import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.ChangeWitness;
import dev.outcrop.storage.buckets.Deliveries;
import dev.outcrop.storage.buckets.ObjectVersion;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;

/**
 * Tells of what happens to objects, in the transactions in which it happens: what queues and topics are to be told is
 * written down for {@link EventDelivery}, and EventBridge has a list of its own.
 */
final class ObjectEvents {
    private static final String SOURCE = "aws.s3";

    private final BucketDocuments documents;
    private final ServiceEvents bridge;
    private final InstantSource clock;

    ObjectEvents(BucketDocuments documents, ServiceEvents bridge, InstantSource clock) {
        this.documents = documents;
        this.bridge = bridge;
        this.clock = clock;
    }

    /** A witness that tells of {@code event}, which {@code cause} has caused. */
    ChangeWitness of(ObjectEvent event, EventCause cause) {
        return (transaction, bucket, version) -> tell(transaction, event, cause, bucket, version);
    }

    /** A witness of what the present call puts. */
    ChangeWitness ofPut() {
        EventCause cause = EventCause.call();
        return of(cause.form() ? ObjectEvent.POSTED : ObjectEvent.PUT, cause);
    }

    /** A witness that tells deletions and delete markers apart. */
    ChangeWitness ofDeletion(ObjectEvent deleted, ObjectEvent marked, EventCause cause) {
        return (transaction, bucket, version) ->
                tell(transaction, version.deleteMarker() ? marked : deleted, cause, bucket, version);
    }

    void tell(
            RecordTransaction transaction, ObjectEvent event, EventCause cause, Bucket bucket, ObjectVersion version) {
        Optional<GetBucketNotificationConfigurationResponse> configuration =
                documents.find(bucket, BucketDocuments.Kind.NOTIFICATION);
        if (configuration.isEmpty()) {
            return;
        }
        EventMessages.Happened happened = new EventMessages.Happened(event, cause, bucket, version, clock.instant());
        for (Notifications.Entry entry : Notifications.entries(configuration.get())) {
            // There are no functions that could be told.
            if (!entry.service().equals("lambda") && entry.wants("s3:" + event.notification(), version.key())) {
                Deliveries.add(
                        transaction,
                        happened.at(),
                        bucket.name(),
                        entry.destination(),
                        EventMessages.notification(happened, entry.id()));
            }
        }
        if (configuration.get().eventBridgeConfiguration() != null
                && !event.detailType().isEmpty()) {
            bridge.publish(
                    transaction,
                    new ServiceEvents.Origin(bucket.owner(), bucket.region(), SOURCE),
                    event.detailType(),
                    List.of(happened.arn()),
                    () -> EventMessages.detail(happened));
        }
    }
}
