package dev.outcrop.services.cloudtrail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ServiceUnavailableException;

/** CloudWatch Logs, played: the streams of one group. */
final class PlayedLogs implements CloudWatchLogsClient {
    final Map<String, List<InputLogEvent>> streams = new LinkedHashMap<>();
    boolean down;

    private final String group;

    PlayedLogs(String group) {
        this.group = group;
    }

    @Override
    public CreateLogStreamResponse createLogStream(CreateLogStreamRequest request) {
        checkGroup(request.logGroupName());
        if (streams.putIfAbsent(request.logStreamName(), new ArrayList<>()) != null) {
            throw ResourceAlreadyExistsException.builder()
                    .message("The specified log stream already exists")
                    .build();
        }
        return CreateLogStreamResponse.builder().build();
    }

    @Override
    public PutLogEventsResponse putLogEvents(PutLogEventsRequest request) {
        if (down) {
            throw ServiceUnavailableException.builder().message("down").build();
        }
        checkGroup(request.logGroupName());
        Optional.ofNullable(streams.get(request.logStreamName()))
                .orElseThrow(() -> ResourceNotFoundException.builder()
                        .message("The specified log stream does not exist.")
                        .build())
                .addAll(request.logEvents());
        return PutLogEventsResponse.builder().build();
    }

    private void checkGroup(String name) {
        if (!name.equals(group)) {
            throw ResourceNotFoundException.builder()
                    .message("The specified log group does not exist.")
                    .build();
        }
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
