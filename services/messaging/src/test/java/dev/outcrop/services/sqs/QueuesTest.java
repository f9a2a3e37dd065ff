package dev.outcrop.services.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import dev.outcrop.services.MessagingHouse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.sqs.model.CreateQueueRequest;
import software.amazon.awssdk.services.sqs.model.KmsAccessDeniedException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDeletedRecentlyException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Queues, their attributes, and who may use them. */
@Timeout(120)
class QueuesTest {
    private static final String STRANGER = "111122223333";

    @TempDir
    private Path folder;

    private MessagingHouse house;

    @BeforeEach
    void setUp() {
        house = new MessagingHouse(folder);
    }

    @AfterEach
    void tearDown() {
        house.close();
    }

    private String queue(String name) {
        return queue(name, Map.of());
    }

    private String queue(String name, Map<QueueAttributeName, String> attributes) {
        return house.sqs(sqs -> sqs.createQueue(CreateQueueRequest.builder()
                        .queueName(name)
                        .attributes(attributes)
                        .build()))
                .queueUrl();
    }

    private Map<QueueAttributeName, String> attributes(String queue) {
        return house.sqs(sqs -> sqs.getQueueAttributes(
                        request -> request.queueUrl(queue).attributeNames(QueueAttributeName.ALL)))
                .attributes();
    }

    @Test
    void aQueueHasAUrlOnTheHostThatWasCalledAndTheDefaultsOfAws() {
        String url = queue("plain");

        assertThat(url).isEqualTo("http://localhost:4566/000000000000/plain");
        assertThat(attributes(url))
                .containsEntry(QueueAttributeName.QUEUE_ARN, "arn:aws:sqs:us-east-1:000000000000:plain")
                .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "30")
                .containsEntry(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "1048576")
                .containsEntry(QueueAttributeName.MESSAGE_RETENTION_PERIOD, "345600")
                .containsEntry(QueueAttributeName.SQS_MANAGED_SSE_ENABLED, "true")
                .doesNotContainKey(QueueAttributeName.FIFO_QUEUE);
        assertThat(house.sqs(sqs -> sqs.getQueueUrl(request -> request.queueName("plain")))
                        .queueUrl())
                .isEqualTo(url);
    }

    @Test
    void theSameQueueCanBeMadeAgainAndADifferentOneOrOneJustDeletedCannot() {
        String url = queue("again", Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "60"));

        assertThat(queue("again", Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "60")))
                .isEqualTo(url);
        assertThat(queue("again")).isEqualTo(url);
        assertThatThrownBy(() -> queue("again", Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "61")))
                .isInstanceOf(QueueNameExistsException.class);
        house.sqs(sqs -> sqs.sendMessage(request -> request.queueUrl(url).messageBody("gone")));
        house.sqs(sqs -> sqs.deleteQueue(request -> request.queueUrl(url)));
        assertThatThrownBy(() -> attributes(url)).isInstanceOf(QueueDoesNotExistException.class);
        assertThatThrownBy(() -> queue("again")).isInstanceOf(QueueDeletedRecentlyException.class);
        house.pass(Duration.ofSeconds(61));
        queue("again");
        assertThat(house.sqs(sqs -> sqs.receiveMessage(request -> request.queueUrl(url)))
                        .messages())
                .isEmpty();
        house.passAndClean(Duration.ofMinutes(11));
        assertThat(house.records().all(QueuedMessage.TYPE, Optional.empty())).isEmpty();
        assertThat(house.records().all(Queues.GONE, Optional.empty())).isEmpty();
    }

    @Test
    void listsComeInPagesWithTokensThatOnlyTheirListTakes() {
        for (int i = 0; i < 5; i++) {
            queue("many-" + i);
        }
        queue("other");

        var first = house.sqs(
                sqs -> sqs.listQueues(request -> request.queueNamePrefix("many").maxResults(3)));
        var second = house.sqs(sqs -> sqs.listQueues(
                request -> request.queueNamePrefix("many").maxResults(3).nextToken(first.nextToken())));

        assertThat(first.queueUrls()).hasSize(3);
        assertThat(second.queueUrls()).hasSize(2).doesNotContainAnyElementsOf(first.queueUrls());
        assertThat(second.nextToken()).isNull();
        assertThatThrownBy(() -> house.sqs(
                        sqs -> sqs.listQueues(request -> request.maxResults(3).nextToken("made up"))))
                .isInstanceOf(SqsException.class);
    }

    @Test
    void aStrangerMayWhatTheQueuesPolicySaysAndNothingElse() {
        String url = queue("shared");
        Principal user = house.user(STRANGER, "stranger", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}}""");
        assertThatThrownBy(() -> house.sqs(
                        user,
                        sqs -> sqs.sendMessage(request -> request.queueUrl(url).messageBody("in"))))
                .hasMessageContaining("sqs:SendMessage on resource: arn:aws:sqs:us-east-1:000000000000:shared");

        house.sqs(sqs -> sqs.addPermission(request ->
                request.queueUrl(url).label("send").awsAccountIds(STRANGER).actions("SendMessage")));

        house.sqs(user, sqs -> sqs.sendMessage(request -> request.queueUrl(url).messageBody("in")));
        assertThatThrownBy(() -> house.sqs(user, sqs -> sqs.receiveMessage(request -> request.queueUrl(url))))
                .hasMessageContaining("sqs:ReceiveMessage");
        house.sqs(sqs -> sqs.removePermission(request -> request.queueUrl(url).label("send")));
        assertThatThrownBy(() -> house.sqs(
                        user,
                        sqs -> sqs.sendMessage(request -> request.queueUrl(url).messageBody("in"))))
                .hasMessageContaining("not authorized");
    }

    @Test
    void messagesUnderAKeyOfKmsNeedTheRightToUseIt() {
        String key = house.as(MessagingHouse.ROOT, KmsClient.class, kms -> kms.createKey(request -> {}))
                .keyMetadata()
                .arn();
        String url = queue("sealed", Map.of(QueueAttributeName.KMS_MASTER_KEY_ID, key));
        Principal user = house.user(MessagingHouse.ACCOUNT, "reader", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}}""");
        house.sqs(sqs -> sqs.sendMessage(request -> request.queueUrl(url).messageBody("secret")));

        assertThatThrownBy(() -> house.sqs(user, sqs -> sqs.receiveMessage(request -> request.queueUrl(url))))
                .isInstanceOf(KmsAccessDeniedException.class);
        assertThat(house.sqs(sqs -> sqs.receiveMessage(request -> request.queueUrl(url)))
                        .messages())
                .extracting(message -> message.body())
                .containsExactly("secret");
        assertThat(attributes(url)).containsEntry(QueueAttributeName.SQS_MANAGED_SSE_ENABLED, "false");
    }

    @Test
    void cloudWatchIsToldWhatIsDoneWithMessagesAndHowManyThereAre() {
        String url = queue("measured");
        house.sqs(sqs -> sqs.receiveMessage(request -> request.queueUrl(url)));
        house.sqs(sqs -> sqs.sendMessage(request -> request.queueUrl(url).messageBody("12345")));
        house.sqs(sqs -> sqs.sendMessage(request -> request.queueUrl(url).messageBody("12345")));
        String handle = house.sqs(sqs -> sqs.receiveMessage(request -> request.queueUrl(url)))
                .messages()
                .getFirst()
                .receiptHandle();
        house.sqs(sqs -> sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(handle)));
        house.passAndClean(Duration.ofSeconds(30));

        assertThat(String.join("", house.measured()))
                .contains("\"namespace\":\"AWS/SQS\"", "\"QueueName\":\"measured\"")
                .contains("{\"metric\":\"NumberOfEmptyReceives\",\"unit\":\"Count\",\"value\":1.0}")
                .contains("{\"metric\":\"NumberOfMessagesSent\",\"unit\":\"Count\",\"value\":1.0,\"count\":2.0}")
                .contains("{\"metric\":\"SentMessageSize\",\"unit\":\"Bytes\",\"value\":5.0,\"count\":2.0}")
                .contains("{\"metric\":\"NumberOfMessagesDeleted\",\"unit\":\"Count\",\"value\":1.0}")
                .contains("{\"metric\":\"ApproximateNumberOfMessagesVisible\",\"unit\":\"Count\",\"value\":1.0}")
                .contains("{\"metric\":\"ApproximateAgeOfOldestMessage\",\"unit\":\"Seconds\",\"value\":30.0}");
    }

    @Test
    void aDeadLetterQueueMayRefuseSources() {
        String dead =
                queue("dead", Map.of(QueueAttributeName.REDRIVE_ALLOW_POLICY, "{\"redrivePermission\":\"denyAll\"}"));
        String redrive = "{\"deadLetterTargetArn\":\"" + attributes(dead).get(QueueAttributeName.QUEUE_ARN)
                + "\",\"maxReceiveCount\":3}";

        assertThatThrownBy(() -> queue("source", Map.of(QueueAttributeName.REDRIVE_POLICY, redrive)))
                .hasMessageContaining("redrive allow policy");
    }

    @Test
    void tagsAreKeptAndTakenAway() {
        String url = queue("tagged");

        house.sqs(sqs -> sqs.tagQueue(request -> request.queueUrl(url).tags(Map.of("team", "a", "stage", "b"))));
        house.sqs(sqs -> sqs.untagQueue(request -> request.queueUrl(url).tagKeys("stage")));

        assertThat(house.sqs(sqs -> sqs.listQueueTags(request -> request.queueUrl(url)))
                        .tags())
                .isEqualTo(Map.of("team", "a"));
    }
}
