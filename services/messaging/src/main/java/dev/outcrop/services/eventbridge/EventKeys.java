package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.Clients;
import dev.outcrop.services.messaging.DataKeys;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.kms.model.KmsException;

/**
 * Encrypts events under the keys of KMS that buses and archives have, which EventBridge asks for in its own name, on behalf
 * of the bus, so that the policy of the key decides. A data key is used again for five minutes.
 *
 * <p>Source: "Encrypting events with AWS KMS keys" of the Amazon EventBridge user guide.
 */
final class EventKeys {
    private static final String CONTENT = "an event of EventBridge";
    private static final Duration REUSED = Duration.ofMinutes(5);
    /** What nothing that is not sealed begins with: texts are JSON, deliveries begin with a length below 256. */
    private static final byte SEALED = (byte) 0xFE;

    private final DataKeys keys;

    EventKeys(Supplier<Clients> clients, InstantSource clock) {
        keys = new DataKeys("aws:events:event-bus:arn", clients, clock);
    }

    /**
     * What is kept of {@code content}.
     *
     * @param key as KMS knows it, if there is one
     * @throws KmsException if the key cannot be used
     */
    byte[] sealed(BusName bus, Optional<String> key, byte[] content) {
        if (key.isEmpty()) {
            return content;
        }
        byte[] sealed = OwnCalls.call(
                bus.account(),
                bus.region(),
                bus.arn(),
                () -> keys.sealed(key.get(), bus.arn(), CONTENT, content, REUSED));
        return ByteBuffer.allocate(1 + sealed.length).put(SEALED).put(sealed).array();
    }

    /**
     * The content of what is kept.
     *
     * @throws KmsException if its key cannot be used
     */
    byte[] opened(byte[] kept) {
        if (kept.length == 0 || kept[0] != SEALED) {
            return kept;
        }
        byte[] sealed = Arrays.copyOfRange(kept, 1, kept.length);
        BusName bus = BusName.ofArn(DataKeys.resource(sealed));
        return OwnCalls.call(bus.account(), bus.region(), bus.arn(), () -> keys.opened(CONTENT, sealed, REUSED));
    }
}
