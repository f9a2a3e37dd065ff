package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.BucketMissingException;
import dev.outcrop.storage.buckets.Buckets;
import dev.outcrop.storage.buckets.Listing;
import dev.outcrop.storage.buckets.Listings;
import dev.outcrop.storage.buckets.ObjectSettings;
import dev.outcrop.storage.buckets.ObjectVersion;
import dev.outcrop.storage.buckets.ObjectVersions;
import dev.outcrop.storage.buckets.Upload;
import dev.outcrop.storage.buckets.Uploads;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Does what the rules of buckets say, once a day for each bucket and whenever its rules have changed. Whatever it changes,
 * it changes only if it still is what it was when it was looked at.
 */
final class LifecycleRun {
    private static final int PAGE = 1000;

    private final Buckets buckets;
    private final Listings listings;
    private final ObjectVersions versions;
    private final Uploads uploads;
    private final LifecycleConfigurations configurations;
    private final ObjectLocks locks;
    private final ObjectEvents events;
    private final InstantSource clock;
    /** When each bucket was gone through for the last time; after a restart that happens once more. */
    private final ConcurrentMap<String, Visit> visits = new ConcurrentHashMap<>();

    LifecycleRun(
            Buckets buckets,
            Listings listings,
            ObjectVersions versions,
            Uploads uploads,
            LifecycleConfigurations configurations,
            ObjectLocks locks,
            ObjectEvents events,
            InstantSource clock) {
        this.buckets = buckets;
        this.listings = listings;
        this.versions = versions;
        this.uploads = uploads;
        this.configurations = configurations;
        this.locks = locks;
        this.events = events;
        this.clock = clock;
    }

    private ObjectVersions expiring() {
        return versions.witnessedBy(
                events.ofDeletion(ObjectEvent.EXPIRED, ObjectEvent.EXPIRED_MARKED, EventCause.own()));
    }

    private ObjectVersions removing() {
        return versions.witnessedBy(events.of(ObjectEvent.EXPIRED, EventCause.own()));
    }

    private record Visit(LocalDate day, String rules) {}

    void run(BooleanSupplier ending) {
        String after = "";
        List<Bucket> page;
        do {
            page = buckets.all(after, PAGE);
            for (Bucket bucket : page) {
                after = bucket.name();
                if (!ending.getAsBoolean()) {
                    visit(bucket, ending);
                }
            }
        } while (page.size() == PAGE && !ending.getAsBoolean());
    }

    private void visit(Bucket bucket, BooleanSupplier ending) {
        if (MfaDelete.isOn(bucket)) {
            return; // Nobody is there to prove a second factor.
        }
        Optional<LifecycleRules> rules = configurations.rules(bucket);
        if (rules.isEmpty()) {
            visits.remove(bucket.name());
            return;
        }
        Visit visit = new Visit(
                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC),
                bucket.settings().get(BucketDocuments.Kind.LIFECYCLE.name()));
        if (visit.equals(visits.get(bucket.name()))) {
            return;
        }
        try {
            Visitor visitor = new Visitor(bucket, rules.get(), clock.instant());
            visitor.versions(ending);
            visitor.uploads(ending);
            if (!ending.getAsBoolean()) {
                visits.put(bucket.name(), visit);
            }
        } catch (BucketMissingException gone) {
            visits.remove(bucket.name());
        }
    }

    /** One bucket at one time. */
    private final class Visitor {
        private final Bucket bucket;
        private final LifecycleRules rules;
        private final Instant now;
        private String key = "";
        /** The current version of the key, as long as it is not known whether it has older ones. */
        private Optional<ObjectVersion> marker = Optional.empty();
        /** When the version before was made: then the one behind it ceased to be current. */
        private Instant successor = Instant.EPOCH;

        private int noncurrent;

        Visitor(Bucket bucket, LifecycleRules rules, Instant now) {
            this.bucket = bucket;
            this.rules = rules;
            this.now = now;
        }

        void versions(BooleanSupplier ending) {
            Listing<Listings.KeyVersion> page = page("", "");
            while (!page.items().isEmpty() && !ending.getAsBoolean()) {
                // The next page is looked up while the version that it is behind is still there.
                ObjectVersion last = page.items().getLast().version();
                Listing<Listings.KeyVersion> next =
                        page.truncated() ? page(last.key(), last.id()) : new Listing<>(List.of(), false);
                page.items().forEach(this::see);
                page = next;
            }
            endKey();
        }

        private Listing<Listings.KeyVersion> page(String afterKey, String afterVersion) {
            return listings.versions(bucket.name(), new Listing.Range("", "", afterKey, PAGE), afterVersion);
        }

        private void see(Listings.KeyVersion line) {
            ObjectVersion version = line.version();
            if (line.latest() || !version.key().equals(key)) {
                endKey();
                key = version.key();
                noncurrent = 0;
            }
            if (line.latest()) {
                current(version);
            } else {
                marker = Optional.empty();
                older(version);
                noncurrent++;
            }
            successor = version.modifiedAt();
        }

        private void current(ObjectVersion version) {
            if (version.deleteMarker()) {
                marker = Optional.of(version);
            } else if (rules.expiry(version)
                    .filter(due -> !due.at().isAfter(now))
                    .isPresent()) {
                // A bucket that keeps versions gets a delete marker, and keeps what is locked, too.
                attempt(() -> LifecycleRun.this
                        .expiring()
                        .delete(bucket.name(), key, ObjectSettings.NONE, unchanged(version)));
            } else {
                rules.storageClass(version, now).ifPresent(target -> move(version, target));
            }
        }

        private void older(ObjectVersion version) {
            if (rules.expires(version, successor, noncurrent, now)) {
                attempt(() -> LifecycleRun.this.removing().deleteVersion(bucket.name(), key, version.id(), present -> {
                    unchanged(version).accept(present);
                    // It may have been locked since it was looked at.
                    locks.checkDelete(present.orElseThrow(), false);
                }));
            } else if (!version.deleteMarker()) {
                rules.noncurrentStorageClass(version, successor, noncurrent, now)
                        .ifPresent(target -> move(version, target));
            }
        }

        /** A delete marker that is all that is left of its key. */
        private void endKey() {
            marker.filter(left -> rules.removesMarker(left, now))
                    .ifPresent(left -> attempt(() -> LifecycleRun.this
                            .removing()
                            .deleteVersion(bucket.name(), left.key(), left.id(), unchanged(left))));
            marker = Optional.empty();
        }

        private void move(ObjectVersion version, String storageClass) {
            ObjectVersions moving = versions.witnessedBy(events.of(ObjectEvent.MOVED, EventCause.own()));
            moving.update(bucket.name(), version, settings -> {
                Map<String, String> headers = new HashMap<>(settings.headers());
                headers.put("StorageClass", storageClass);
                headers.remove(Archives.READABLE_UNTIL);
                return settings.withHeaders(headers);
            });
        }

        void uploads(BooleanSupplier ending) {
            String after = "";
            String afterUpload = "";
            Listing<Upload> page;
            do {
                page = listings.uploads(bucket.name(), new Listing.Range("", "", after, PAGE), afterUpload);
                for (Upload upload : page.items()) {
                    after = upload.key();
                    afterUpload = upload.id();
                    if (!ending.getAsBoolean() && rules.aborts(upload, now)) {
                        LifecycleRun.this.uploads.abort(bucket.name(), upload.key(), upload.id());
                    }
                }
            } while (page.truncated() && !ending.getAsBoolean());
        }
    }

    private static Consumer<Optional<ObjectVersion>> unchanged(ObjectVersion seen) {
        return present -> {
            if (present.filter(version -> version.id().equals(seen.id()) && version.sequence() == seen.sequence())
                    .isEmpty()) {
                throw new ChangedMeanwhile();
            }
        };
    }

    private static void attempt(Runnable change) {
        try {
            change.run();
        } catch (ChangedMeanwhile | AwsError stays) {
            // Somebody has written or locked it: it stays, and is looked at again tomorrow.
        }
    }

    /** A version is not any more what it was. */
    private static final class ChangedMeanwhile extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
