package dev.outcrop.services.bedrockruntime;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.bedrockruntime.model.CachePointBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.DocumentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultStatus;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * What a conversation must be before any model sees it: who speaks when, nothing blank, and every tool use followed by
 * its result. Messages are those of Amazon Bedrock.
 *
 * <p>Source: Amazon Bedrock User Guide, "Using the Converse API" and "API restrictions".
 */
final class ConversationRules {
    private static final int MOST_DOCUMENTS = 5;
    private static final int MOST_CACHE_POINTS = 4;

    private final ConverseRequest request;
    private final boolean endsWithAssistantAllowed;

    /**
     * The rules for one request.
     *
     * @param endsWithAssistantAllowed whether the model may be asked to go on with what the assistant has begun to say
     */
    ConversationRules(ConverseRequest request, boolean endsWithAssistantAllowed) {
        this.request = request;
        this.endsWithAssistantAllowed = endsWithAssistantAllowed;
    }

    /**
     * Checks the request.
     *
     * @throws ValidationException at the first rule that it breaks
     */
    void check() {
        List<Message> messages = request.messages();
        if (messages.isEmpty()) {
            throw ModelErrors.invalid(
                    "A conversation must have at least one message. Add a message to the conversation and"
                            + " try again.");
        }
        checkRoles(messages);
        for (int i = 0; i < request.system().size(); i++) {
            checkSystem(request.system().get(i), "system." + i);
        }
        for (int i = 0; i < messages.size(); i++) {
            checkContent(messages.get(i), "messages." + i);
        }
        checkTools(messages);
        checkDocuments(messages);
        checkCachePoints(messages);
    }

    private void checkRoles(List<Message> messages) {
        if (messages.getFirst().role() != ConversationRole.USER) {
            throw ModelErrors.invalid(
                    "A conversation must start with a user message. Try again with a conversation that"
                            + " starts with a user message.");
        }
        for (int i = 1; i < messages.size(); i++) {
            if (messages.get(i).role() == messages.get(i - 1).role()) {
                throw ModelErrors.invalid(
                        "A conversation must alternate between user and assistant roles. Make sure the"
                                + " conversation alternates between user and assistant roles and try again.");
            }
        }
        if (messages.getLast().role() == ConversationRole.ASSISTANT && !endsWithAssistantAllowed) {
            throw ModelErrors.invalid(
                    "A conversation must end with a user message. Try again with a conversation that ends"
                            + " with a user message.");
        }
    }

    private static void checkSystem(SystemContentBlock block, String place) {
        if (block.text() != null && block.text().isBlank()) {
            throw blank("text field in the SystemContentBlock object", place, "text", "text");
        }
    }

    private static void checkContent(Message message, String place) {
        if (message.content().isEmpty()) {
            throw ModelErrors.invalid("The content field in the Message object at " + place
                    + " is empty. Add a ContentBlock object to the content field and try again.");
        }
        boolean user = message.role() == ConversationRole.USER;
        for (int i = 0; i < message.content().size(); i++) {
            ContentBlock block = message.content().get(i);
            String blockPlace = place + ".content." + i;
            if (block.text() != null && block.text().isBlank()) {
                throw blank("text field in the ContentBlock object", blockPlace, "text", "text");
            }
            if (user) {
                checkUserBlock(block, blockPlace);
            } else {
                checkAssistantBlock(block, blockPlace);
            }
        }
    }

    private static void checkUserBlock(ContentBlock block, String place) {
        if (block.toolUse() != null) {
            throw ModelErrors.invalid(
                    "User messages cannot contain tool uses. Please remove the tool uses and try again.");
        }
        if (block.reasoningContent() != null) {
            throw ModelErrors.invalid(
                    "User messages cannot contain reasoning content. Please remove the reasoning content and try again.");
        }
        ToolResultBlock result = block.toolResult();
        if (result == null) {
            return;
        }
        if (result.status() == ToolResultStatus.ERROR && result.content().isEmpty()) {
            throw ModelErrors.invalid(
                    "The content field at " + place + ".toolResult cannot be empty when status value is error.");
        }
        for (int i = 0; i < result.content().size(); i++) {
            ToolResultContentBlock content = result.content().get(i);
            if (content.json() != null && !content.json().isMap()) {
                throw notAnObject(place + ".toolResult.content." + i + ".json");
            }
        }
    }

    private static void checkAssistantBlock(ContentBlock block, String place) {
        if (block.toolResult() != null) {
            throw assistantHas("tool results");
        }
        if (block.image() != null) {
            throw assistantHas("images");
        }
        if (block.document() != null) {
            throw assistantHas("documents");
        }
        if (block.toolUse() != null
                && block.toolUse().input() != null
                && !block.toolUse().input().isMap()) {
            throw notAnObject(place + ".toolUse.input");
        }
    }

    private void checkTools(List<Message> messages) {
        Set<String> awaited = Set.of();
        for (int i = 0; i < messages.size(); i++) {
            String place = "messages." + i + ".content";
            List<String> uses = messages.get(i).content().stream()
                    .map(ContentBlock::toolUse)
                    .filter(use -> use != null)
                    .map(ToolUseBlock::toolUseId)
                    .toList();
            List<String> results = messages.get(i).content().stream()
                    .map(ContentBlock::toolResult)
                    .filter(result -> result != null)
                    .map(ToolResultBlock::toolUseId)
                    .toList();
            if (request.toolConfig() == null && !(uses.isEmpty() && results.isEmpty())) {
                throw ModelErrors.invalid(
                        "The toolConfig field must be defined when using toolUse and toolResult content blocks.");
            }
            checkDistinct(uses, "toolUse", place);
            checkDistinct(results, "toolResult", place);
            if (results.size() > awaited.size()) {
                throw ModelErrors.invalid("The number of toolResult blocks at " + place
                        + " exceeds the number of toolUse blocks of previous turn.");
            }
            Set<String> missing = new LinkedHashSet<>(awaited);
            results.forEach(missing::remove);
            if (!missing.isEmpty()) {
                throw ModelErrors.invalid("Expected toolResult blocks at " + place + " for the following Ids: "
                        + String.join(",", missing));
            }
            awaited = new LinkedHashSet<>(uses);
        }
    }

    private static void checkDistinct(List<String> ids, String kind, String place) {
        Set<String> seen = new HashSet<>();
        String repeated = ids.stream().filter(id -> !seen.add(id)).distinct().collect(Collectors.joining(","));
        if (!repeated.isEmpty()) {
            throw ModelErrors.invalid("The " + kind + " blocks at " + place + " contain duplicate Ids: " + repeated);
        }
    }

    private static void checkDocuments(List<Message> messages) {
        Set<String> names = new HashSet<>();
        int count = 0;
        for (Message message : messages) {
            for (ContentBlock block : message.content()) {
                List<DocumentBlock> documents = documents(block);
                count += documents.size();
                for (DocumentBlock document : documents) {
                    if (!names.add(document.name())) {
                        throw ModelErrors.invalid(
                                "Messages can't contain duplicate document names. Rename the document and retry your"
                                        + " request.");
                    }
                }
            }
            boolean hasDocument = message.content().stream().anyMatch(block -> block.document() != null);
            boolean hasText =
                    message.content().stream().anyMatch(block -> block.text() != null || block.guardContent() != null);
            if (hasDocument && !hasText) {
                throw ModelErrors.invalid("A text block must be included when using documents.");
            }
        }
        if (count > MOST_DOCUMENTS) {
            throw ModelErrors.invalid("A conversation can contain at most " + MOST_DOCUMENTS
                    + " documents, but this one has " + count + ". Remove documents and try again.");
        }
    }

    private static List<DocumentBlock> documents(ContentBlock block) {
        if (block.document() != null) {
            return List.of(block.document());
        }
        if (block.toolResult() == null) {
            return List.of();
        }
        return block.toolResult().content().stream()
                .map(ToolResultContentBlock::document)
                .filter(document -> document != null)
                .toList();
    }

    private void checkCachePoints(List<Message> messages) {
        long count = messages.stream()
                        .flatMap(message -> message.content().stream())
                        .map(ContentBlock::cachePoint)
                        .filter(ConversationRules::present)
                        .count()
                + request.system().stream()
                        .map(SystemContentBlock::cachePoint)
                        .filter(ConversationRules::present)
                        .count();
        if (request.toolConfig() != null) {
            count += request.toolConfig().tools().stream()
                    .map(Tool::cachePoint)
                    .filter(ConversationRules::present)
                    .count();
        }
        if (count > MOST_CACHE_POINTS) {
            throw ModelErrors.invalid("The model returned the following errors: A maximum of " + MOST_CACHE_POINTS
                    + " blocks with cache_control may be provided. Found " + count + ".");
        }
    }

    private static boolean present(CachePointBlock point) {
        return point != null;
    }

    private static ValidationException blank(String field, String place, String missing, String name) {
        return ModelErrors.invalid("The " + field + " at " + place + " is blank. Add " + missing + " to the " + name
                + " field, and try again.");
    }

    private static ValidationException notAnObject(String place) {
        return ModelErrors.invalid("The format of the value at " + place
                + " is invalid. Provide a json object for the field and try again.");
    }

    private static ValidationException assistantHas(String what) {
        return ModelErrors.invalid(
                "Assistant messages cannot contain " + what + ". Please remove the " + what + " and try again.");
    }
}
