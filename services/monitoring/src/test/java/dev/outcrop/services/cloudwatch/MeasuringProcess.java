package dev.outcrop.services.cloudwatch;

import dev.outcrop.kernel.KilledProcess;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Measures 0, 1, 2 and so on of metrics of its own until it is killed, and says {@code METRIC NUMBER} once each has been
 * acknowledged. Meanwhile what is in memory is written to records again and again.
 */
final class MeasuringProcess {
    private MeasuringProcess() {}

    /** @param arguments the folder of the house, and a name that no earlier process had */
    public static void main(String[] arguments) throws InterruptedException {
        MetricsHouse house = new MetricsHouse(Path.of(arguments[0]));
        Thread.ofPlatform().start(() -> measure(house, arguments[1] + "-a"));
        Thread.ofPlatform().start(() -> measure(house, arguments[1] + "-b"));
        while (true) {
            Thread.sleep(20);
            house.service().flush();
        }
    }

    private static void measure(MetricsHouse house, String metric) {
        for (int number = 0; ; number++) {
            house.put(metric, number, Duration.ZERO);
            KilledProcess.say(metric + " " + number);
        }
    }
}
