package dev.outcrop.services.sqs;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The queues there are, remembered until one of them changes, on whichever server. */
final class Queues {
    /** Queues that were deleted, under their uids; their messages are yet to be. */
    static final String GONE = "sqs:gone";

    private static final Pattern URL =
            Pattern.compile("(?:https?://[^/]+)?/(?:queue/)?([0-9]{12})/([A-Za-z0-9_.-]{1,80})/?");
    private static final long REST_MILLIS = 60_000;
    private static final int SLICE = 1000;
    private static final int MOST_LISTED = 1000;

    private final Records records;
    private final PageTokens tokens;
    private final Ids ids;
    private final InstantSource clock;
    private final ConcurrentMap<RecordKey, Queue> known = new ConcurrentHashMap<>();

    Queues(Records records, PageTokens tokens, Ids ids, InstantSource clock) {
        this.records = records;
        this.tokens = tokens;
        this.ids = ids;
        this.clock = clock;
    }

    /** Has {@code listener} told of every change of a queue, with the queue as it was. */
    void start(Consumer<Queue> listener) {
        records.watch(
                Queue.TYPE,
                key -> {
                    Queue before = known.remove(key);
                    if (before != null) {
                        listener.accept(before);
                    }
                },
                known::clear);
    }

    /** A page of a list of queues. */
    record Slice(List<Queue> queues, Optional<String> nextToken) {}

    Optional<Queue> find(String account, String region, String name) {
        RecordKey key = Queue.key(account, region, name);
        Queue present = known.get(key);
        // Names without a queue are not remembered: a caller may make up any number of them.
        return present != null
                ? Optional.of(present)
                : Optional.ofNullable(known.computeIfAbsent(
                        key,
                        unknown -> records.get(unknown)
                                .map(record -> Queue.read(unknown, record.body()))
                                .orElse(null)));
    }

    Optional<Queue> byArn(String arn) {
        String[] parts = arn.split(":", -1);
        return parts.length == 6 && arn.startsWith("arn:aws:sqs:")
                ? find(parts[4], parts[3], parts[5])
                : Optional.empty();
    }

    /** The ARN of the queue that a URL names, whether or not there is one. */
    static Optional<String> arnOfUrl(String url) {
        Matcher matcher = URL.matcher(url);
        return matcher.matches()
                ? Optional.of(Queue.arn(matcher.group(1), CallContext.current().region(), matcher.group(2)))
                : Optional.empty();
    }

    /**
     * The queue that a request's URL names, on whatever host.
     *
     * @throws AwsError {@code QueueDoesNotExist} if there is none, {@code InvalidAddress} if it is no URL of a queue
     */
    Queue byUrl(String url) {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            throw new AwsError("InvalidAddress", 400, "The address " + url + " is not valid for this endpoint.");
        }
        return find(matcher.group(1), CallContext.current().region(), matcher.group(2))
                .orElseThrow(Errors::noQueue);
    }

    /** The URL of a queue on the host that the client calls. */
    static String url(Queue queue) {
        return CallContext.current().endpoint().orElse("https://sqs." + queue.region() + ".amazonaws.com") + "/"
                + queue.account() + "/" + queue.name();
    }

    /**
     * Makes a queue, or gives the one of that name.
     *
     * @throws AwsError if one of that name was deleted within the last minute, or has another value of an attribute
     */
    Queue create(String name, Map<String, String> attributes, Predicate<Queue> same) {
        CallContext call = CallContext.current();
        long now = clock.millis();
        Queue made = new Queue(call.account(), call.region(), name, ids.hexadecimal(20), attributes, now, now, 0);
        return records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(made.key());
            if (present.isPresent()) {
                Queue queue = Queue.read(made.key(), present.get().body());
                if (!same.test(queue)) {
                    throw new AwsError(
                            "QueueNameExists",
                            400,
                            "A queue already exists with the same name and a different value for an attribute.");
                }
                return queue;
            }
            Optional<StoredRecord> gone = transaction.named(GONE, call.account(), call.region(), "", name);
            if (gone.isPresent()) {
                if (gone.get().createdAt().toEpochMilli() > now - REST_MILLIS) {
                    throw new AwsError(
                            "QueueDeletedRecently",
                            400,
                            "You must wait 60 seconds after deleting a queue before you can create another with the same"
                                    + " name.");
                }
                transaction.update(
                        gone.get().key(),
                        gone.get().version(),
                        Optional.empty(),
                        clock.instant(),
                        gone.get().body());
            }
            transaction.insert(made.key(), "", Optional.empty(), Instant.ofEpochMilli(now), made.write());
            return made;
        });
    }

    /** Changes a queue, whatever it has become meanwhile. */
    Queue update(Queue queue, UnaryOperator<Queue> change) {
        return records.write(transaction -> {
            StoredRecord present = present(transaction, queue);
            Queue changed = change.apply(Queue.read(queue.key(), present.body()));
            transaction.update(queue.key(), present.version(), Optional.empty(), clock.instant(), changed.write());
            return changed;
        });
    }

    /** Deletes a queue; its messages are removed by and by. */
    void delete(Queue queue) {
        records.write(transaction -> {
            present(transaction, queue);
            transaction.delete(queue.key());
            RecordKey gone = new RecordKey(GONE, queue.account(), queue.region(), queue.uid());
            transaction.insert(gone, "", Optional.of(queue.name()), clock.instant(), new byte[0]);
            return null;
        });
    }

    private static StoredRecord present(RecordTransaction transaction, Queue queue) {
        return transaction
                .get(queue.key())
                .filter(record -> Queue.read(queue.key(), record.body()).uid().equals(queue.uid()))
                .orElseThrow(Errors::noQueue);
    }

    /** All queues of all accounts. */
    Stream<Queue> all() {
        return records.all(Queue.TYPE, Optional.empty()).map(record -> Queue.read(record.key(), record.body()));
    }

    /**
     * The queues of the call's account and region, by name.
     *
     * @param list   what is listed, which its tokens are bound to
     * @param prefix of their names
     * @param most   how many; null, as an SDK request has it, for as many as there may be, without a token
     */
    Slice list(String list, String prefix, Predicate<Queue> filter, Integer most, String token) {
        if (most != null && (most < 1 || most > MOST_LISTED)) {
            throw Errors.invalidParameter(most, "MaxResults", "Must be between 1 and 1000, if provided.");
        }
        CallContext call = CallContext.current();
        int wanted = most == null ? MOST_LISTED : most;
        Optional<RecordQuery.Cursor> place = token == null ? Optional.empty() : Optional.of(place(list, token));
        List<Queue> queues = new ArrayList<>();
        while (true) {
            List<StoredRecord> batch = records.list(new RecordQuery(
                    Queue.TYPE,
                    Optional.of(call.account()),
                    Optional.of(call.region()),
                    Optional.empty(),
                    RecordQuery.Order.ID,
                    place,
                    SLICE));
            for (StoredRecord record : batch) {
                Queue queue = Queue.read(record.key(), record.body());
                boolean fits = queue.name().startsWith(prefix) && filter.test(queue);
                if (fits && queues.size() == wanted) {
                    return new Slice(
                            queues, most == null ? Optional.empty() : place.map(last -> tokens.token(list, last)));
                }
                if (fits) {
                    queues.add(queue);
                }
                place = Optional.of(RecordQuery.Cursor.behind(record));
            }
            if (batch.size() < SLICE) {
                return new Slice(queues, Optional.empty());
            }
        }
    }

    private RecordQuery.Cursor place(String list, String token) {
        try {
            return tokens.place(list, token);
        } catch (AwsError foreign) {
            throw Errors.invalidParameter(token, "NextToken", "Invalid or expired next token.");
        }
    }
}
