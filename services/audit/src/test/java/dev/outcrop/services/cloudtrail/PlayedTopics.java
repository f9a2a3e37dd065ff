package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.ProtectedResources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesResponse;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;

/** Amazon SNS, played: one topic and what was published to it. */
final class PlayedTopics implements SnsClient, ProtectedResources {
    final List<String> messages = new ArrayList<>();

    private final String arn;
    private volatile String policy;

    PlayedTopics(String arn, String policy) {
        this.arn = arn;
        this.policy = policy;
    }

    @Override
    public List<String> resources(String operation, SdkRequest request, List<String> named) {
        return request instanceof PublishRequest publish ? List.of(publish.topicArn()) : named;
    }

    @Override
    public Optional<String> policy(String resource) {
        return Optional.of(policy).filter(_ -> resource.equals(arn));
    }

    @Override
    public GetTopicAttributesResponse getTopicAttributes(GetTopicAttributesRequest request) {
        if (!request.topicArn().equals(arn)) {
            throw NotFoundException.builder().message("Topic does not exist").build();
        }
        return GetTopicAttributesResponse.builder()
                .attributes(Map.of("Policy", policy))
                .build();
    }

    void changePolicy(String changed) {
        policy = changed;
    }

    @Override
    public PublishResponse publish(PublishRequest request) {
        messages.add(request.message());
        return PublishResponse.builder()
                .messageId(Integer.toString(messages.size()))
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
