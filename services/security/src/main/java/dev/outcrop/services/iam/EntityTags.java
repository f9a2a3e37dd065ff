package dev.outcrop.services.iam;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.iam.model.Tag;

/**
 * Tags of users, roles and other entities; keys that differ in case only are the same.
 *
 * <p>Source: "Rules for tagging in IAM and AWS STS" of the IAM user guide.
 */
final class EntityTags {
    private static final int MOST = 50;

    private EntityTags() {}

    /** The tags of a new entity. */
    static List<Tag> of(List<Tag> given) {
        Map<String, String> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Tag tag : given) {
            if (seen.put(tag.key(), tag.value()) != null) {
                throw IamErrors.invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }
        }
        return with(List.of(), given);
    }

    /** {@code present} with {@code added}. */
    static List<Tag> with(List<Tag> present, List<Tag> added) {
        Map<String, Tag> tags = new LinkedHashMap<>();
        present.forEach(tag -> tags.put(lower(tag.key()), tag));
        for (Tag tag : added) {
            if (lower(tag.key()).startsWith("aws:")) {
                throw IamErrors.invalid("aws: prefixed tag key names are not allowed for external use.");
            }
            tags.put(lower(tag.key()), tag);
        }
        if (tags.size() > MOST) {
            throw IamErrors.limit("The number of tags has reached the maximum limit.");
        }
        return List.copyOf(tags.values());
    }

    /** {@code present} without those called one of {@code keys}. */
    static List<Tag> without(List<Tag> present, Collection<String> keys) {
        List<String> lower = keys.stream().map(EntityTags::lower).toList();
        return present.stream().filter(tag -> !lower.contains(lower(tag.key()))).toList();
    }

    /** Tags by key. */
    static Map<String, String> map(List<Tag> tags) {
        Map<String, String> map = new LinkedHashMap<>();
        tags.forEach(tag -> map.put(tag.key(), tag.value()));
        return map;
    }

    /** Tags of a map by key. */
    static List<Tag> list(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    private static String lower(String key) {
        return key.toLowerCase(Locale.ROOT);
    }
}
