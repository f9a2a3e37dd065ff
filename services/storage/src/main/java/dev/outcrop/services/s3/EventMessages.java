package dev.outcrop.services.s3;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.outcrop.kernel.CanonicalUser;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.ObjectVersion;
import dev.outcrop.storage.buckets.Versioning;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * The texts of event messages.
 *
 * <p>Source: "Event message structure" and "EventBridge event message structure", Amazon S3 user guide.
 */
final class EventMessages {
    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT);

    private EventMessages() {}

    /** What happened to a version, when and by whom. */
    record Happened(ObjectEvent event, EventCause cause, Bucket bucket, ObjectVersion version, Instant at) {
        /** Says in which order the events of one key happened: later is greater, once both are as long. */
        String sequencer() {
            boolean removed = event == ObjectEvent.REMOVED || event == ObjectEvent.EXPIRED;
            long sequence = removed ? Math.max(version.sequence() + 1, at.toEpochMilli() * 1000) : version.sequence();
            return "%018X".formatted(sequence);
        }

        Optional<String> versionId() {
            return Optional.ofNullable(version.id()).filter(_ -> bucket.versioning() != Versioning.NEVER);
        }

        /** When what was restored is archived again. */
        Optional<Instant> restoredUntil() {
            return Optional.ofNullable(version.settings().headers().get(Archives.READABLE_UNTIL))
                    .filter(_ -> event == ObjectEvent.RESTORED)
                    .map(seconds -> Instant.ofEpochSecond(Long.parseLong(seconds)));
        }

        /** Whether there is still something that has a size. */
        boolean deletedNothing() {
            return event.deletion().isEmpty();
        }

        String arn() {
            return "arn:aws:s3:::" + bucket.name();
        }
    }

    @FunctionalInterface
    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private static String object(Body body) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /** What queues, topics and functions are told. */
    static String notification(Happened happened, String configuration) {
        return object(json -> {
            json.writeArrayFieldStart("Records");
            json.writeStartObject();
            json.writeStringField("eventVersion", happened.event().schema());
            json.writeStringField("eventSource", "aws:s3");
            json.writeStringField("awsRegion", happened.bucket().region());
            json.writeStringField("eventTime", time(happened.at()));
            json.writeStringField("eventName", happened.event().notification());
            json.writeObjectFieldStart("userIdentity");
            json.writeStringField("principalId", happened.cause().principal());
            json.writeEndObject();
            json.writeObjectFieldStart("requestParameters");
            json.writeStringField("sourceIPAddress", happened.cause().sourceAddress());
            json.writeEndObject();
            json.writeObjectFieldStart("responseElements");
            json.writeStringField("x-amz-request-id", happened.cause().requestId());
            json.writeStringField("x-amz-id-2", happened.cause().hostId());
            json.writeEndObject();
            json.writeObjectFieldStart("s3");
            json.writeStringField("s3SchemaVersion", "1.0");
            json.writeStringField("configurationId", configuration);
            json.writeObjectFieldStart("bucket");
            json.writeStringField("name", happened.bucket().name());
            json.writeObjectFieldStart("ownerIdentity");
            json.writeStringField(
                    "principalId", CanonicalUser.id(happened.bucket().owner()));
            json.writeEndObject();
            json.writeStringField("arn", happened.arn());
            json.writeEndObject();
            writeObject(json, happened);
            json.writeEndObject();
            writeExtra(json, happened);
            json.writeEndObject();
            json.writeEndArray();
        });
    }

    private static void writeObject(JsonGenerator json, Happened happened) throws IOException {
        ObjectVersion version = happened.version();
        json.writeObjectFieldStart("object");
        json.writeStringField("key", encoded(version.key()));
        if (happened.deletedNothing()) {
            json.writeNumberField("size", version.content().size());
            json.writeStringField("eTag", version.content().etag());
        }
        if (happened.versionId().isPresent()) {
            json.writeStringField("versionId", happened.versionId().get());
        }
        json.writeStringField("sequencer", happened.sequencer());
        json.writeEndObject();
    }

    private static void writeExtra(JsonGenerator json, Happened happened) throws IOException {
        ObjectVersion version = happened.version();
        if (happened.restoredUntil().isPresent()) {
            json.writeObjectFieldStart("glacierEventData");
            json.writeObjectFieldStart("restoreEventData");
            json.writeStringField(
                    "lifecycleRestorationExpiryTime",
                    time(happened.restoredUntil().get()));
            json.writeStringField("lifecycleRestoreStorageClass", Archives.storageClass(version));
            json.writeEndObject();
            json.writeEndObject();
        }
        if (happened.event() == ObjectEvent.MOVED) {
            json.writeObjectFieldStart("lifecycleEventData");
            json.writeObjectFieldStart("transitionEventData");
            json.writeStringField("destinationStorageClass", Archives.storageClass(version));
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    /** What EventBridge is told beside its own members. */
    static String detail(Happened happened) {
        ObjectVersion version = happened.version();
        return object(json -> {
            json.writeStringField("version", "0");
            json.writeObjectFieldStart("bucket");
            json.writeStringField("name", happened.bucket().name());
            json.writeEndObject();
            json.writeObjectFieldStart("object");
            json.writeStringField("key", version.key());
            if (happened.deletedNothing()) {
                json.writeNumberField("size", version.content().size());
                json.writeStringField("etag", version.content().etag());
            }
            if (happened.versionId().isPresent()) {
                json.writeStringField("version-id", happened.versionId().get());
            }
            if (happened.event().creates() || !happened.event().deletion().isEmpty()) {
                json.writeStringField("sequencer", happened.sequencer());
            }
            json.writeEndObject();
            json.writeStringField("request-id", happened.cause().requestId());
            json.writeStringField("requester", happened.cause().requester());
            json.writeStringField("source-ip-address", happened.cause().sourceAddress());
            if (!happened.event().reason().isEmpty()) {
                json.writeStringField("reason", happened.event().reason());
            }
            if (!happened.event().deletion().isEmpty()) {
                json.writeStringField("deletion-type", happened.event().deletion());
            }
            if (happened.restoredUntil().isPresent()) {
                json.writeStringField(
                        "restore-expiry-time", happened.restoredUntil().get().toString());
            }
            if (happened.event() == ObjectEvent.RESTORED || happened.event() == ObjectEvent.RESTORE_BEGUN) {
                json.writeStringField("source-storage-class", Archives.storageClass(version));
            }
            if (happened.event() == ObjectEvent.MOVED) {
                json.writeStringField("destination-storage-class", Archives.storageClass(version));
            }
        });
    }

    /** What a destination is told when it is configured. */
    static String test(Bucket bucket, EventCause cause, Instant now) {
        return object(json -> {
            json.writeStringField("Service", "Amazon S3");
            json.writeStringField("Event", "s3:TestEvent");
            json.writeStringField("Time", time(now));
            json.writeStringField("Bucket", bucket.name());
            json.writeStringField("RequestId", cause.requestId());
            json.writeStringField("HostId", cause.hostId());
        });
    }

    private static String time(Instant at) {
        return TIME.format(at.atOffset(ZoneOffset.UTC));
    }

    /** As forms write texts, but for slashes. */
    static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
    }
}
