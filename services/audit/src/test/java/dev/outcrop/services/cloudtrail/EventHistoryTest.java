package dev.outcrop.services.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import dev.outcrop.storage.JournalEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.cloudtrail.model.Event;
import software.amazon.awssdk.services.cloudtrail.model.InvalidLookupAttributesException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidNextTokenException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTimeRangeException;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttribute;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttributeKey;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsRequest;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsResponse;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;

class EventHistoryTest {
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(3));

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
    void tellsWhatWasCalledNewestFirst() {
        house.as(IamClient.class, iam -> iam.createUser(request -> request.userName("bob")));
        house.pass(Duration.ofSeconds(2));
        house.as(IamClient.class, iam -> iam.getUser(request -> request.userName("bob")));
        house.settle();

        List<Event> events = lookup(request -> {}).events();

        assertThat(events).extracting(Event::eventName).containsExactly("GetUser", "CreateUser");
        assertThat(events.getLast().readOnly()).isEqualTo("false");
        assertThat(events.getLast().username()).isEqualTo("root");
        assertThat(events.getLast().accessKeyId()).isEqualTo("AKIAROOT");
        assertThat(events.getLast().eventSource()).isEqualTo("iam.amazonaws.com");
        assertThat(events.getLast().eventTime()).isAfter(start);
        assertThat(events.getLast().resources())
                .anySatisfy(resource -> assertThat(resource.resourceType() + " " + resource.resourceName())
                        .isEqualTo("AWS::IAM::User bob"));
        assertThat(events.getLast().cloudTrailEvent())
                .contains("\"eventID\":\"" + events.getLast().eventId() + "\"");
    }

    @Test
    void tellsNoDataEventsAndNothingOfOtherRegionsAndAccounts() {
        house.s3(s3 -> s3.createBucket(request -> request.bucket("some-bucket")));
        house.as("eu-west-1", S3Client.class, S3Client::listBuckets);
        house.as(Principal.root("999999999999", Optional.empty()), "us-east-1", IamClient.class, IamClient::listUsers);
        house.s3(s3 -> s3.listObjectsV2(request -> request.bucket("some-bucket")));
        house.settle();

        assertThat(lookup(request -> {}).events()).extracting(Event::eventName).containsExactly("CreateBucket");
    }

    @ParameterizedTest
    @CsvSource({
        "EVENT_ID, id-1500, 1",
        "EVENT_NAME, CreateUser, 50",
        "EVENT_NAME, DeleteUser, 0",
        "READ_ONLY, true, 50",
        "USERNAME, user-7, 30",
        "RESOURCE_TYPE, AWS::IAM::User, 50",
        "RESOURCE_NAME, made-user-7, 30",
        "EVENT_SOURCE, iam.amazonaws.com, 50",
        "EVENT_SOURCE, s3.amazonaws.com, 0",
        "ACCESS_KEY_ID, AKIAuser-7, 30",
    })
    void findsByEachAttribute(LookupAttributeKey key, String value, int found) {
        house.append(events(3000));

        assertThat(lookup(request -> request.lookupAttributes(attribute(key, value)))
                        .events())
                .hasSize(found);
    }

    @Test
    void pagesThroughAllThatFitsOnceAndInOrder() {
        List<JournalEntry> entries = events(5000);
        Collections.shuffle(entries, new Random(1));
        house.append(entries);

        List<Event> found = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Optional<String> next = Optional.empty();
        do {
            String token = next.orElse(null);
            LookupEventsResponse page = lookup(request -> request.maxResults(37)
                    .nextToken(token)
                    .lookupAttributes(attribute(LookupAttributeKey.EVENT_NAME, "CreateUser")));
            found.addAll(page.events());
            page.events().forEach(event -> ids.add(event.eventId()));
            next = Optional.ofNullable(page.nextToken());
        } while (next.isPresent());

        assertThat(found).hasSize(2500);
        assertThat(ids).hasSize(2500);
        assertThat(found)
                .extracting(Event::eventTime)
                .isSortedAccordingTo(Comparator.<Instant>naturalOrder().reversed());
    }

    @Test
    void keepsToTheTimesThatAreAskedForWithBothTheirEnds() {
        house.append(events(100));

        List<Event> found = lookup(
                        request -> request.startTime(start.plusSeconds(10)).endTime(start.plusSeconds(19)))
                .events();

        assertThat(found).hasSize(10);
        assertThat(found.getFirst().eventTime()).isEqualTo(start.plusSeconds(19));
        assertThat(found.getLast().eventTime()).isEqualTo(start.plusSeconds(10));
    }

    @Test
    void reachesBackNinetyDays() {
        house.append(List.of(
                AuditHouse.event(start.minus(Duration.ofDays(91)), "old", "CreateUser", "bob", "us-east-1"),
                AuditHouse.event(start.minus(Duration.ofDays(89)), "new", "CreateUser", "bob", "us-east-1")));

        assertThat(lookup(request -> {}).events()).extracting(Event::eventId).containsExactly("new");
    }

    @Test
    void findsTheSameAfterARestartWithWhatCameSince() {
        house.append(events(3000));
        lookup(request -> {});
        house.close();
        house = new AuditHouse(path);
        house.append(List.of(AuditHouse.event(start.plusSeconds(9000), "last", "CreateUser", "user-7", "us-east-1")));

        List<Event> found = lookup(
                        request -> request.lookupAttributes(attribute(LookupAttributeKey.USERNAME, "user-7")))
                .events();

        assertThat(found).hasSize(31).first().extracting(Event::eventId).isEqualTo("last");
    }

    @Test
    void takesATokenOnlyWithTheParametersThatItWasGivenFor() {
        house.append(events(100));
        String token = lookup(request -> request.maxResults(1)).nextToken();

        assertThatThrownBy(() ->
                        lookup(request -> request.maxResults(1).nextToken(token).endTime(start)))
                .isInstanceOf(InvalidNextTokenException.class);
        assertThatThrownBy(() -> lookup(request -> request.nextToken("x".repeat(5000))))
                .isInstanceOf(InvalidNextTokenException.class);
    }

    @Test
    void refusesTimesInTheWrongOrderAndSeveralAttributes() {
        assertThatThrownBy(() -> lookup(request -> request.startTime(start).endTime(start.minusSeconds(1))))
                .isInstanceOf(InvalidTimeRangeException.class);
        assertThatThrownBy(() -> lookup(request -> request.lookupAttributes(
                        attribute(LookupAttributeKey.USERNAME, "a"), attribute(LookupAttributeKey.EVENT_NAME, "b"))))
                .isInstanceOf(InvalidLookupAttributesException.class);
        assertThatThrownBy(() -> lookup(
                        request -> request.lookupAttributes(attribute(LookupAttributeKey.USERNAME, "_".repeat(1001)))))
                .isInstanceOf(InvalidLookupAttributesException.class);
    }

    /** Events a second apart, every other one of which writes, of a hundred users. */
    private List<JournalEntry> events(int count) {
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(AuditHouse.event(
                    start.plusSeconds(i),
                    "id-" + i,
                    i % 2 == 0 ? "CreateUser" : "GetUser",
                    "user-" + i % 100,
                    "us-east-1"));
        }
        return entries;
    }

    private static LookupAttribute attribute(LookupAttributeKey key, String value) {
        return LookupAttribute.builder().attributeKey(key).attributeValue(value).build();
    }

    private LookupEventsResponse lookup(Consumer<LookupEventsRequest.Builder> request) {
        return house.cloudTrail(cloudTrail -> cloudTrail.lookupEvents(request));
    }
}
