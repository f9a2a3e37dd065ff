package dev.outcrop.services.s3control;

import dev.outcrop.services.s3.TaggedResources;
import java.util.List;
import software.amazon.awssdk.services.s3control.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.s3control.model.Tag;

/** The operations on tags of buckets and access points. */
final class ServedTags {
    private final TaggedResources resources;

    ServedTags(TaggedResources resources) {
        this.resources = resources;
    }

    /** Tags as S3 itself has them. */
    static List<software.amazon.awssdk.services.s3.model.Tag> stored(List<Tag> tags) {
        return tags.stream()
                .map(tag -> software.amazon.awssdk.services.s3.model.Tag.builder()
                        .key(tag.key())
                        .value(tag.value())
                        .build())
                .toList();
    }

    ListTagsForResourceResponse list(String account, String arn) {
        return ListTagsForResourceResponse.builder()
                .tags(resources.list(account, arn).stream()
                        .map(tag ->
                                Tag.builder().key(tag.key()).value(tag.value()).build())
                        .toList())
                .build();
    }

    void add(String account, String arn, List<Tag> tags) {
        resources.add(account, arn, stored(tags));
    }

    void remove(String account, String arn, List<String> keys) {
        resources.remove(account, arn, keys);
    }
}
