package dev.outcrop.services.eventbridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.shapes.codec.StoredShapes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.eventbridge.model.Target;

/**
 * An event on its way to a target.
 *
 * @param ruleArn  of the rule that wants it delivered
 * @param target   as it was when the event came
 * @param event    as JSON
 * @param accepted when the bus took it
 * @param hops     how many buses it has been sent on from
 * @param attempts how often it was tried
 * @param failure  why the last attempt failed
 */
record Delivery(
        String ruleArn,
        Target target,
        String event,
        Instant accepted,
        int hops,
        int attempts,
        Optional<DeliveryFailure> failure) {
    /** An event that has just been accepted. */
    static Delivery of(RuleName rule, Target target, String event, Instant accepted, int hops) {
        return new Delivery(rule.arn(), target, event, accepted, hops, 0, Optional.empty());
    }

    /** The same after one more attempt. */
    Delivery failed(DeliveryFailure why) {
        return new Delivery(ruleArn, target, event, accepted, hops, attempts + 1, Optional.of(why));
    }

    byte[] write() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(event.length() + 512);
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeUTF(ruleArn);
            write(data, StoredShapes.write(target));
            write(data, event.getBytes(UTF_8));
            data.writeLong(accepted.toEpochMilli());
            data.writeInt(hops);
            data.writeInt(attempts);
            data.writeBoolean(failure.isPresent());
            if (failure.isPresent()) {
                data.writeUTF(failure.get().code());
                data.writeUTF(failure.get().message());
                data.writeBoolean(failure.get().retriable());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream data, byte[] bytes) throws IOException {
        data.writeInt(bytes.length);
        data.write(bytes);
    }

    static Delivery read(byte[] body) {
        try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(body))) {
            return new Delivery(
                    data.readUTF(),
                    StoredShapes.read(data.readNBytes(data.readInt()), Target::builder),
                    new String(data.readNBytes(data.readInt()), UTF_8),
                    Instant.ofEpochMilli(data.readLong()),
                    data.readInt(),
                    data.readInt(),
                    data.readBoolean()
                            ? Optional.of(new DeliveryFailure(data.readUTF(), data.readUTF(), data.readBoolean()))
                            : Optional.empty());
        } catch (IOException damaged) {
            throw new UncheckedIOException("a delivery cannot be read", damaged);
        }
    }
}
