package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.Prompt.Role;
import dev.outcrop.engines.text.TextModelDescription.Capability;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.kernel.AwsError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockruntime.model.CitationGeneratedContent;
import software.amazon.awssdk.services.bedrockruntime.model.CitationsConfig;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.DocumentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.DocumentContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.DocumentFormat;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailConverseContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ImageBlock;
import software.amazon.awssdk.services.bedrockruntime.model.InferenceConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.S3Location;
import software.amazon.awssdk.services.bedrockruntime.model.SearchResultBlock;
import software.amazon.awssdk.services.bedrockruntime.model.SearchResultContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultStatus;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * A Converse request as what a text model is asked.
 *
 * <p>Documents and search results become labelled text at their place in the conversation. A cache point among the tools
 * stands at the end of the system prompt, or before the first message where there is none, since chat templates write
 * tools and system prompt as one.
 */
final class ConversePrompt {
    private static final Pattern DOCUMENT_NAME = Pattern.compile("(?s)(?!.*\\s\\s)[A-Za-z0-9\\s()\\[\\]_-]+");

    private final TextRoute route;
    private final ConverseRequest request;
    private final DocumentText documents;

    ConversePrompt(TextRoute route, ConverseRequest request, DocumentText documents) {
        this.route = route;
        this.request = request;
        this.documents = documents;
    }

    /**
     * What the model is asked.
     *
     * @throws ValidationException if the request breaks a rule of the API, or asks for what the model cannot do
     */
    TextRequest textRequest() {
        refuseWhatIsNotThereYet();
        new ConversationRules(request, continuesAssistant(route)).check();
        AdditionalModelFields fields =
                AdditionalModelFields.of(Optional.ofNullable(request.additionalModelRequestFields()), route);
        Optional<InferenceConfiguration> inference = Optional.ofNullable(request.inferenceConfig());
        return new TextRequest(
                chat(fields),
                fields.sampling(inference),
                inference
                        .map(InferenceConfiguration::maxTokens)
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty()),
                inference.map(InferenceConfiguration::stopSequences).orElse(List.of()),
                fields.constraint(),
                OptionalInt.empty(),
                false,
                TextRequest.of(new Prompt.Raw("")).timeout(),
                fields.options());
    }

    private void refuseWhatIsNotThereYet() {
        if (request.hasPromptVariables()) {
            throw AwsError.notImplemented("bedrock-runtime", "Converse with prompt variables");
        }
    }

    private static boolean continuesAssistant(TextRoute route) {
        return route.modelId().equals(route.installedId())
                || route.modelId().startsWith("anthropic.")
                || route.modelId().startsWith("amazon.nova-");
    }

    private Prompt.Chat chat(AdditionalModelFields fields) {
        ConverseTools tools =
                request.toolConfig() == null ? ConverseTools.NONE : ConverseTools.of(request.toolConfig());
        List<Prompt.Message> turns = new ArrayList<>();
        List<Content> system = new ArrayList<>();
        for (SystemContentBlock block : request.system()) {
            system.add(systemContent(block));
        }
        if (tools.cachePoint() && !system.isEmpty()) {
            system.add(new Content.CachePoint());
        }
        if (!system.isEmpty()) {
            turns.add(new Prompt.Message(Role.SYSTEM, system));
        }
        for (Message message : request.messages()) {
            List<Content> content = new ArrayList<>();
            if (tools.cachePoint() && turns.isEmpty()) {
                content.add(new Content.CachePoint());
            }
            message.content().forEach(block -> content.addAll(content(block)));
            turns.add(
                    new Prompt.Message(message.role() == ConversationRole.USER ? Role.USER : Role.ASSISTANT, content));
        }
        return new Prompt.Chat(turns, tools.tools(), tools.choice(), reasons(fields));
    }

    private boolean reasons(AdditionalModelFields fields) {
        boolean able = route.model().description().capabilities().contains(Capability.REASONING);
        if (fields.reasoning().orElse(false) && !able) {
            throw unable("reason. Switch reasoning off");
        }
        return able && fields.reasoning().orElseGet(() -> reasonsUnasked(route.modelId()));
    }

    /** Whether AWS's model of this id reasons unless it is told not to. */
    private static boolean reasonsUnasked(String modelId) {
        return modelId.startsWith("deepseek.r1")
                || modelId.startsWith("openai.gpt-oss")
                || modelId.startsWith("mistral.magistral")
                || modelId.contains("-thinking");
    }

    private Content systemContent(SystemContentBlock block) {
        return switch (block.type()) {
            case TEXT -> new Content.Text(block.text());
            case GUARD_CONTENT -> guarded(block.guardContent());
            case CACHE_POINT -> new Content.CachePoint();
            case UNKNOWN_TO_SDK_VERSION -> throw unknownMember("SystemContentBlock");
        };
    }

    private List<Content> content(ContentBlock block) {
        return switch (block.type()) {
            case TEXT -> List.of(new Content.Text(block.text()));
            case IMAGE -> List.of(image(block.image()));
            case DOCUMENT -> List.of(new Content.Text(document(block.document())));
            case TOOL_USE -> List.of(toolCall(block.toolUse()));
            case TOOL_RESULT -> List.of(toolResult(block.toolResult()));
            case GUARD_CONTENT -> List.of(guarded(block.guardContent()));
            case CACHE_POINT -> List.of(new Content.CachePoint());
            case REASONING_CONTENT ->
                block.reasoningContent().reasoningText() == null
                        ? List.of()
                        : List.of(new Content.Reasoning(
                                block.reasoningContent().reasoningText().text()));
            case CITATIONS_CONTENT ->
                List.of(new Content.Text(block.citationsContent().content().stream()
                        .map(CitationGeneratedContent::text)
                        .collect(Collectors.joining())));
            case SEARCH_RESULT -> List.of(new Content.Text(searchResult(block.searchResult())));
            case VIDEO -> throw ModelErrors.unsupportedField("video");
            case AUDIO -> throw ModelErrors.unsupportedField("audio");
            case UNKNOWN_TO_SDK_VERSION -> throw unknownMember("ContentBlock");
        };
    }

    private Content guarded(GuardrailConverseContentBlock block) {
        return switch (block.type()) {
            case TEXT -> new Content.Text(block.text().text());
            case IMAGE ->
                image(
                        block.image().formatAsString(),
                        Optional.ofNullable(block.image().source().bytes()));
            case UNKNOWN_TO_SDK_VERSION -> throw unknownMember("GuardrailConverseContentBlock");
        };
    }

    private Content image(ImageBlock block) {
        refuseObjects(block.source().s3Location());
        return image(block.formatAsString(), Optional.ofNullable(block.source().bytes()));
    }

    private Content image(String format, Optional<SdkBytes> bytes) {
        if (!route.model().description().capabilities().contains(Capability.IMAGES)) {
            throw unable("see images. Remove the images");
        }
        return new Content.Image(
                "image/" + format,
                bytes.orElseThrow(() -> ModelErrors.invalid("The source of an image must hold its bytes."))
                        .asByteArray());
    }

    private static Content toolCall(ToolUseBlock use) {
        return new Content.ToolCall(
                use.toolUseId(), use.name(), use.input() == null ? "{}" : JsonDocuments.text(use.input()));
    }

    private Content toolResult(ToolResultBlock result) {
        String output = result.content().stream().map(this::toolOutput).collect(Collectors.joining("\n"));
        return new Content.ToolResult(result.toolUseId(), output, result.status() == ToolResultStatus.ERROR);
    }

    private String toolOutput(ToolResultContentBlock block) {
        return switch (block.type()) {
            case TEXT -> block.text();
            case JSON -> JsonDocuments.text(block.json());
            case DOCUMENT -> document(block.document());
            case SEARCH_RESULT -> searchResult(block.searchResult());
            case IMAGE -> throw unable("see images in tool results. Remove the images");
            case VIDEO -> throw ModelErrors.unsupportedField("video");
            case UNKNOWN_TO_SDK_VERSION -> throw unknownMember("ToolResultContentBlock");
        };
    }

    private String document(DocumentBlock block) {
        if (!DOCUMENT_NAME.matcher(block.name()).matches()) {
            throw ModelErrors.invalid(
                    "The document file name can only contain alphanumeric characters, whitespace characters, hyphens,"
                            + " parentheses, and square brackets. The name can't contain more than one consecutive"
                            + " whitespace character. Check that the file name conforms to these restrictions and retry"
                            + " your request.");
        }
        refuseCitations(block.citations());
        refuseObjects(block.source().s3Location());
        String text = switch (block.source().type()) {
            case TEXT -> block.source().text();
            case CONTENT ->
                block.source().content().stream()
                        .map(DocumentContentBlock::text)
                        .collect(Collectors.joining("\n"));
            case BYTES ->
                documents.of(
                        block.name(),
                        Optional.ofNullable(block.format()).orElse(DocumentFormat.TXT),
                        block.source().bytes().asByteArray());
            case S3_LOCATION, UNKNOWN_TO_SDK_VERSION ->
                throw ModelErrors.invalid("The source of the document " + block.name() + " is not supported.");
        };
        String context = block.context() == null ? "" : "\nContext: " + block.context();
        return labelled("document", "name=\"" + block.name() + "\"", context + "\n" + text);
    }

    private String searchResult(SearchResultBlock block) {
        refuseCitations(block.citations());
        String text =
                block.content().stream().map(SearchResultContentBlock::text).collect(Collectors.joining("\n"));
        return labelled(
                "search_result", "title=\"" + block.title() + "\" source=\"" + block.source() + "\"", "\n" + text);
    }

    private static String labelled(String element, String label, String text) {
        return "<" + element + " " + label + ">" + text + "\n</" + element + ">\n";
    }

    private static void refuseCitations(CitationsConfig citations) {
        if (citations != null && citations.enabled()) {
            throw ModelErrors.unsupportedField("citations");
        }
    }

    private static void refuseObjects(S3Location location) {
        if (location != null) {
            throw AwsError.notImplemented("bedrock-runtime", "content from Amazon S3");
        }
    }

    private static ValidationException unknownMember(String union) {
        return ModelErrors.invalid("A " + union + " object must have exactly one field, and one that is known here.");
    }

    private ValidationException unable(String what) {
        String model = route.modelId().equals(route.installedId())
                ? "The model " + route.modelId()
                : "The model " + route.installedId() + ", which answers for " + route.modelId() + ",";
        return ModelErrors.invalid(String.format(Locale.ROOT, "%s does not %s and try again.", model, what));
    }
}
