package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;
import software.amazon.awssdk.services.s3control.model.GetAccessPointResponse;

/**
 * Access points: further names of buckets, with policies of their own. Safe for concurrent use.
 *
 * <p>Source: "Managing access to shared datasets with access points", Amazon S3 user guide.
 */
public final class AccessPoints {
    /** How many an account may have in a region. */
    public static final int MOST = 10_000;

    private static final String POINTS = "s3:access-point";
    private static final String POLICIES = "s3:access-point-policy";
    private static final String TAGS = "s3:access-point-tags";
    private static final String ALIASES = "s3:access-point-alias";
    private static final String ALIAS_SUFFIX = "-s3alias";
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ALIAS_RANDOM = 33;
    private static final int ALIAS_PREFIX = 20;
    private static final Pattern ARN =
            Pattern.compile("arn:aws:s3:([a-z0-9-]+):([0-9]{12}):accesspoint/([a-z0-9-]{3,50})");
    /** The first label of a host's name that stands for an access point. */
    private static final Pattern HOST = Pattern.compile("([a-z0-9-]{3,50})-([0-9]{12})");

    private final Records records;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public AccessPoints(Records records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    /** Where an access point is. */
    public record Place(String account, String region, String name) {
        /** Its ARN. */
        public String arn() {
            return "arn:aws:s3:" + region + ":" + account + ":accesspoint/" + name;
        }

        private RecordKey key(String type) {
            return new RecordKey(type, account, region, name);
        }
    }

    /** An access point, and its policy if it has one. */
    public record Point(Place place, GetAccessPointResponse shape, Optional<String> policy) {
        /** The ARN of the access point, or of an object in it; the key of what is no object is empty. */
        String arn(String key) {
            return key.isEmpty() ? place.arn() : place.arn() + "/object/" + key;
        }
    }

    /** The place that an ARN means, without what may follow the access point's name. */
    static Optional<Place> place(String arn) {
        if (arn.startsWith("arn:aws:s3:::")) {
            return Optional.empty(); // A bucket's, as nearly all are.
        }
        Matcher matcher = ARN.matcher(arn);
        return matcher.lookingAt() && (matcher.end() == arn.length() || arn.charAt(matcher.end()) == '/')
                ? Optional.of(new Place(matcher.group(2), matcher.group(1), matcher.group(3)))
                : Optional.empty();
    }

    /** The access point at a place, if there is one. */
    public Optional<Point> find(Place place) {
        return records.get(place.key(POINTS)).map(record -> point(place, record));
    }

    /** That there is no access point of that name. */
    public static AwsError missing(String name) {
        return new AwsError(
                "NoSuchAccessPoint", 404, "The specified accesspoint does not exist", Map.of("AccessPointName", name));
    }

    private Point point(Place place, StoredRecord record) {
        Optional<String> policy =
                records.get(place.key(POLICIES)).map(stored -> new String(stored.body(), StandardCharsets.UTF_8));
        return new Point(place, StoredShapes.read(record.body(), GetAccessPointResponse::builder), policy);
    }

    /**
     * The access point that stands in a bucket's place.
     *
     * @param name an alias, an ARN, or the first label of a host's name
     */
    Optional<Point> named(String name, String region) {
        if (name.endsWith(ALIAS_SUFFIX)) {
            return records.get(new RecordKey(ALIASES, "", "", name))
                    .flatMap(record -> place(new String(record.body(), StandardCharsets.UTF_8)))
                    .flatMap(this::find);
        }
        Optional<Place> place = place(name);
        if (place.isPresent()) {
            return name.equals(place.get().arn()) ? find(place.get()) : Optional.empty();
        }
        Matcher host = HOST.matcher(name);
        return host.matches() ? find(new Place(host.group(2), region, host.group(1))) : Optional.empty();
    }

    /**
     * Adds an access point.
     *
     * @param shape all of it but its alias
     * @throws AwsError if there is one of that name, or there are too many, or the tags cannot be
     */
    public Point create(Place place, GetAccessPointResponse shape, List<Tag> given) {
        Map<String, String> tags = TagSets.check(given, TagSets.MOST_OF_BUCKET);
        String alias = alias(place.name());
        GetAccessPointResponse kept = shape.toBuilder().alias(alias).build();
        return records.write(transaction -> {
            if (transaction.get(place.key(POINTS)).isPresent()) {
                throw new AwsError(
                        "AccessPointAlreadyOwnedByYou",
                        409,
                        "Your previous request to create the named accesspoint succeeded and you already own it.");
            }
            if (transaction.list(all(place, MOST)).size() >= MOST) {
                throw new AwsError(
                        "TooManyAccessPoints",
                        400,
                        "You have attempted to create more access points than are allowed for an account.");
            }
            insert(transaction, place.key(POINTS), StoredShapes.write(kept));
            insertTags(transaction, place, tags);
            insert(
                    transaction,
                    new RecordKey(ALIASES, "", "", alias),
                    place.arn().getBytes(StandardCharsets.UTF_8));
            return new Point(place, kept, Optional.empty());
        });
    }

    private void insert(RecordTransaction transaction, RecordKey key, byte[] body) {
        transaction.insert(key, "", Optional.empty(), clock.instant(), body);
    }

    private String alias(String name) {
        StringBuilder alias = new StringBuilder(name.substring(0, Math.min(name.length(), ALIAS_PREFIX)));
        alias.append('-');
        for (int i = 0; i < ALIAS_RANDOM; i++) {
            alias.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return alias.append(ALIAS_SUFFIX).toString();
    }

    private static RecordQuery all(Place place, int limit) {
        return new RecordQuery(
                POINTS,
                Optional.of(place.account()),
                Optional.of(place.region()),
                Optional.empty(),
                RecordQuery.Order.ID,
                Optional.empty(),
                limit);
    }

    /** All access points of an account in a region, by their names. */
    public List<Point> all(String account, String region) {
        return records.list(all(new Place(account, region, ""), MOST)).stream()
                .map(record -> point(new Place(account, region, record.key().id()), record))
                .toList();
    }

    /** Forgets an access point; false if there is none. */
    public boolean delete(Place place) {
        Optional<Point> point = find(place);
        return records.write(transaction -> {
            point.ifPresent(present -> transaction.delete(
                    new RecordKey(ALIASES, "", "", present.shape().alias())));
            transaction.delete(place.key(POLICIES));
            transaction.delete(place.key(TAGS));
            return transaction.delete(place.key(POINTS));
        });
    }

    /** Sets the policy of an access point, or removes it. */
    public void setPolicy(Place place, Optional<String> policy) {
        records.write(transaction -> {
            transaction.delete(place.key(POLICIES));
            policy.ifPresent(
                    document -> insert(transaction, place.key(POLICIES), document.getBytes(StandardCharsets.UTF_8)));
            return place;
        });
    }

    /** The tags of the access point at a place. */
    Map<String, String> tags(Place place) {
        return records.get(place.key(TAGS)).map(AccessPoints::tags).orElse(Map.of());
    }

    private static Map<String, String> tags(StoredRecord record) {
        return StoredShapes.read(record.body(), Tagging::builder).tagSet().stream()
                .collect(Collectors.toUnmodifiableMap(Tag::key, Tag::value));
    }

    /** Changes the tags of an access point; false if there is none. */
    boolean tag(Place place, UnaryOperator<Map<String, String>> change) {
        return records.write(transaction -> {
            if (transaction.get(place.key(POINTS)).isEmpty()) {
                return false;
            }
            Map<String, String> present =
                    transaction.get(place.key(TAGS)).map(AccessPoints::tags).orElse(Map.of());
            Map<String, String> changed = change.apply(present);
            transaction.delete(place.key(TAGS));
            insertTags(transaction, place, changed);
            return true;
        });
    }

    private void insertTags(RecordTransaction transaction, Place place, Map<String, String> tags) {
        if (!tags.isEmpty()) {
            Tagging set = Tagging.builder().tagSet(TagSets.list(tags)).build();
            insert(transaction, place.key(TAGS), StoredShapes.write(set));
        }
    }
}
