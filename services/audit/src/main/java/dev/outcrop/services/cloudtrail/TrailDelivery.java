package dev.outcrop.services.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.services.cloudtrail.DeliveryState.DigestChain;
import dev.outcrop.services.cloudtrail.DeliveryState.LogFile;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.JournalEntry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudtrail.model.Trail;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Puts what trails log into their buckets, every event once: what is put is planned first, so that a delivery that was cut
 * off is done again with the same events in files of the same names.
 *
 * <p>Source: "CloudTrail log file name format" of the AWS CloudTrail user guide.
 */
final class TrailDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(TrailDelivery.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final int UNIQUE_LENGTH = 16;
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'").withZone(ZoneOffset.UTC);

    private final TrailStore store;
    private final TrailEvents events;
    private final TrailNotifications notifications;
    private final TrailLogs logs;
    private final Digests digests;
    private final Supplier<Clients> clients;
    private final Ids ids;
    private final InstantSource clock;

    TrailDelivery(
            TrailStore store,
            TrailEvents events,
            TrailNotifications notifications,
            TrailLogs logs,
            SigningKeys keys,
            Supplier<Clients> clients,
            Ids ids,
            InstantSource clock) {
        this.store = store;
        this.events = events;
        this.notifications = notifications;
        this.logs = logs;
        digests = new Digests(keys);
        this.clients = clients;
        this.ids = ids;
        this.clock = clock;
    }

    /** This as something to be done again and again. */
    Chore chore() {
        return new Chore("cloudtrail-delivery", INTERVAL, this::run);
    }

    /** Delivers all that there is, and the digests that are due. */
    void run(BooleanSupplier ending) {
        for (TrailStore.Located trail : store.all(Optional.empty())) {
            TrailStore.Place place = trail.place();
            try {
                boolean more = true;
                while (more && !ending.getAsBoolean()) {
                    more = step(place);
                }
                more = !ending.getAsBoolean();
                while (more && !ending.getAsBoolean()) {
                    more = digest(place);
                }
                more = !ending.getAsBoolean();
                while (more && !ending.getAsBoolean()) {
                    more = logs.step(place);
                }
            } catch (RuntimeException failure) {
                // One trail must not keep the others from being delivered.
                LOG.error("the trail {} cannot be delivered; it is tried again in {}", place.arn(), INTERVAL, failure);
            }
        }
    }

    /** Goes on by one piece; false if there is nothing to do, or it cannot be done now. */
    private boolean step(TrailStore.Place place) {
        DeliveryState state = store.delivery(place);
        if (!state.planned().isEmpty()) {
            return deliver(place, state, state.planned().getFirst());
        }
        if (state.ranges().isEmpty()) {
            return false;
        }
        Optional<StoredTrail> trail = store.find(place);
        DeliveryState.Range range = state.ranges().getFirst();
        List<Journal.Place> events = this.events.in(range);
        if (events.isEmpty() && range.isClosed()) {
            store.updateDelivery(place, present -> present.deliveredUntil(range.until()));
            return true;
        }
        if (trail.isEmpty() || events.isEmpty()) {
            return false;
        }
        long until = events.getLast().sequence();
        Map<String, String> names = new HashMap<>();
        for (String region : TrailEvents.byRegion(place, trail.get(), events).keySet()) {
            names.put(region, ids.uppercase(UNIQUE_LENGTH));
        }
        if (names.isEmpty()) {
            store.updateDelivery(place, present -> present.deliveredUntil(until));
            return true;
        }
        DeliveryState.Plan plan = new DeliveryState.Plan(
                until, clock.millis(), new String(trail.get().write(), UTF_8), names);
        // Another server may have planned the same meanwhile, if it was taken for dead too early.
        DeliveryState planned =
                store.updateDelivery(place, present -> present.equals(state) ? present.planning(plan) : present);
        return planned.planned().contains(plan) ? deliver(place, planned, plan) : true;
    }

    private boolean deliver(TrailStore.Place place, DeliveryState state, DeliveryState.Plan plan) {
        StoredTrail trail = StoredTrail.read(plan.trail().getBytes(UTF_8));
        List<Journal.Place> planned =
                events.in(new DeliveryState.Range(state.ranges().getFirst().after(), plan.until()));
        Map<String, LogFile> files = new TreeMap<>();
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        try {
            for (Map.Entry<String, List<JournalEntry>> region :
                    TrailEvents.byRegion(place, trail, planned).entrySet()) {
                LogFileContent content = LogFileContent.of(
                        region.getValue().stream().map(JournalEntry::body).toList());
                String key = key(place, trail.trail(), region.getKey(), plan);
                put(place, trail.trail(), key, content.compressed(), Map.of());
                files.put(
                        region.getKey(),
                        new LogFile(
                                trail.trail().s3BucketName(), key, content.hash(), content.oldest(), content.newest()));
            }
        } catch (AwsServiceException refusal) {
            String error = refusal.awsErrorDetails().errorCode();
            LOG.warn(
                    "trail {} cannot be delivered to {}: {}",
                    place.arn(),
                    trail.trail().s3BucketName(),
                    error);
            boolean elsewhere = store.find(place)
                    .filter(present -> isElsewhere(present.trail(), trail.trail()))
                    .isPresent();
            store.updateDelivery(
                    place,
                    present -> (elsewhere ? present.withoutPlan() : present)
                            .telling(DeliveryOutcome.ATTEMPTED, now)
                            .telling(DeliveryOutcome.DELIVERY_ERROR, error));
            return false;
        }
        store.updateDelivery(place, present -> {
            if (!present.planned().contains(plan)) {
                return present;
            }
            DeliveryState delivered = present.deliveredUntil(plan.until())
                    .telling(DeliveryOutcome.ATTEMPTED, now)
                    .telling(DeliveryOutcome.DELIVERED, now)
                    .telling(DeliveryOutcome.DELIVERY_ERROR, "");
            return Boolean.TRUE.equals(trail.trail().logFileValidationEnabled())
                    ? withFiles(delivered, files)
                    : delivered;
        });
        notifications.tell(
                place, trail.trail(), files.values().stream().map(LogFile::key).toList());
        return true;
    }

    /** Whether a trail is delivered elsewhere by now; then a plan for the bucket that refused is dropped. */
    private static boolean isElsewhere(Trail now, Trail planned) {
        return !Objects.equals(now.s3BucketName(), planned.s3BucketName())
                || !Objects.equals(now.s3KeyPrefix(), planned.s3KeyPrefix())
                || !Objects.equals(now.kmsKeyId(), planned.kmsKeyId());
    }

    private static DeliveryState withFiles(DeliveryState state, Map<String, LogFile> files) {
        DeliveryState changed = state;
        for (Map.Entry<String, LogFile> file : files.entrySet()) {
            DigestChain chain = changed.digests().get(file.getKey());
            if (chain == null) {
                // Its digests begin with the first thing to tell.
                chain = new DigestChain(file.getValue().oldest(), List.of(), DeliveryState.Digest.NONE);
            }
            List<LogFile> all = new ArrayList<>(chain.files());
            all.add(file.getValue());
            changed = changed.with(file.getKey(), new DigestChain(chain.start(), all, chain.previous()));
        }
        return changed;
    }

    private static String key(TrailStore.Place place, Trail trail, String region, DeliveryState.Plan plan) {
        Instant at = Instant.ofEpochMilli(plan.at());
        return folder(trail) + "AWSLogs/" + place.account() + "/CloudTrail/" + region + "/" + DAY.format(at) + "/"
                + place.account() + "_CloudTrail_" + region + "_" + MINUTE.format(at) + "_"
                + plan.names().get(region) + ".json.gz";
    }

    /** What stands before all keys. */
    static String folder(Trail trail) {
        return trail.s3KeyPrefix() == null ? "" : trail.s3KeyPrefix() + "/";
    }

    private void put(TrailStore.Place place, Trail trail, String key, byte[] content, Map<String, String> metadata) {
        OwnCalls.call(place.account(), place.region(), place.arn(), () -> {
            PutObjectRequest.Builder request = PutObjectRequest.builder()
                    .bucket(trail.s3BucketName())
                    .key(key)
                    .acl(ObjectCannedACL.BUCKET_OWNER_FULL_CONTROL)
                    .contentType("application/json")
                    .contentEncoding("gzip")
                    .metadata(metadata);
            if (trail.kmsKeyId() != null) {
                request.serverSideEncryption(ServerSideEncryption.AWS_KMS)
                        .ssekmsKeyId(trail.kmsKeyId())
                        .ssekmsEncryptionContext(encryptionContext(place.arn()));
            }
            return clients.get().of(S3Client.class).putObject(request.build(), RequestBody.fromBytes(content));
        });
    }

    /** What keys' policies know the trail by, as S3 takes it: JSON in Base64. */
    private static String encryptionContext(String arn) {
        return Base64.getEncoder()
                .encodeToString(("{\"" + TrailDestination.CONTEXT_KEY + "\":\"" + arn + "\"}").getBytes(UTF_8));
    }

    /** Delivers the digest that is due first; false if none is, or it cannot be delivered now. */
    private boolean digest(TrailStore.Place place) {
        Optional<StoredTrail> trail = store.find(place).filter(StoredTrail::isLogging);
        if (trail.isEmpty() || !Boolean.TRUE.equals(trail.get().trail().logFileValidationEnabled())) {
            return false;
        }
        DeliveryState state = store.delivery(place);
        Map<String, DigestChain> chains = new TreeMap<>(state.digests());
        for (Map.Entry<String, DigestChain> chain : chains.entrySet()) {
            Optional<Instant> end = Digests.due(chain.getValue(), clock.instant());
            if (end.isPresent()) {
                return digest(place, trail.get().trail(), chain.getKey(), chain.getValue(), end.get());
            }
        }
        return false;
    }

    private boolean digest(TrailStore.Place place, Trail trail, String region, DigestChain chain, Instant end) {
        Digests.Made made = digests.make(place, trail, region, chain, end);
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        try {
            put(place, trail, made.digest().key(), made.compressed(), made.metadata());
        } catch (AwsServiceException refusal) {
            String error = refusal.awsErrorDetails().errorCode();
            store.updateDelivery(place, present -> present.telling(DeliveryOutcome.DIGEST_ERROR, error));
            return false;
        }
        store.updateDelivery(
                place,
                present -> present.with(
                                region,
                                new DigestChain(
                                        end.toString(), rest(present.digests().get(region), chain), made.digest()))
                        .telling(DeliveryOutcome.DIGEST_DELIVERED, now)
                        .telling(DeliveryOutcome.DIGEST_ERROR, ""));
        return true;
    }

    /** The files that no digest has named yet. */
    private static List<LogFile> rest(DigestChain present, DigestChain told) {
        if (present == null) {
            return List.of();
        }
        List<LogFile> rest = new ArrayList<>(present.files());
        rest.removeAll(told.files());
        return rest;
    }
}
