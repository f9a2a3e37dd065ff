package dev.outcrop.kernel.authorization;

import dev.outcrop.shapes.codec.ShapeFields;
import dev.outcrop.shapes.codec.ShapeMember;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;

/**
 * The tags that a request brings, in whichever of AWS's forms: a map, or a list of structures with {@code Key} or
 * {@code TagKey} and {@code Value} or {@code TagValue}.
 */
public final class RequestTags {
    private static final Set<String> TAGS = Set.of("tags", "tagslist", "taglist");
    private static final Set<String> KEYS = Set.of("tagkeys", "tagkeylist");

    private RequestTags() {}

    /** The tags that are to be set, in their order. */
    public static Map<String, String> of(SdkRequest request) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (ShapeMember member : ShapeFields.of(request).members()) {
            if (TAGS.contains(member.name().toLowerCase(Locale.ROOT))) {
                switch (member.get(request).orElse(List.of())) {
                    case Map<?, ?> map ->
                        map.forEach(
                                (key, value) -> tags.put(String.valueOf(key), value == null ? "" : value.toString()));
                    case List<?> list -> list.forEach(element -> add(tags, element));
                    default -> {} // No form of tags.
                }
            }
        }
        return tags;
    }

    /** The keys of the tags that are to be set or removed. */
    public static List<String> keys(SdkRequest request) {
        List<String> keys = new ArrayList<>(of(request).keySet());
        for (ShapeMember member : ShapeFields.of(request).members()) {
            if (KEYS.contains(member.name().toLowerCase(Locale.ROOT))
                    && member.get(request).orElse(List.of()) instanceof List<?> list) {
                list.forEach(key -> keys.add(String.valueOf(key)));
            }
        }
        return keys;
    }

    private static void add(Map<String, String> tags, Object element) {
        if (element instanceof SdkPojo tag) {
            text(tag, "key", "tagkey")
                    .ifPresent(
                            key -> tags.put(key, text(tag, "value", "tagvalue").orElse("")));
        }
    }

    private static Optional<String> text(SdkPojo structure, String name, String otherName) {
        for (ShapeMember member : ShapeFields.of(structure).members()) {
            String lower = member.name().toLowerCase(Locale.ROOT);
            if (lower.equals(name) || lower.equals(otherName)) {
                return member.get(structure).map(Object::toString);
            }
        }
        return Optional.empty();
    }
}
