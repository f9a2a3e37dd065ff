package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.RoleRights;
import dev.outcrop.storage.ObjectMissingException;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.BucketMissingException;
import dev.outcrop.storage.buckets.Buckets;
import dev.outcrop.storage.buckets.ChangeWitness;
import dev.outcrop.storage.buckets.Content;
import dev.outcrop.storage.buckets.ObjectSettings;
import dev.outcrop.storage.buckets.ObjectVersion;
import dev.outcrop.storage.buckets.ObjectVersions;
import dev.outcrop.storage.buckets.Replications;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.crypto.SecretKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.ReplicationRule;

/**
 * Copies versions to the buckets that rules say, as the role that the rules were given with, the oldest first. A copy has
 * its source's id, times and entity tag. What cannot be copied says so: its status is {@code FAILED}.
 */
final class ReplicationRun {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicationRun.class);
    private static final String COMPLETED = "COMPLETED";
    private static final String FAILED = "FAILED";
    private static final String REPLICA = "REPLICA";
    private static final String SERVICE = "s3.amazonaws.com";
    private static final int PAGE = 100;

    private final Buckets buckets;
    private final ObjectVersions versions;
    private final Replications replications;
    private final Contents contents;
    private final ReplicationConfigurations configurations;
    private final ObjectEncryption encryption;
    private final RoleRights rights;
    private final ObjectEvents events;

    ReplicationRun(
            Buckets buckets,
            ObjectVersions versions,
            Replications replications,
            Contents contents,
            ReplicationConfigurations configurations,
            ObjectEncryption encryption,
            RoleRights rights,
            ObjectEvents events) {
        this.buckets = buckets;
        this.versions = versions;
        this.replications = replications;
        this.contents = contents;
        this.configurations = configurations;
        this.encryption = encryption;
        this.rights = rights;
        this.events = events;
    }

    /** Copies what waits to be; a disk that takes nothing more ends it, and it goes on next time. */
    void run(BooleanSupplier ending) {
        List<Replications.Pending> page;
        do {
            page = replications.oldest(PAGE);
            for (Replications.Pending pending : page) {
                if (ending.getAsBoolean()) {
                    return;
                }
                if (replicate(pending)) {
                    replications.end(pending, COMPLETED, ChangeWitness.NONE);
                } else {
                    replications.end(pending, FAILED, events.of(ObjectEvent.NOT_REPLICATED, EventCause.own()));
                }
            }
        } while (page.size() == PAGE);
    }

    private boolean replicate(Replications.Pending pending) {
        Optional<Bucket> bucket = buckets.find(pending.bucket());
        Optional<ObjectVersion> version = versions.version(pending.bucket(), pending.key(), pending.version());
        if (bucket.isEmpty() || version.isEmpty()) {
            return true; // There is nothing to copy any more.
        }
        try {
            boolean all = true;
            for (ReplicationRule rule : configurations.rules(
                    bucket.get(),
                    pending.key(),
                    version.get().settings(),
                    version.get().deleteMarker())) {
                all &= copy(bucket.get(), version.get(), rule);
            }
            return all;
        } catch (AwsError | BucketMissingException | ObjectMissingException refused) {
            LOG.warn("{}/{} is not replicated: {}", pending.bucket(), pending.key(), refused.getMessage());
            return false;
        }
    }

    private boolean copy(Bucket bucket, ObjectVersion version, ReplicationRule rule) {
        Optional<Bucket> destination = buckets.find(ReplicationConfigurations.destination(rule));
        if (destination.isEmpty() || !mayCopy(bucket, version, destination.get())) {
            return false;
        }
        ObjectSettings settings = settings(version, rule);
        if (version.deleteMarker()) {
            copies().replicate(destination.get().name(), version.with(Content.NONE, settings));
            return true;
        }
        Content source = version.content();
        Map<String, String> headers = version.settings().headers();
        if (headers.containsKey(CustomerKey.CHECK) && source.parts() > 0) {
            // Each part has a counter of its own, which only who has the key could make one of.
            LOG.warn("{}/{} is not replicated: its parts are under a customer's key", bucket.name(), version.key());
            return false;
        }
        ObjectEncryption.Sealing sealing = ObjectEncryption.isUnderKms(headers)
                ? encryption.forCopy(
                        configurations.role(bucket),
                        destination.get(),
                        version.key(),
                        headers,
                        ReplicationConfigurations.replicaKey(rule).orElseThrow())
                : ObjectEncryption.Sealing.BY_STORE;
        Contents.Received received = contents.receive(
                bytes(bucket, version), Contents.Expected.NOTHING, Contents.algorithm(source), sealing.key());
        Content content =
                new Content(received.id(), 0, source.size(), source.etag(), source.checksum(), received.sealed());
        ObjectSettings kept = sealing.key().isPresent()
                ? ObjectWrites.with(
                        settings.withHeaders(ObjectEncryption.without(settings.headers())), Map.of(), sealing.kept())
                : settings;
        try {
            if (copies().replicate(destination.get().name(), version.with(content, kept))
                    .isEmpty()) {
                contents.drop(received); // It is there since the last attempt, or may not be.
            }
        } catch (BucketMissingException gone) {
            contents.drop(received);
            throw gone;
        }
        return versions.version(destination.get().name(), version.key(), version.id())
                .isPresent();
    }

    /** The bytes of a version; of what is under a customer's key, as they are under it. */
    private InputStream bytes(Bucket bucket, ObjectVersion version) {
        Map<String, String> headers = version.settings().headers();
        long sealed = headers.containsKey(CustomerKey.CHECK) ? SealedContent.OVERHEAD : 0;
        Optional<SecretKey> key = ObjectEncryption.isUnderKms(headers)
                ? Optional.of(encryption.opening(configurations.role(bucket), bucket, version.key(), headers))
                : Optional.empty();
        return contents.read(
                version.content(), new ByteRange(0, version.content().size() + sealed), key);
    }

    private ObjectVersions copies() {
        return versions.witnessedBy(events.ofDeletion(ObjectEvent.PUT, ObjectEvent.MARKED, EventCause.own()));
    }

    private boolean mayCopy(Bucket bucket, ObjectVersion version, Bucket destination) {
        String role = configurations.role(bucket);
        String write = version.deleteMarker() ? "s3:ReplicateDelete" : "s3:ReplicateObject";
        return rights.allows(role, SERVICE, "s3:GetObjectVersionForReplication", arn(bucket, version), bucket.owner())
                && rights.allows(role, SERVICE, write, arn(destination, version), destination.owner());
    }

    private static String arn(Bucket bucket, ObjectVersion version) {
        return "arn:aws:s3:::" + bucket.name() + "/" + version.key();
    }

    private static ObjectSettings settings(ObjectVersion version, ReplicationRule rule) {
        Map<String, String> headers = new HashMap<>(version.settings().headers());
        headers.put(Replications.STATUS, REPLICA);
        headers.remove(Archives.READABLE_UNTIL);
        if (rule.destination().storageClass() != null && !version.deleteMarker()) {
            headers.put("StorageClass", rule.destination().storageClassAsString());
        }
        return version.settings().withHeaders(headers);
    }
}
