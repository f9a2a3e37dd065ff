package dev.outcrop.shapes;

import dev.outcrop.shapes.codec.ShapeFields;
import dev.outcrop.shapes.codec.ShapeMember;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.utils.builder.Buildable;

/** What can be done with any shape. */
public final class Shapes {
    private static final ClassValue<Map<Class<?>, List<Pair>>> PLANS = new ClassValue<>() {
        @Override
        protected Map<Class<?>, List<Pair>> computeValue(Class<?> source) {
            return new ConcurrentHashMap<>();
        }
    };

    private Shapes() {}

    /**
     * Carries the members that are set in {@code source} to the members of {@code target} that have the same name and
     * kind. Structures, also in lists and maps, are carried to the target's own types in the same way. Members that
     * {@code source} does not set are left as they are.
     *
     * @param source a shape
     * @param target a builder of any shape
     * @return {@code target}
     */
    public static <B extends SdkPojo> B copy(SdkPojo source, B target) {
        for (Pair pair : plan(source, target)) {
            Optional<Object> value = pair.from.get(source);
            if (value.isPresent()) {
                pair.to.set(target, converted(pair.to, value.get()));
            }
        }
        return target;
    }

    private static List<Pair> plan(SdkPojo source, SdkPojo target) {
        return PLANS.get(source.getClass())
                .computeIfAbsent(target.getClass(), _ -> pairs(ShapeFields.of(source), ShapeFields.of(target)));
    }

    private static List<Pair> pairs(ShapeFields source, ShapeFields target) {
        List<Pair> pairs = new ArrayList<>();
        for (ShapeMember to : target.members()) {
            source.member(to.name()).filter(from -> isAlike(from, to)).ifPresent(from -> pairs.add(new Pair(from, to)));
        }
        return List.copyOf(pairs);
    }

    private static boolean isAlike(ShapeMember from, ShapeMember to) {
        if (from.type() != to.type()) {
            return false;
        }
        return switch (from.type()) {
            case LIST, MAP -> isAlike(from.element(), to.element());
            default -> true;
        };
    }

    private static Object converted(ShapeMember to, Object value) {
        return switch (to.type()) {
            case SDK_POJO -> structure(to, (SdkPojo) value);
            case LIST -> isPlain(to.element()) ? value : list(to.element(), (List<?>) value);
            case MAP -> isPlain(to.element()) ? value : map(to.element(), (Map<?, ?>) value);
            default -> value;
        };
    }

    private static boolean isPlain(ShapeMember element) {
        return element.type() != MarshallingKnownType.SDK_POJO
                && element.type() != MarshallingKnownType.LIST
                && element.type() != MarshallingKnownType.MAP;
    }

    private static Object structure(ShapeMember to, SdkPojo value) {
        SdkPojo builder = to.newBuilder();
        if (((Buildable) builder).build().getClass() == value.getClass()) {
            return value;
        }
        return ((Buildable) copy(value, builder)).build();
    }

    private static List<Object> list(ShapeMember element, List<?> values) {
        List<Object> converted = new ArrayList<>(values.size());
        for (Object value : values) {
            converted.add(value == null ? null : converted(element, value));
        }
        return converted;
    }

    private static Map<Object, Object> map(ShapeMember element, Map<?, ?> values) {
        Map<Object, Object> converted = new LinkedHashMap<>();
        values.forEach((key, value) -> converted.put(key, value == null ? null : converted(element, value)));
        return converted;
    }

    private record Pair(ShapeMember from, ShapeMember to) {}
}
