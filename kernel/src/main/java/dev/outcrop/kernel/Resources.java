package dev.outcrop.kernel;

import dev.outcrop.storage.DuplicateRecordException;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordQuery.Cursor;
import dev.outcrop.storage.RecordQuery.Order;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StaleRecordException;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The resources of one type: things with an id, perhaps a unique name, perhaps a parent, in an account and a region. All
 * methods act on the account and region of the current call; what they changed is on disk when they return.
 */
public final class Resources<T extends SdkPojo> {
    private static final int DEFAULT_PAGE = 100;
    private static final int MOST_LOOKED_AT = 10_000;

    private final String type;
    private final ResourceCodec<T> codec;
    private final Records records;
    private final PageTokens pageTokens;
    private final InstantSource clock;
    private final Function<T, Optional<String>> name;
    private final Function<T, String> parent;
    private final boolean regional;

    Resources(String type, ResourceCodec<T> codec, Records records, PageTokens pageTokens, InstantSource clock) {
        this(type, codec, records, pageTokens, clock, resource -> Optional.empty(), resource -> "", true);
    }

    private Resources(
            String type,
            ResourceCodec<T> codec,
            Records records,
            PageTokens pageTokens,
            InstantSource clock,
            Function<T, Optional<String>> name,
            Function<T, String> parent,
            boolean regional) {
        this.type = type;
        this.codec = codec;
        this.records = records;
        this.pageTokens = pageTokens;
        this.clock = clock;
        this.name = name;
        this.parent = parent;
        this.regional = regional;
    }

    /** The same resources, no two of one account, region and parent with the same name. */
    public Resources<T> named(Function<T, String> name) {
        return new Resources<>(
                type,
                codec,
                records,
                pageTokens,
                clock,
                resource -> Optional.ofNullable(name.apply(resource)),
                parent,
                regional);
    }

    /** The same resources, each belonging to the one with the id that {@code parent} gives. */
    public Resources<T> under(Function<T, String> parent) {
        return new Resources<>(type, codec, records, pageTokens, clock, name, parent, regional);
    }

    /** The same resources, the same in all regions, such as IAM's. */
    public Resources<T> global() {
        return new Resources<>(type, codec, records, pageTokens, clock, name, parent, false);
    }

    /**
     * Adds a resource.
     *
     * @throws AwsError {@code ConflictException} if its id or name is taken
     */
    public void insert(String id, T resource) {
        try {
            write(id, (transaction, key) -> {
                add(transaction, key, resource);
                return null;
            });
        } catch (DuplicateRecordException taken) {
            throw conflict(name.apply(resource).orElse(id));
        }
    }

    /**
     * Adds a resource, or puts it in the place of the one with its id.
     *
     * @throws AwsError {@code ConflictException} if its name is taken
     */
    public void put(String id, T resource) {
        try {
            write(id, (transaction, key) -> {
                Optional<StoredRecord> present = transaction.get(key);
                if (present.isPresent()) {
                    replace(transaction, key, present.get().version(), resource);
                } else {
                    add(transaction, key, resource);
                }
                return null;
            });
        } catch (DuplicateRecordException taken) {
            throw conflict(name.apply(resource).orElse(id));
        }
    }

    /** The resource with {@code id}, if it exists. */
    public Optional<T> find(String id) {
        return records.get(key(id)).map(this::read);
    }

    /**
     * The resource with {@code id}.
     *
     * @throws AwsError {@code ResourceNotFoundException} if there is none
     */
    public T get(String id) {
        return find(id).orElseThrow(() -> missing(id));
    }

    /** The resource called {@code name} that belongs to {@code parent} (the empty string where there are no parents). */
    public Optional<T> findNamed(String parent, String name) {
        RecordKey any = key("");
        return records.named(type, any.account(), any.region(), parent, name).map(this::read);
    }

    /** The resource with {@code id} and the version to update it by, if it exists. */
    public Optional<Versioned<T>> findVersioned(String id) {
        return records.get(key(id)).map(record -> new Versioned<>(read(record), record.version()));
    }

    /**
     * Changes a resource, whatever it has become meanwhile.
     *
     * @param change makes the new one of the present one; it must not wait for anything, and may run more than once
     * @return the new one
     * @throws AwsError {@code ResourceNotFoundException} if there is none; {@code ConflictException} if its new name is
     *     taken
     */
    public T update(String id, UnaryOperator<T> change) {
        try {
            return write(id, (transaction, key) -> {
                StoredRecord present = transaction.get(key).orElseThrow(() -> missing(id));
                T changed = change.apply(read(present));
                replace(transaction, key, present.version(), changed);
                return changed;
            });
        } catch (DuplicateRecordException taken) {
            throw conflict(id);
        }
    }

    /**
     * Changes a resource unless it was changed since {@code version} was read.
     *
     * @throws AwsError {@code ConflictException} if it was, or its new name is taken
     */
    public void update(String id, long version, T changed) {
        try {
            write(id, (transaction, key) -> {
                replace(transaction, key, version, changed);
                return null;
            });
        } catch (StaleRecordException | DuplicateRecordException another) {
            throw conflict(id);
        }
    }

    /** Removes a resource, and says whether it was there. */
    public boolean delete(String id) {
        return write(id, (transaction, key) -> transaction.delete(key));
    }

    /** How to list. */
    public Listing list() {
        return new Listing();
    }

    /** Transactions run on the writer's thread, which answers no call of its own. */
    private <R> R write(String id, BiFunction<RecordTransaction, RecordKey, R> body) {
        CallContext context = CallContext.current();
        RecordKey key = key(id);
        return records.write(transaction -> context.call(() -> body.apply(transaction, key)));
    }

    private void add(RecordTransaction transaction, RecordKey key, T resource) {
        transaction.insert(key, parent.apply(resource), name.apply(resource), clock.instant(), codec.write(resource));
    }

    private void replace(RecordTransaction transaction, RecordKey key, long version, T changed) {
        transaction.update(key, version, name.apply(changed), clock.instant(), codec.write(changed));
    }

    private T read(StoredRecord record) {
        return codec.read(record.body());
    }

    private RecordKey key(String id) {
        CallContext context = CallContext.current();
        return new RecordKey(type, context.account(), regional ? context.region() : "", id);
    }

    private AwsError missing(String id) {
        return new AwsError("ResourceNotFoundException", 404, "The " + label() + " " + id + " was not found");
    }

    private AwsError conflict(String id) {
        return new AwsError(
                "ConflictException", 409, "The " + label() + " " + id + " already exists or was changed meanwhile");
    }

    private String label() {
        return type.substring(type.indexOf(':') + 1);
    }

    /** A resource and the version of it that was read. */
    public record Versioned<T>(T resource, long version) {}

    /** A list in the making: by default all resources by id, a hundred a page. */
    public final class Listing {
        private Optional<String> ofParent = Optional.empty();
        private Predicate<T> filter = resource -> true;
        private Order order = Order.ID;
        private OptionalInt maximum = OptionalInt.empty();
        private Optional<String> token = Optional.empty();

        private Listing() {}

        /** Only those that belong to {@code parent}. */
        public Listing under(String parent) {
            ofParent = Optional.of(parent);
            return this;
        }

        /** Only those that fit {@code filter}, too. */
        public Listing where(Predicate<T> another) {
            filter = filter.and(another);
            return this;
        }

        public Listing order(Order order) {
            this.order = order;
            return this;
        }

        /** At most so many in the page; null, as an SDK request has it, for the default. */
        public Listing maximum(Integer results) {
            maximum = results == null ? OptionalInt.empty() : OptionalInt.of(results);
            return this;
        }

        /** Those that follow the page that gave {@code nextToken}; null, as an SDK request has it, for the first. */
        public Listing after(String nextToken) {
            token = Optional.ofNullable(nextToken);
            return this;
        }

        /**
         * One page.
         *
         * @throws AwsError {@code ValidationException} if the token was not given for this list
         */
        public Page<T> page() {
            int wanted = maximum.orElse(DEFAULT_PAGE);
            Optional<Cursor> place = token.map(given -> pageTokens.place(type, given));
            List<T> items = new ArrayList<>();
            int lookedAt = 0;
            while (true) {
                // One more than is wanted tells whether any follow.
                List<StoredRecord> batch = records.list(query(place, Math.min(wanted - items.size() + 1, 1000)));
                for (StoredRecord record : batch) {
                    T resource = read(record);
                    boolean fits = filter.test(resource);
                    if (fits && items.size() == wanted) {
                        return new Page<>(items, place.map(last -> pageTokens.token(type, last)));
                    }
                    if (fits) {
                        items.add(resource);
                    }
                    place = Optional.of(Cursor.behind(record));
                    lookedAt++;
                }
                if (batch.isEmpty()) {
                    return new Page<>(items, Optional.empty());
                }
                if (lookedAt >= MOST_LOOKED_AT) {
                    return new Page<>(items, place.map(last -> pageTokens.token(type, last)));
                }
            }
        }

        /** All of them, whatever the page size. */
        public List<T> all() {
            List<T> all = new ArrayList<>();
            Optional<String> next = token;
            do {
                Page<T> page = maximum(1000).after(next.orElse(null)).page();
                all.addAll(page.items());
                next = page.nextToken();
            } while (next.isPresent());
            return all;
        }

        private RecordQuery query(Optional<Cursor> place, int limit) {
            RecordKey any = key("");
            return new RecordQuery(
                    type, Optional.of(any.account()), Optional.of(any.region()), ofParent, order, place, limit);
        }
    }
}
