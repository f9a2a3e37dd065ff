package dev.outcrop.services.cloudtrail;

import dev.outcrop.engines.sql.RefusedSqlException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Pages;
import dev.outcrop.kernel.jobs.Jobs;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.cloudtrail.model.CancelQueryRequest;
import software.amazon.awssdk.services.cloudtrail.model.CancelQueryResponse;
import software.amazon.awssdk.services.cloudtrail.model.DeliveryStatus;
import software.amazon.awssdk.services.cloudtrail.model.DescribeQueryRequest;
import software.amazon.awssdk.services.cloudtrail.model.DescribeQueryResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetQueryResultsRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.cloudtrail.model.InactiveQueryException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidDateRangeException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidQueryStatementException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidQueryStatusException;
import software.amazon.awssdk.services.cloudtrail.model.ListQueriesRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListQueriesResponse;
import software.amazon.awssdk.services.cloudtrail.model.MaxConcurrentQueriesException;
import software.amazon.awssdk.services.cloudtrail.model.Query;
import software.amazon.awssdk.services.cloudtrail.model.QueryIdNotFoundException;
import software.amazon.awssdk.services.cloudtrail.model.QueryStatistics;
import software.amazon.awssdk.services.cloudtrail.model.QueryStatisticsForDescribeQuery;
import software.amazon.awssdk.services.cloudtrail.model.QueryStatus;
import software.amazon.awssdk.services.cloudtrail.model.StartQueryRequest;
import software.amazon.awssdk.services.cloudtrail.model.StartQueryResponse;

/**
 * Queries in SQL of event data stores.
 *
 * <p>Source: the operations on queries of the AWS CloudTrail API reference.
 */
final class Queries {
    private static final int MOST_AT_ONCE = 10;
    private static final int MOST_RESULTS = 1000;

    private final QueryStore queries;
    private final EventDataStores stores;
    private final Lake lake;
    private final QueryDelivery delivery;
    private final Pages pages;
    private final Supplier<Jobs> jobs;
    private final Ids ids;
    private final InstantSource clock;

    Queries(
            QueryStore queries,
            EventDataStores stores,
            Lake lake,
            QueryDelivery delivery,
            Pages pages,
            Supplier<Jobs> jobs,
            Ids ids,
            InstantSource clock) {
        this.queries = queries;
        this.stores = stores;
        this.lake = lake;
        this.delivery = delivery;
        this.pages = pages;
        this.jobs = jobs;
        this.ids = ids;
        this.clock = clock;
    }

    StartQueryResponse start(StartQueryRequest request) {
        if (request.queryStatement() == null) {
            if (request.queryAlias() != null) {
                throw AwsError.notImplemented("cloudtrail", "StartQuery by alias");
            }
            throw EventDataStores.invalid("Either QueryStatement or QueryAlias must be specified.");
        }
        LakeStatement statement = statement(request.queryStatement());
        statement.stores().forEach(stores::active);
        if (request.deliveryS3Uri() != null) {
            delivery.check(request.deliveryS3Uri(), QueryWork.storeArn(statement.stores()));
        }
        if (queries.all().stream().filter(StoredQuery::isActive).count() >= MOST_AT_ONCE) {
            throw MaxConcurrentQueriesException.builder()
                    .message("You are already running the maximum number of concurrent queries. The maximum number of"
                            + " concurrent queries is " + MOST_AT_ONCE
                            + ". Wait a minute for some queries to finish, and then run the query again.")
                    .build();
        }
        String id = ids.uuid();
        DescribeQueryResponse query = DescribeQueryResponse.builder()
                .queryId(id)
                .queryString(request.queryStatement())
                .queryStatus(QueryStatus.QUEUED)
                .queryStatistics(QueryStatisticsForDescribeQuery.builder()
                        .creationTime(clock.instant())
                        .build())
                .eventDataStoreOwnerAccountId(CallContext.current().account())
                .deliveryS3Uri(request.deliveryS3Uri())
                .deliveryStatus(request.deliveryS3Uri() == null ? null : DeliveryStatus.PENDING)
                .build();
        queries.insert(id, new StoredQuery(query, statement.sql(), statement.stores(), 0));
        jobs.get().submit(QueryWork.KIND, id, new byte[0]);
        return StartQueryResponse.builder()
                .queryId(id)
                .eventDataStoreOwnerAccountId(query.eventDataStoreOwnerAccountId())
                .build();
    }

    private LakeStatement statement(String text) {
        try {
            return LakeStatement.read(text, lake::parse);
        } catch (RefusedSqlException refusal) {
            throw InvalidQueryStatementException.builder()
                    .message(refusal.getMessage())
                    .build();
        }
    }

    /** The ARNs of the stores that a query which is to be started names. */
    List<String> arns(StartQueryRequest request) {
        List<String> arns = new ArrayList<>();
        if (request.queryStatement() != null) {
            LakeStatement.named(request.queryStatement())
                    .forEach(id -> arns.add(EventStores.Place.of(id).arn()));
        }
        return arns.isEmpty() ? List.of("*") : arns;
    }

    /** The ARNs of the stores that a query reads. */
    List<String> arns(String queryId) {
        Set<String> read = queries.find(queryId).map(StoredQuery::stores).orElse(Set.of());
        List<String> arns = new ArrayList<>(new LinkedHashSet<>(read));
        arns.replaceAll(id -> EventStores.Place.of(id).arn());
        return arns.isEmpty() ? List.of("*") : arns;
    }

    DescribeQueryResponse describe(DescribeQueryRequest request) {
        if (request.queryId() == null) {
            if (request.queryAlias() != null) {
                throw AwsError.notImplemented("cloudtrail", "DescribeQuery by alias");
            }
            throw EventDataStores.invalid("Either QueryId or QueryAlias must be specified.");
        }
        return found(request.queryId()).query();
    }

    /** A query, none of whose stores is being deleted. */
    private StoredQuery found(String id) {
        StoredQuery query = queries.find(id).orElseThrow(() -> missing(id));
        query.stores().forEach(stores::active);
        return query;
    }

    private static QueryIdNotFoundException missing(String id) {
        return QueryIdNotFoundException.builder()
                .message("The query ID does not exist or does not map to a query: " + id)
                .build();
    }

    GetQueryResultsResponse results(GetQueryResultsRequest request) {
        StoredQuery query = found(request.queryId());
        GetQueryResultsResponse.Builder response = GetQueryResultsResponse.builder()
                .queryStatus(query.query().queryStatus())
                .errorMessage(query.query().errorMessage());
        if (query.query().queryStatus() != QueryStatus.FINISHED) {
            return response.build();
        }
        String list = "cloudtrail:query-results " + request.queryId();
        int from = Math.min(pages.begin(list, request.nextToken()), query.rows());
        int wanted = request.maxQueryResults() == null ? MOST_RESULTS : request.maxQueryResults();
        List<List<Map<String, String>>> rows = rows(request.queryId(), from, Math.min(query.rows(), from + wanted));
        return response.queryResultRows(rows)
                .queryStatistics(QueryStatistics.builder()
                        .resultsCount(rows.size())
                        .totalResultsCount(query.rows())
                        .bytesScanned(query.query().queryStatistics().bytesScanned())
                        .build())
                .nextToken(pages.next(list, from + rows.size(), query.rows()).orElse(null))
                .build();
    }

    private List<List<Map<String, String>>> rows(String id, int from, int to) {
        List<List<Map<String, String>>> rows = new ArrayList<>();
        int at = from;
        while (at < to) {
            int page = at / QueryStore.ROWS_TOGETHER;
            List<List<Map<String, String>>> together = queries.rows(id, page);
            int begin = at - page * QueryStore.ROWS_TOGETHER;
            int end = Math.min(together.size(), begin + to - at);
            rows.addAll(together.subList(begin, end));
            at += end - begin;
        }
        return rows;
    }

    CancelQueryResponse cancel(CancelQueryRequest request) {
        StoredQuery query = found(request.queryId());
        if (!query.isActive()) {
            throw InactiveQueryException.builder()
                    .message("The specified query cannot be canceled because it is in the "
                            + query.query().queryStatusAsString() + " state.")
                    .build();
        }
        jobs.get().stop(request.queryId());
        queries.update(request.queryId(), present -> present.with(shape -> shape.queryStatus(QueryStatus.CANCELLED)));
        return CancelQueryResponse.builder()
                .queryId(request.queryId())
                .queryStatus(QueryStatus.CANCELLED)
                .eventDataStoreOwnerAccountId(query.query().eventDataStoreOwnerAccountId())
                .build();
    }

    ListQueriesResponse list(ListQueriesRequest request) {
        String store = stores.active(request.eventDataStore()).place().id();
        if (request.queryStatus() == QueryStatus.UNKNOWN_TO_SDK_VERSION) {
            throw InvalidQueryStatusException.builder()
                    .message("The query status is not valid: " + request.queryStatusAsString())
                    .build();
        }
        if (request.startTime() != null
                && request.endTime() != null
                && request.startTime().isAfter(request.endTime())) {
            throw InvalidDateRangeException.builder()
                    .message("The start time must be before the end time.")
                    .build();
        }
        List<Query> listed = queries.all().stream()
                .filter(query -> query.stores().contains(store) && fits(query, request))
                .map(query -> Query.builder()
                        .queryId(query.query().queryId())
                        .queryStatus(query.query().queryStatus())
                        .creationTime(query.query().queryStatistics().creationTime())
                        .build())
                .toList();
        Pages.Slice<Query> page = pages.of(
                "cloudtrail:queries " + store + " " + request.queryStatusAsString() + " " + request.startTime() + " "
                        + request.endTime(),
                listed,
                request.maxResults(),
                request.nextToken());
        return ListQueriesResponse.builder()
                .queries(page.items())
                .nextToken(page.next())
                .build();
    }

    private static boolean fits(StoredQuery query, ListQueriesRequest request) {
        Instant created = query.query().queryStatistics().creationTime();
        return (request.queryStatus() == null
                        || request.queryStatus() == query.query().queryStatus())
                && (request.startTime() == null || !created.isBefore(request.startTime()))
                && (request.endTime() == null || !created.isAfter(request.endTime()));
    }
}
