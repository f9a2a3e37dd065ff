package dev.outcrop.services.sns;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The topics and subscriptions there are, remembered until one of them changes, on whichever server. */
final class Topics {
    private static final int PAGE = 100;
    private static final int SLICE = 1000;

    private final Records records;
    private final PageTokens tokens;
    private final InstantSource clock;
    private final ConcurrentMap<RecordKey, Optional<Topic>> known = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, List<Subscription>> subscribed = new ConcurrentHashMap<>();

    Topics(Records records, PageTokens tokens, InstantSource clock) {
        this.records = records;
        this.tokens = tokens;
        this.clock = clock;
        records.watch(Topic.TYPE, known::remove, known::clear);
        records.watch(Subscription.TYPE, key -> subscribed.clear(), subscribed::clear);
    }

    /** A page of a list. */
    record Slice<T>(List<T> items, Optional<String> nextToken) {}

    static Optional<String[]> parts(String arn) {
        String[] parts = arn.split(":", -1);
        return parts.length >= 6 && arn.startsWith("arn:aws:sns:") ? Optional.of(parts) : Optional.empty();
    }

    Optional<Topic> find(String arn) {
        return parts(arn)
                .flatMap(parts -> known.computeIfAbsent(
                        Topic.key(parts[4], parts[3], parts[5]),
                        key -> records.get(key).map(record -> Topic.read(key, record.body()))));
    }

    /**
     * The topic that a request names.
     *
     * @throws AwsError {@code NotFound} if there is none, {@code InvalidParameter} if it is no ARN
     */
    Topic topic(String arn) {
        if (arn == null || parts(arn).isEmpty()) {
            throw Errors.invalid("TopicArn Reason: An ARN must have at least 6 elements, not "
                    + (arn == null ? 0 : arn.split(":", -1).length));
        }
        return find(arn).orElseThrow(Errors::noTopic);
    }

    Topic create(Topic made, Predicate<Topic> same) {
        return records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(made.key());
            if (present.isPresent()) {
                Topic topic = Topic.read(made.key(), present.get().body());
                if (!same.test(topic)) {
                    throw Errors.invalid("Attributes Reason: Topic already exists with different attributes");
                }
                return topic;
            }
            transaction.insert(made.key(), "", Optional.empty(), clock.instant(), made.write());
            return made;
        });
    }

    Topic update(Topic topic, UnaryOperator<Topic> change) {
        return records.write(transaction -> {
            StoredRecord present = transaction.get(topic.key()).orElseThrow(Errors::noTopic);
            Topic changed = change.apply(Topic.read(topic.key(), present.body()));
            transaction.update(topic.key(), present.version(), Optional.empty(), clock.instant(), changed.write());
            return changed;
        });
    }

    /** Deletes a topic with its subscriptions; nothing happens where there is none. */
    void delete(Topic topic) {
        records.write(transaction -> transaction.delete(topic.key()));
        for (Subscription subscription : subscriptions(topic)) {
            remove(subscription);
        }
    }

    /** The subscriptions of a topic, pending ones too. */
    List<Subscription> subscriptions(Topic topic) {
        return subscribed.computeIfAbsent(topic.uid(), uid -> {
            List<Subscription> all = new ArrayList<>();
            Optional<RecordQuery.Cursor> place = Optional.empty();
            List<StoredRecord> slice;
            do {
                slice = records.list(query(topic.account(), topic.region(), Optional.of(uid), place));
                slice.forEach(record -> all.add(Subscription.read(record.key(), record.body())));
                place = slice.isEmpty() ? place : Optional.of(RecordQuery.Cursor.behind(slice.getLast()));
            } while (slice.size() == SLICE);
            return List.copyOf(all);
        });
    }

    private static RecordQuery query(
            String account, String region, Optional<String> parent, Optional<RecordQuery.Cursor> place) {
        return new RecordQuery(
                Subscription.TYPE,
                Optional.of(account),
                Optional.of(region),
                parent,
                RecordQuery.Order.ID,
                place,
                SLICE);
    }

    Optional<Subscription> findSubscription(String arn) {
        return parts(arn)
                .filter(parts -> parts.length == 7)
                .flatMap(parts -> records.get(new RecordKey(Subscription.TYPE, parts[4], parts[3], parts[6]))
                        .map(record -> Subscription.read(record.key(), record.body()))
                        .filter(subscription -> subscription.arn().equals(arn)));
    }

    /**
     * The subscription that a request names.
     *
     * @throws AwsError {@code NotFound} if there is none, {@code InvalidParameter} if it is no ARN of one
     */
    Subscription subscription(String arn) {
        if (arn == null || parts(arn).filter(parts -> parts.length == 7).isEmpty()) {
            throw Errors.invalid("SubscriptionArn Reason: An ARN must have at least 6 elements, not "
                    + (arn == null ? 0 : arn.split(":", -1).length));
        }
        return findSubscription(arn).orElseThrow(Errors::noSubscription);
    }

    /** Adds a subscription, or gives the one there is of the same topic, protocol and endpoint. */
    Subscription add(Subscription made) {
        RecordKey key = made.key();
        return records.write(transaction -> {
            Optional<StoredRecord> present =
                    transaction.named(Subscription.TYPE, key.account(), key.region(), made.topicUid(), made.name());
            if (present.isPresent()) {
                return Subscription.read(present.get().key(), present.get().body());
            }
            transaction.insert(key, made.topicUid(), Optional.of(made.name()), clock.instant(), made.write());
            return made;
        });
    }

    Subscription update(Subscription subscription, UnaryOperator<Subscription> change) {
        return records.write(transaction -> {
            StoredRecord present = transaction.get(subscription.key()).orElseThrow(Errors::noSubscription);
            Subscription changed = change.apply(Subscription.read(subscription.key(), present.body()));
            transaction.update(
                    subscription.key(),
                    present.version(),
                    Optional.of(changed.name()),
                    clock.instant(),
                    changed.write());
            return changed;
        });
    }

    void remove(Subscription subscription) {
        records.write(transaction -> transaction.delete(subscription.key()));
    }

    Slice<Topic> topics(String token) {
        CallContext call = CallContext.current();
        return page(
                "sns:topics",
                place -> new RecordQuery(
                        Topic.TYPE,
                        Optional.of(call.account()),
                        Optional.of(call.region()),
                        Optional.empty(),
                        RecordQuery.Order.ID,
                        place,
                        PAGE + 1),
                record -> Topic.read(record.key(), record.body()),
                token);
    }

    /** The subscriptions of a topic, or of the call's account. */
    Slice<Subscription> subscriptions(Optional<Topic> topic, String token) {
        CallContext call = CallContext.current();
        return page(
                "sns:subscriptions:" + topic.map(Topic::uid).orElse(""),
                place -> new RecordQuery(
                        Subscription.TYPE,
                        Optional.of(topic.map(Topic::account).orElse(call.account())),
                        Optional.of(topic.map(Topic::region).orElse(call.region())),
                        topic.map(Topic::uid),
                        RecordQuery.Order.ID,
                        place,
                        PAGE + 1),
                record -> Subscription.read(record.key(), record.body()),
                token);
    }

    private <T> Slice<T> page(
            String list,
            Function<Optional<RecordQuery.Cursor>, RecordQuery> query,
            Function<StoredRecord, T> read,
            String token) {
        Optional<RecordQuery.Cursor> place = token == null ? Optional.empty() : Optional.of(place(list, token));
        List<StoredRecord> found = records.list(query.apply(place));
        List<StoredRecord> page = found.subList(0, Math.min(PAGE, found.size()));
        return new Slice<>(
                page.stream().map(read).toList(),
                found.size() > PAGE
                        ? Optional.of(tokens.token(list, RecordQuery.Cursor.behind(page.getLast())))
                        : Optional.empty());
    }

    private RecordQuery.Cursor place(String list, String token) {
        try {
            return tokens.place(list, token);
        } catch (AwsError foreign) {
            throw Errors.invalid("NextToken Reason: the token is invalid or has expired");
        }
    }
}
