package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.KilledProcess;
import java.nio.file.Path;

/** Sends events until it is killed, and says which were taken. */
final class SendingProcess {
    private SendingProcess() {}

    /** @param arguments the folder of the house */
    public static void main(String[] arguments) {
        EventHouse house = new EventHouse(Path.of(arguments[0]));
        house.rule("orders", "{\"source\": [\"shop\"]}", house.queue("orders"));
        int number = 0;
        while (true) {
            String id = house.send("shop", "Order", "{\"n\": " + number++ + "}")
                    .entries()
                    .getFirst()
                    .eventId();
            KilledProcess.say(id);
        }
    }
}
