package dev.outcrop.services.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Pages;
import dev.outcrop.kernel.RoleSessions;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.shapes.Shapes;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudtrail.model.AccountHasOngoingImportException;
import software.amazon.awssdk.services.cloudtrail.model.GetImportResponse;
import software.amazon.awssdk.services.cloudtrail.model.ImportFailureListItem;
import software.amazon.awssdk.services.cloudtrail.model.ImportStatistics;
import software.amazon.awssdk.services.cloudtrail.model.ImportStatus;
import software.amazon.awssdk.services.cloudtrail.model.ImportsListItem;
import software.amazon.awssdk.services.cloudtrail.model.InvalidImportSourceException;
import software.amazon.awssdk.services.cloudtrail.model.ListImportFailuresRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListImportFailuresResponse;
import software.amazon.awssdk.services.cloudtrail.model.ListImportsRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListImportsResponse;
import software.amazon.awssdk.services.cloudtrail.model.StartImportRequest;
import software.amazon.awssdk.services.cloudtrail.model.StartImportResponse;
import software.amazon.awssdk.services.cloudtrail.model.StopImportResponse;

/**
 * Imports of the files of trails into event data stores.
 *
 * <p>Source: the operations on imports of the AWS CloudTrail API reference.
 */
final class Imports {
    /** Bucket and prefix of a location. */
    static final Pattern LOCATION = Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?");

    private final ImportStore imports;
    private final EventDataStores stores;
    private final Pages pages;
    private final Supplier<Jobs> jobs;
    private final Ids ids;
    private final InstantSource clock;

    Imports(
            ImportStore imports,
            EventDataStores stores,
            Pages pages,
            Supplier<Jobs> jobs,
            Ids ids,
            InstantSource clock) {
        this.imports = imports;
        this.stores = stores;
        this.pages = pages;
        this.jobs = jobs;
        this.ids = ids;
        this.clock = clock;
    }

    StartImportResponse start(StartImportRequest request) {
        boolean anew = !request.destinations().isEmpty() || request.importSource() != null;
        if (anew == (request.importId() != null)) {
            throw EventDataStores.invalid(
                    "Either ImportId, or Destinations and ImportSource, must be specified, and not both.");
        }
        if (imports.all().stream().anyMatch(StoredImport::isOngoing)) {
            throw AccountHasOngoingImportException.builder()
                    .message("The account " + CallContext.current().account() + " already has an import in progress.")
                    .build();
        }
        String job = ids.uuid();
        StoredImport started = anew ? insert(request, job) : retry(request.importId(), job);
        jobs.get().submit(ImportWork.KIND, job, started.told().importId().getBytes(UTF_8));
        return Shapes.copy(started.told(), StartImportResponse.builder()).build();
    }

    private StoredImport insert(StartImportRequest request, String job) {
        if (request.destinations().size() != 1 || request.importSource() == null) {
            throw EventDataStores.invalid("One destination and an import source must be specified.");
        }
        if (request.startEventTime() != null
                && request.endEventTime() != null
                && request.endEventTime().isBefore(request.startEventTime())) {
            throw EventDataStores.invalid("StartEventTime must not be after EndEventTime.");
        }
        if (!LOCATION.matcher(request.importSource().s3().s3LocationUri()).matches()) {
            throw source("The S3 location is not valid: "
                    + request.importSource().s3().s3LocationUri());
        }
        try {
            RoleSessions.checked(request.importSource().s3().s3BucketAccessRoleArn());
        } catch (AwsError noRole) {
            throw source(noRole.getMessage());
        }
        String arn = stores.active(request.destinations().getFirst()).place().arn();
        String id = ids.uuid();
        GetImportResponse told = GetImportResponse.builder()
                .importId(id)
                .destinations(arn)
                .importSource(request.importSource())
                .startEventTime(request.startEventTime())
                .endEventTime(request.endEventTime())
                .importStatus(ImportStatus.INITIALIZING)
                .createdTimestamp(clock.instant())
                .updatedTimestamp(clock.instant())
                .importStatistics(ImportStatistics.builder()
                        .prefixesFound(0L)
                        .prefixesCompleted(0L)
                        .filesCompleted(0L)
                        .eventsCompleted(0L)
                        .failedEntries(0L)
                        .build())
                .build();
        StoredImport started = new StoredImport(told, List.of(), "", job);
        imports.insert(id, started);
        return started;
    }

    private static InvalidImportSourceException source(String message) {
        return InvalidImportSourceException.builder().message(message).build();
    }

    private StoredImport retry(String id, String job) {
        StoredImport present = imports.get(id);
        stores.active(present.told().destinations().getFirst());
        if (present.told().importStatus() == ImportStatus.COMPLETED) {
            throw EventDataStores.invalid("The import has completed and cannot be retried: " + id);
        }
        return imports.update(
                id,
                ended -> ended.with(told -> told.importStatus(ImportStatus.INITIALIZING))
                        .workedAtBy(job));
    }

    GetImportResponse get(String id) {
        return imports.get(id).told();
    }

    StopImportResponse stop(String id) {
        StoredImport present = imports.get(id);
        if (!present.isOngoing()) {
            throw EventDataStores.invalid("The import cannot be stopped because its status is "
                    + present.told().importStatusAsString() + ".");
        }
        jobs.get().stop(present.job());
        StoredImport stopped = imports.update(
                id, now -> now.isOngoing() ? now.with(told -> told.importStatus(ImportStatus.STOPPED)) : now);
        return Shapes.copy(stopped.told(), StopImportResponse.builder()).build();
    }

    ListImportsResponse list(ListImportsRequest request) {
        List<ImportsListItem> listed = imports.all().stream()
                .map(StoredImport::told)
                .filter(told -> request.importStatus() == null || request.importStatus() == told.importStatus())
                .filter(told -> request.destination() == null
                        || told.destinations().getFirst().endsWith(EventStoreNames.id(request.destination())))
                .map(told -> Shapes.copy(told, ImportsListItem.builder()).build())
                .toList();
        Pages.Slice<ImportsListItem> page = pages.of(
                "cloudtrail:imports " + request.importStatusAsString() + " " + request.destination(),
                listed,
                request.maxResults(),
                request.nextToken());
        return ListImportsResponse.builder()
                .imports(page.items())
                .nextToken(page.next())
                .build();
    }

    ListImportFailuresResponse failures(ListImportFailuresRequest request) {
        Pages.Slice<ImportFailureListItem> page = pages.of(
                "cloudtrail:import-failures " + request.importId(),
                imports.get(request.importId()).failures(),
                request.maxResults(),
                request.nextToken());
        return ListImportFailuresResponse.builder()
                .failures(page.items())
                .nextToken(page.next())
                .build();
    }
}
