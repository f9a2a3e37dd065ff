package dev.outcrop.services.secretsmanager;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.secretsmanager.model.APIErrorType;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.DecryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.InvalidNextTokenException;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretVersionIdsRequest;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretVersionIdsResponse;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsRequest;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretValueEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretVersionsListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;
import software.amazon.awssdk.services.secretsmanager.model.SortOrderType;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

/** What is told of secrets, one or many at a time. */
final class SecretLists {
    private static final int SLICE = 1000;
    private static final int USUAL_PAGE = 100;
    private static final int USUAL_BATCH = 20;

    private final Records records;
    private final StoredSecrets secrets;
    private final SecretVersions versions;
    private final SecretTags tags;
    private final PageTokens pageTokens;

    SecretLists(
            Records records, StoredSecrets secrets, SecretVersions versions, SecretTags tags, PageTokens pageTokens) {
        this.records = records;
        this.secrets = secrets;
        this.versions = versions;
        this.tags = tags;
        this.pageTokens = pageTokens;
    }

    DescribeSecretResponse describe(DescribeSecretRequest request) {
        Secret secret = secrets.named(request.secretId());
        DescribeSecretResponse.Builder response =
                Shapes.copy(entry(secret), DescribeSecretResponse.builder()).versionIdsToStages(secret.stages());
        if (!secret.replicas().isEmpty()) {
            response.replicationStatus(Replication.status(secret));
        }
        return response.build();
    }

    /** What lists show of a secret. */
    private SecretListEntry entry(Secret secret) {
        Secret.Rotation rotates = secret.rotation();
        SecretListEntry.Builder entry = SecretListEntry.builder()
                .arn(secret.arn())
                .name(secret.name())
                .createdDate(Instant.ofEpochMilli(secret.createdAt()))
                .lastChangedDate(Instant.ofEpochMilli(secret.changedAt()))
                .lastAccessedDate(at(secret.accessedOn()))
                .deletedDate(at(secret.deletedAt()))
                .description(text(secret.description()))
                .kmsKeyId(text(secret.kmsKeyId()))
                .type(text(secret.type()))
                .secretVersionsToStages(secret.stages())
                .primaryRegion(secret.follows() || !secret.replicas().isEmpty() ? secret.home() : null)
                .tags(tags.of(secret).entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList());
        if (!rotates.lambdaArn().isEmpty()) {
            entry.rotationEnabled(rotates.enabled())
                    .rotationLambdaARN(rotates.lambdaArn())
                    .rotationRules(
                            rules -> rules.automaticallyAfterDays(rotates.afterDays() == 0 ? null : rotates.afterDays())
                                    .scheduleExpression(text(rotates.expression()))
                                    .duration(text(rotates.duration())))
                    .lastRotatedDate(at(rotates.lastAt()))
                    .nextRotationDate(SecretRotation.latest(rotates).orElse(null));
        }
        return entry.build();
    }

    private static Instant at(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }

    private static String text(String text) {
        return text.isEmpty() ? null : text;
    }

    ListSecretsResponse list(ListSecretsRequest request) {
        Page<Secret> page = page(
                request.filters(),
                Boolean.TRUE.equals(request.includePlannedDeletion()),
                request.sortOrder() == SortOrderType.DESC
                        ? RecordQuery.Order.NEWEST_FIRST
                        : RecordQuery.Order.OLDEST_FIRST,
                request.maxResults(),
                USUAL_PAGE,
                request.nextToken());
        return ListSecretsResponse.builder()
                .secretList(page.items().stream().map(this::entry).toList())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    /** The values of many secrets; what cannot be had of one is told beside the others. */
    BatchGetSecretValueResponse batch(BatchGetSecretValueRequest request) {
        if (request.hasSecretIdList() == request.hasFilters()) {
            throw SecretRequests.invalidParameter("Either 'SecretIdList' or 'Filters' must be provided, but not both.");
        }
        if (request.hasSecretIdList() && (request.maxResults() != null || request.nextToken() != null)) {
            throw SecretRequests.invalidParameter(
                    "'MaxResults' and 'NextToken' can only be used together with 'Filters'.");
        }
        Optional<String> next = Optional.empty();
        List<String> names;
        if (request.hasSecretIdList()) {
            names = request.secretIdList();
        } else {
            Page<Secret> page = page(
                    request.filters(),
                    false,
                    RecordQuery.Order.ID,
                    request.maxResults(),
                    USUAL_BATCH,
                    request.nextToken());
            names = page.items().stream().map(Secret::arn).toList();
            next = page.nextToken();
        }
        List<SecretValueEntry> found = new ArrayList<>();
        List<APIErrorType> errors = new ArrayList<>();
        for (String name : names) {
            try {
                CallContext.current().require("secretsmanager:GetSecretValue", SecretAccess.arn(secrets, name));
                found.add(
                        Shapes.copy(versions.get(name, Optional.empty(), Optional.empty()), SecretValueEntry.builder())
                                .build());
            } catch (SecretsManagerException failure) {
                errors.add(error(name, code(failure), failure.getMessage()));
            } catch (AwsError refusal) {
                errors.add(error(name, refusal.code(), refusal.getMessage()));
            }
        }
        return BatchGetSecretValueResponse.builder()
                .secretValues(found)
                .errors(errors)
                .nextToken(next.orElse(null))
                .build();
    }

    private static String code(SecretsManagerException failure) {
        return failure instanceof DecryptionFailureException
                ? "DecryptionFailure"
                : failure.getClass().getSimpleName();
    }

    private static APIErrorType error(String name, String code, String message) {
        return APIErrorType.builder()
                .secretId(name)
                .errorCode(code)
                .message(message)
                .build();
    }

    ListSecretVersionIdsResponse versions(ListSecretVersionIdsRequest request) {
        Secret secret = secrets.named(request.secretId());
        boolean all = Boolean.TRUE.equals(request.includeDeprecated());
        List<SecretVersionsListEntry> entries = secret.versions().stream()
                .filter(version -> all || !version.stages().isEmpty())
                .map(version -> SecretVersionsListEntry.builder()
                        .versionId(version.id())
                        .versionStages(version.stages().isEmpty() ? null : version.stages())
                        .createdDate(Instant.ofEpochMilli(version.createdAt()))
                        .lastAccessedDate(at(version.accessedOn()))
                        .kmsKeyIds(version.kmsKeyId().isEmpty() ? "DefaultEncryptionKey" : version.kmsKeyId())
                        .build())
                .toList();
        int from = request.nextToken() == null ? 0 : offset(request.nextToken(), entries.size());
        int to = Math.min(
                entries.size(), from + Optional.ofNullable(request.maxResults()).orElse(USUAL_PAGE));
        return ListSecretVersionIdsResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .versions(entries.subList(from, to))
                .nextToken(to < entries.size() ? "o" + to : null)
                .build();
    }

    private static int offset(String token, int size) {
        if (!token.matches("o[0-9]{1,9}") || Integer.parseInt(token.substring(1)) > size) {
            throw invalidToken();
        }
        return Integer.parseInt(token.substring(1));
    }

    private static InvalidNextTokenException invalidToken() {
        return InvalidNextTokenException.builder()
                .message("The NextToken value is invalid.")
                .build();
    }

    private Page<Secret> page(
            List<Filter> filters, boolean deleted, RecordQuery.Order order, Integer limit, int usual, String token) {
        int wanted = limit == null ? usual : limit;
        String list = StoredSecrets.SECRET + " " + order;
        Optional<RecordQuery.Cursor> place = Optional.ofNullable(token).map(given -> place(list, given));
        CallContext call = CallContext.current();
        List<Secret> items = new ArrayList<>();
        while (true) {
            List<StoredRecord> batch = records.list(new RecordQuery(
                    StoredSecrets.SECRET,
                    Optional.of(call.account()),
                    Optional.of(call.region()),
                    Optional.empty(),
                    order,
                    place,
                    SLICE));
            for (StoredRecord record : batch) {
                Secret secret = StoredSecrets.read(record);
                boolean fits = (deleted || !secret.awaitsDeletion())
                        && (filters.isEmpty() || SecretRequests.fits(filters, secret, tags.of(secret)));
                if (fits && items.size() == wanted) {
                    return new Page<>(items, place.map(last -> pageTokens.token(list, last)));
                }
                if (fits) {
                    items.add(secret);
                }
                place = Optional.of(RecordQuery.Cursor.behind(record));
            }
            if (batch.size() < SLICE) {
                return new Page<>(items, Optional.empty());
            }
        }
    }

    private RecordQuery.Cursor place(String list, String token) {
        try {
            return pageTokens.place(list, token);
        } catch (AwsError foreign) {
            throw invalidToken();
        }
    }
}
