package dev.outcrop.services.kms;

import dev.outcrop.kernel.Tags;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.kms.model.LimitExceededException;
import software.amazon.awssdk.services.kms.model.ListResourceTagsRequest;
import software.amazon.awssdk.services.kms.model.ListResourceTagsResponse;
import software.amazon.awssdk.services.kms.model.Tag;
import software.amazon.awssdk.services.kms.model.TagResourceRequest;
import software.amazon.awssdk.services.kms.model.UntagResourceRequest;

/** The tags of keys. */
final class KeyTags {
    private static final int USUAL_PAGE = 50;

    private final KmsKeys keys;
    private final KeyUse use;
    private final Tags tags;

    KeyTags(KmsKeys keys, KeyUse use, Tags tags) {
        this.keys = keys;
        this.use = use;
        this.tags = tags;
    }

    void add(TagResourceRequest request) {
        KmsKey key = use.changeable(keys.identified(request.keyId()), "TagResource");
        KeyRequests.checkTags(request.tags());
        Map<String, String> added = KeyRequests.byKey(request.tags());
        Set<String> names = new HashSet<>(tags.of(key.arn()).keySet());
        names.addAll(added.keySet());
        if (names.size() > Tags.MOST) {
            throw LimitExceededException.builder()
                    .message("A key may have " + Tags.MOST + " tags, but would have " + names.size() + ".")
                    .build();
        }
        tags.add(key.arn(), added);
    }

    void remove(UntagResourceRequest request) {
        KmsKey key = use.changeable(keys.identified(request.keyId()), "UntagResource");
        tags.remove(key.arn(), request.tagKeys());
    }

    ListResourceTagsResponse list(ListResourceTagsRequest request) {
        KmsKey key = use.ofAccount(keys.identified(request.keyId()), "ListResourceTags");
        List<Tag> all = tags.of(key.arn()).entrySet().stream()
                .map(tag -> Tag.builder()
                        .tagKey(tag.getKey())
                        .tagValue(tag.getValue())
                        .build())
                .toList();
        Pages.Slice<Tag> slice =
                Pages.of(all, Optional.ofNullable(request.limit()).orElse(USUAL_PAGE), request.marker());
        return ListResourceTagsResponse.builder()
                .tags(slice.items())
                .nextMarker(slice.next().orElse(null))
                .truncated(slice.next().isPresent())
                .build();
    }
}
