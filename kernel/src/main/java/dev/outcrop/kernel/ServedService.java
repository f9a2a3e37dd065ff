package dev.outcrop.kernel;

import dev.outcrop.kernel.authorization.AuthorizationTable;
import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.ServiceModel;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkRequest;

/**
 * A service that the house serves: its description, and the object that implements its SDK client interface. An
 * operation counts as implemented where that object's class itself declares the method; what the SDK's interface does by
 * default does not count.
 */
public final class ServedService {
    private final ServiceModel model;
    private final Class<?> clientInterface;
    private final Optional<Class<?>> asyncClientInterface;
    private final Map<String, ServedOperation> operations;
    private final ModeledErrors errors;
    private final Optional<ProtectedResources> resources;
    private final Optional<CrossOriginRules> origins;

    private ServedService(ServiceModel model, SdkClient client, Optional<SdkClient> asyncClient) {
        this.model = model;
        clientInterface = clientInterface(client.getClass());
        asyncClientInterface = asyncClient.map(async -> clientInterface(async.getClass()));
        Map<String, OperationModel> byMethodName = new HashMap<>();
        for (OperationModel operation : model.operations().values()) {
            byMethodName.put(operation.name().toLowerCase(Locale.ROOT), operation);
        }
        AuthorizationTable table = AuthorizationTable.of(model);
        Map<String, ServedOperation> found = new HashMap<>();
        collect(table, client, clientInterface, byMethodName, found);
        asyncClient.ifPresent(async -> collect(table, async, asyncClientInterface.orElseThrow(), byMethodName, found));
        Map<String, ServedOperation> inModelOrder = new LinkedHashMap<>();
        for (String name : model.operations().keySet()) {
            if (found.containsKey(name)) {
                inModelOrder.put(name, found.get(name));
            }
        }
        operations = inModelOrder;
        errors = new ModeledErrors(model, clientInterface);
        resources = client instanceof ProtectedResources known ? Optional.of(known) : Optional.empty();
        origins = client instanceof CrossOriginRules known ? Optional.of(known) : Optional.empty();
    }

    /**
     * The service described by {@code model}.
     *
     * @param client      implements the service's sync client interface
     * @param asyncClient implements its async client interface as far as event streams go, if it has some
     */
    public static ServedService of(ServiceModel model, SdkClient client, Optional<SdkClient> asyncClient) {
        return new ServedService(model, client, asyncClient);
    }

    /** The service's id, such as {@code bedrock-runtime}. */
    public String id() {
        return model.summary().id();
    }

    public ServiceModel model() {
        return model;
    }

    /** The operations that are implemented, in the order of the description. */
    public Collection<ServedOperation> operations() {
        return operations.values();
    }

    /** The operation called {@code name} in the description, if it is implemented. */
    public Optional<ServedOperation> operation(String name) {
        return Optional.ofNullable(operations.get(name));
    }

    /** The SDK's interface that the service implements. */
    public Class<?> clientInterface() {
        return clientInterface;
    }

    /** The SDK's async interface that the service's event streams implement, if it has some. */
    public Optional<Class<?>> asyncClientInterface() {
        return asyncClientInterface;
    }

    /** The name that the service goes by where it calls others, such as {@code bedrock.amazonaws.com}. */
    public String principalName() {
        return model.summary().signingName() + ".amazonaws.com";
    }

    /** What the service tells IAM of its resources, if it does. */
    Optional<ProtectedResources> resources() {
        return resources;
    }

    /** What the service's resources say to pages, if they do. */
    public Optional<CrossOriginRules> origins() {
        return origins;
    }

    /** The classes of the client that stand for the service's errors. */
    ModeledErrors errors() {
        return errors;
    }

    private static void collect(
            AuthorizationTable table,
            SdkClient client,
            Class<?> clientInterface,
            Map<String, OperationModel> byMethodName,
            Map<String, ServedOperation> found) {
        for (Class<?> type = client.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Method declared : type.getDeclaredMethods()) {
                OperationModel operation = byMethodName.get(declared.getName().toLowerCase(Locale.ROOT));
                if (operation != null && isOperation(declared) && !found.containsKey(operation.name())) {
                    interfaceMethod(clientInterface, declared)
                            .flatMap(
                                    method -> ServedOperation.of(operation, table.operation(operation), method, client))
                            .ifPresent(served -> found.put(operation.name(), served));
                }
            }
        }
    }

    private static boolean isOperation(Method method) {
        return Modifier.isPublic(method.getModifiers())
                && !method.isBridge()
                && method.getParameterCount() > 0
                && SdkRequest.class.isAssignableFrom(method.getParameterTypes()[0]);
    }

    private static Optional<Method> interfaceMethod(Class<?> clientInterface, Method declared) {
        try {
            return Optional.of(clientInterface.getMethod(declared.getName(), declared.getParameterTypes()));
        } catch (NoSuchMethodException absent) {
            return Optional.empty();
        }
    }

    private static Class<?> clientInterface(Class<?> implementation) {
        for (Class<?> type = implementation; type != null; type = type.getSuperclass()) {
            for (Class<?> candidate : List.of(type.getInterfaces())) {
                if (SdkClient.class.isAssignableFrom(candidate)) {
                    return candidate;
                }
            }
        }
        throw new IllegalArgumentException(implementation + " implements no SDK client interface");
    }
}
