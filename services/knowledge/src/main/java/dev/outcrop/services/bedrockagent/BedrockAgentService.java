package dev.outcrop.services.bedrockagent;

import dev.outcrop.services.bedrockagent.prompts.Prompts;
import software.amazon.awssdk.services.bedrockagent.BedrockAgentClient;
import software.amazon.awssdk.services.bedrockagent.model.CreatePromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.CreatePromptResponse;
import software.amazon.awssdk.services.bedrockagent.model.CreatePromptVersionRequest;
import software.amazon.awssdk.services.bedrockagent.model.CreatePromptVersionResponse;
import software.amazon.awssdk.services.bedrockagent.model.DeletePromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.DeletePromptResponse;
import software.amazon.awssdk.services.bedrockagent.model.GetPromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.GetPromptResponse;
import software.amazon.awssdk.services.bedrockagent.model.ListPromptsRequest;
import software.amazon.awssdk.services.bedrockagent.model.ListPromptsResponse;
import software.amazon.awssdk.services.bedrockagent.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.bedrockagent.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.bedrockagent.model.TagResourceRequest;
import software.amazon.awssdk.services.bedrockagent.model.TagResourceResponse;
import software.amazon.awssdk.services.bedrockagent.model.UntagResourceRequest;
import software.amazon.awssdk.services.bedrockagent.model.UntagResourceResponse;
import software.amazon.awssdk.services.bedrockagent.model.UpdatePromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.UpdatePromptResponse;

/** Amazon Bedrock's control plane of what is built on models: prompts. */
public final class BedrockAgentService implements BedrockAgentClient {
    private final Prompts prompts;

    public BedrockAgentService(Prompts prompts) {
        this.prompts = prompts;
    }

    @Override
    public CreatePromptResponse createPrompt(CreatePromptRequest request) {
        return prompts.create(request);
    }

    @Override
    public CreatePromptVersionResponse createPromptVersion(CreatePromptVersionRequest request) {
        return prompts.createVersion(request);
    }

    @Override
    public DeletePromptResponse deletePrompt(DeletePromptRequest request) {
        return prompts.delete(request);
    }

    @Override
    public GetPromptResponse getPrompt(GetPromptRequest request) {
        return prompts.get(request);
    }

    @Override
    public ListPromptsResponse listPrompts(ListPromptsRequest request) {
        return prompts.list(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(prompts.tags(request.resourceArn()))
                .build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        prompts.tag(request.resourceArn(), request.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        prompts.untag(request.resourceArn(), request.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public UpdatePromptResponse updatePrompt(UpdatePromptRequest request) {
        return prompts.update(request);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds nothing of its own.
    }
}
