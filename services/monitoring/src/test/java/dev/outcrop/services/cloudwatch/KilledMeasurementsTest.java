package dev.outcrop.services.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.KilledProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/** Every measurement that was acknowledged is counted, and counted once, however often the server is killed meanwhile. */
class KilledMeasurementsTest {
    /** More of them by {@code -Doutcrop.kills=500}. */
    private static final int KILLS = Integer.getInteger("outcrop.kills", 2);

    private static final int LONGEST_LIFE_MILLIS = 600;

    @TempDir
    Path folder;

    /** The last number of each metric that was acknowledged. */
    private final Map<String, Integer> acknowledged = new HashMap<>();

    @Test
    void whatWasAcknowledgedIsCountedOnce() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < KILLS; i++) {
            Duration life = Duration.ofMillis(100 + random.nextInt(LONGEST_LIFE_MILLIS));
            for (String line : KilledProcess.afterTime(MeasuringProcess.class, life, folder, "run" + i)) {
                String[] words = line.split(" ", -1);
                acknowledged.put(words[0], Integer.parseInt(words[1]));
            }
        }

        try (MetricsHouse house = new MetricsHouse(folder)) {
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(KILLS);
            acknowledged.forEach((metric, last) -> assertCounted(house, metric, last));
        }
    }

    /** All up to {@code last}, and at most the one that nobody was told of any more. */
    private static void assertCounted(MetricsHouse house, String metric, int last) {
        Datapoint found = house.call(client -> client.getMetricStatistics(request -> request.namespace("Shop")
                        .metricName(metric)
                        .startTime(house.now().minus(Duration.ofHours(1)))
                        .endTime(house.now().plusSeconds(60))
                        .period(7200)
                        .statistics(Statistic.SUM, Statistic.SAMPLE_COUNT)))
                .datapoints()
                .getFirst();
        double count = found.sampleCount();
        assertThat(count).as(metric).isBetween(last + 1.0, last + 2.0);
        assertThat(found.sum()).as(metric).isEqualTo(count * (count - 1) / 2);
    }
}
