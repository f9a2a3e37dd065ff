package dev.outcrop.kernel;

import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The tags of resources, by ARN, in the account of the current call.
 *
 * <p>Source: "Tag naming limits and requirements" of the AWS Tagging guide.
 */
public final class Tags {
    /** The most tags that a resource may have. */
    public static final int MOST = 50;

    private static final String TYPE = "outcrop:tags";

    private final Records records;
    private final InstantSource clock;

    Tags(Records records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    /** The tags of {@code arn}, by key. */
    public NavigableMap<String, String> of(String arn) {
        return records.get(key(arn)).map(Tags::read).orElseGet(TreeMap::new);
    }

    /**
     * Adds tags, or changes their values.
     *
     * @throws AwsError {@code ValidationException} for a key that is AWS's own, {@code TooManyTagsException} past the limit
     */
    public void add(String arn, Map<String, String> tags) {
        for (String key : tags.keySet()) {
            if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw AwsError.validation("aws: prefixed tag key names are not allowed for external use.");
            }
        }
        change(arn, present -> {
            present.putAll(tags);
            if (present.size() > MOST) {
                throw new AwsError(
                        "TooManyTagsException",
                        400,
                        arn + " may have " + MOST + " tags, but would have " + present.size());
            }
            return present;
        });
    }

    /** Removes the tags with these keys, if they are there. */
    public void remove(String arn, Collection<String> keys) {
        change(arn, present -> {
            keys.forEach(present::remove);
            return present;
        });
    }

    /** Forgets all tags of {@code arn}: it was deleted. */
    public void removeAll(String arn) {
        RecordKey key = key(arn);
        records.write(transaction -> transaction.delete(key));
    }

    private void change(String arn, UnaryOperator<NavigableMap<String, String>> change) {
        RecordKey key = key(arn);
        records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            NavigableMap<String, String> changed =
                    change.apply(present.map(Tags::read).orElseGet(TreeMap::new));
            if (present.isEmpty()) {
                transaction.insert(key, "", Optional.empty(), clock.instant(), write(changed));
            } else {
                transaction.update(key, present.get().version(), Optional.empty(), clock.instant(), write(changed));
            }
            return null;
        });
    }

    private static RecordKey key(String arn) {
        CallContext context = CallContext.current();
        return new RecordKey(TYPE, context.account(), "", arn);
    }

    private static byte[] write(NavigableMap<String, String> tags) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeInt(tags.size());
            for (Map.Entry<String, String> tag : tags.entrySet()) {
                data.writeUTF(tag.getKey());
                data.writeUTF(tag.getValue());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static NavigableMap<String, String> read(StoredRecord record) {
        NavigableMap<String, String> tags = new TreeMap<>();
        try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(record.body()))) {
            for (int left = data.readInt(); left > 0; left--) {
                tags.put(data.readUTF(), data.readUTF());
            }
        } catch (IOException damaged) {
            throw new UncheckedIOException("the tags of " + record.key().id() + " cannot be read", damaged);
        }
        return tags;
    }
}
