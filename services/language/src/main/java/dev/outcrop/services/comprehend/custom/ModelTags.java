package dev.outcrop.services.comprehend.custom;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import software.amazon.awssdk.services.comprehend.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.comprehend.model.Tag;
import software.amazon.awssdk.services.comprehend.model.TooManyTagsException;

/**
 * The tags of jobs, models, endpoints, flywheels and datasets.
 *
 * <p>Source: TagResource, UntagResource and ListTagsForResource of the Amazon Comprehend API reference.
 */
public final class ModelTags {
    private final Tags tags;

    public ModelTags(Tags tags) {
        this.tags = tags;
    }

    /** Adds tags to what is there, or will be at once. */
    public void add(String arn, List<Tag> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        Map<String, String> byKey = new LinkedHashMap<>();
        for (Tag tag : wanted) {
            if (byKey.put(tag.key(), tag.value() == null ? "" : tag.value()) != null) {
                throw Failures.invalid("The tag key " + tag.key() + " is given more than once.");
            }
        }
        try {
            tags.add(arn, byKey);
        } catch (AwsError refused) {
            if (refused.code().equals("TooManyTagsException")) {
                throw TooManyTagsException.builder()
                        .message("The request contains too many tags: a resource may have " + Tags.MOST + ".")
                        .build();
            }
            throw Failures.invalid(refused.getMessage());
        }
    }

    /** Adds tags to what {@code exists} says is there. */
    public void add(String arn, List<Tag> wanted, Predicate<String> exists) {
        require(arn, exists);
        add(arn, wanted);
    }

    /** Removes tags from what {@code exists} says is there. */
    public void remove(String arn, List<String> keys, Predicate<String> exists) {
        require(arn, exists);
        tags.remove(arn, keys);
    }

    void removeAll(String arn) {
        tags.removeAll(arn);
    }

    /** The tags of what {@code exists} says is there. */
    public ListTagsForResourceResponse list(String arn, Predicate<String> exists) {
        require(arn, exists);
        return ListTagsForResourceResponse.builder()
                .resourceArn(arn)
                .tags(of(arn).entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
    }

    /** The tags of {@code arn}, by key. */
    public Map<String, String> of(String arn) {
        return tags.of(arn);
    }

    private static void require(String arn, Predicate<String> exists) {
        if (!exists.test(arn)) {
            throw Failures.missing();
        }
    }
}
