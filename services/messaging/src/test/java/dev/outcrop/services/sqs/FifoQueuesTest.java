package dev.outcrop.services.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.services.MessagingHouse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** FIFO queues: order, group locks, deduplication. */
@Timeout(120)
class FifoQueuesTest {
    @TempDir
    private Path folder;

    private MessagingHouse house;
    private String queue;

    @BeforeEach
    void setUp() {
        house = new MessagingHouse(folder);
        queue = house.sqs(sqs -> sqs.createQueue(request ->
                        request.queueName("orders.fifo").attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true"))))
                .queueUrl();
    }

    @AfterEach
    void tearDown() {
        house.close();
    }

    private void reopen() {
        house.close();
        house = new MessagingHouse(folder, house.clock().instant());
    }

    private SendMessageResponse send(String group, String body) {
        return send(group, body, body);
    }

    private SendMessageResponse send(String group, String body, String deduplication) {
        return house.sqs(sqs -> sqs.sendMessage(request ->
                request.queueUrl(queue).messageBody(body).messageGroupId(group).messageDeduplicationId(deduplication)));
    }

    private List<Message> receive(int most) {
        return house.sqs(sqs -> sqs.receiveMessage(request -> request.queueUrl(queue)
                        .maxNumberOfMessages(most)
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL)))
                .messages();
    }

    private static List<String> bodies(List<Message> messages) {
        return messages.stream().map(Message::body).toList();
    }

    private void delete(Message message) {
        house.sqs(sqs -> sqs.deleteMessage(request -> request.queueUrl(queue).receiptHandle(message.receiptHandle())));
    }

    private void set(QueueAttributeName name, String value) {
        house.sqs(
                sqs -> sqs.setQueueAttributes(request -> request.queueUrl(queue).attributes(Map.of(name, value))));
    }

    @Test
    void aGroupComesInItsOrderAndIsHeldUpWhileOneOfItIsInFlight() {
        send("a", "a1");
        send("b", "b1");
        send("a", "a2");
        send("a", "a3");

        List<Message> first = receive(2);
        List<Message> second = receive(10);

        assertThat(bodies(first)).containsExactly("a1", "a2");
        assertThat(bodies(second)).containsExactly("b1");
        delete(first.getFirst());
        assertThat(receive(10)).isEmpty();
        delete(first.getLast());
        assertThat(bodies(receive(10))).containsExactly("a3");
    }

    @Test
    void whatIsSeenAgainComesBeforeWhatWasSentLaterAndAnExpiredHandleIsRefused() {
        send("a", "a1");
        send("a", "a2");
        Message expired = receive(1).getFirst();
        house.pass(Duration.ofSeconds(31));

        assertThatThrownBy(() -> delete(expired)).hasMessageContaining("The receipt handle has expired");

        assertThat(bodies(receive(10))).containsExactly("a1", "a2");
    }

    @Test
    void orderLocksAndDeduplicationOutliveARestart() {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            send("a", "a" + i);
            sent.add("a" + i);
        }
        List<Message> before = receive(1);
        SendMessageResponse original = send("a", "a15");

        reopen();

        assertThat(receive(10)).isEmpty();
        assertThat(send("a", "a15").messageId()).isEqualTo(original.messageId());
        assertThat(send("a", "a15").sequenceNumber()).isEqualTo(original.sequenceNumber());
        delete(before.getFirst());
        List<String> received = new ArrayList<>(bodies(before));
        for (List<Message> next = receive(10); !next.isEmpty(); next = receive(10)) {
            received.addAll(bodies(next));
            next.forEach(this::delete);
        }
        sent.add("a15");
        assertThat(received).isEqualTo(sent);
    }

    @Test
    void aMessageIsSentOnceInFiveMinutesByIdOrByContentPerQueueOrGroup() {
        String first = send("a", "one", "id").messageId();

        assertThat(send("b", "two", "id").messageId()).isEqualTo(first);
        assertThat(bodies(receive(10))).containsExactly("one");
        house.pass(Duration.ofMinutes(5).plusSeconds(1));
        assertThat(send("a", "three", "id").messageId()).isNotEqualTo(first);

        set(QueueAttributeName.DEDUPLICATION_SCOPE, "messageGroup");
        String inA = send("a", "four", "scoped").messageId();
        assertThat(send("b", "five", "scoped").messageId()).isNotEqualTo(inA);

        assertThatThrownBy(() -> send("a", "six", null)).hasMessageContaining("ContentBasedDeduplication");
        set(QueueAttributeName.CONTENT_BASED_DEDUPLICATION, "true");
        String byContent = send("a", "seven", null).messageId();
        assertThat(send("a", "seven", null).messageId()).isEqualTo(byContent);
    }

    @Test
    void aRepeatedReceiveOfTheSameNameGivesTheSameMessagesAndHandles() {
        send("a", "a1");
        send("b", "b1");

        List<Message> first = attempt("try");
        reopen();
        List<Message> again = attempt("try");

        assertThat(bodies(again)).isEqualTo(bodies(first));
        assertThat(again.getFirst().attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                .isEqualTo("1");
        delete(again.getFirst());
        assertThat(attempt("other")).isEmpty();
    }

    private List<Message> attempt(String name) {
        return house.sqs(sqs -> sqs.receiveMessage(request -> request.queueUrl(queue)
                        .maxNumberOfMessages(10)
                        .receiveRequestAttemptId(name)
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL)))
                .messages();
    }

    @Test
    void sequenceNumbersGrowAndHaveTwentyDigits() {
        String first = send("a", "a1").sequenceNumber();
        String second = send("b", "b1").sequenceNumber();

        assertThat(first).hasSize(20).isLessThan(second);
        assertThat(receive(1).getFirst().attributes()).containsEntry(MessageSystemAttributeName.SEQUENCE_NUMBER, first);
    }

    @Test
    void whatOnlyOtherQueuesTakeIsRefused() {
        assertThatThrownBy(() -> house.sqs(sqs -> sqs.sendMessage(
                        request -> request.queueUrl(queue).messageBody("x").messageDeduplicationId("x"))))
                .isInstanceOf(SqsException.class)
                .hasMessageContaining("MessageGroupId");
        assertThatThrownBy(() -> house.sqs(sqs -> sqs.sendMessage(request -> request.queueUrl(queue)
                        .messageBody("x")
                        .messageGroupId("a")
                        .messageDeduplicationId("x")
                        .delaySeconds(5))))
                .hasMessageContaining("DelaySeconds");
        assertThatThrownBy(() -> set(QueueAttributeName.FIFO_THROUGHPUT_LIMIT, "perMessageGroupId"))
                .hasMessageContaining("DeduplicationScope");
    }

    @Test
    void concurrentSendersToAGroupAreReceivedInTheOrderOfTheirSequenceNumbers() throws Exception {
        List<Thread> senders = new ArrayList<>();
        for (int sender = 0; sender < 4; sender++) {
            String name = "s" + sender + "-";
            senders.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 25; i++) {
                    send("a", name + i);
                }
            }));
        }
        List<Message> received = new ArrayList<>();
        boolean sending = true;
        while (sending || received.size() < 100) {
            sending = senders.stream().anyMatch(Thread::isAlive);
            List<Message> next = receive(3);
            received.addAll(next);
            next.forEach(this::delete);
        }
        for (Thread sender : senders) {
            sender.join();
        }

        assertThat(received)
                .extracting(message -> message.attributes().get(MessageSystemAttributeName.SEQUENCE_NUMBER))
                .hasSize(100)
                .isSorted()
                .doesNotHaveDuplicates();
    }
}
