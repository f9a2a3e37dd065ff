package dev.outcrop.services.sqs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A message as it is kept; times are in milliseconds since 1970, and what it has not is the empty text or 0.
 *
 * @param sequence      its place in its queue
 * @param sender        IAM's id of who sent it
 * @param visibleAt     until then nobody gets it, since it is delayed or in flight
 * @param receives      how often it was handed out
 * @param receivedAt    when it was handed out last
 * @param receipt       a number that only the handle of that receive has
 * @param attempt       what that receive was called by the one who asked
 * @param deadLetterOf  ARN of the queue that gave it up
 * @param apart         whether its content is a record of its own
 * @param content       {@link MessageContent}, sealed; empty if it is apart, or was not read
 */
record QueuedMessage(
        long sequence,
        String id,
        long sentAt,
        String sender,
        String group,
        String deduplicationId,
        String traceHeader,
        long visibleAt,
        int receives,
        long firstReceivedAt,
        long receivedAt,
        long receipt,
        String attempt,
        String deadLetterOf,
        boolean apart,
        byte[] content) {
    static final String TYPE = "sqs:message";
    static final String CONTENT_TYPE = "sqs:content";
    static final byte[] NOTHING = new byte[0];

    private static final int FORMAT = 1;

    /** Nobody has got it yet, and its delay is not over. */
    boolean isDelayed(long now) {
        return receives == 0 && visibleAt > now;
    }

    boolean isInFlight(long now) {
        return receives > 0 && visibleAt > now;
    }

    QueuedMessage received(long now, long until, long newReceipt, String newAttempt) {
        return new QueuedMessage(
                sequence,
                id,
                sentAt,
                sender,
                group,
                deduplicationId,
                traceHeader,
                until,
                receives + 1,
                receives == 0 ? now : firstReceivedAt,
                now,
                newReceipt,
                newAttempt,
                deadLetterOf,
                apart,
                content);
    }

    QueuedMessage visibleAt(long time) {
        return new QueuedMessage(
                sequence,
                id,
                sentAt,
                sender,
                group,
                deduplicationId,
                traceHeader,
                time,
                receives,
                firstReceivedAt,
                receivedAt,
                receipt,
                attempt,
                deadLetterOf,
                apart,
                content);
    }

    /** The same message as new in another queue; {@code source} is empty where no queue gave it up. */
    QueuedMessage moved(String newId, long time, String source) {
        return new QueuedMessage(
                0, newId, time, sender, group, deduplicationId, traceHeader, 0, 0, 0, 0, 0, "", source, apart, content);
    }

    QueuedMessage at(long place, boolean contentApart) {
        return new QueuedMessage(
                place,
                id,
                sentAt,
                sender,
                group,
                deduplicationId,
                traceHeader,
                visibleAt,
                receives,
                firstReceivedAt,
                receivedAt,
                receipt,
                attempt,
                deadLetterOf,
                contentApart,
                content);
    }

    QueuedMessage withContent(byte[] read) {
        return new QueuedMessage(
                sequence,
                id,
                sentAt,
                sender,
                group,
                deduplicationId,
                traceHeader,
                visibleAt,
                receives,
                firstReceivedAt,
                receivedAt,
                receipt,
                attempt,
                deadLetterOf,
                apart,
                read);
    }

    byte[] write() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(200 + content.length);
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeByte(FORMAT);
            data.writeUTF(id);
            data.writeLong(sentAt);
            data.writeUTF(sender);
            data.writeUTF(group);
            data.writeUTF(deduplicationId);
            data.writeUTF(traceHeader);
            data.writeLong(visibleAt);
            data.writeInt(receives);
            data.writeLong(firstReceivedAt);
            data.writeLong(receivedAt);
            data.writeLong(receipt);
            data.writeUTF(attempt);
            data.writeUTF(deadLetterOf);
            data.writeBoolean(apart);
            data.write(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    static QueuedMessage read(long sequence, byte[] body) {
        try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(body))) {
            if (data.readByte() != FORMAT) {
                throw new IOException("unknown format");
            }
            return new QueuedMessage(
                    sequence,
                    data.readUTF(),
                    data.readLong(),
                    data.readUTF(),
                    data.readUTF(),
                    data.readUTF(),
                    data.readUTF(),
                    data.readLong(),
                    data.readInt(),
                    data.readLong(),
                    data.readLong(),
                    data.readLong(),
                    data.readUTF(),
                    data.readUTF(),
                    data.readBoolean(),
                    data.readAllBytes());
        } catch (IOException damaged) {
            throw new UncheckedIOException("a message cannot be read", damaged);
        }
    }
}
