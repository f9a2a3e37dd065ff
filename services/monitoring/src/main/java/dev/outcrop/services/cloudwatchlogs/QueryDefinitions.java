package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Page;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeQueryDefinitionsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeQueryDefinitionsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutQueryDefinitionRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.QueryDefinition;
import software.amazon.awssdk.services.cloudwatchlogs.model.QueryLanguage;

/**
 * Queries that are kept to be run again.
 *
 * <p>Source: PutQueryDefinition and DescribeQueryDefinitions of the Amazon CloudWatch Logs API reference.
 */
final class QueryDefinitions {
    private static final String TYPE = "logs:query-definition";
    private static final int MOST = 1000;

    private final Records records;
    private final RecordPages pages;
    private final InstantSource clock;

    QueryDefinitions(Records records, RecordPages pages, InstantSource clock) {
        this.records = records;
        this.pages = pages;
        this.clock = clock;
    }

    private static RecordKey key(String id) {
        CallContext call = CallContext.current();
        return new RecordKey(TYPE, call.account(), call.region(), id);
    }

    String put(PutQueryDefinitionRequest request) {
        if (request.queryLanguage() != null && request.queryLanguage() != QueryLanguage.CWLI) {
            throw AwsError.notImplemented("logs", "PutQueryDefinition in " + request.queryLanguageAsString());
        }
        boolean added = request.queryDefinitionId() == null;
        // The same client token stands for the same definition.
        String id = !added
                ? request.queryDefinitionId()
                : request.clientToken() == null
                        ? UUID.randomUUID().toString()
                        : UUID.nameUUIDFromBytes(
                                        request.clientToken().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                                .toString();
        RecordKey key = key(id);
        if (!added && records.get(key).isEmpty()) {
            throw LogFailures.notFound("The specified query definition does not exist.");
        }
        if (added && pages.all(TYPE, "", record -> record).size() >= MOST) {
            throw LogFailures.limit("Resource limit exceeded.");
        }
        QueryDefinition definition = QueryDefinition.builder()
                .queryLanguage(QueryLanguage.CWLI)
                .queryDefinitionId(id)
                .name(request.name())
                .queryString(request.queryString())
                .logGroupNames(request.logGroupNames())
                .lastModified(clock.millis())
                .build();
        records.write(transaction -> {
            transaction.delete(key);
            transaction.insert(key, "", Optional.empty(), clock.instant(), StoredShapes.write(definition));
            return null;
        });
        return id;
    }

    void delete(String id) {
        RecordKey key = key(id);
        if (!records.write(transaction -> transaction.delete(key))) {
            throw LogFailures.notFound("The specified query definition does not exist.");
        }
    }

    DescribeQueryDefinitionsResponse describe(DescribeQueryDefinitionsRequest request) {
        String prefix = request.queryDefinitionNamePrefix() == null ? "" : request.queryDefinitionNamePrefix();
        Page<QueryDefinition> page = pages.page(
                TYPE,
                "",
                "logs:query-definitions " + prefix,
                record -> Optional.of(StoredShapes.read(record.body(), QueryDefinition::builder))
                        .filter(definition -> definition.name().startsWith(prefix))
                        .filter(_ -> request.queryLanguage() == null || request.queryLanguage() == QueryLanguage.CWLI),
                request.maxResults() == null ? MOST : request.maxResults(),
                request.nextToken());
        return DescribeQueryDefinitionsResponse.builder()
                .queryDefinitions(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }
}
