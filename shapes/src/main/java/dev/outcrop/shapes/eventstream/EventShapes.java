package dev.outcrop.shapes.eventstream;

import dev.outcrop.shapes.ShapeModel;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.Buildable;

/** Which event of a stream a shape is, and which shape an event has. */
public final class EventShapes {
    private static final String BUILDER = "Builder";
    private static final ClassValue<Map<String, MethodHandle>> BUILDERS = new ClassValue<>() {
        @Override
        protected Map<String, MethodHandle> computeValue(Class<?> stream) {
            return builders(stream);
        }
    };
    private static final ClassValue<Map<String, String>> TYPES = new ClassValue<>() {
        @Override
        protected Map<String, String> computeValue(Class<?> event) {
            return new ConcurrentHashMap<>();
        }
    };

    private EventShapes() {}

    /**
     * The type of an event: the name of the stream's member that it is.
     *
     * @param stream the event stream, a union of the service description
     * @throws IllegalArgumentException if the stream has no such event, or several with this shape
     */
    public static String typeOf(ShapeModel.Structure stream, SdkPojo event) {
        return TYPES.get(event.getClass())
                .computeIfAbsent(stream.name(), _ -> ownType(event).orElseGet(() -> typeByShape(stream, event)));
    }

    /** Events that were built as members of their stream know their type; others say that they do not. */
    private static Optional<String> ownType(SdkPojo event) {
        try {
            Method method = event.getClass().getMethod("sdkEventType");
            Object type = MethodHandles.publicLookup().unreflect(method).invoke(event);
            return Optional.of(type.toString()).filter(text -> !text.equals("null"));
        } catch (NoSuchMethodException _) {
            return Optional.empty();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot ask " + event.getClass() + " for its event type", e);
        }
    }

    private static String typeByShape(ShapeModel.Structure stream, SdkPojo event) {
        List<String> found = new ArrayList<>();
        for (Class<?> type = event.getClass(); type != null && found.isEmpty(); type = type.getSuperclass()) {
            String shape = type.getSimpleName();
            stream.members().forEach((name, member) -> {
                if (member.shape().equalsIgnoreCase(shape)) {
                    found.add(name);
                }
            });
        }
        if (found.size() != 1) {
            throw new IllegalArgumentException(
                    event.getClass().getSimpleName() + " is not one event of " + stream.name() + " but " + found);
        }
        return found.getFirst();
    }

    /**
     * A builder of the event {@code type}; empty if the stream has no such event.
     *
     * @param stream the SDK's interface of the stream's events, such as {@code ConverseStreamOutput}
     */
    public static Optional<SdkPojo> newBuilder(Class<?> stream, String type) {
        MethodHandle builder = BUILDERS.get(stream).get(type);
        if (builder == null) {
            return Optional.empty();
        }
        try {
            return Optional.of((SdkPojo) builder.invoke());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot build the event " + type + " of " + stream, e);
        }
    }

    private static Map<String, MethodHandle> builders(Class<?> stream) {
        Map<String, MethodHandle> builders = new ConcurrentHashMap<>();
        for (Method method : stream.getMethods()) {
            String name = method.getName();
            if (method.getParameterCount() == 0 && name.endsWith(BUILDER) && method.getDeclaringClass() == stream) {
                try {
                    SdkPojo example = (SdkPojo) method.invoke(null);
                    builders.put(
                            typeOfBuilder(example), MethodHandles.publicLookup().unreflect(method));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("cannot build events with " + method, e);
                }
            }
        }
        return builders;
    }

    private static String typeOfBuilder(SdkPojo builder) {
        SdkPojo event = (SdkPojo) ((Buildable) builder).build();
        return ownType(event)
                .orElseThrow(() -> new IllegalStateException(event.getClass() + " does not know its event type"));
    }
}
