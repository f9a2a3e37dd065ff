package dev.outcrop.services.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.ClientPresence;
import dev.outcrop.services.MessagingHouse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageNotInflightException;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.PurgeQueueInProgressException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Messages of standard queues from being sent to being deleted. */
@Timeout(120)
class MessagesTest {
    @TempDir
    private Path folder;

    private MessagingHouse house;
    private String queue;

    @BeforeEach
    void setUp() {
        house = new MessagingHouse(folder);
        queue = queue("orders", Map.of());
    }

    @AfterEach
    void tearDown() {
        house.close();
    }

    private String queue(String name, Map<QueueAttributeName, String> attributes) {
        return house.sqs(sqs ->
                        sqs.createQueue(request -> request.queueName(name).attributes(attributes)))
                .queueUrl();
    }

    private SendMessageResponse send(String body) {
        return house.sqs(
                sqs -> sqs.sendMessage(request -> request.queueUrl(queue).messageBody(body)));
    }

    private List<Message> receive(String from) {
        return house.sqs(sqs -> sqs.receiveMessage(request -> request.queueUrl(from)
                        .maxNumberOfMessages(10)
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                        .messageAttributeNames("All")))
                .messages();
    }

    private List<Message> receive() {
        return receive(queue);
    }

    private void delete(Message message) {
        house.sqs(sqs -> sqs.deleteMessage(request -> request.queueUrl(queue).receiptHandle(message.receiptHandle())));
    }

    private Map<QueueAttributeName, String> attributes(String of) {
        return house.sqs(sqs ->
                        sqs.getQueueAttributes(request -> request.queueUrl(of).attributeNames(QueueAttributeName.ALL)))
                .attributes();
    }

    private void reopen() {
        house.close();
        house = new MessagingHouse(folder, house.clock().instant());
    }

    @Test
    void aMessageComesBackWithItsDigestsAndAttributesUntilItIsDeleted() {
        Map<String, MessageAttributeValue> attributes = Map.of(
                "count",
                MessageAttributeValue.builder()
                        .dataType("Number")
                        .stringValue("3")
                        .build(),
                "raw",
                MessageAttributeValue.builder()
                        .dataType("Binary.png")
                        .binaryValue(SdkBytes.fromByteArray(new byte[] {0, 1, 2}))
                        .build());
        SendMessageResponse sent = house.sqs(sqs -> sqs.sendMessage(
                request -> request.queueUrl(queue).messageBody("hello").messageAttributes(attributes)));

        Message message = receive().getFirst();

        assertThat(message.messageId()).isEqualTo(sent.messageId());
        assertThat(message.body()).isEqualTo("hello");
        assertThat(message.md5OfBody())
                .isEqualTo("5d41402abc4b2a76b9719d911017c592")
                .isEqualTo(sent.md5OfMessageBody());
        assertThat(message.messageAttributes()).isEqualTo(attributes);
        assertThat(message.md5OfMessageAttributes()).isEqualTo(sent.md5OfMessageAttributes());
        assertThat(message.attributes())
                .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1")
                .containsEntry(MessageSystemAttributeName.SENDER_ID, "000000000000");
        assertThat(receive()).isEmpty();
        delete(message);
        house.pass(Duration.ofMinutes(1));
        assertThat(receive()).isEmpty();
    }

    @Test
    void aMessageIsSeenAgainWhenItsTimeoutIsOverAndOnlyItsLastHandleWorks() {
        send("again");
        Message first = receive().getFirst();
        house.pass(Duration.ofSeconds(31));
        Message second = receive().getFirst();

        delete(first);
        house.pass(Duration.ofSeconds(31));

        assertThat(second.receiptHandle()).isNotEqualTo(first.receiptHandle());
        assertThat(receive().getFirst().attributes())
                .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "3");
    }

    @Test
    void aTimeoutCanBeChangedWhileTheMessageIsInFlightAndNotBeyondTwelveHours() {
        send("slow");
        Message message = receive().getFirst();

        changeVisibility(message, 100);
        house.pass(Duration.ofSeconds(99));
        assertThat(receive()).isEmpty();
        changeVisibility(message, 0);
        assertThat(receive()).hasSize(1);

        assertThatThrownBy(() -> changeVisibility(message, 10)).isInstanceOf(SqsException.class);
        house.pass(Duration.ofSeconds(31));
        Message third = receive().getFirst();
        house.pass(Duration.ofSeconds(10));
        assertThatThrownBy(() -> changeVisibility(third, 43_200)).hasMessageContaining("beyond the limit");
        house.pass(Duration.ofSeconds(31));
        assertThatThrownBy(() -> changeVisibility(third, 10)).isInstanceOf(MessageNotInflightException.class);
    }

    private void changeVisibility(Message message, int seconds) {
        house.sqs(sqs -> sqs.changeMessageVisibility(request ->
                request.queueUrl(queue).receiptHandle(message.receiptHandle()).visibilityTimeout(seconds)));
    }

    @Test
    void nothingAcknowledgedIsLostOrForgottenWhenTheServerStartsAgain() {
        String large = "x".repeat(300_000);
        send("small");
        house.pass(Duration.ofMillis(1));
        send(large);
        house.pass(Duration.ofMillis(1));
        house.sqs(sqs -> sqs.sendMessage(
                request -> request.queueUrl(queue).messageBody("late").delaySeconds(60)));
        List<Message> before = receive();

        reopen();

        assertThat(before).extracting(Message::body).containsExactly("small", large);
        assertThat(receive()).isEmpty();
        delete(before.getFirst());
        assertThat(attributes(queue))
                .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0")
                .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE, "1")
                .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED, "1");
        house.pass(Duration.ofSeconds(61));
        assertThat(receive()).extracting(Message::body).containsExactlyInAnyOrder(large, "late");
    }

    @Test
    void aMessageIsNotReadableOnDiskUnlessItsQueueIsNotEncrypted() {
        String open = queue("open", Map.of(QueueAttributeName.SQS_MANAGED_SSE_ENABLED, "false"));
        send("top secret");
        house.sqs(sqs -> sqs.sendMessage(request -> request.queueUrl(open).messageBody("no secret")));

        List<String> stored = house.records()
                .all(QueuedMessage.TYPE, Optional.empty())
                .map(record -> new String(record.body(), StandardCharsets.ISO_8859_1))
                .toList();

        assertThat(stored).hasSize(2).noneMatch(body -> body.contains("top secret"));
        assertThat(stored).anyMatch(body -> body.contains("no secret"));
    }

    @Test
    void aLongPollIsWokenByAMessageAndNotByTheClock() throws Exception {
        CompletableFuture<List<Message>> polled = CompletableFuture.supplyAsync(() -> house.sqs(sqs ->
                        sqs.receiveMessage(request -> request.queueUrl(queue).waitTimeSeconds(20)))
                .messages());
        assertThat(polled).isNotDone();

        send("arrived");

        assertThat(polled.get(15, TimeUnit.SECONDS)).extracting(Message::body).containsExactly("arrived");
    }

    @Test
    void aLongPollEndsWhenItsClientLeavesOrItsQueueIsDeletedAndTakesNothingAlong() throws Exception {
        AtomicBoolean gone = new AtomicBoolean();
        CompletableFuture<Runnable> leave = new CompletableFuture<>();
        ClientPresence presence = new ClientPresence() {
            @Override
            public boolean isGone() {
                return gone.get();
            }

            @Override
            public Watch onGone(Runnable action) {
                leave.complete(action);
                return () -> {};
            }
        };
        CountDownLatch ended = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            try {
                house.as(
                        MessagingHouse.ROOT,
                        presence,
                        SqsClient.class,
                        sqs -> sqs.receiveMessage(
                                request -> request.queueUrl(queue).waitTimeSeconds(20)));
            } finally {
                ended.countDown();
            }
        });
        Runnable wake = leave.get(30, TimeUnit.SECONDS);

        gone.set(true);
        wake.run();

        assertThat(ended.await(15, TimeUnit.SECONDS)).isTrue();
        send("kept");
        assertThat(receive()).hasSize(1);
        CompletableFuture<List<Message>> polled = CompletableFuture.supplyAsync(() -> house.sqs(sqs ->
                        sqs.receiveMessage(request -> request.queueUrl(queue).waitTimeSeconds(20)))
                .messages());
        house.sqs(sqs -> sqs.deleteQueue(request -> request.queueUrl(queue)));
        assertThatThrownBy(() -> polled.get(15, TimeUnit.SECONDS)).hasCauseInstanceOf(QueueDoesNotExistException.class);
    }

    @Test
    void aBatchSendsWhatIsGoodAndNamesWhatIsNot() {
        var response = house.sqs(sqs -> sqs.sendMessageBatch(request -> request.queueUrl(queue)
                .entries(entry("good", "fine", 0), entry("bad", "bell \u0007", 0), entry("late", "fine", 901))));

        assertThat(response.successful()).extracting(entry -> entry.id()).containsExactly("good");
        assertThat(response.failed())
                .extracting(entry -> entry.id() + " " + entry.code() + " " + entry.senderFault())
                .containsExactly("bad InvalidMessageContents true", "late InvalidParameterValue true");
        assertThat(receive()).hasSize(1);
        assertThatThrownBy(() -> house.sqs(sqs -> sqs.sendMessageBatch(
                        request -> request.queueUrl(queue).entries(entry("same", "a", 0), entry("same", "b", 0)))))
                .hasMessageContaining("Id same repeated.");
        assertThatThrownBy(() -> house.sqs(sqs -> sqs.sendMessageBatch(request -> request.queueUrl(queue)
                        .entries(entry("a", "x".repeat(600_000), 0), entry("b", "x".repeat(600_000), 0)))))
                .hasMessageContaining("cannot be longer than 1048576 bytes");
    }

    private static SendMessageBatchRequestEntry entry(String id, String body, int delay) {
        return SendMessageBatchRequestEntry.builder()
                .id(id)
                .messageBody(body)
                .delaySeconds(delay)
                .build();
    }

    @Test
    void aMessageOfOneMebibyteIsTakenAndALongerOneIsNot() {
        assertThat(send("x".repeat(1_048_576)).messageId()).isNotEmpty();
        assertThat(receive().getFirst().body()).hasSize(1_048_576);
        assertThatThrownBy(() -> send("x".repeat(1_048_577)))
                .hasMessageContaining("Message must be shorter than 1048576 bytes");
    }

    @Test
    void whatIsReceivedTooOftenGoesToTheDeadLetterQueueAndBackByATask() throws Exception {
        String dead = queue("dead", Map.of());
        String deadArn = attributes(dead).get(QueueAttributeName.QUEUE_ARN);
        String source = queue(
                "source",
                Map.of(
                        QueueAttributeName.REDRIVE_POLICY,
                        "{\"deadLetterTargetArn\":\"" + deadArn + "\",\"maxReceiveCount\":\"2\"}"));
        String id = house.sqs(sqs ->
                        sqs.sendMessage(request -> request.queueUrl(source).messageBody("poison")))
                .messageId();
        for (int i = 0; i < 2; i++) {
            assertThat(receive(source)).hasSize(1);
            house.pass(Duration.ofSeconds(31));
        }

        assertThat(receive(source)).isEmpty();
        Message moved = receive(dead).getFirst();

        assertThat(moved.messageId()).isEqualTo(id);
        assertThat(moved.attributes())
                .containsEntry(
                        MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN,
                        attributes(source).get(QueueAttributeName.QUEUE_ARN));
        assertThat(house.sqs(sqs -> sqs.listDeadLetterSourceQueues(request -> request.queueUrl(dead)))
                        .queueUrls())
                .containsExactly(source);
        house.pass(Duration.ofSeconds(31));
        house.sqs(sqs -> sqs.startMessageMoveTask(request -> request.sourceArn(deadArn)));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!status(deadArn).equals("COMPLETED") && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(status(deadArn)).isEqualTo("COMPLETED");
        assertThat(receive(source)).extracting(Message::body).containsExactly("poison");
        assertThat(receive(dead)).isEmpty();
    }

    private String status(String arn) {
        return house.sqs(sqs -> sqs.listMessageMoveTasks(request -> request.sourceArn(arn)))
                .results()
                .getFirst()
                .status();
    }

    @Test
    void aPurgeTakesWhatWasSentBeforeOnceAMinuteAndForGood() {
        send("before");
        house.pass(Duration.ofMillis(5));
        house.sqs(sqs -> sqs.purgeQueue(request -> request.queueUrl(queue)));
        send("after");

        assertThatThrownBy(() -> house.sqs(sqs -> sqs.purgeQueue(request -> request.queueUrl(queue))))
                .isInstanceOf(PurgeQueueInProgressException.class);
        reopen();
        house.passAndClean(Duration.ofSeconds(1));

        assertThat(receive()).extracting(Message::body).containsExactly("after");
        assertThat(house.records().all(QueuedMessage.TYPE, Optional.empty()).count())
                .isEqualTo(1);
    }

    @Test
    void whatIsTooOldIsGoneAndItsRecordToo() {
        String brief = queue("brief", Map.of(QueueAttributeName.MESSAGE_RETENTION_PERIOD, "60"));
        house.sqs(sqs -> sqs.sendMessage(request -> request.queueUrl(brief).messageBody("old")));

        house.passAndClean(Duration.ofSeconds(61));

        assertThat(receive(brief)).isEmpty();
        assertThat(house.records().all(QueuedMessage.TYPE, Optional.empty()).count())
                .isZero();
    }

    @Test
    void aForeignOrTamperedHandleIsRefused() {
        String other = queue("other", Map.of());
        send("mine");
        Message message = receive().getFirst();
        char flipped = message.receiptHandle().charAt(20) == 'A' ? 'B' : 'A';
        String tampered = message.receiptHandle().substring(0, 20)
                + flipped
                + message.receiptHandle().substring(21);

        for (String handle : List.of("none", tampered, "x".repeat(5000))) {
            assertThatThrownBy(() -> house.sqs(sqs ->
                            sqs.deleteMessage(request -> request.queueUrl(queue).receiptHandle(handle))))
                    .isInstanceOf(ReceiptHandleIsInvalidException.class);
        }
        assertThatThrownBy(() -> house.sqs(sqs ->
                        sqs.deleteMessage(request -> request.queueUrl(other).receiptHandle(message.receiptHandle()))))
                .isInstanceOf(ReceiptHandleIsInvalidException.class);
    }

    @Test
    void quietGroupsComeBeforeOneThatHasMostInFlight() {
        for (int i = 0; i < 60; i++) {
            sendOf("loud", "loud " + i);
        }
        for (int i = 0; i < 4; i++) {
            receive();
        }
        sendOf("quiet", "quiet");

        List<String> bodies = new ArrayList<>();
        receive().forEach(message -> bodies.add(message.body()));

        assertThat(bodies).hasSize(10).startsWith("quiet").contains("loud 40");
    }

    private void sendOf(String group, String body) {
        house.sqs(sqs -> sqs.sendMessage(
                request -> request.queueUrl(queue).messageBody(body).messageGroupId(group)));
    }

    @Test
    void manyReceiversGetEveryMessageOnce() throws Exception {
        for (int i = 0; i < 200; i++) {
            send("message " + i);
        }
        List<String> bodies = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                List<Message> messages = receive();
                while (!messages.isEmpty()) {
                    messages.forEach(message -> bodies.add(message.body()));
                    messages = receive();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join(Duration.ofSeconds(60));
        }

        assertThat(bodies).hasSize(200).doesNotHaveDuplicates();
    }
}
