package dev.outcrop.services.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.KilledProcess;
import dev.outcrop.services.MessagingHouse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/** Kills processes with SIGKILL while they send, receive and publish; {@code -Doutcrop.kills=500} kills many. */
class KilledWhileSendingTest {
    private static final int KILLS = Integer.getInteger("outcrop.kills", 4);
    private static final int LONGEST_LIFE_MILLIS = 1000;

    @TempDir
    private Path folder;

    private final Set<String> sent = new HashSet<>();
    private final Set<String> got = new HashSet<>();
    private final Set<String> deleted = new HashSet<>();
    private final Set<String> published = new HashSet<>();
    private final Map<String, Integer> ordered = new HashMap<>();

    @Test
    void nothingAcknowledgedIsLostNothingDeletedComesBackAndOrderIsExact() throws Exception {
        Random random = new Random(11);
        for (int i = 0; i < KILLS; i++) {
            startAndKill("run" + i, 50 + random.nextInt(LONGEST_LIFE_MILLIS));
        }

        // What was in flight when a process was killed is to be had again.
        try (MessagingHouse house = new MessagingHouse(folder, Instant.now().plus(Duration.ofMinutes(1)))) {
            house.passAndClean(Duration.ofSeconds(1));
            List<String> standard = drain(house, SendingProcess.STANDARD);
            List<String> fifo = drain(house, SendingProcess.FIFO);
            Set<String> fanout = new HashSet<>(drain(house, SendingProcess.FANOUT));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (!fanout.containsAll(published) && System.nanoTime() < deadline) {
                fanout.addAll(drain(house, SendingProcess.FANOUT));
            }

            Set<String> owed = new HashSet<>(sent);
            owed.removeAll(got);
            assertThat(standard)
                    .doesNotHaveDuplicates()
                    .doesNotContainAnyElementsOf(deleted)
                    .containsAll(owed);
            assertThat(fanout).containsAll(published);
            assertInOrder(fifo);
            assertThat(sent).isNotEmpty();
            assertThat(published).isNotEmpty();
        }
    }

    /** Each group has all that was acknowledged, once and in order, and at most one more. */
    private void assertInOrder(List<String> fifo) {
        Map<String, List<Integer>> byGroup = new HashMap<>();
        for (String body : fifo) {
            String[] words = body.split(" ", -1);
            byGroup.computeIfAbsent(words[0], group -> new ArrayList<>()).add(Integer.parseInt(words[1]));
        }
        assertThat(byGroup).containsKeys(ordered.keySet().toArray(String[]::new));
        byGroup.forEach((group, numbers) -> {
            int last = ordered.getOrDefault(group, -1);
            assertThat(numbers).as(group).hasSizeBetween(last + 1, last + 2);
            for (int i = 0; i < numbers.size(); i++) {
                assertThat(numbers.get(i)).as(group).isEqualTo(i);
            }
        });
    }

    private static List<String> drain(MessagingHouse house, String queue) {
        List<String> bodies = new ArrayList<>();
        while (true) {
            List<Message> messages = house.sqs(sqs -> sqs.receiveMessage(
                            request -> request.queueUrl(queue).maxNumberOfMessages(10)))
                    .messages();
            if (messages.isEmpty()) {
                return bodies;
            }
            List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
            for (Message message : messages) {
                bodies.add(message.body());
                entries.add(DeleteMessageBatchRequestEntry.builder()
                        .id(message.messageId())
                        .receiptHandle(message.receiptHandle())
                        .build());
            }
            house.sqs(sqs ->
                    sqs.deleteMessageBatch(request -> request.queueUrl(queue).entries(entries)));
        }
    }

    private void startAndKill(String name, int lifeMillis) throws IOException, InterruptedException {
        List<String> lines = KilledProcess.afterTime(SendingProcess.class, Duration.ofMillis(lifeMillis), folder, name);
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "sent" -> sent.add(words[1]);
                case "got" -> got.add(words[1]);
                case "deleted" -> deleted.add(words[1]);
                case "published" -> published.add(words[1]);
                case "ordered" -> ordered.put(words[1], Integer.parseInt(words[2]));
                default -> throw new IOException("no process writes lines such as: " + line);
            }
        }
    }
}
