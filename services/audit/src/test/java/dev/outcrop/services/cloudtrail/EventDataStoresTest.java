package dev.outcrop.services.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.CreateEventDataStoreRequest;
import software.amazon.awssdk.services.cloudtrail.model.CreateEventDataStoreResponse;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStore;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStoreAlreadyExistsException;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStoreMaxLimitExceededException;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStoreNotFoundException;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStoreStatus;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStoreTerminationProtectedException;
import software.amazon.awssdk.services.cloudtrail.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.cloudtrail.model.InactiveEventDataStoreException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidQueryStatementException;
import software.amazon.awssdk.services.cloudtrail.model.QueryStatus;
import software.amazon.awssdk.services.cloudtrail.model.ResourcePolicyNotValidException;
import software.amazon.awssdk.services.cloudtrail.model.Tag;
import software.amazon.awssdk.services.iam.IamClient;

class EventDataStoresTest {
    @TempDir
    private Path path;

    private AuditHouse house;

    @BeforeEach
    void open() {
        house = new AuditHouse(path);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void answersSqlAboutWhatWasCalledSinceItWasMade() {
        createUser("before");
        String id = store("calls");
        createUser("bob");
        createUser("alice");
        house.ingest();

        GetQueryResultsResponse results = results("SELECT eventName, requestParameters['userName'] AS who,"
                + " userIdentity.type FROM " + id + " WHERE eventName = 'CreateUser' ORDER BY who");

        assertThat(results.queryStatus()).isEqualTo(QueryStatus.FINISHED);
        assertThat(results.queryResultRows())
                .containsExactly(
                        List.of(Map.of("eventName", "CreateUser"), Map.of("who", "alice"), Map.of("type", "Root")),
                        List.of(Map.of("eventName", "CreateUser"), Map.of("who", "bob"), Map.of("type", "Root")));
        assertThat(results.queryStatistics().totalResultsCount()).isEqualTo(2);
    }

    @Test
    void takesTrinosFunctionsAndTimesAsTexts() {
        String id = store("calls");
        createUser("bob");
        house.ingest();

        GetQueryResultsResponse results =
                results("SELECT element_at(requestParameters, 'userName') AS who, count(*) AS n"
                        + " FROM " + id
                        + " WHERE eventTime > '2020-01-01 00:00:00' AND regexp_like(eventName, '^CreateU')"
                        + " GROUP BY 1");

        assertThat(results.queryResultRows()).containsExactly(List.of(Map.of("who", "bob"), Map.of("n", "1")));
    }

    @Test
    void copiesEachEventOnceHoweverOftenItIsCutOff() {
        String id = store("calls");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            createUser("user-" + i);
            names.add("user-" + i);
            house.ingest();
            house.close();
            house = new AuditHouse(path);
            house.ingest();
        }

        assertThat(results("SELECT element_at(requestParameters, 'userName') AS who FROM " + id
                                + " WHERE eventName = 'CreateUser'")
                        .queryResultRows())
                .extracting(row -> row.getFirst().get("who"))
                .containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void makesItsTablesAnewWhereTheirFileIsDamaged() throws Exception {
        String id = store("calls");
        createUser("bob");
        house.ingest();
        String count = "SELECT count(*) AS n FROM " + id + " WHERE eventName = 'CreateUser'";
        assertThat(results(count).queryResultRows()).containsExactly(List.of(Map.of("n", "1")));
        house.close();
        Files.writeString(path.resolve("lake.duckdb"), "no database");

        house = new AuditHouse(path);

        assertThat(results(count).queryResultRows()).containsExactly(List.of(Map.of("n", "1")));
    }

    @Test
    void pagesThroughResults() {
        String id = store("calls");
        String token = null;
        List<String> found = new ArrayList<>();
        String query = start("SELECT i FROM " + id + " RIGHT JOIN range(250) AS numbers(i) ON true ORDER BY i");
        finished(query);
        do {
            String next = token;
            GetQueryResultsResponse page = house.cloudTrail(cloudTrail -> cloudTrail.getQueryResults(
                    request -> request.queryId(query).maxQueryResults(99).nextToken(next)));
            page.queryResultRows().forEach(row -> found.add(row.getFirst().get("i")));
            token = page.nextToken();
        } while (token != null);

        assertThat(found).hasSize(250).startsWith("0", "1").endsWith("249");
    }

    @Test
    void refusesWhatIsNoQueryOfAStore() {
        assertThatThrownBy(() -> start("DROP TABLE " + store("calls")))
                .isInstanceOf(InvalidQueryStatementException.class)
                .hasMessageContaining("Only SELECT statements");
    }

    @Test
    void keepsStoresOfOtherAccountsFromQueries() {
        String id = store("calls");

        assertThatThrownBy(() -> house.as(
                        Principal.root("999999999999", Optional.empty()),
                        "us-east-1",
                        CloudTrailClient.class,
                        cloudTrail -> cloudTrail.startQuery(request -> request.queryStatement("SELECT * FROM " + id))))
                .isInstanceOf(EventDataStoreNotFoundException.class);
    }

    @Test
    void letsAUserQueryTheStoresThatItsPolicyNames() {
        String id = store("calls");
        String other = store("others");
        String user = house.as(IamClient.class, iam -> iam.createUser(request -> request.userName("bob")))
                .user()
                .userId();
        house.as(
                IamClient.class,
                iam -> iam.putUserPolicy(request -> request.userName("bob")
                        .policyName("query")
                        .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":"
                                + "[\"cloudtrail:StartQuery\",\"cloudtrail:GetQueryResults\"],\"Resource\":"
                                + "\"arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/" + id + "\"}}")));
        Principal bob = new Principal(
                Principal.Kind.USER,
                "arn:aws:iam::123456789012:user/bob",
                AuditHouse.ACCOUNT,
                user,
                Optional.of("AKIABOB"));

        assertThat(start(bob, "SELECT count(*) FROM " + id)).isNotEmpty();
        assertThatThrownBy(() -> start(bob, "SELECT count(*) FROM " + other)).hasMessageContaining("not authorized");
        assertThatThrownBy(() -> start(bob, "SELECT count(*) FROM " + id + " UNION SELECT count(*) FROM " + other))
                .hasMessageContaining("not authorized");
        assertThatThrownBy(() -> house.as(
                        bob, "us-east-1", CloudTrailClient.class, cloudTrail -> cloudTrail.lookupEvents(request -> {})))
                .hasMessageContaining("is not authorized to perform: cloudtrail:LookupEvents");
    }

    private String start(Principal principal, String statement) {
        return house.as(
                        principal,
                        "us-east-1",
                        CloudTrailClient.class,
                        cloudTrail -> cloudTrail.startQuery(request -> request.queryStatement(statement)))
                .queryId();
    }

    @Test
    void failsQueriesThatNeedTooMuch() {
        String id = store("calls");

        assertThat(results("SELECT i FROM " + id + " RIGHT JOIN range(200000) AS numbers(i) ON true"))
                .satisfies(results -> {
                    assertThat(results.queryStatus()).isEqualTo(QueryStatus.FAILED);
                    assertThat(results.errorMessage()).contains("100000 rows");
                });
        assertThat(results("SELECT list(i) FROM " + id + " RIGHT JOIN range(1000000000) AS numbers(i) ON true")
                        .queryStatus())
                .isEqualTo(QueryStatus.FAILED);
    }

    @Test
    void cancelsAQuery() {
        String id = store("calls");
        String query = start("SELECT count(*) FROM " + id
                + " RIGHT JOIN range(1000000) AS ones(i) ON true CROSS JOIN range(1000000) AS twos(j)"
                + " WHERE i * j % 7 = 3");

        house.cloudTrail(cloudTrail -> cloudTrail.cancelQuery(request -> request.queryId(query)));

        assertThat(finished(query).queryStatus()).isEqualTo(QueryStatus.CANCELLED);
    }

    @Test
    void listsTheQueriesOfAStore() {
        String id = store("calls");
        results("SELECT count(*) FROM " + id);

        assertThat(house.cloudTrail(cloudTrail -> cloudTrail.listQueries(
                                request -> request.eventDataStore(id).queryStatus(QueryStatus.FINISHED)))
                        .queries())
                .hasSize(1);
        assertThat(house.cloudTrail(cloudTrail -> cloudTrail.listQueries(
                                request -> request.eventDataStore(id).queryStatus(QueryStatus.FAILED)))
                        .queries())
                .isEmpty();
    }

    @Test
    void isDeletedAWeekLaterUnlessRestored() {
        String id = store("calls");
        createUser("bob");
        house.ingest();
        assertThatThrownBy(() -> delete(id)).isInstanceOf(EventDataStoreTerminationProtectedException.class);
        house.cloudTrail(cloudTrail -> cloudTrail.updateEventDataStore(
                request -> request.eventDataStore(id).terminationProtectionEnabled(false)));

        delete(id);
        assertThatThrownBy(() -> start("SELECT * FROM " + id)).isInstanceOf(InactiveEventDataStoreException.class);
        house.cloudTrail(cloudTrail -> cloudTrail.restoreEventDataStore(request -> request.eventDataStore(id)));
        assertThat(results("SELECT count(*) AS n FROM " + id + " WHERE eventName = 'CreateUser'")
                        .queryResultRows())
                .containsExactly(List.of(Map.of("n", "1")));
        delete(id);
        house.pass(Duration.ofDays(8));
        house.ingest();

        assertThatThrownBy(() -> house.cloudTrail(
                        cloudTrail -> cloudTrail.getEventDataStore(request -> request.eventDataStore(id))))
                .isInstanceOf(EventDataStoreNotFoundException.class);
    }

    @Test
    void stopsAndStartsIngestion() {
        String id = store("calls");
        house.cloudTrail(cloudTrail -> cloudTrail.stopEventDataStoreIngestion(request -> request.eventDataStore(id)));
        house.settle();
        createUser("unseen");
        house.settle();
        house.cloudTrail(cloudTrail -> cloudTrail.startEventDataStoreIngestion(request -> request.eventDataStore(id)));
        createUser("seen");
        house.ingest();

        assertThat(results("SELECT element_at(requestParameters, 'userName') AS who FROM " + id
                                + " WHERE eventName = 'CreateUser'")
                        .queryResultRows())
                .containsExactly(List.of(Map.of("who", "seen")));
    }

    @Test
    void refusesTheSameNameAndTheEleventh() {
        store("calls");
        assertThatThrownBy(() -> store("calls")).isInstanceOf(EventDataStoreAlreadyExistsException.class);
        for (int i = 1; i < 10; i++) {
            store("calls-" + i);
        }

        assertThatThrownBy(() -> store("one-more")).isInstanceOf(EventDataStoreMaxLimitExceededException.class);
        assertThat(house.cloudTrail(cloudTrail -> cloudTrail.listEventDataStores(request -> request.maxResults(4)))
                        .eventDataStores())
                .extracting(EventDataStore::name)
                .hasSize(4);
    }

    @Test
    void hasTagsAndAPolicy() {
        String arn = create(
                        "calls",
                        request -> request.tagsList(
                                Tag.builder().key("team").value("blue").build()))
                .eventDataStoreArn();
        String policy = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":"
                + "\"arn:aws:iam::999999999999:root\"},\"Action\":\"cloudtrail:StartQuery\",\"Resource\":\"" + arn
                + "\"}]}";

        house.cloudTrail(cloudTrail ->
                cloudTrail.putResourcePolicy(request -> request.resourceArn(arn).resourcePolicy(policy)));

        assertThat(house.cloudTrail(cloudTrail -> cloudTrail.listTags(request -> request.resourceIdList(arn)))
                        .resourceTagList()
                        .getFirst()
                        .tagsList()
                        .getFirst()
                        .value())
                .isEqualTo("blue");
        assertThat(house.cloudTrail(cloudTrail -> cloudTrail.getResourcePolicy(request -> request.resourceArn(arn)))
                        .resourcePolicy())
                .isEqualTo(policy);
        assertThatThrownBy(() -> house.cloudTrail(cloudTrail -> cloudTrail.putResourcePolicy(
                        request -> request.resourceArn(arn).resourcePolicy("{\"Statement\":1}"))))
                .isInstanceOf(ResourcePolicyNotValidException.class);
    }

    @Test
    void saysWhatItDoesNotDo() {
        String id = store("calls");

        assertThatThrownBy(() -> house.cloudTrail(cloudTrail -> cloudTrail.generateQuery(
                        request -> request.eventDataStores(id).prompt("who was it"))))
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        refusal -> assertThat(refusal.statusCode()).isEqualTo(501));
    }

    private String store(String name) {
        String arn = create(name, request -> {}).eventDataStoreArn();
        assertThat(house.cloudTrail(cloudTrail -> cloudTrail.getEventDataStore(request -> request.eventDataStore(arn)))
                        .status())
                .isEqualTo(EventDataStoreStatus.ENABLED);
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    private CreateEventDataStoreResponse create(String name, Consumer<CreateEventDataStoreRequest.Builder> further) {
        return house.cloudTrail(cloudTrail -> cloudTrail.createEventDataStore(request -> {
            request.name(name);
            further.accept(request);
        }));
    }

    private void delete(String id) {
        house.cloudTrail(cloudTrail -> cloudTrail.deleteEventDataStore(request -> request.eventDataStore(id)));
    }

    private void createUser(String name) {
        house.as(IamClient.class, iam -> iam.createUser(request -> request.userName(name)));
        house.settle();
    }

    private String start(String statement) {
        return house.cloudTrail(cloudTrail -> cloudTrail.startQuery(request -> request.queryStatement(statement)))
                .queryId();
    }

    private GetQueryResultsResponse results(String statement) {
        return finished(start(statement));
    }

    /** The results of a query once it has ended. */
    private GetQueryResultsResponse finished(String query) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline) {
            GetQueryResultsResponse results =
                    house.cloudTrail(cloudTrail -> cloudTrail.getQueryResults(request -> request.queryId(query)));
            if (results.queryStatus() != QueryStatus.QUEUED && results.queryStatus() != QueryStatus.RUNNING) {
                return results;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        throw new AssertionError("the query " + query + " did not end");
    }
}
