package dev.outcrop.conformance.shapes;

import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.Protocol;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.shapes.ShapeModel.Location;
import dev.outcrop.shapes.ShapeModel.Member;
import dev.outcrop.shapes.codec.ShapeFields;
import dev.outcrop.shapes.codec.ShapeMember;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.TimestampFormatTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * Shapes with random values that keep to the lengths, bounds and enumerations of the service description, though not to
 * its patterns. Every member of the outer structures is set, deeper ones as long as {@link #MOST_VALUES} lasts; of a
 * union one member is set. The same seed makes the same shapes.
 */
final class SampleShapes {
    private static final int MOST_VALUES = 600;
    private static final int DEEPEST = 5;
    private static final int LONGEST = 24;
    private static final long YEAR_2001 = 1_000_000_000L;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final List<String> TRICKY =
            List.of("é", "日本", "😀", "\"", "'", "\\", "<", ">", "&", "\n", "\t", "\r", " ", "/", "%41", "+", "]]>");

    /**
     * Members that make a client send its request elsewhere or sign it another way, or that it computes and checks
     * itself, the header of error types, which says the error's code, and the one that says that events follow.
     */
    private static final Pattern LEFT_OUT = Pattern.compile(
            "EndpointId|OutpostId|Checksum.*|ContentLength|EncodingType|ExpiresString|x-amzn-ErrorType|ResponseStreamContentType");

    private final ServiceModel model;
    private final Random random;
    private final boolean emptyStructures;
    private int values;

    /**
     * Samples of the shapes of {@code model}.
     *
     * @param emptyStructures whether a structure without any member can be told from none on the wire, as Query cannot
     */
    SampleShapes(ServiceModel model, long seed, boolean emptyStructures) {
        this.model = model;
        this.random = new Random(seed);
        this.emptyStructures = emptyStructures;
    }

    /** As the wire can carry them in the protocol that clients of {@code model} prefer. */
    static SampleShapes of(ServiceModel model, OperationModel operation) {
        Protocol protocol = model.summary().protocols().getFirst();
        boolean emptyStructures = protocol != Protocol.QUERY && protocol != Protocol.EC2_QUERY;
        return new SampleShapes(model, operation.name().hashCode(), emptyStructures);
    }

    /** A request of {@code operation}. */
    SdkPojo request(OperationModel operation, SdkPojo builder) {
        return sample(operation.input(), builder);
    }

    /**
     * A response of {@code operation}.
     *
     * @param streams whether its body is a stream of bytes
     */
    SdkPojo response(OperationModel operation, SdkPojo builder, boolean streams) {
        // A response of this status has no body, whatever members the description has.
        boolean bodiless = operation.status() == 204 && !streams;
        return sample(bodiless ? Optional.empty() : operation.output(), builder);
    }

    /**
     * One event of each kind that the stream of {@code holder} has.
     *
     * @param holder the structure that holds the stream, of a request or response
     * @param type   the SDK's interface of the events
     */
    List<Object> events(String holder, Class<?> type) {
        List<Object> events = new ArrayList<>();
        for (Member member :
                ((ShapeModel.Structure) model.shape(holder)).members().values()) {
            if (model.shape(member.shape()) instanceof ShapeModel.Structure stream && stream.eventStream()) {
                stream.members()
                        .forEach((name, event) -> eventBuilder(type, name)
                                .ifPresent(builder -> events.add(sample(event.shape(), builder))));
            }
        }
        return events;
    }

    /** A builder of the event called {@code name}; errors, which end streams, have none. */
    private static Optional<SdkPojo> eventBuilder(Class<?> type, String name) {
        for (Method method : type.getMethods()) {
            if (method.getName().equalsIgnoreCase(name + "Builder") && method.getParameterCount() == 0) {
                try {
                    return Optional.of((SdkPojo) method.invoke(null));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(method.toString(), e);
                }
            }
        }
        return Optional.empty();
    }

    private SdkPojo sample(Optional<String> shape, SdkPojo builder) {
        return shape.isPresent() ? sample(shape.get(), builder) : (SdkPojo) ((Buildable) builder).build();
    }

    /** A shape of the structure {@code shape}, made with {@code builder}. */
    SdkPojo sample(String shape, SdkPojo builder) {
        values = 0;
        fill(builder, (ShapeModel.Structure) model.shape(shape), 0);
        return (SdkPojo) ((Buildable) builder).build();
    }

    /** Sets members of {@code builder} until it is as full as it may be; whether it set any. */
    private boolean fill(SdkPojo builder, ShapeModel.Structure structure, int depth) {
        List<ShapeMember> members = ShapeFields.of(builder).members().stream()
                .filter(member -> described(structure, member) != null)
                .toList();
        if (structure.union() && !members.isEmpty()) {
            int first = random.nextInt(members.size());
            for (int i = 0; i < members.size(); i++) {
                ShapeMember member = members.get((first + i) % members.size());
                if (set(builder, structure, member, depth)) {
                    return true;
                }
            }
            return false;
        }
        boolean any = false;
        for (ShapeMember member : members) {
            any |= set(builder, structure, member, depth);
        }
        return any || (emptyStructures && members.isEmpty());
    }

    /** Whether clients fill it themselves, so that no sample sets it. */
    static boolean isClients(ShapeMember member) {
        return LEFT_OUT.matcher(member.name()).matches()
                || LEFT_OUT.matcher(member.requestName()).matches();
    }

    /** The SDK has names of its own for a few members of S3, but not on the wire. */
    private static Member described(ShapeModel.Structure structure, ShapeMember member) {
        Member described = structure.members().get(member.name());
        return described == null ? structure.members().get(member.requestName()) : described;
    }

    private boolean set(SdkPojo builder, ShapeModel.Structure structure, ShapeMember member, int depth) {
        if (depth == 0 && isClients(member)) {
            return false;
        }
        Object value = value(member, described(structure, member), depth);
        if (value != null) {
            member.set(builder, value);
        }
        return value != null;
    }

    /** A value, or null where it would go too deep. */
    private Object value(ShapeMember member, Member described, int depth) {
        values++;
        ShapeModel shape = model.shape(described.shape());
        return switch (member.type()) {
            case STRING -> text(described, shape);
            case INTEGER ->
                described.location() == Location.STATUS
                        ? 200
                        : (int) whole(
                                shape,
                                described.location() == Location.HEADER ? 0 : Integer.MIN_VALUE,
                                Integer.MAX_VALUE);
            case LONG -> whole(shape, Long.MIN_VALUE, Long.MAX_VALUE);
            case SHORT -> (short) whole(shape, Short.MIN_VALUE, Short.MAX_VALUE);
            case BYTE -> (byte) whole(shape, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case FLOAT -> (float) fraction(shape);
            case DOUBLE -> fraction(shape);
            case BIG_DECIMAL -> new BigDecimal("12.50");
            case BOOLEAN -> random.nextBoolean();
            case INSTANT -> timestamp(member, described);
            case SDK_BYTES -> blob(shape);
            case DOCUMENT -> document(2);
            case SDK_POJO -> structure(member, shape, depth);
            case LIST -> list(member, (ShapeModel.ListOf) shape, depth);
            case MAP -> map(member, (ShapeModel.MapOf) shape, depth);
            case NULL -> throw new IllegalArgumentException(member + " has no type");
        };
    }

    private Object structure(ShapeMember member, ShapeModel shape, int depth) {
        if (depth >= DEEPEST || (values > MOST_VALUES && depth > 0)) {
            return null;
        }
        SdkPojo builder = member.newBuilder();
        return fill(builder, (ShapeModel.Structure) shape, depth + 1) ? ((Buildable) builder).build() : null;
    }

    private Object list(ShapeMember member, ShapeModel.ListOf shape, int depth) {
        List<Object> elements = new ArrayList<>();
        int size = size(shape.minimumSize(), shape.maximumSize(), depth);
        for (int i = 0; i < size; i++) {
            Object element = value(member.element(), inside(shape.member(), member), depth);
            if (element == null) {
                break;
            }
            elements.add(element);
        }
        return elements.isEmpty() ? null : elements;
    }

    private Object map(ShapeMember member, ShapeModel.MapOf shape, int depth) {
        Map<String, Object> entries = new LinkedHashMap<>();
        int size = size(shape.minimumSize(), shape.maximumSize(), depth);
        for (int i = 0; i < size; i++) {
            Object element = value(member.element(), inside(shape.value(), member), depth);
            if (element == null) {
                break;
            }
            entries.put(
                    text(inside(shape.key(), member), model.shape(shape.key().shape())), element);
        }
        return entries.isEmpty() ? null : entries;
    }

    /** The elements of a list in a header travel in headers too. */
    private static Member inside(Member element, ShapeMember around) {
        Location location = around.location() == MarshallLocation.HEADER ? Location.HEADER : element.location();
        return new Member(
                element.shape(),
                element.required(),
                element.idempotencyToken(),
                element.locationName(),
                element.hostLabel(),
                location);
    }

    private int size(OptionalLong minimum, OptionalLong maximum, int depth) {
        long least = Math.clamp(minimum.orElse(1), 1, 3);
        long most = Math.clamp(maximum.orElse(3), least, 3);
        return depth > 2 || values > MOST_VALUES / 2 ? (int) least : (int) random.nextLong(least, most + 1);
    }

    private String text(Member described, ShapeModel shape) {
        if (described.hostLabel()) {
            return "123456789012";
        }
        if (shape instanceof ShapeModel.Text text) {
            if (!text.values().isEmpty()) {
                return text.values().get(random.nextInt(text.values().size()));
            }
            int least = Math.clamp(text.minimumLength().orElse(1), 1, LONGEST);
            int most = Math.clamp(text.maximumLength().orElse(LONGEST), least, LONGEST);
            return text(described.location(), random.nextInt(least, most + 1));
        }
        return text(described.location(), LONGEST / 2);
    }

    private String text(Location location, int length) {
        StringBuilder text = new StringBuilder();
        boolean tricky = location != Location.HEADER && location != Location.PREFIX_HEADERS && random.nextInt(4) == 0;
        while (text.length() < length) {
            if (tricky && text.length() > 1 && length - text.length() > 4 && random.nextInt(3) == 0) {
                text.append(TRICKY.get(random.nextInt(TRICKY.size())));
            } else {
                text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
        }
        return text.toString();
    }

    private long whole(ShapeModel shape, long least, long most) {
        if (shape instanceof ShapeModel.Numeric numeric) {
            long lower = bound(numeric.minimum(), least);
            long upper = bound(numeric.maximum(), most);
            return lower >= upper ? lower : random.nextLong(lower, upper);
        }
        return random.nextInt(Byte.MAX_VALUE);
    }

    private static long bound(OptionalDouble bound, long otherwise) {
        return bound.isPresent() ? (long) bound.getAsDouble() : otherwise;
    }

    private double fraction(ShapeModel shape) {
        double least = -1_000_000;
        double most = 1_000_000;
        if (shape instanceof ShapeModel.Numeric numeric) {
            least = numeric.minimum().orElse(Math.min(least, numeric.maximum().orElse(most) - 1));
            most = numeric.maximum().orElse(Math.max(most, least + 1));
        }
        return (float) (least + random.nextDouble() * (most - least));
    }

    private Instant timestamp(ShapeMember member, Member described) {
        Instant seconds = Instant.ofEpochSecond(YEAR_2001 + random.nextInt(Integer.MAX_VALUE));
        boolean wholeSeconds = described.location() == Location.HEADER
                // Two of EC2's requests are cut to the second by its client.
                || model.summary().protocols().contains(Protocol.EC2_QUERY)
                || member.timestampFormat().equals(Optional.of(TimestampFormatTrait.Format.RFC_822));
        return wholeSeconds ? seconds : seconds.plusMillis(random.nextInt(1000));
    }

    private SdkBytes blob(ShapeModel shape) {
        int least = 1;
        if (shape instanceof ShapeModel.Blob blob) {
            least = Math.clamp(blob.minimumLength().orElse(1), 1, LONGEST);
        }
        byte[] bytes = new byte[least + random.nextInt(LONGEST)];
        random.nextBytes(bytes);
        return SdkBytes.fromByteArray(bytes);
    }

    private Document document(int depth) {
        Document leaf = Document.fromString(text(Location.BODY, LONGEST));
        if (depth == 0) {
            return leaf;
        }
        return Document.mapBuilder()
                .putDocument("text", leaf)
                .putNumber("whole", Integer.toString(random.nextInt()))
                .putNumber("fraction", "-1.25")
                .putBoolean("flag", random.nextBoolean())
                .putNull("nothing")
                .putDocument("list", Document.fromList(Arrays.asList(document(depth - 1), leaf, Document.fromNull())))
                .putDocument("map", document(depth - 1))
                .build();
    }
}
