package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.kernel.EventStreams;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsAsyncClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailResponseHandler;

/** The operation of CloudWatch Logs that answers with an event stream. */
public final class CloudWatchLogsStreams implements CloudWatchLogsAsyncClient {
    private final CloudWatchLogsService logs;

    /** @param logs the service that the events arrive at */
    public CloudWatchLogsStreams(CloudWatchLogsService logs) {
        this.logs = logs;
    }

    @Override
    public CompletableFuture<Void> startLiveTail(StartLiveTailRequest request, StartLiveTailResponseHandler handler) {
        LiveTail tail = logs.liveTail(request);
        return EventStreams.publish(handler, StartLiveTailResponse.builder().build(), sink -> logs.run(tail, sink));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
