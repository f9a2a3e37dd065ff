package dev.outcrop.services.sqs;

import dev.outcrop.storage.Secrets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.Base64;

/** Receipt handles: what names one receive of one message, readable and makeable by nobody else. */
final class Receipts {
    private static final String CONTEXT = "sqs receipt handle";
    private static final int LONGEST = 1024;

    private final Secrets secrets;

    Receipts(Secrets secrets) {
        this.secrets = secrets;
    }

    /** A receive of a message. */
    record Receipt(long sequence, long receipt) {}

    String handle(Queue queue, QueuedMessage message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeUTF(queue.uid());
            data.writeLong(message.sequence());
            data.writeLong(message.receipt());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Base64.getEncoder().encodeToString(secrets.encrypt(bytes.toByteArray(), CONTEXT));
    }

    /**
     * What a handle names.
     *
     * @throws dev.outcrop.kernel.AwsError {@code ReceiptHandleIsInvalid} if it was not given for this queue
     */
    Receipt read(Queue queue, String handle) {
        if (handle.length() > LONGEST) {
            throw Errors.invalidHandle(handle.substring(0, LONGEST));
        }
        try (DataInputStream data = new DataInputStream(
                new ByteArrayInputStream(secrets.decrypt(Base64.getDecoder().decode(handle), CONTEXT)))) {
            if (!data.readUTF().equals(queue.uid())) {
                throw Errors.invalidHandle(handle);
            }
            return new Receipt(data.readLong(), data.readLong());
        } catch (IllegalArgumentException | GeneralSecurityException | IOException foreign) {
            throw Errors.invalidHandle(handle);
        }
    }
}
