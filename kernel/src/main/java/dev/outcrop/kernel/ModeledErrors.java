package dev.outcrop.kernel;

import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.shapes.ShapeModel.ErrorTrait;
import dev.outcrop.storage.StorageUnavailableException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;

/**
 * The classes by which a client tells a service's errors apart, found from the {@code throws} clauses of its interface
 * when the first error occurs.
 */
final class ModeledErrors {
    private static final Logger LOG = LoggerFactory.getLogger(ModeledErrors.class);
    static final int CLIENT_CLOSED_REQUEST = 499;

    private final ServiceModel model;
    private final Class<?> clientInterface;
    private volatile Tables tables;

    ModeledErrors(ServiceModel model, Class<?> clientInterface) {
        this.model = model;
        this.clientInterface = clientInterface;
    }

    /** What {@code thrown}, thrown by or on the way to the service, is to the caller with {@code requestId}. */
    Answer.Failure failure(String requestId, Throwable thrown) {
        return switch (thrown) {
            case AwsServiceException exception -> ofException(requestId, exception);
            case AwsError error -> ofCode(requestId, error.code(), error.status(), error.getMessage(), error.details());
            case ClientGone gone -> ofCode(requestId, "ClientGone", CLIENT_CLOSED_REQUEST, gone.getMessage(), Map.of());
            case StorageUnavailableException unavailable -> {
                log(model.summary().id(), requestId, unavailable);
                yield unavailable(requestId);
            }
            default -> {
                log(model.summary().id(), requestId, thrown);
                yield internal(requestId);
            }
        };
    }

    /** Whether the client has a class for errors of {@code code}. */
    boolean isModeled(String code) {
        return tables().byCode.containsKey(code);
    }

    /** The disk is full, or cannot be written: the caller's data was not taken, and may be sent again. */
    private Answer.Failure unavailable(String requestId) {
        String code = isModeled("ServiceUnavailableException") ? "ServiceUnavailableException" : "ServiceUnavailable";
        String message =
                "The server's storage is full or cannot be written at present. Nothing was stored; the server's"
                        + " log says more under request id " + requestId;
        return ofCode(requestId, code, 503, message, Map.of());
    }

    private Answer.Failure internal(String requestId) {
        String message = internalMessage(requestId);
        for (String code : new String[] {"InternalServerException", "InternalServerError", "InternalFailure"}) {
            if (isModeled(code)) {
                return ofCode(requestId, code, 500, message, Map.of());
            }
        }
        return ofCode(requestId, "InternalFailure", 500, message, Map.of());
    }

    private Answer.Failure ofException(String requestId, AwsServiceException exception) {
        Optional<ErrorTrait> trait = Optional.ofNullable(tables().byClass.get(exception.getClass()));
        AwsErrorDetails given = exception.awsErrorDetails();
        String message = given != null && given.errorMessage() != null ? given.errorMessage() : rawMessage(exception);
        String code = trait.map(ErrorTrait::code)
                .or(() -> Optional.ofNullable(given).map(AwsErrorDetails::errorCode))
                .orElse("InternalFailure");
        int status = trait.map(ErrorTrait::status).orElse(exception.statusCode() >= 400 ? exception.statusCode() : 500);
        AwsServiceException complete = complete(exception.toBuilder(), requestId, code, status, message);
        return new Answer.Failure(code, status, message, status >= 500, complete, trait.isPresent(), Map.of());
    }

    private Answer.Failure ofCode(
            String requestId, String code, int status, String message, Map<String, String> details) {
        Modeled modeled = tables().byCode.get(code);
        if (modeled != null) {
            AwsServiceException.Builder builder = modeled.newBuilder.get();
            Map<String, String> further = setMembers(builder, details);
            int modeledStatus = modeled.trait.status();
            AwsServiceException exception = complete(builder, requestId, code, modeledStatus, message);
            return new Answer.Failure(code, modeledStatus, message, modeledStatus >= 500, exception, true, further);
        }
        AwsServiceException exception = complete(tables().newBaseBuilder.get(), requestId, code, status, message);
        return new Answer.Failure(code, status, message, status >= 500, exception, false, details);
    }

    /** Sets those of {@code details} that are members of the error's class, and gives the others. */
    private static Map<String, String> setMembers(AwsServiceException.Builder builder, Map<String, String> details) {
        if (details.isEmpty()) {
            return details;
        }
        Map<String, String> further = new LinkedHashMap<>(details);
        for (SdkField<?> field : builder.sdkFields()) {
            if (field.marshallingType().getTargetClass() == String.class) {
                String value = further.remove(field.locationName());
                if (value != null) {
                    field.set(builder, value);
                }
            }
        }
        return further;
    }

    static void log(String who, String requestId, Throwable thrown) {
        LOG.error("{} failed, request {}", who, requestId, thrown);
    }

    static String internalMessage(String requestId) {
        return "The service failed unexpectedly; the server's log says why under request id " + requestId;
    }

    private AwsServiceException complete(
            AwsServiceException.Builder builder, String requestId, String code, int status, String message) {
        return complete(
                builder, requestId, code, status, message, model.summary().serviceId());
    }

    static AwsServiceException complete(
            AwsServiceException.Builder builder,
            String requestId,
            String code,
            int status,
            String message,
            String serviceName) {
        return builder.message(message)
                .requestId(requestId)
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .serviceName(serviceName)
                        .build())
                .build();
    }

    private static String rawMessage(AwsServiceException exception) {
        return exception.getMessage() == null ? "" : exception.getMessage();
    }

    private Tables tables() {
        Tables present = tables;
        if (present == null) {
            present = new Tables(model, clientInterface);
            tables = present;
        }
        return present;
    }

    private record Modeled(ErrorTrait trait, Supplier<AwsServiceException.Builder> newBuilder) {}

    /** The classes by code, and the traits by class. */
    private static final class Tables {
        private final Map<String, Modeled> byCode = new HashMap<>();
        private final Map<Class<?>, ErrorTrait> byClass = new HashMap<>();
        private final Supplier<AwsServiceException.Builder> newBaseBuilder;

        Tables(ServiceModel model, Class<?> clientInterface) {
            Map<String, Class<?>> classes = new HashMap<>();
            Class<?> base = AwsServiceException.class;
            for (Method method : clientInterface.getMethods()) {
                for (Class<?> exception : method.getExceptionTypes()) {
                    if (exception.getSuperclass() == AwsServiceException.class) {
                        base = exception;
                    } else if (AwsServiceException.class.isAssignableFrom(exception)) {
                        classes.put(exception.getSimpleName().toLowerCase(Locale.ROOT), exception);
                    }
                }
            }
            if (classes.isEmpty()) {
                base = undeclared(model, clientInterface, classes);
            }
            newBaseBuilder = builder(base);
            for (ShapeModel shape : model.shapes().values()) {
                if (shape instanceof ShapeModel.Structure structure) {
                    structure.error().ifPresent(trait -> add(classes.get(className(structure.name())), trait));
                }
            }
        }

        /** Finds the classes of a client that has no plain calls: the methods of async ones declare no exceptions. */
        private static Class<?> undeclared(
                ServiceModel model, Class<?> clientInterface, Map<String, Class<?>> classes) {
            Class<?> base = AwsServiceException.class;
            for (ShapeModel shape : model.shapes().values()) {
                if (shape instanceof ShapeModel.Structure structure
                        && structure.error().isPresent()) {
                    try {
                        Class<?> type = Class.forName(
                                clientInterface.getPackageName() + ".model." + structure.name(),
                                true,
                                clientInterface.getClassLoader());
                        classes.put(className(structure.name()), type);
                        base = type.getSuperclass();
                    } catch (ClassNotFoundException unnamed) {
                        // The client has no class for it; callers get the service's own.
                        LOG.debug("{} has no class for {}", clientInterface, structure.name(), unnamed);
                    }
                }
            }
            return base;
        }

        private void add(Class<?> type, ErrorTrait trait) {
            if (type != null) {
                byCode.putIfAbsent(trait.code(), new Modeled(trait, builder(type)));
                byClass.put(type, trait);
            }
        }

        /** The SDK's name for the class of an error shape, in lower case since abbreviations are written differently. */
        private static String className(String shape) {
            String stem = shape.endsWith("Fault") ? shape.substring(0, shape.length() - "Fault".length()) : shape;
            String name = stem.endsWith("Exception") ? stem : stem + "Exception";
            return name.toLowerCase(Locale.ROOT);
        }

        private static Supplier<AwsServiceException.Builder> builder(Class<?> type) {
            try {
                Method method = type.getMethod("builder");
                return () -> {
                    try {
                        return (AwsServiceException.Builder) method.invoke(null);
                    } catch (IllegalAccessException | InvocationTargetException failure) {
                        throw new IllegalStateException(type + " cannot be built", failure);
                    }
                };
            } catch (NoSuchMethodException failure) {
                throw new IllegalArgumentException(type + " has no builder", failure);
            }
        }
    }
}
