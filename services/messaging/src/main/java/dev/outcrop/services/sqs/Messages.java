package dev.outcrop.services.sqs;

import dev.outcrop.services.messaging.FifoOrder;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StaleRecordException;
import dev.outcrop.storage.StoredRecord;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The messages of all queues: a record each, in the order of their places, and the indexes of the queues that are used,
 * which are made of the records when a queue is first used. A change is told to the index once it is committed.
 *
 * <p>Servers that share a database hear of each other's changes before these are acknowledged. Whoever changes a record
 * names the version that it knows: of two servers that hand out the same message one is refused, and looks again.
 */
final class Messages {
    /** What is longer is a record of its own, so that a receive need not write it again. */
    private static final int LONGEST_INLINE = 4096;

    private static final int SLICE = 1000;
    private static final int DIGITS = 20;
    private static final long PARTS_OF_A_MILLISECOND = 1_000_000;

    private final Records records;
    private final Queues queues;
    private final InstantSource clock;
    private final ConcurrentMap<String, Loaded> indexes = new ConcurrentHashMap<>();
    private final AtomicLong lastPlace = new AtomicLong();
    private final FifoOrder order;
    private final SecureRandom random = new SecureRandom();

    /** @param shared whether other servers use the same records */
    Messages(Records records, Queues queues, boolean shared, InstantSource clock) {
        this.records = records;
        this.queues = queues;
        this.clock = clock;
        order = new FifoOrder("sqs", clock);
        if (shared) {
            records.watch(QueuedMessage.TYPE, this::changed, this::forget);
        }
        queues.start(this::queueChanged);
    }

    /** Where a message was put, and under which id. */
    record Sent(String id, long sequence) {}

    /** A message to be sent: its place is yet to be found. */
    record Draft(QueuedMessage message, byte[] content) {}

    private static final class Loaded {
        private final ReentrantLock loading = new ReentrantLock();
        private final QueueIndex index;
        private volatile boolean complete;

        Loaded(QueueIndex index) {
            this.index = index;
        }
    }

    /** The index of a queue, complete. */
    QueueIndex index(Queue queue) {
        Loaded loaded =
                indexes.computeIfAbsent(queue.uid(), absent -> new Loaded(new QueueIndex(queue.isFifo(), clock)));
        if (!loaded.complete) {
            loaded.loading.lock();
            try {
                if (!loaded.complete) {
                    load(queue, loaded.index);
                    loaded.complete = true;
                }
            } finally {
                loaded.loading.unlock();
            }
        }
        return loaded.index;
    }

    /** The index of a queue that this server has used, if it has. */
    Optional<QueueIndex> used(Queue queue) {
        Loaded loaded = indexes.get(queue.uid());
        return loaded != null && loaded.complete ? Optional.of(loaded.index) : Optional.empty();
    }

    private void load(Queue queue, QueueIndex index) {
        slices(queue, slice -> {
            for (StoredRecord record : slice) {
                if (record.createdAt().toEpochMilli() > queue.purgedAt()) {
                    index.apply(QueuedMessage.read(place(record.key()), record.body()), record.version());
                }
            }
            return true;
        });
    }

    /** Goes through a queue's records in their order for as long as it is asked to. */
    void slices(Queue queue, Function<List<StoredRecord>, Boolean> each) {
        String from = queue.uid() + "/";
        while (true) {
            List<StoredRecord> slice = records.list(behind(queue, QueuedMessage.TYPE, from)).stream()
                    .filter(record -> record.parent().equals(queue.uid()))
                    .toList();
            if (!each.apply(slice) || slice.size() < SLICE) {
                return;
            }
            from = slice.getLast().key().id();
        }
    }

    private static RecordQuery behind(Queue queue, String type, String id) {
        return new RecordQuery(
                type,
                Optional.of(queue.account()),
                Optional.of(queue.region()),
                Optional.empty(),
                RecordQuery.Order.ID,
                Optional.of(new RecordQuery.Cursor(Instant.EPOCH, queue.account(), queue.region(), id)),
                SLICE);
    }

    private static RecordKey key(String type, Queue queue, long sequence) {
        String digits = Long.toString(sequence);
        return new RecordKey(
                type,
                queue.account(),
                queue.region(),
                queue.uid() + "/" + "0".repeat(DIGITS - digits.length()) + digits);
    }

    private static long place(RecordKey key) {
        return Long.parseLong(key.id().substring(key.id().length() - DIGITS));
    }

    private static String uid(RecordKey key) {
        return key.id().substring(0, key.id().length() - DIGITS - 1);
    }

    /** News may have been lost: all is read again when it is needed. */
    private void forget() {
        List<Loaded> all = List.copyOf(indexes.values());
        indexes.clear();
        all.forEach(loaded -> loaded.index.clear());
    }

    /** News of a message from this server or another one. */
    private void changed(RecordKey key) {
        Loaded loaded = indexes.get(uid(key));
        if (loaded != null) {
            refresh(key, loaded.index);
        }
    }

    private void refresh(RecordKey key, QueueIndex index) {
        records.get(key)
                .ifPresentOrElse(
                        record -> index.apply(QueuedMessage.read(place(key), record.body()), record.version()),
                        () -> index.remove(place(key)));
    }

    /** What another server did to a queue shows in its index, too. */
    private void queueChanged(Queue before) {
        Loaded loaded = indexes.get(before.uid());
        if (loaded == null) {
            return;
        }
        Optional<Queue> now = queues.find(before.account(), before.region(), before.name())
                .filter(queue -> queue.uid().equals(before.uid()));
        if (now.isEmpty()) {
            indexes.remove(before.uid());
            loaded.index.close();
        } else if (now.get().purgedAt() != before.purgedAt()) {
            loaded.index.clear();
        }
    }

    /** Puts messages into a queue, all or none; of FIFO queues those that were not sent before. */
    List<Sent> send(Queue queue, List<Draft> drafts) {
        index(queue); // Whatever has to be read is read before the transaction.
        Additions additions = new Additions();
        return additions.write(transaction -> {
            List<Sent> placed = new ArrayList<>(drafts.size());
            for (Draft draft : drafts) {
                placed.add(
                        queue.isFifo()
                                ? sendOnce(transaction, additions, queue, draft)
                                : additions.add(transaction, queue, draft));
            }
            return placed;
        });
    }

    private Sent sendOnce(RecordTransaction transaction, Additions additions, Queue queue, Draft draft) {
        QueuedMessage message = draft.message();
        String scope = queue.deduplicatesByGroup() ? message.group() : "";
        FifoOrder.Place place = place(queue);
        Optional<FifoOrder.First> first = order.first(transaction, place, scope, message.deduplicationId());
        if (first.isPresent()) {
            return new Sent(first.get().id(), first.get().sequence());
        }
        Sent sent = additions.add(transaction, queue, draft);
        order.remember(
                transaction, place, scope, message.deduplicationId(), new FifoOrder.First(sent.id(), sent.sequence()));
        return sent;
    }

    private static FifoOrder.Place place(Queue queue) {
        return new FifoOrder.Place(queue.account(), queue.region(), queue.uid());
    }

    /** The content of a message, which may have to be read; empty if the message is gone. */
    Optional<QueuedMessage> whole(Queue queue, QueuedMessage message) {
        if (message.content().length > 0) {
            return Optional.of(message);
        }
        if (message.apart()) {
            return records.get(key(QueuedMessage.CONTENT_TYPE, queue, message.sequence()))
                    .map(record -> message.withContent(record.body()));
        }
        return records.get(key(QueuedMessage.TYPE, queue, message.sequence()))
                .map(record -> message.withContent(
                        QueuedMessage.read(message.sequence(), record.body()).content()));
    }

    /** A message as it is to become; both whole. */
    record Change(QueueIndex.Entry entry, QueuedMessage before, QueuedMessage after) {}

    /**
     * Writes down what became of messages that were claimed or are in flight: changes of them, and those that go to a
     * dead-letter queue, as they are to be there.
     *
     * @return false if one of them was changed or removed by another meanwhile; then nothing was changed, and the index
     *     knows of it
     */
    boolean change(Queue queue, List<Change> changes, Optional<Queue> deadLetters, List<Change> dead) {
        QueueIndex index = index(queue);
        deadLetters.ifPresent(this::index);
        Additions additions = new Additions();
        List<Change> all = new ArrayList<>(changes);
        all.addAll(dead);
        try {
            additions.write(transaction -> {
                for (Change change : changes) {
                    transaction.update(
                            key(QueuedMessage.TYPE, queue, change.before.sequence()),
                            change.entry.version(),
                            Optional.empty(),
                            clock.instant(),
                            stored(change.after).write());
                }
                for (Change change : dead) {
                    move(transaction, additions, queue, deadLetters.orElseThrow(), change);
                }
                return null;
            });
        } catch (StaleRecordException another) {
            all.forEach(change -> refresh(queue, index, change.entry));
            return false;
        } catch (RuntimeException failure) {
            all.forEach(change -> index.release(change.entry));
            throw failure;
        }
        changes.forEach(change -> index.apply(stored(change.after), change.entry.version() + 1));
        dead.forEach(change -> index.remove(change.before.sequence()));
        return true;
    }

    private static void move(
            RecordTransaction transaction, Additions additions, Queue queue, Queue target, Change change) {
        if (!transaction.delete(key(QueuedMessage.TYPE, queue, change.before.sequence()))) {
            throw new StaleRecordException("the message " + change.before.id() + " is gone");
        }
        transaction.delete(key(QueuedMessage.CONTENT_TYPE, queue, change.before.sequence()));
        additions.add(transaction, target, new Draft(change.after, change.before.content()));
    }

    private void refresh(Queue queue, QueueIndex index, QueueIndex.Entry entry) {
        RecordKey key = key(QueuedMessage.TYPE, queue, entry.message().sequence());
        Optional<StoredRecord> record = records.get(key);
        if (record.isEmpty()) {
            index.remove(entry.message().sequence());
        } else if (record.get().version() > entry.version()) {
            index.apply(
                    QueuedMessage.read(place(key), record.get().body()),
                    record.get().version());
        }
        index.release(entry);
    }

    /** What a message's own record has of it. */
    private static QueuedMessage stored(QueuedMessage message) {
        return message.apart() ? message.withContent(QueuedMessage.NOTHING) : message;
    }

    /** Removes messages for good. */
    void delete(Queue queue, List<QueuedMessage> messages) {
        QueueIndex index = index(queue);
        records.write(transaction -> {
            for (QueuedMessage message : messages) {
                remove(transaction, queue, message.sequence(), message.apart());
            }
            return null;
        });
        messages.forEach(message -> index.remove(message.sequence()));
    }

    private static void remove(RecordTransaction transaction, Queue queue, long sequence, boolean apart) {
        transaction.delete(key(QueuedMessage.TYPE, queue, sequence));
        if (apart) {
            transaction.delete(key(QueuedMessage.CONTENT_TYPE, queue, sequence));
        }
    }

    /** Removes what is too old or was purged from the records, and says how many messages that were. */
    int removeExpired(Queue queue) {
        int[] removed = new int[1];
        slices(queue, slice -> {
            long sentBefore = clock.millis() - queue.retentionMillis();
            List<QueuedMessage> expired = slice.stream()
                    .filter(record -> record.createdAt().toEpochMilli() <= queue.purgedAt()
                            || QueuedMessage.read(0, record.body()).sentAt() <= sentBefore)
                    .map(record -> QueuedMessage.read(place(record.key()), record.body()))
                    .toList();
            if (!expired.isEmpty()) {
                delete(queue, expired);
                removed[0] += expired.size();
            }
            return !slice.isEmpty() && expired.size() == slice.size();
        });
        return removed[0];
    }

    /** Removes all that belonged to a queue that is gone, some at a time; true once nothing is left. */
    boolean removeAll(RecordKey gone) {
        boolean clean = true;
        for (String type : List.of(QueuedMessage.TYPE, QueuedMessage.CONTENT_TYPE, order.deduplicationType())) {
            Queue queue = new Queue(gone.account(), gone.region(), "", gone.id(), Map.of(), 0, 0, 0);
            List<RecordKey> keys = records.list(behind(queue, type, gone.id() + "/")).stream()
                    .filter(record -> record.parent().equals(gone.id()))
                    .map(StoredRecord::key)
                    .toList();
            records.write(transaction -> {
                keys.forEach(transaction::delete);
                return null;
            });
            clean &= keys.size() < SLICE;
        }
        if (clean) {
            records.write(transaction -> {
                order.forget(transaction, new FifoOrder.Place(gone.account(), gone.region(), gone.id()));
                transaction.delete(gone);
                return null;
            });
        }
        return clean;
    }

    /** Forgets what was sent so long ago that it may be sent again. */
    int forgetDeduplication(int most) {
        return order.clean(records, most);
    }

    /** A place behind all that this server gave before; of servers that share a database no two give the same. */
    private long nextPlace() {
        long now = clock.millis() * PARTS_OF_A_MILLISECOND + random.nextInt(1000);
        return lastPlace.updateAndGet(last -> Math.max(last + 1, now));
    }

    /** What one transaction adds, to be told to the indexes, or taken back if it fails. */
    private final class Additions {
        private final List<Addition> added = new ArrayList<>();

        private record Addition(QueueIndex index, QueuedMessage message) {}

        <T> T write(Function<RecordTransaction, T> body) {
            T result;
            try {
                result = records.write(transaction -> {
                    takeBack(); // What an attempt that was refused has added.
                    return body.apply(transaction);
                });
            } catch (RuntimeException failure) {
                takeBack();
                throw failure;
            }
            added.forEach(addition -> addition.index.apply(addition.message, 1));
            return result;
        }

        private void takeBack() {
            added.forEach(addition -> addition.index.remove(addition.message.sequence()));
            added.clear();
        }

        Sent add(RecordTransaction transaction, Queue queue, Draft draft) {
            long sequence = queue.isFifo() ? order.next(transaction, place(queue)) : nextPlace();
            boolean apart = draft.content.length > LONGEST_INLINE;
            QueuedMessage placed = draft.message.at(sequence, apart);
            QueuedMessage record =
                    apart ? placed.withContent(QueuedMessage.NOTHING) : placed.withContent(draft.content);
            // Nothing that is sent after a purge may look as if it had been sent before it.
            Instant createdAt = Instant.ofEpochMilli(Math.max(clock.millis(), queue.purgedAt() + 1));
            transaction.insert(
                    key(QueuedMessage.TYPE, queue, sequence), queue.uid(), Optional.empty(), createdAt, record.write());
            if (apart) {
                transaction.insert(
                        key(QueuedMessage.CONTENT_TYPE, queue, sequence),
                        queue.uid(),
                        Optional.empty(),
                        createdAt,
                        draft.content);
            }
            QueueIndex index = index(queue);
            if (queue.isFifo()) {
                index.reserve(record);
            }
            added.add(new Addition(index, record));
            return new Sent(placed.id(), sequence);
        }
    }
}
