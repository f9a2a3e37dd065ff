package dev.outcrop.services.sqs;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Where the messages of one queue are: which wait, for what, and which come next. It holds what the records say, and is
 * told of every change after it was committed; nothing waits for storage while it is locked. Safe for concurrent use.
 *
 * <p>Of a FIFO queue the messages of a group come in their order, and none while another of the group is in flight. Of a
 * standard queue the oldest comes first, but those of groups that have more than their share in flight come last.
 *
 * <p>Source: "How Amazon SQS fair queues work" and "FIFO queue delivery logic" of the Amazon SQS developer guide. Every
 * operation costs O(log n) for n messages.
 */
final class QueueIndex {
    /** How many messages may be in flight at once, of either kind of queue. */
    static final int MOST_IN_FLIGHT = 120_000;

    private static final int NOISY_LEAST = 30;
    private static final int NOISY_SHARE = 10;
    private static final long MOST_CONTENT_KEPT = 64L << 20;

    /** How many bytes of content all indexes keep, so that they need not be read again. */
    private static final AtomicLong CONTENT_KEPT = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrival = lock.newCondition();
    private final boolean fifo;
    private final InstantSource clock;
    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    private final Map<String, Group> groups = new HashMap<>();
    private final TreeMap<Long, Group> quiet = new TreeMap<>();
    private final Set<Group> noisy = new HashSet<>();
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(Comparator.comparingLong(Waiting::until));
    private int inFlight;
    private int delayed;
    private int reserved;
    private boolean closed;

    QueueIndex(boolean fifo, InstantSource clock) {
        this.fifo = fifo;
        this.clock = clock;
    }

    /** How many messages can be had, are in flight, and are delayed. */
    record Counts(int visible, int inFlight, int delayed) {}

    private enum State {
        AVAILABLE,
        DELAYED,
        IN_FLIGHT,
        /** Being handed out: its record is not yet changed. */
        CLAIMED,
        /** Being sent: its record is not yet committed. */
        RESERVED
    }

    /** A message that is indexed. */
    static final class Entry {
        private final Group group;
        private QueuedMessage message;
        private long version;
        private State state;

        private Entry(Group group, QueuedMessage message, long version) {
            this.group = group;
            this.message = message;
            this.version = version;
        }

        QueuedMessage message() {
            return message;
        }

        long version() {
            return version;
        }
    }

    private record Waiting(Entry entry, long until) {}

    private static final class Group {
        private final String id;
        /** Those that can be had. */
        private final TreeMap<Long, Entry> available = new TreeMap<>();
        /** Those of a FIFO queue that hold up what was sent later. */
        private final TreeMap<Long, Entry> holding = new TreeMap<>();

        private int inFlight;
        private long rank = -1;

        Group(String id) {
            this.id = id;
        }

        boolean isEmpty() {
            return available.isEmpty() && holding.isEmpty() && inFlight == 0;
        }
    }

    /** Brings the index to what the record of a message says; news that is older than what is known changes nothing. */
    void apply(QueuedMessage message, long version) {
        lock.lock();
        try {
            Entry known = entries.get(message.sequence());
            if (known != null && known.state != State.RESERVED && known.version > version) {
                return;
            }
            if (known != null) {
                take(known);
            }
            Group group = known != null ? known.group : groups.computeIfAbsent(message.group(), Group::new);
            if (known != null) {
                forgetContent(known);
            }
            Entry entry = known != null ? known : new Entry(group, message, version);
            entry.message = keepContent(message);
            entry.version = version;
            entries.put(message.sequence(), entry);
            place(entry);
            refresh(group);
        } finally {
            lock.unlock();
        }
    }

    /** Holds up what will be sent to a group of a FIFO queue after this message, until it is applied or removed. */
    void reserve(QueuedMessage message) {
        lock.lock();
        try {
            Group group = groups.computeIfAbsent(message.group(), Group::new);
            Entry entry = new Entry(group, message.withContent(QueuedMessage.NOTHING), 0);
            entries.put(message.sequence(), entry);
            entry.state = State.RESERVED;
            reserved++;
            group.holding.put(message.sequence(), entry);
            refresh(group);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a message, and says whether it was known. */
    boolean remove(long sequence) {
        lock.lock();
        try {
            Entry entry = entries.get(sequence);
            if (entry == null) {
                return false;
            }
            drop(entry);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all messages: the queue was purged. */
    void clear() {
        lock.lock();
        try {
            List<Entry> all = new ArrayList<>(entries.values());
            all.stream().filter(entry -> entry.state != State.RESERVED).forEach(this::drop);
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waiting: the queue is gone. */
    void close() {
        lock.lock();
        try {
            closed = true;
            clear();
            arrival.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** The message at a place. */
    Optional<Entry> find(long sequence) {
        lock.lock();
        try {
            promote(clock.millis());
            return Optional.ofNullable(entries.get(sequence)).filter(entry -> entry.state != State.RESERVED);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a message is in flight. */
    boolean isInFlight(Entry entry) {
        lock.lock();
        try {
            promote(clock.millis());
            return entry.state == State.IN_FLIGHT;
        } finally {
            lock.unlock();
        }
    }

    /** The messages in flight that a receive of this name was given since {@code since}, in their order. */
    List<Entry> ofAttempt(String attempt, long since) {
        lock.lock();
        try {
            promote(clock.millis());
            return entries.values().stream()
                    .filter(entry -> entry.state == State.IN_FLIGHT
                            && entry.message.attempt().equals(attempt)
                            && entry.message.receivedAt() >= since)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    Counts counts(long retentionMillis) {
        lock.lock();
        try {
            long now = clock.millis();
            promote(now);
            expire(now - retentionMillis);
            return new Counts(entries.size() - inFlight - delayed - reserved, inFlight, delayed);
        } finally {
            lock.unlock();
        }
    }

    /** When the message in front was sent, in milliseconds since 1970. */
    OptionalLong oldest() {
        lock.lock();
        try {
            return entries.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(entries.firstEntry().getValue().message.sentAt());
        } finally {
            lock.unlock();
        }
    }

    /** A place behind all messages. */
    long behindAll() {
        lock.lock();
        try {
            return entries.isEmpty() ? 0 : entries.lastKey() + 1;
        } finally {
            lock.unlock();
        }
    }

    /** The first message before a place that can be had. */
    Optional<Entry> firstAvailable(long before) {
        lock.lock();
        try {
            promote(clock.millis());
            for (Entry entry : entries.headMap(before).values()) {
                if (entry.state == State.AVAILABLE) {
                    return Optional.of(entry);
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Takes one message that can be had, so that nobody else gets it; false if it cannot any more. */
    boolean claim(Entry entry) {
        lock.lock();
        try {
            if (entry.state != State.AVAILABLE || entries.get(entry.message.sequence()) != entry) {
                return false;
            }
            claimNow(entry);
            refresh(entry.group);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the messages that come next, so that nobody else gets them.
     *
     * @param most            how many at most
     * @param retentionMillis how old messages may become
     * @return none if none can be had
     */
    List<Entry> claim(int most, long retentionMillis) {
        lock.lock();
        try {
            long now = clock.millis();
            promote(now);
            expire(now - retentionMillis);
            List<Entry> claimed = new ArrayList<>(most);
            while (claimed.size() < most && inFlight < MOST_IN_FLIGHT) {
                Optional<Group> next = next();
                if (next.isEmpty()) {
                    break;
                }
                claim(next.get(), most, now - retentionMillis, claimed);
            }
            return claimed;
        } finally {
            lock.unlock();
        }
    }

    /** Whether as many messages are in flight as may be. */
    boolean isFull() {
        lock.lock();
        try {
            promote(clock.millis());
            return inFlight >= MOST_IN_FLIGHT;
        } finally {
            lock.unlock();
        }
    }

    /** Of a FIFO queue as many as follow one another in the group, of a standard queue one. */
    private void claim(Group group, int most, long sentBefore, List<Entry> claimed) {
        do {
            Entry entry = group.available.firstEntry().getValue();
            if (entry.message.sentAt() <= sentBefore) {
                drop(entry);
            } else {
                claimNow(entry);
                claimed.add(entry);
            }
        } while (fifo && claimed.size() < most && inFlight < MOST_IN_FLIGHT && mayFollow(group));
        refresh(group);
    }

    private static boolean mayFollow(Group group) {
        return !group.available.isEmpty()
                && (group.holding.isEmpty() || group.holding.firstKey() > group.available.firstKey());
    }

    private void claimNow(Entry entry) {
        entry.group.available.remove(entry.message.sequence());
        entry.state = State.CLAIMED;
        entry.group.inFlight++;
        inFlight++;
    }

    /** Puts back what was claimed and not handed out. */
    void release(Entry entry) {
        lock.lock();
        try {
            if (entry.state == State.CLAIMED && entries.get(entry.message.sequence()) == entry) {
                take(entry);
                place(entry);
                refresh(entry.group);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a message may be had, for {@code nanos} at most.
     *
     * @param gone whether it is in vain, since whoever asked has left
     */
    void await(long nanos, BooleanSupplier gone) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        lock.lock();
        try {
            for (long left = nanos; left > 0; left = deadline - System.nanoTime()) {
                promote(clock.millis());
                if (gone.getAsBoolean()) {
                    arrival.signal(); // What woke this one may have been meant for another.
                    return;
                }
                if (closed || next().isPresent()) {
                    return;
                }
                long untilNext = waiting.isEmpty()
                        ? left
                        : TimeUnit.MILLISECONDS.toNanos(
                                Math.max(1, waiting.peek().until() - clock.millis()));
                arrival.awaitNanos(Math.min(left, untilNext));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has everybody look again. */
    void wake() {
        lock.lock();
        try {
            arrival.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Puts an entry where its message's state says; it is in no place before. */
    private void place(Entry entry) {
        long now = clock.millis();
        Group group = entry.group;
        long sequence = entry.message.sequence();
        if (entry.message.isInFlight(now)) {
            entry.state = State.IN_FLIGHT;
            group.inFlight++;
            inFlight++;
            waiting.add(new Waiting(entry, entry.message.visibleAt()));
        } else if (entry.message.isDelayed(now)) {
            entry.state = State.DELAYED;
            delayed++;
            if (fifo) {
                group.holding.put(sequence, entry);
            }
            waiting.add(new Waiting(entry, entry.message.visibleAt()));
        } else {
            entry.state = State.AVAILABLE;
            group.available.put(sequence, entry);
            arrival.signal();
        }
    }

    /** Takes an entry from the place that it is in. */
    private void take(Entry entry) {
        Group group = entry.group;
        long sequence = entry.message.sequence();
        switch (entry.state) {
            case AVAILABLE -> group.available.remove(sequence);
            case DELAYED -> {
                delayed--;
                group.holding.remove(sequence);
            }
            case RESERVED -> {
                reserved--;
                group.holding.remove(sequence);
            }
            case IN_FLIGHT, CLAIMED -> {
                group.inFlight--;
                inFlight--;
            }
        }
    }

    private void drop(Entry entry) {
        take(entry);
        forgetContent(entry);
        entries.remove(entry.message.sequence());
        refresh(entry.group);
    }

    /** Moves to the others what has become visible. */
    private void promote(long now) {
        while (!waiting.isEmpty() && waiting.peek().until() <= now) {
            Waiting due = waiting.poll();
            Entry entry = due.entry();
            boolean present = entries.get(entry.message.sequence()) == entry
                    && (entry.state == State.DELAYED || entry.state == State.IN_FLIGHT)
                    && entry.message.visibleAt() <= now;
            if (present) {
                take(entry);
                place(entry);
                refresh(entry.group);
            }
        }
    }

    /** Forgets what has become too old; of standard queues what was moved here is found when its turn comes. */
    private void expire(long sentBefore) {
        while (!entries.isEmpty()) {
            Entry oldest = entries.firstEntry().getValue();
            if (oldest.state == State.RESERVED || oldest.message.sentAt() > sentBefore) {
                return;
            }
            drop(oldest);
        }
    }

    /** Ranks a group by its first message, unless it has none that can be had now. */
    private void refresh(Group group) {
        if (group.rank >= 0) {
            quiet.remove(group.rank);
            group.rank = -1;
        }
        noisy.remove(group);
        if (group.isEmpty()) {
            groups.remove(group.id);
            return;
        }
        if (group.available.isEmpty() || (fifo && (group.inFlight > 0 || !mayFollow(group)))) {
            return;
        }
        if (isNoisy(group)) {
            noisy.add(group);
            return;
        }
        group.rank = group.available.firstKey();
        quiet.put(group.rank, group);
        if (fifo) {
            arrival.signal();
        }
    }

    private boolean isNoisy(Group group) {
        return !fifo
                && !group.id.isEmpty()
                && group.inFlight >= NOISY_LEAST
                && (long) group.inFlight * NOISY_SHARE > inFlight;
    }

    private Optional<Group> next() {
        for (Group group : List.copyOf(noisy)) {
            if (!isNoisy(group)) {
                refresh(group);
            }
        }
        if (!quiet.isEmpty()) {
            return Optional.of(quiet.firstEntry().getValue());
        }
        return noisy.stream().min(Comparator.comparingInt(group -> group.inFlight));
    }

    private static QueuedMessage keepContent(QueuedMessage message) {
        int length = message.content().length;
        if (length == 0 || CONTENT_KEPT.get() + length > MOST_CONTENT_KEPT) {
            return length == 0 ? message : message.withContent(QueuedMessage.NOTHING);
        }
        CONTENT_KEPT.addAndGet(length);
        return message;
    }

    private static void forgetContent(Entry entry) {
        CONTENT_KEPT.addAndGet(-entry.message.content().length);
    }
}
