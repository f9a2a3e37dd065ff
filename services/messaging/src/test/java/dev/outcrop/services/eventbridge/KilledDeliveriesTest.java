package dev.outcrop.services.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.KilledProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.Message;

/** Every event that was taken reaches its queue, however often the server is killed meanwhile. */
class KilledDeliveriesTest {
    /** More of them by {@code -Doutcrop.kills=500}. */
    private static final int KILLS = Integer.getInteger("outcrop.kills", 4);

    private static final int LONGEST_LIFE_MILLIS = 1000;
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

    @TempDir
    Path folder;

    private final List<String> taken = new ArrayList<>();

    @Test
    void nothingThatWasTakenIsLost() throws Exception {
        Random random = new Random(20_261_123);
        for (int i = 0; i < KILLS; i++) {
            Duration life = Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS));
            taken.addAll(KilledProcess.afterTime(SendingProcess.class, life, folder));
        }

        Set<String> delivered = new HashSet<>();
        try (EventHouse house = new EventHouse(folder)) {
            house.house.pass(Duration.ofMinutes(1));
            List<Message> messages = house.afterAll("orders");
            while (!messages.isEmpty()) {
                for (Message message : messages) {
                    Matcher id = ID.matcher(message.body());
                    assertThat(id.find()).isTrue();
                    delivered.add(id.group(1));
                }
                messages = house.afterAll("orders");
            }
        }
        assertThat(delivered).containsAll(taken);
        assertThat(taken).hasSizeGreaterThanOrEqualTo(KILLS);
    }
}
