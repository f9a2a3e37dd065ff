package dev.outcrop.services.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Work;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.cloudtrail.model.GetImportResponse;
import software.amazon.awssdk.services.cloudtrail.model.ImportFailureListItem;
import software.amazon.awssdk.services.cloudtrail.model.ImportFailureStatus;
import software.amazon.awssdk.services.cloudtrail.model.ImportStatistics;
import software.amazon.awssdk.services.cloudtrail.model.ImportStatus;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Copies the files of trails into event data stores, as the role that the import names. What was copied is written down
 * after each file, so that a server that is killed meanwhile may copy its last file twice, and leaves none out.
 */
final class ImportWork implements Work {
    /** The kind of its jobs. */
    static final String KIND = "cloudtrail:import";

    private static final int MOST_FAILURES = 1000;
    private static final int LONGEST_MESSAGE = 500;

    private final ImportStore imports;
    private final EventStores stores;
    private final StoreEvents events;
    private final Supplier<Clients> clients;
    private final InstantSource clock;

    ImportWork(
            ImportStore imports,
            EventStores stores,
            StoreEvents events,
            Supplier<Clients> clients,
            InstantSource clock) {
        this.imports = imports;
        this.stores = stores;
        this.events = events;
        this.clients = clients;
        this.clock = clock;
    }

    /** Where an import reads, and which events it takes. */
    private record Source(String bucket, String prefix, boolean anyPrefix, String role, Instant from, Instant until) {
        static Source of(GetImportResponse told, Instant oldest) {
            Matcher location = Imports.LOCATION.matcher(told.importSource().s3().s3LocationUri());
            if (!location.matches()) {
                throw new IllegalStateException("an import was started without a location");
            }
            String prefix = Optional.ofNullable(location.group(2)).orElse("");
            Instant from = told.startEventTime() == null ? Instant.MIN : told.startEventTime();
            return new Source(
                    location.group(1),
                    prefix,
                    !prefix.isEmpty() && !prefix.contains("CloudTrail"),
                    told.importSource().s3().s3BucketAccessRoleArn(),
                    from.isBefore(oldest) ? oldest : from,
                    told.endEventTime() == null ? Instant.MAX : told.endEventTime());
        }

        /** By its name; a delivery may be named for the day after its events. */
        boolean mayHold(String key) {
            Optional<LocalDate> day = ImportedFile.day(key);
            if (day.isEmpty()) {
                return anyPrefix && key.endsWith(".json.gz");
            }
            return !day.get()
                            .plusDays(1)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                            .isBefore(from)
                    && (until.equals(Instant.MAX)
                            || !day.get()
                                    .minusDays(1)
                                    .atStartOfDay(ZoneOffset.UTC)
                                    .toInstant()
                                    .isAfter(until));
        }

        boolean takes(Instant time) {
            return !time.isBefore(from) && !time.isAfter(until);
        }
    }

    @Override
    public void run(JobRun run) {
        String id = new String(run.job().input(), UTF_8);
        StoredImport present = imports.get(id);
        if (!present.isOngoing() || !present.job().equals(run.job().id())) {
            return;
        }
        EventStores.Place place = EventStores.Place.of(
                EventStoreNames.id(present.told().destinations().getFirst()));
        Source source = Source.of(present.told(), LakeIngestion.oldest(stores.get(place), clock.instant()));
        String location = present.told().importSource().s3().s3LocationUri();
        // What could not be listed is listed now; only files are tried again one by one.
        imports.update(
                id,
                now -> now.with(now.failures().stream()
                                .filter(failure -> !failure.location().equals(location))
                                .toList())
                        .with(told -> told.importStatus(ImportStatus.IN_PROGRESS)));
        CallContext call = CallContext.current();
        OwnCalls.call(call.account(), call.region(), place.arn(), () -> {
            copy(run, id, place, source, location);
            return null;
        });
    }

    private void copy(JobRun run, String id, EventStores.Place place, Source source, String location) {
        try {
            S3Client s3 = clients.get().as(source.role).of(S3Client.class);
            for (ImportFailureListItem failure : imports.get(id).failures()) {
                run.proceed();
                take(s3, id, place, source, failure.location());
            }
            String token = null;
            do {
                String continued = token;
                String after = imports.get(id).after();
                ListObjectsV2Response page = s3.listObjectsV2(request -> request.bucket(source.bucket)
                        .prefix(source.prefix)
                        .startAfter(after.isEmpty() ? null : after)
                        .continuationToken(continued));
                for (S3Object object : page.contents()) {
                    run.proceed();
                    if (source.mayHold(object.key())) {
                        take(s3, id, place, source, object.key());
                        imports.update(id, now -> now.lookedAt(object.key()));
                    }
                }
                token = page.nextContinuationToken();
            } while (token != null && imports.get(id).isOngoing());
        } catch (AwsServiceException refusal) {
            fail(id, location, refusal.awsErrorDetails().errorCode(), refusal.getMessage());
        } catch (AwsError distrust) {
            fail(id, location, distrust.code(), distrust.getMessage());
        }
        imports.update(
                id,
                now -> now.isOngoing()
                        ? now.with(told -> told.importStatus(
                                now.failures().isEmpty() ? ImportStatus.COMPLETED : ImportStatus.FAILED))
                        : now);
    }

    /** Copies one file, or writes down why that cannot be done. */
    private void take(S3Client s3, String id, EventStores.Place place, Source source, String key) {
        try (ResponseInputStream<GetObjectResponse> content =
                s3.getObject(request -> request.bucket(source.bucket).key(key), ResponseTransformer.toInputStream())) {
            if (content.response().contentLength() > ImportedFile.LARGEST) {
                throw new IOException("The file is too large.");
            }
            List<ImportedFile.Event> taken = new ArrayList<>(ImportedFile.read(content.readAllBytes()));
            taken.removeIf(event -> !source.takes(event.time()));
            events.add(place.id(), place.account(), taken);
            imports.update(id, now -> completed(now, key, taken.size()));
        } catch (IOException malformed) {
            fail(id, key, "InvalidFile", String.valueOf(malformed.getMessage()));
        } catch (AwsServiceException refusal) {
            fail(id, key, refusal.awsErrorDetails().errorCode(), refusal.getMessage());
        }
    }

    private static StoredImport completed(StoredImport now, String key, int count) {
        boolean inside = folder(now.after()).equals(folder(key));
        List<ImportFailureListItem> left = now.failures().stream()
                .filter(failure -> !failure.location().equals(key))
                .toList();
        ImportStatistics statistics = now.told().importStatistics();
        return now.with(left)
                .with(told -> told.importStatistics(statistics.toBuilder()
                        .prefixesFound(statistics.prefixesFound() + (inside ? 0 : 1))
                        .prefixesCompleted(statistics.prefixesCompleted() + (inside ? 0 : 1))
                        .filesCompleted(statistics.filesCompleted() + 1)
                        .eventsCompleted(statistics.eventsCompleted() + count)
                        .failedEntries((long) left.size())
                        .build()));
    }

    private static String folder(String key) {
        return key.substring(0, key.lastIndexOf('/') + 1);
    }

    private void fail(String id, String location, String type, String message) {
        ImportFailureListItem failure = ImportFailureListItem.builder()
                .location(location)
                .status(ImportFailureStatus.FAILED)
                .errorType(type)
                .errorMessage(message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)))
                .lastUpdatedTime(clock.instant())
                .build();
        imports.update(id, now -> {
            List<ImportFailureListItem> failures = new ArrayList<>(now.failures());
            failures.removeIf(present -> present.location().equals(location));
            failures.add(failure);
            StoredImport changed = now.with(failures)
                    .with(told -> told.importStatistics(told.build().importStatistics().toBuilder()
                            .failedEntries((long) failures.size())
                            .build()));
            return failures.size() < MOST_FAILURES
                    ? changed
                    : changed.with(told -> told.importStatus(ImportStatus.FAILED));
        });
    }

    @Override
    public void ended(Job job) {
        String id = new String(job.input(), UTF_8);
        switch (job.status()) {
            case STOPPED -> end(id, ImportStatus.STOPPED);
            case FAILED -> end(id, ImportStatus.FAILED);
            case QUEUED, RUNNING, STOPPING, COMPLETED -> {} // Has told its end itself.
        }
    }

    private void end(String id, ImportStatus status) {
        imports.update(id, now -> now.isOngoing() ? now.with(told -> told.importStatus(status)) : now);
    }
}
