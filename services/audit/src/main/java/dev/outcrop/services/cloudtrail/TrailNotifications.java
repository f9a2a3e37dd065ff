package dev.outcrop.services.cloudtrail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudtrail.model.InsufficientSnsTopicPolicyException;
import software.amazon.awssdk.services.cloudtrail.model.Trail;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * Tells the topics of trails which files were delivered. A topic that cannot be told keeps no file from its bucket, and is
 * not told later.
 *
 * <p>Source: "Configuring Amazon SNS notifications for CloudTrail" and "Amazon SNS topic policy for CloudTrail" of the AWS
 * CloudTrail user guide.
 */
final class TrailNotifications {
    private static final Logger LOG = LoggerFactory.getLogger(TrailNotifications.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TrailStore store;
    private final Supplier<Clients> clients;
    private final InstantSource clock;

    TrailNotifications(TrailStore store, Supplier<Clients> clients, InstantSource clock) {
        this.store = store;
        this.clients = clients;
        this.clock = clock;
    }

    /**
     * Makes sure that CloudTrail may publish to a topic.
     *
     * @param trailArn what it publishes for
     * @throws InsufficientSnsTopicPolicyException if there is no such topic, or its policy does not let it
     */
    void check(String topicArn, String trailArn) {
        String policy;
        try {
            policy = CallContext.current().toBuilder()
                    .region(region(topicArn))
                    .build()
                    .call(() -> sns().getTopicAttributes(request -> request.topicArn(topicArn)))
                    .attributes()
                    .get("Policy");
        } catch (AwsServiceException refusal) {
            if (refusal.statusCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                throw insufficient();
            }
            // The caller may not read it; the delivery will tell.
            return;
        } catch (IllegalArgumentException notServed) {
            throw insufficient();
        }
        if (policy == null || !DeliveryRights.allow(policy, "sns:Publish", topicArn, trailArn)) {
            throw insufficient();
        }
    }

    private static InsufficientSnsTopicPolicyException insufficient() {
        return InsufficientSnsTopicPolicyException.builder()
                .message("SNS Topic does not exist or the topic policy is incorrect!")
                .build();
    }

    private static String region(String topicArn) {
        return topicArn.split(":", 6)[3];
    }

    private SnsClient sns() {
        return clients.get().of(SnsClient.class);
    }

    /** Tells the trail's topic, if it has one, of files in its bucket. */
    void tell(TrailStore.Place place, Trail trail, List<String> keys) {
        String topic = trail.snsTopicARN();
        if (topic == null || keys.isEmpty()) {
            return;
        }
        String message = message(trail.s3BucketName(), keys);
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        String error = "";
        try {
            OwnCalls.call(
                    place.account(),
                    region(topic),
                    place.arn(),
                    () -> sns().publish(request -> request.topicArn(topic).message(message)));
        } catch (AwsServiceException refusal) {
            error = refusal.awsErrorDetails().errorCode();
        } catch (IllegalArgumentException notServed) {
            error = "NotFound";
        }
        if (!error.isEmpty()) {
            LOG.warn("the topic {} of trail {} cannot be told: {}", topic, place.arn(), error);
        }
        String outcome = error;
        store.updateDelivery(place, state -> {
            DeliveryState told = state.telling(DeliveryOutcome.NOTIFICATION_ATTEMPTED, now)
                    .telling(DeliveryOutcome.NOTIFICATION_ERROR, outcome);
            return outcome.isEmpty() ? told.telling(DeliveryOutcome.NOTIFIED, now) : told;
        });
    }

    private static String message(String bucket, List<String> keys) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("s3Bucket", bucket);
        message.put("s3ObjectKey", keys);
        try {
            return JSON.writeValueAsString(message);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
