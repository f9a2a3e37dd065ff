package dev.outcrop.services.bedrock;

import dev.outcrop.kernel.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.bedrock.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrock.model.Tag;
import software.amazon.awssdk.services.bedrock.model.ValidationException;

/** The tags of whatever of the control plane can have some. */
final class ResourceTags {
    private final Tags tags;
    private final Map<String, UnaryOperator<String>> resources;

    /**
     * Tags.
     *
     * @param resources by what stands in their ARNs behind the account, such as {@code provisioned-model}: gives the ARN of
     *     the resource that an ARN names, and throws {@link ResourceNotFoundException} if there is none
     */
    ResourceTags(Tags tags, Map<String, UnaryOperator<String>> resources) {
        this.tags = tags;
        this.resources = Map.copyOf(resources);
    }

    /** The tags of a resource. */
    List<Tag> of(String arn) {
        return tags.of(taggable(arn)).entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
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
        String[] parts = arn.split(":", 6);
        String resource = parts.length == 6 ? parts[5].split("/", 2)[0] : "";
        UnaryOperator<String> find = resources.get(resource);
        if (find == null) {
            throw ResourceNotFoundException.builder()
                    .message("Could not find the resource " + arn + ".")
                    .build();
        }
        return find.apply(arn);
    }

    /** The tags by their keys, each of which may come once. */
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
