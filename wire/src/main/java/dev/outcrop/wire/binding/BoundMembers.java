package dev.outcrop.wire.binding;

import dev.outcrop.shapes.codec.ShapeFields;
import dev.outcrop.shapes.codec.ShapeMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;

/** The members of a shape by where they travel, sorted once a class. */
record BoundMembers(
        List<Bound> headers,
        List<Bound> prefixes,
        List<ShapeMember> query,
        List<ShapeMember> queryMaps,
        List<ShapeMember> labels,
        Optional<ShapeMember> status,
        Optional<ShapeMember> payload,
        boolean body) {
    private static final ClassValue<Holder> BY_CLASS = new ClassValue<>() {
        @Override
        protected Holder computeValue(Class<?> type) {
            return new Holder();
        }
    };

    /** A member and its header's name in lower case. */
    record Bound(ShapeMember member, String name) {}

    static BoundMembers of(SdkPojo shape) {
        Holder holder = BY_CLASS.get(shape.getClass());
        BoundMembers known = holder.members;
        if (known == null) {
            known = sort(ShapeFields.of(shape));
            holder.members = known;
        }
        return known;
    }

    private static BoundMembers sort(ShapeFields fields) {
        List<Bound> headers = new ArrayList<>();
        List<Bound> prefixes = new ArrayList<>();
        List<ShapeMember> query = new ArrayList<>();
        List<ShapeMember> queryMaps = new ArrayList<>();
        List<ShapeMember> labels = new ArrayList<>();
        Optional<ShapeMember> status = Optional.empty();
        for (ShapeMember member : fields.members()) {
            boolean map = member.type() == MarshallingKnownType.MAP;
            switch (member.location()) {
                case HEADER ->
                    (map ? prefixes : headers)
                            .add(new Bound(member, member.requestName().toLowerCase(Locale.ROOT)));
                case QUERY_PARAM -> (map ? queryMaps : query).add(member);
                case PATH, GREEDY_PATH -> labels.add(member);
                case STATUS_CODE -> status = Optional.of(member);
                case PAYLOAD -> {
                    // The codec's.
                }
                default -> throw new IllegalArgumentException(member + " travels in an unknown place");
            }
        }
        return new BoundMembers(
                List.copyOf(headers),
                List.copyOf(prefixes),
                List.copyOf(query),
                List.copyOf(queryMaps),
                List.copyOf(labels),
                status,
                fields.payload().filter(member -> member.location() == MarshallLocation.PAYLOAD),
                !fields.body().isEmpty());
    }

    private static final class Holder {
        private volatile BoundMembers members;
    }
}
