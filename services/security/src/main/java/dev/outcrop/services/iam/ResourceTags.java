package dev.outcrop.services.iam;

import dev.outcrop.kernel.Tags;
import java.util.List;
import software.amazon.awssdk.services.iam.model.ListPolicyTagsResponse;
import software.amazon.awssdk.services.iam.model.Tag;

/** The tags of IAM's resources that are kept by ARN: policies, providers, devices and certificates. */
final class ResourceTags {
    private final Tags tags;

    ResourceTags(Tags tags) {
        this.tags = tags;
    }

    /** The tags of {@code arn} by key. */
    List<Tag> of(String arn) {
        return EntityTags.list(tags.of(arn));
    }

    /**
     * Adds tags, or changes their values.
     *
     * @throws AwsError {@code InvalidInput} or {@code LimitExceeded}
     */
    void add(String arn, List<Tag> added) {
        if (added.isEmpty()) {
            return;
        }
        List<Tag> present = of(arn);
        List<Tag> wanted = EntityTags.with(present, added);
        // A key that is given in another case replaces the one that there is.
        List<String> gone = present.stream()
                .map(Tag::key)
                .filter(key -> wanted.stream().noneMatch(tag -> tag.key().equals(key)))
                .toList();
        if (!gone.isEmpty()) {
            tags.remove(arn, gone);
        }
        tags.add(arn, EntityTags.map(wanted));
    }

    /** Removes the tags with these keys, in whatever case. */
    void remove(String arn, List<String> keys) {
        tags.remove(
                arn,
                tags.of(arn).keySet().stream()
                        .filter(key -> keys.stream().anyMatch(key::equalsIgnoreCase))
                        .toList());
    }

    /** Forgets all tags of {@code arn}: it was deleted. */
    void removeAll(String arn) {
        tags.removeAll(arn);
    }

    /** A page of the tags of {@code arn}; other lists of tags are copies of this response. */
    ListPolicyTagsResponse list(String arn, String marker, Integer most) {
        Listed<Tag> page = Listed.page(of(arn), Tag::key, marker, most);
        return ListPolicyTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }
}
