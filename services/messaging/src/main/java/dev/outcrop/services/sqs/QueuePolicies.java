package dev.outcrop.services.sqs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.policy.MalformedPolicyException;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyUse;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.sqs.model.AddPermissionRequest;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.RemovePermissionRequest;

/**
 * The policies of queues. Who may do what under them IAM decides.
 *
 * <p>Source: "AddPermission" and "RemovePermission" of the Amazon SQS API Reference; "Basic examples of Amazon SQS
 * policies" of the developer guide.
 */
final class QueuePolicies {
    private static final Set<String> ACTIONS = Set.of(
            "*",
            "SendMessage",
            "ReceiveMessage",
            "DeleteMessage",
            "ChangeMessageVisibility",
            "GetQueueAttributes",
            "GetQueueUrl",
            "ListDeadLetterSourceQueues",
            "PurgeQueue");
    private static final int MOST_ACTIONS = 7;
    private static final int MOST_STATEMENTS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Queues queues;
    private final InstantSource clock;

    QueuePolicies(Queues queues, InstantSource clock) {
        this.queues = queues;
        this.clock = clock;
    }

    /**
     * Makes sure that a document is a policy of a queue.
     *
     * @throws AwsError {@code InvalidAttributeValue} if it is not
     */
    static void check(String document) {
        try {
            Policy policy = Policy.parse(document, PolicyUse.RESOURCE);
            if (policy.services().stream().allMatch(service -> service.equalsIgnoreCase("sqs"))) {
                return;
            }
        } catch (MalformedPolicyException malformed) {
            // Told below.
        }
        throw new AwsError("InvalidAttributeValue", 400, "Invalid value for the parameter Policy.");
    }

    void add(AddPermissionRequest request) {
        Queue queue = queues.byUrl(request.queueUrl());
        if (!request.label().matches("[A-Za-z0-9_-]{1,80}")) {
            throw Errors.invalidParameter(
                    request.label(),
                    "Label",
                    "A label can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.");
        }
        if (request.actions().isEmpty()) {
            throw Errors.missingParameter("Actions");
        }
        if (request.awsAccountIds().isEmpty()) {
            throw Errors.missingParameter("AWSAccountIds");
        }
        if (request.actions().size() > MOST_ACTIONS) {
            throw new AwsError(
                    "OverLimit",
                    403,
                    request.actions().size() + " Actions were found, maximum allowed is " + MOST_ACTIONS + ".");
        }
        ObjectNode statement = JSON.createObjectNode();
        statement.put("Sid", request.label()).put("Effect", "Allow");
        ArrayNode principals = statement.putObject("Principal").putArray("AWS");
        for (String account : request.awsAccountIds()) {
            if (!account.matches("[0-9]{12}")) {
                throw Errors.invalidParameter(account, "PrincipalId", "Unable to verify.");
            }
            principals.add("arn:aws:iam::" + account + ":root");
        }
        ArrayNode actions = statement.putArray("Action");
        for (String action : request.actions()) {
            if (!ACTIONS.contains(action)) {
                throw Errors.invalidParameter(
                        action, "ActionName", "Only the queue owner is allowed to invoke this action.");
            }
            actions.add("SQS:" + action);
        }
        statement.put("Resource", queue.arn());
        queues.update(queue, present -> {
            ObjectNode policy = policy(present);
            ArrayNode statements = statements(policy);
            for (JsonNode existing : statements) {
                if (existing.path("Sid").asText().equals(request.label())) {
                    throw Errors.invalidParameter(request.label(), "Label", "Already exists.");
                }
            }
            if (statements.size() == MOST_STATEMENTS) {
                throw new AwsError("OverLimit", 403, MOST_STATEMENTS + " statements were found, which is the maximum.");
            }
            statements.add(statement);
            return with(present, policy.toString());
        });
    }

    void remove(RemovePermissionRequest request) {
        Queue queue = queues.byUrl(request.queueUrl());
        queues.update(queue, present -> {
            ObjectNode policy = policy(present);
            ArrayNode statements = statements(policy);
            for (int i = 0; i < statements.size(); i++) {
                if (statements.get(i).path("Sid").asText().equals(request.label())) {
                    statements.remove(i);
                    return with(present, statements.isEmpty() ? "" : policy.toString());
                }
            }
            throw Errors.invalidParameter(request.label(), "Label", "can't find label on existing policy.");
        });
    }

    private Queue with(Queue queue, String policy) {
        Map<String, String> attributes = new HashMap<>(queue.attributes());
        if (policy.isEmpty()) {
            attributes.remove(QueueAttributeName.POLICY.toString());
        } else {
            attributes.put(QueueAttributeName.POLICY.toString(), policy);
        }
        return queue.with(attributes, clock.millis());
    }

    private static ObjectNode policy(Queue queue) {
        String document = queue.attribute(QueueAttributeName.POLICY).orElse("");
        if (document.isEmpty()) {
            return JSON.createObjectNode().put("Version", "2008-10-17").put("Id", queue.arn() + "/SQSDefaultPolicy");
        }
        try {
            return (ObjectNode) JSON.readTree(document);
        } catch (JsonProcessingException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    /** The statements of a policy as a list, also where there is one alone. */
    private static ArrayNode statements(ObjectNode policy) {
        JsonNode present = policy.path("Statement");
        if (present instanceof ArrayNode array) {
            return array;
        }
        ArrayNode statements = policy.putArray("Statement");
        if (present.isObject()) {
            statements.add(present);
        }
        return statements;
    }
}
