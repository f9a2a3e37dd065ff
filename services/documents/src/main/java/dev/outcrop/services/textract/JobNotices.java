package dev.outcrop.services.textract;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.Clients;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.textract.model.JobStatus;
import software.amazon.awssdk.services.textract.model.NotificationChannel;
import software.amazon.awssdk.services.textract.model.S3Object;

/**
 * Tells a topic that a job has ended, as the role that its request names. Source: "Amazon Textract Results Notification",
 * Amazon Textract Developer Guide.
 */
final class JobNotices {
    private static final Logger LOG = LoggerFactory.getLogger(JobNotices.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Supplier<Clients> clients;
    private final InstantSource clock;

    JobNotices(Supplier<Clients> clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /** Publishes once more or less: a topic that cannot be reached keeps no job from ending. */
    void tell(StoredJob job) {
        NotificationChannel channel = job.request().notificationChannel();
        if (channel == null) {
            return;
        }
        S3Object object = job.request().documentLocation().s3Object();
        ObjectNode message = JSON.createObjectNode()
                .put("JobId", job.id())
                .put("Status", job.status() == JobStatus.FAILED ? "FAILED" : "SUCCEEDED")
                .put("API", job.kind().operation());
        if (job.request().jobTag() != null) {
            message.put("JobTag", job.request().jobTag());
        }
        message.put("Timestamp", clock.millis())
                .putObject("DocumentLocation")
                .put("S3ObjectName", object.name())
                .put("S3Bucket", object.bucket());
        try {
            clients.get()
                    .as(channel.roleArn())
                    .of(SnsClient.class)
                    .publish(publish -> publish.topicArn(channel.snsTopicArn()).message(message.toString()));
        } catch (SdkException refusal) {
            LOG.warn("the topic {} cannot be told of the end of job {}", channel.snsTopicArn(), job.id(), refusal);
        }
    }
}
