package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.eventbridge.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.eventbridge.model.Tag;

/** The tags of rules and event buses, by ARN. */
final class ResourceTags {
    private final Tags tags;

    ResourceTags(Tags tags) {
        this.tags = tags;
    }

    /** The tags of a request by key; of two with the same key it refuses both. */
    static Map<String, String> checked(List<Tag> wanted) {
        Map<String, String> checked = new LinkedHashMap<>();
        for (Tag tag : wanted) {
            if (checked.put(tag.key(), tag.value()) != null) {
                throw Errors.invalid("Tag keys must be unique, but " + tag.key() + " stands twice.");
            }
        }
        return checked;
    }

    void set(String arn, Map<String, String> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        try {
            tags.add(arn, wanted);
        } catch (AwsError refusal) {
            throw refusal.code().equals("TooManyTagsException") ? Errors.tooMany() : refusal;
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

    ListTagsForResourceResponse list(String arn) {
        return ListTagsForResourceResponse.builder()
                .tags(tags.of(arn).entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
    }
}
