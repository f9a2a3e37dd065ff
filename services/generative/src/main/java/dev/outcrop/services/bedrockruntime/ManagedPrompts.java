package dev.outcrop.services.bedrockruntime;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.shapes.Shapes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.bedrockagent.BedrockAgentClient;
import software.amazon.awssdk.services.bedrockagent.model.ChatPromptTemplateConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.GetPromptResponse;
import software.amazon.awssdk.services.bedrockagent.model.PromptInputVariable;
import software.amazon.awssdk.services.bedrockagent.model.PromptModelInferenceConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.PromptVariant;
import software.amazon.awssdk.services.bedrockagent.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagent.model.TextPromptTemplateConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.CachePointBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InferenceConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * Conversations that name a prompt of Prompt management in a model's place: they become conversations with the model of the
 * prompt's default variant. Whoever has one must be allowed to render the prompt and to invoke its model; the prompt itself
 * is asked for by the house. What a variable holds is put in as it is, and never read as a template again.
 *
 * <p>Source: "Test a prompt using Prompt management" and "Prerequisites for prompt management", Amazon Bedrock user guide;
 * Converse of the API reference.
 */
public final class ManagedPrompts {
    private static final Pattern ARN = Pattern.compile(
            "arn:aws[a-z-]*:bedrock:([a-z0-9-]+):([0-9]{12}):prompt/([0-9a-zA-Z]{10})(?::([0-9]{1,5}))?");
    private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*([0-9a-zA-Z_-]{1,200})\\s*}}");

    private final Supplier<BedrockAgentClient> agents;

    /** The prompts that {@code agents} knows; the client is asked for anew in each call. */
    public ManagedPrompts(Supplier<BedrockAgentClient> agents) {
        this.agents = agents;
    }

    /** Where there are no prompts. */
    public static ManagedPrompts none() {
        return new ManagedPrompts(() -> {
            throw AwsError.notImplemented("bedrock-agent", "GetPrompt");
        });
    }

    /**
     * {@code request} itself, or what a prompt makes of it.
     *
     * @param arns   what must be allowed to be invoked for a model id
     * @param action that must be allowed, such as {@code bedrock:InvokeModel}
     * @throws ValidationException if it holds what a conversation with a prompt, or one without, cannot hold
     */
    ConverseRequest resolved(ConverseRequest request, String action, Function<String, List<String>> arns) {
        Matcher arn = ARN.matcher(request.modelId());
        if (!arn.matches()) {
            if (request.hasPromptVariables()) {
                throw ModelErrors.invalid(
                        "The promptVariables field can only be used with a prompt from Prompt management. Specify the"
                                + " ARN of a prompt in the modelId field, or remove promptVariables and try again.");
            }
            return request;
        }
        checkFields(request);
        CallContext call = CallContext.current();
        if (!arn.group(1).equals(call.region()) || !arn.group(2).equals(call.account())) {
            throw ModelErrors.invalid("The provided model identifier is invalid.");
        }
        PromptVariant variant = variant(prompt(call, arn.group(3), Optional.ofNullable(arn.group(4))));
        String modelId = Optional.ofNullable(variant.modelId())
                .orElseThrow(() -> variant.genAiResource() != null
                        ? AwsError.notImplemented("bedrock-runtime", "inference with a prompt of an agent")
                        : ModelErrors.invalid("The prompt doesn't specify a model. Specify a modelId in the variant of"
                                + " the prompt and try again."));
        arns.apply(modelId).forEach(model -> call.require(action, model));
        return rendered(request, variant, modelId);
    }

    private static void checkFields(ConverseRequest request) {
        List<String> refused = new ArrayList<>();
        if (request.additionalModelRequestFields() != null) {
            refused.add("additionalModelRequestFields");
        }
        if (request.inferenceConfig() != null) {
            refused.add("inferenceConfig");
        }
        if (request.hasSystem()) {
            refused.add("system");
        }
        if (request.toolConfig() != null) {
            refused.add("toolConfig");
        }
        if (!refused.isEmpty()) {
            throw ModelErrors.invalid(
                    "If you use a prompt from Prompt management, you can't include the following fields"
                            + " in the request: " + String.join(", ", refused)
                            + ". Define these fields through Prompt management and try again.");
        }
    }

    private GetPromptResponse prompt(CallContext call, String id, Optional<String> version) {
        CallContext house = call.toBuilder()
                .principal(Principal.service("bedrock.amazonaws.com", call.account()))
                .build();
        try {
            return house.call(() -> agents.get()
                    .getPrompt(request -> request.promptIdentifier(id).promptVersion(version.orElse(null))));
        } catch (ResourceNotFoundException missing) {
            throw software.amazon.awssdk.services.bedrockruntime.model.ResourceNotFoundException.builder()
                    .message(missing.awsErrorDetails().errorMessage())
                    .build();
        }
    }

    private static PromptVariant variant(GetPromptResponse prompt) {
        return prompt.variants().stream()
                .filter(variant -> variant.name().equals(prompt.defaultVariant()))
                .findFirst()
                .or(() -> prompt.variants().stream().findFirst())
                .orElseThrow(() -> ModelErrors.invalid(
                        "The prompt doesn't have a variant. Add a variant to the prompt and try again."));
    }

    private static ConverseRequest rendered(ConverseRequest request, PromptVariant variant, String modelId) {
        ConverseRequest.Builder rendered = request.toBuilder().modelId(modelId).promptVariables(null);
        List<Message> messages = new ArrayList<>();
        TextPromptTemplateConfiguration text = variant.templateConfiguration().text();
        ChatPromptTemplateConfiguration chat = variant.templateConfiguration().chat();
        if (text != null) {
            Variables variables = new Variables(text.inputVariables(), request);
            List<ContentBlock> content = new ArrayList<>(List.of(ContentBlock.fromText(variables.in(text.text()))));
            if (text.cachePoint() != null) {
                content.add(cachePoint(text.cachePoint()));
            }
            messages.add(Message.builder()
                    .role(ConversationRole.USER)
                    .content(content)
                    .build());
        } else {
            Variables variables = new Variables(chat.inputVariables(), request);
            chat.messages()
                    .forEach(message -> messages.add(Message.builder()
                            .role(message.roleAsString())
                            .content(message.content().stream()
                                    .map(block -> block.text() != null
                                            ? ContentBlock.fromText(variables.in(block.text()))
                                            : cachePoint(block.cachePoint()))
                                    .toList())
                            .build()));
            if (chat.hasSystem()) {
                rendered.system(chat.system().stream()
                        .map(block -> block.text() != null
                                ? SystemContentBlock.fromText(variables.in(block.text()))
                                : SystemContentBlock.fromCachePoint(
                                        Shapes.copy(block.cachePoint(), CachePointBlock.builder())
                                                .build()))
                        .toList());
            }
            if (chat.toolConfiguration() != null) {
                rendered.toolConfig(Shapes.copy(chat.toolConfiguration(), ToolConfiguration.builder())
                        .build());
            }
        }
        messages.addAll(request.messages());
        Optional<PromptModelInferenceConfiguration> inference =
                Optional.ofNullable(variant.inferenceConfiguration()).map(configuration -> configuration.text());
        inference.ifPresent(configuration -> rendered.inferenceConfig(
                Shapes.copy(configuration, InferenceConfiguration.builder()).build()));
        return rendered.messages(messages)
                .additionalModelRequestFields(variant.additionalModelRequestFields())
                .build();
    }

    private static ContentBlock cachePoint(
            software.amazon.awssdk.services.bedrockagent.model.CachePointBlock cachePoint) {
        return ContentBlock.fromCachePoint(
                Shapes.copy(cachePoint, CachePointBlock.builder()).build());
    }

    /** The values of a template's variables. */
    private static final class Variables {
        private final Map<String, String> values = new HashMap<>();

        Variables(List<PromptInputVariable> declared, ConverseRequest request) {
            TreeSet<String> missing = new TreeSet<>();
            TreeSet<String> unknown = new TreeSet<>(request.promptVariables().keySet());
            for (PromptInputVariable variable : declared) {
                unknown.remove(variable.name());
                Optional<String> value = Optional.ofNullable(
                                request.promptVariables().get(variable.name()))
                        .map(given -> given.text());
                value.ifPresentOrElse(given -> values.put(variable.name(), given), () -> missing.add(variable.name()));
            }
            if (!missing.isEmpty()) {
                throw ModelErrors.invalid("The promptVariables field must hold a value for each variable of the prompt."
                        + " Values are missing for: " + String.join(", ", missing) + ".");
            }
            if (!unknown.isEmpty()) {
                throw ModelErrors.invalid("The promptVariables field holds variables that the prompt doesn't have: "
                        + String.join(", ", unknown) + ".");
            }
        }

        String in(String template) {
            return VARIABLE.matcher(template)
                    .replaceAll(variable ->
                            Matcher.quoteReplacement(values.getOrDefault(variable.group(1), variable.group())));
        }
    }
}
