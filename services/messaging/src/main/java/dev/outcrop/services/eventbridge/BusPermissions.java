package dev.outcrop.services.eventbridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.patterns.JsonValue;
import dev.outcrop.kernel.policy.MalformedPolicyException;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyUse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.eventbridge.model.PolicyLengthExceededException;
import software.amazon.awssdk.services.eventbridge.model.PutPermissionRequest;
import software.amazon.awssdk.services.eventbridge.model.RemovePermissionRequest;

/**
 * Who else may use a bus: its policy, as a whole or statement by statement.
 *
 * <p>Source: PutPermission and RemovePermission of the API reference.
 */
final class BusPermissions {
    private static final int LARGEST = 10_240;

    private final EventBuses buses;

    BusPermissions(EventBuses buses) {
        this.buses = buses;
    }

    void put(PutPermissionRequest request) {
        BusName bus = BusName.of(request.eventBusName());
        if (request.policy() != null) {
            String policy = checked(request.policy());
            buses.change(bus, present -> present.toBuilder().policy(policy).build());
            return;
        }
        if (request.statementId() == null || request.action() == null || request.principal() == null) {
            throw Errors.invalid("Parameter(s) Action, Principal and StatementId must be specified, or else Policy.");
        }
        if (!request.action().equals("events:PutEvents")) {
            throw Errors.invalid("Provided value in parameter 'action' is not supported.");
        }
        JsonValue statement = statement(bus, request);
        buses.change(bus, present -> {
            List<JsonValue> statements = others(present.policy(), request.statementId());
            statements.add(statement);
            return present.toBuilder().policy(checked(document(statements))).build();
        });
    }

    private static JsonValue statement(BusName bus, PutPermissionRequest request) {
        Map<String, JsonValue> statement = new LinkedHashMap<>();
        statement.put("Sid", new JsonValue.Text(request.statementId()));
        statement.put("Effect", new JsonValue.Text("Allow"));
        statement.put(
                "Principal",
                request.principal().equals("*")
                        ? new JsonValue.Text("*")
                        : new JsonValue.Fields(
                                Map.of("AWS", new JsonValue.Text("arn:aws:iam::" + request.principal() + ":root"))));
        statement.put("Action", new JsonValue.Text(request.action()));
        statement.put("Resource", new JsonValue.Text(bus.arn()));
        if (request.condition() != null) {
            statement.put(
                    "Condition",
                    new JsonValue.Fields(Map.of(
                            request.condition().type(),
                            new JsonValue.Fields(Map.of(
                                    request.condition().key(),
                                    new JsonValue.Text(request.condition().value()))))));
        }
        return new JsonValue.Fields(statement);
    }

    void remove(RemovePermissionRequest request) {
        BusName bus = BusName.of(request.eventBusName());
        boolean all = Boolean.TRUE.equals(request.removeAllPermissions());
        if (!all && request.statementId() == null) {
            throw Errors.invalid("Parameter StatementId or RemoveAllPermissions must be specified.");
        }
        buses.change(bus, present -> {
            if (all) {
                return present.toBuilder().policy(null).build();
            }
            if (present.policy() == null) {
                throw Errors.missing("EventBus does not have a policy.");
            }
            List<JsonValue> rest = others(present.policy(), request.statementId());
            if (rest.size() == statements(present.policy()).size()) {
                throw Errors.missing("Statement with the provided id does not exist.");
            }
            return present.toBuilder()
                    .policy(rest.isEmpty() ? null : document(rest))
                    .build();
        });
    }

    private static List<JsonValue> others(String policy, String statementId) {
        List<JsonValue> others = new ArrayList<>(statements(policy));
        others.removeIf(statement -> statement instanceof JsonValue.Fields(Map<String, JsonValue> fields)
                && new JsonValue.Text(statementId).equals(fields.get("Sid")));
        return others;
    }

    private static List<JsonValue> statements(String policy) {
        try {
            if (policy != null && JsonValue.read(policy) instanceof JsonValue.Fields(Map<String, JsonValue> document)) {
                return switch (Optional.ofNullable(document.get("Statement")).orElse(JsonValue.Constant.NULL)) {
                    case JsonValue.Elements(List<JsonValue> several) -> several;
                    case JsonValue.Fields one -> List.of(one);
                    default -> List.of();
                };
            }
            return List.of();
        } catch (IOException impossible) {
            throw new IllegalStateException("a policy that was accepted cannot be read", impossible);
        }
    }

    private static String document(List<JsonValue> statements) {
        Map<String, JsonValue> document = new LinkedHashMap<>();
        document.put("Version", new JsonValue.Text("2012-10-17"));
        document.put("Statement", new JsonValue.Elements(statements));
        return new JsonValue.Fields(document).json();
    }

    private static String checked(String policy) {
        if (policy.getBytes(UTF_8).length > LARGEST) {
            throw PolicyLengthExceededException.builder()
                    .message("Policy length exceeds the maximum of " + LARGEST + " bytes.")
                    .build();
        }
        try {
            Policy.parse(policy, PolicyUse.RESOURCE);
        } catch (MalformedPolicyException malformed) {
            throw Errors.invalid("Policy is not valid. Reason: " + malformed.getMessage());
        }
        return policy;
    }
}
