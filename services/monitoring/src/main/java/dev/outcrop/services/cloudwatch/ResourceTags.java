package dev.outcrop.services.cloudwatch;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.cloudwatch.model.Tag;

/** The tags of alarms and metric streams, by ARN, with CloudWatch's errors. */
final class ResourceTags {
    private final Tags tags;

    ResourceTags(Tags tags) {
        this.tags = tags;
    }

    /** The tags of a request by key. */
    static Map<String, String> checked(List<Tag> wanted) {
        Map<String, String> checked = new LinkedHashMap<>();
        for (Tag tag : wanted) {
            if (tag.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw CloudWatchErrors.invalid("Tag keys that begin with aws: are reserved.");
            }
            if (checked.put(tag.key(), tag.value()) != null) {
                throw CloudWatchErrors.invalid("The tag key " + tag.key() + " is given more than once.");
            }
        }
        if (checked.size() > Tags.MOST) {
            throw tooMany();
        }
        return checked;
    }

    private static RuntimeException tooMany() {
        return CloudWatchErrors.invalid("A resource may have at most " + Tags.MOST + " tags.");
    }

    void set(String arn, Map<String, String> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        try {
            tags.add(arn, wanted);
        } catch (AwsError refusal) {
            throw refusal.code().equals("TooManyTagsException") ? tooMany() : refusal;
        }
    }

    void remove(String arn, List<String> keys) {
        tags.remove(arn, keys);
    }

    void removeAll(String arn) {
        tags.removeAll(arn);
    }

    Map<String, String> of(String arn) {
        return tags.of(arn);
    }

    List<Tag> list(String arn) {
        return tags.of(arn).entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }
}
