package dev.outcrop.services.sqs;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.messaging.PermissionStatements;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
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
        if (!PermissionStatements.isPolicy(document, "sqs")) {
            throw new AwsError("InvalidAttributeValue", 400, "Invalid value for the parameter Policy.");
        }
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
        for (String account : request.awsAccountIds()) {
            if (!account.matches("[0-9]{12}")) {
                throw Errors.invalidParameter(account, "PrincipalId", "Unable to verify.");
            }
        }
        for (String action : request.actions()) {
            if (!ACTIONS.contains(action)) {
                throw Errors.invalidParameter(
                        action, "ActionName", "Only the queue owner is allowed to invoke this action.");
            }
        }
        List<String> actions =
                request.actions().stream().map(action -> "SQS:" + action).toList();
        queues.update(queue, present -> {
            PermissionStatements statements = statements(present);
            if (statements.has(request.label())) {
                throw Errors.invalidParameter(request.label(), "Label", "Already exists.");
            }
            if (statements.size() == MOST_STATEMENTS) {
                throw new AwsError("OverLimit", 403, MOST_STATEMENTS + " statements were found, which is the maximum.");
            }
            statements.add(request.label(), request.awsAccountIds(), actions, queue.arn());
            return with(present, statements.document());
        });
    }

    void remove(RemovePermissionRequest request) {
        Queue queue = queues.byUrl(request.queueUrl());
        queues.update(queue, present -> {
            PermissionStatements statements = statements(present);
            if (!statements.remove(request.label())) {
                throw Errors.invalidParameter(request.label(), "Label", "can't find label on existing policy.");
            }
            return with(present, statements.document());
        });
    }

    private static PermissionStatements statements(Queue queue) {
        return PermissionStatements.of(
                queue.attribute(QueueAttributeName.POLICY).orElse(""), queue.arn() + "/SQSDefaultPolicy");
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
}
