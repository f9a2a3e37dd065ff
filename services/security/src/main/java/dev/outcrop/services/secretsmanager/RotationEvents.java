package dev.outcrop.services.secretsmanager;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.events.ServiceEvents;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Tells the event bus of a secret's account how its rotation goes, which nobody's call says. It is told whether or not a
 * trail logs, and at least once.
 *
 * <p>Source: "AWS CloudTrail entries for Secrets Manager" and "Match AWS Secrets Manager events with Amazon EventBridge" of
 * the user guide.
 */
final class RotationEvents {
    static final String STARTED = "RotationStarted";
    static final String SUCCEEDED = "RotationSucceeded";
    static final String FAILED = "RotationFailed";

    private static final String SERVICE = "secretsmanager.amazonaws.com";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServiceEvents events;
    private final Ids ids;
    private final InstantSource clock;

    RotationEvents(ServiceEvents events, Ids ids, InstantSource clock) {
        this.events = events;
        this.ids = ids;
        this.clock = clock;
    }

    void tell(Secret secret, String what) {
        events.publish(
                new ServiceEvents.Origin(secret.account(), secret.region(), "aws.secretsmanager"),
                "AWS Service Event via CloudTrail",
                List.of(),
                () -> detail(secret, what));
    }

    private String detail(Secret secret, String what) {
        ObjectNode detail = JSON.createObjectNode().put("eventVersion", "1.08");
        detail.putObject("userIdentity").put("accountId", secret.account()).put("invokedBy", SERVICE);
        detail.put("eventTime", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("eventSource", SERVICE)
                .put("eventName", what)
                .put("awsRegion", secret.region())
                .put("sourceIPAddress", SERVICE)
                .put("userAgent", SERVICE)
                .putNull("requestParameters")
                .putNull("responseElements");
        detail.putObject("additionalEventData").put("SecretId", secret.arn());
        return detail.put("eventID", ids.uuid())
                .put("readOnly", false)
                .put("eventType", "AwsServiceEvent")
                .put("managementEvent", true)
                .put("recipientAccountId", secret.account())
                .put("eventCategory", "Management")
                .toString();
    }
}
