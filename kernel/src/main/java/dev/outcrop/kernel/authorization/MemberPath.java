package dev.outcrop.kernel.authorization;

import dev.outcrop.shapes.codec.ShapeFields;
import dev.outcrop.shapes.codec.ShapeMember;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The way to a value in a request, such as {@code Delete.Objects.Key}: through lists to each of their elements. It may end
 * in what is to be made of the value: {@code @keys} of a map, {@code @source} of S3's copy source, {@code @host} of a URL.
 */
record MemberPath(List<String> steps, Optional<String> function) {
    MemberPath {
        steps = List.copyOf(steps);
    }

    static MemberPath parse(String text) {
        List<String> steps = List.of(text.split("\\.", -1));
        return steps.getLast().startsWith("@")
                ? new MemberPath(
                        steps.subList(0, steps.size() - 1),
                        Optional.of(steps.getLast().substring(1)))
                : new MemberPath(steps, Optional.empty());
    }

    /** Whatever stands there, structures included; empty if nothing does. */
    List<Object> values(SdkPojo request) {
        List<Object> found = List.of(request);
        for (String step : steps) {
            List<Object> next = new ArrayList<>();
            for (Object value : found) {
                if (value instanceof SdkPojo structure) {
                    member(structure, step)
                            .flatMap(member -> member.get(structure))
                            .ifPresent(member -> add(next, member));
                }
            }
            found = next;
        }
        return found;
    }

    /** The member that the service calls {@code name}; the SDK calls some of S3's otherwise. */
    private static Optional<ShapeMember> member(SdkPojo structure, String name) {
        ShapeFields fields = ShapeFields.of(structure);
        return fields.member(name)
                .or(() -> fields.members().stream()
                        .filter(member -> name.equals(member.requestName()))
                        .findFirst());
    }

    private static void add(List<Object> values, Object value) {
        if (value instanceof List<?> list) {
            list.forEach(element -> add(values, element));
        } else if (value != null && !(value instanceof Map<?, ?> map && map.isEmpty())) {
            values.add(value);
        }
    }

    /** The texts, numbers and flags that stand there. */
    List<String> texts(SdkPojo request) {
        List<String> texts = new ArrayList<>();
        for (Object value : values(request)) {
            switch (value) {
                case Map<?, ?> map
                when function.equals(Optional.of("keys")) -> map.keySet().forEach(key -> texts.add(key.toString()));
                case Map<?, ?> _, SdkPojo _ -> {} // No text.
                default -> texts.add(made(value.toString()));
            }
        }
        return texts;
    }

    /** The entries {@code key} of the map that stands there: condition keys do not tell cases apart, maps do. */
    List<String> entries(SdkPojo request, String key) {
        List<String> entries = new ArrayList<>();
        for (Object value : values(request)) {
            if (value instanceof Map<?, ?> map) {
                map.forEach((name, entry) -> {
                    if (key.equalsIgnoreCase(name.toString())) {
                        entries.add(entry.toString());
                    }
                });
            }
        }
        return entries;
    }

    private String made(String text) {
        return switch (function.orElse("")) {
            case "source" -> source(text);
            case "host" -> host(text);
            default -> text;
        };
    }

    /** Bucket and key of {@code /bucket/key?versionId=…}, whose parts are URL encoded. */
    private static String source(String text) {
        int version = text.indexOf("?versionId=");
        String path = version < 0 ? text : text.substring(0, version);
        String relative = path.startsWith("/") ? path.substring(1) : path;
        try {
            // A plus sign stands for itself here, other than in a form.
            return URLDecoder.decode(relative.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unreadable) {
            return relative;
        }
    }

    /** Host, port and path of a URL, as IAM names an OpenID Connect provider. */
    private static String host(String text) {
        try {
            URI url = URI.create(text);
            return url.getHost() == null ? text : url.getAuthority() + (url.getPath() == null ? "" : url.getPath());
        } catch (IllegalArgumentException unreadable) {
            return text;
        }
    }
}
