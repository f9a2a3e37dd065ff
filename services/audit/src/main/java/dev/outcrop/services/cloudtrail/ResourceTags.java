package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTagParameterException;
import software.amazon.awssdk.services.cloudtrail.model.Tag;
import software.amazon.awssdk.services.cloudtrail.model.TagsLimitExceededException;

/** The tags of trails and event data stores, by ARN, with CloudTrail's errors. */
final class ResourceTags {
    private final Tags tags;

    ResourceTags(Tags tags) {
        this.tags = tags;
    }

    /**
     * The tags of a request by key.
     *
     * @throws InvalidTagParameterException if two have the same key, or one is AWS's own
     */
    static Map<String, String> checked(List<Tag> wanted) {
        Map<String, String> checked = new LinkedHashMap<>();
        for (Tag tag : wanted) {
            if (tag.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw invalid("Tag keys that begin with aws: are reserved.");
            }
            if (checked.put(tag.key(), tag.value() == null ? "" : tag.value()) != null) {
                throw invalid("Tag keys must be unique, but " + tag.key() + " stands twice.");
            }
        }
        if (checked.size() > Tags.MOST) {
            throw tooMany();
        }
        return checked;
    }

    private static InvalidTagParameterException invalid(String message) {
        return InvalidTagParameterException.builder().message(message).build();
    }

    private static TagsLimitExceededException tooMany() {
        return TagsLimitExceededException.builder()
                .message("A resource may have at most " + Tags.MOST + " tags.")
                .build();
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

    void remove(String arn, List<Tag> unwanted) {
        tags.remove(arn, unwanted.stream().map(Tag::key).toList());
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
