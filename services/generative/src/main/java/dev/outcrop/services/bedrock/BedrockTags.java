package dev.outcrop.services.bedrock;

import dev.outcrop.kernel.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.bedrock.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrock.model.Tag;
import software.amazon.awssdk.services.bedrock.model.ValidationException;

/** The tags of whatever of Amazon Bedrock's can have tags. */
final class BedrockTags {
    private final Tags tags;
    private final List<Function<String, Optional<String>>> owners;

    /**
     * The tags of what {@code owners} have: each says under which ARN the tags of a resource of its are kept, by an ARN that
     * a caller named.
     */
    BedrockTags(Tags tags, List<Function<String, Optional<String>>> owners) {
        this.tags = tags;
        this.owners = List.copyOf(owners);
    }

    /** The tags of a resource. */
    List<Tag> of(String arn) {
        return tags.of(taggable(arn)).entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    /** The tags of what has {@code arn}, whether or not there is such a thing. */
    Map<String, String> ofResource(String arn) {
        return tags.of(arn);
    }

    /** Adds tags to a resource. */
    void add(String arn, List<Tag> added) {
        tags.add(taggable(arn), byKey(added));
    }

    /** Removes tags from a resource. */
    void remove(String arn, List<String> keys) {
        tags.remove(taggable(arn), keys);
    }

    private String taggable(String arn) {
        return owners.stream()
                .flatMap(owner -> owner.apply(arn).stream())
                .findFirst()
                .orElseThrow(() -> ResourceNotFoundException.builder()
                        .message("Could not find the resource " + arn + ".")
                        .build());
    }

    /**
     * Tags by their keys.
     *
     * @throws ValidationException if a key is there twice
     */
    static Map<String, String> byKey(List<Tag> tags) {
        Map<String, String> byKey = new LinkedHashMap<>();
        for (Tag tag : tags) {
            if (byKey.put(tag.key(), tag.value()) != null) {
                throw ValidationException.builder()
                        .message("The tag key " + tag.key() + " is given more than once.")
                        .build();
            }
        }
        return byKey;
    }
}
