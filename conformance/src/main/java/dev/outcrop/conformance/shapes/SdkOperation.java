package dev.outcrop.conformance.shapes;

import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.shapes.ShapeModel.ErrorTrait;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;

/**
 * An operation as a method of the SDK's client.
 *
 * @param model    the description
 * @param method   the client's method
 * @param request  class of requests
 * @param response class of responses
 */
record SdkOperation(OperationModel model, Method method, Class<?> request, Class<?> response) {
    private static final Class<?>[][] FORMS = {
        {}, {RequestBody.class}, {ResponseTransformer.class}, {RequestBody.class, ResponseTransformer.class}
    };

    /** The operation, if {@code method} is its plain form. */
    static Optional<SdkOperation> of(Method method, OperationModel model) {
        Class<?>[] more = Arrays.copyOfRange(method.getParameterTypes(), 1, method.getParameterCount());
        if (Arrays.stream(FORMS).noneMatch(form -> Arrays.equals(form, more))) {
            return Optional.empty();
        }
        if (AwsResponse.class.isAssignableFrom(method.getReturnType())) {
            return Optional.of(new SdkOperation(model, method, method.getParameterTypes()[0], method.getReturnType()));
        }
        if (more.length > 0 && more[more.length - 1] == ResponseTransformer.class) {
            ParameterizedType transformer =
                    (ParameterizedType) method.getGenericParameterTypes()[method.getParameterCount() - 1];
            Class<?> response = (Class<?>) transformer.getActualTypeArguments()[0];
            return Optional.of(new SdkOperation(model, method, method.getParameterTypes()[0], response));
        }
        return Optional.empty();
    }

    /** Whether the request's body is a stream of bytes. */
    boolean sendsStream() {
        return Arrays.asList(method.getParameterTypes()).contains(RequestBody.class);
    }

    /** Whether the response's body is a stream of bytes. */
    boolean receivesStream() {
        return Arrays.asList(method.getParameterTypes()).contains(ResponseTransformer.class);
    }

    /** The errors that the description declares and the SDK has a class for. */
    List<ModeledError> errors(ServiceModel service) {
        Map<String, Class<?>> classes = new HashMap<>();
        for (Class<?> type : method.getExceptionTypes()) {
            classes.put(comparable(type.getSimpleName()), type);
        }
        return model.errors().stream()
                .filter(shape -> classes.containsKey(comparable(shape)))
                // Of two shapes that come to one class, the SDK knows the code of one only.
                .filter(shape -> service.shapes().keySet().stream()
                                .filter(other -> comparable(other).equals(comparable(shape)))
                                .count()
                        == 1)
                .map(shape -> new ModeledError(
                        shape,
                        ((ShapeModel.Structure) service.shape(shape)).error().orElseThrow(),
                        classes.get(comparable(shape))))
                .toList();
    }

    /** The SDK gives every error's class the same ending. */
    private static String comparable(String name) {
        return name.toLowerCase(Locale.ROOT).replaceFirst("(exception|fault)$", "");
    }

    SdkPojo newRequest() {
        return builder(request);
    }

    SdkPojo newResponse() {
        return builder(response);
    }

    private static SdkPojo builder(Class<?> type) {
        try {
            return (SdkPojo) type.getMethod("builder").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName(), e);
        }
    }

    /** Calls the operation; what the client throws is thrown as it is. */
    Object call(Object client, Object... arguments) {
        try {
            return method.invoke(client, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return model.name();
    }

    /**
     * An error that the operation declares.
     *
     * @param shape name of the error's structure
     * @param trait what is known of it as an error
     * @param type  the SDK's class
     */
    record ModeledError(String shape, ErrorTrait trait, Class<?> type) {
        SdkPojo newBuilder() {
            return builder(type);
        }

        @Override
        public String toString() {
            return shape;
        }
    }
}
