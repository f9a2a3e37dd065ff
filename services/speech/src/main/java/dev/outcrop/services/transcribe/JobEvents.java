package dev.outcrop.services.transcribe;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.events.ServiceEvents;
import java.util.List;
import software.amazon.awssdk.services.transcribe.model.TranscriptionJob;

/**
 * Tells the event bus of the current call's account what became of a job, at least once.
 *
 * <p>Source: "Using Amazon EventBridge with Amazon Transcribe" of the developer guide.
 */
final class JobEvents {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServiceEvents events;

    JobEvents(ServiceEvents events) {
        this.events = events;
    }

    void ended(TranscriptionJob job) {
        CallContext call = CallContext.current();
        events.publish(
                new ServiceEvents.Origin(call.account(), call.region(), "aws.transcribe"),
                "Transcribe Job State Change",
                List.of(),
                () -> JSON.createObjectNode()
                        .put("TranscriptionJobName", job.transcriptionJobName())
                        .put("TranscriptionJobStatus", job.transcriptionJobStatusAsString())
                        .toString());
    }
}
