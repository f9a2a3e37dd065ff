package dev.outcrop.engines.text.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.Sampling;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.engines.text.openai.OpenAiSettings.Dialect;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Writes requests as the endpoint's dialect has them. */
final class OpenAiRequest {
    private static final int MAXIMUM_ALTERNATIVES = 20;

    private final OpenAiSettings settings;

    OpenAiRequest(OpenAiSettings settings) {
        this.settings = settings;
    }

    ObjectNode body(TextRequest request) {
        if (request.scorePrompt()) {
            throw unsupported("scoring of prompts");
        }
        ObjectNode body = prompt(request.prompt());
        boolean chat = request.prompt() instanceof Prompt.Chat;
        body.put("stream", true).putObject("stream_options").put("include_usage", true);
        // OpenAI's newer models refuse the older name, which is the only one that others know.
        String maximum = chat && settings.dialect() == Dialect.OPENAI ? "max_completion_tokens" : "max_tokens";
        request.maximumTokens().ifPresent(count -> body.put(maximum, count));
        if (!request.stopSequences().isEmpty()) {
            ArrayNode stop = body.putArray("stop");
            request.stopSequences().forEach(stop::add);
        }
        sample(request.sampling(), body);
        constrain(request.constraint(), body);
        request.logProbabilities().ifPresent(count -> {
            if (count < 0 || count > MAXIMUM_ALTERNATIVES) {
                throw new TextModelException(
                        Category.INVALID, "logProbabilities must be between 0 and 20, but is " + count);
            }
            if (chat) {
                body.put("logprobs", true).put("top_logprobs", count);
            } else {
                body.put("logprobs", count);
            }
        });
        request.options().forEach((name, value) -> body.set(name, OpenAiTextModel.MAPPER.valueToTree(value)));
        return body;
    }

    private void sample(Sampling sampling, ObjectNode body) {
        sampling.temperature().ifPresent(value -> body.put("temperature", value));
        sampling.topP().ifPresent(value -> body.put("top_p", value));
        sampling.frequencyPenalty().ifPresent(value -> body.put("frequency_penalty", value));
        sampling.presencePenalty().ifPresent(value -> body.put("presence_penalty", value));
        sampling.seed().ifPresent(value -> body.put("seed", value));
        boolean extended = settings.dialect() == Dialect.LLAMA_SERVER || settings.dialect() == Dialect.VLLM;
        sampling.topK().ifPresent(value -> {
            // vLLM writes "all" as −1, and refuses 0 in some versions.
            body.put(extended(extended, "top_k"), value == 0 && settings.dialect() == Dialect.VLLM ? -1 : value);
        });
        sampling.minP().ifPresent(value -> body.put(extended(extended, "min_p"), value));
        String repetition = settings.dialect() == Dialect.VLLM ? "repetition_penalty" : "repeat_penalty";
        sampling.repetitionPenalty().ifPresent(value -> body.put(extended(extended, repetition), value));
    }

    private String extended(boolean available, String name) {
        if (!available) {
            throw unsupported(name);
        }
        return name;
    }

    private void constrain(TextRequest.Constraint constraint, ObjectNode body) {
        switch (constraint) {
            case TextRequest.Constraint.None none -> {}
            case TextRequest.Constraint.JsonSchema schema -> {
                ObjectNode format = body.putObject("response_format").put("type", "json_schema");
                format.putObject("json_schema")
                        .put("name", "answer")
                        .put("strict", true)
                        .set("schema", json(schema.schema(), "the JSON Schema"));
            }
            case TextRequest.Constraint.Grammar grammar -> {
                switch (settings.dialect()) {
                    case LLAMA_SERVER -> body.put("grammar", grammar.gbnf());
                    case VLLM -> body.putObject("structured_outputs").put("grammar", grammar.gbnf());
                    case OPENAI, OLLAMA -> throw unsupported("grammars");
                }
            }
        }
    }

    private TextModelException unsupported(String what) {
        return new TextModelException(
                Category.UNSUPPORTED, "the endpoint of model " + settings.id() + " does not serve " + what);
    }

    /** Model and prompt alone. */
    ObjectNode prompt(Prompt prompt) {
        ObjectNode body = OpenAiTextModel.MAPPER.createObjectNode().put("model", settings.model());
        switch (prompt) {
            case Prompt.Raw raw -> body.put("prompt", raw.text());
            case Prompt.Chat chat -> {
                ArrayNode messages = body.putArray("messages");
                chat.messages().forEach(message -> add(message, messages));
                addTools(chat, body);
            }
        }
        return body;
    }

    private void add(Prompt.Message message, ArrayNode messages) {
        List<Content> said = message.content().stream()
                .filter(content -> !(content instanceof Content.ToolResult) && !(content instanceof Content.CachePoint))
                .toList();
        // Results of tools are messages of their own and come first: they answer the turn before.
        for (Content content : message.content()) {
            if (content instanceof Content.ToolResult result) {
                messages.addObject()
                        .put("role", "tool")
                        .put("tool_call_id", result.id())
                        .put("content", result.error() ? "Error: " + result.output() : result.output());
            }
        }
        if (said.isEmpty()) {
            return;
        }
        ObjectNode node = messages.addObject().put("role", message.role().name().toLowerCase(Locale.ROOT));
        if (said.stream().anyMatch(Content.Image.class::isInstance)) {
            ArrayNode parts = node.putArray("content");
            said.forEach(content -> addPart(content, parts));
            return;
        }
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        for (Content content : said) {
            switch (content) {
                case Content.Text part ->
                    text.append(text.isEmpty() ? "" : "\n").append(part.text());
                case Content.Reasoning part -> reasoning.append(part.text());
                case Content.ToolCall call -> addCall(call, node.withArray("tool_calls"));
                case Content.Image image -> throw new IllegalStateException("written apart: " + image.mediaType());
                case Content.ToolResult result -> throw new IllegalStateException("written apart: " + result.id());
                case Content.CachePoint point -> throw new IllegalStateException("left out: " + point);
            }
        }
        if (text.isEmpty() && node.has("tool_calls")) {
            node.putNull("content");
        } else {
            node.put("content", text.toString());
        }
        if (!reasoning.isEmpty() && settings.dialect() != Dialect.OPENAI) {
            node.put("reasoning_content", reasoning.toString());
        }
    }

    private static void addPart(Content content, ArrayNode parts) {
        switch (content) {
            case Content.Text text -> parts.addObject().put("type", "text").put("text", text.text());
            case Content.Image image -> {
                String data = Base64.getEncoder().encodeToString(image.bytes());
                parts.addObject()
                        .put("type", "image_url")
                        .putObject("image_url")
                        .put("url", "data:" + image.mediaType() + ";base64," + data);
            }
            default -> throw new TextModelException(Category.INVALID, "an image stands among text only");
        }
    }

    private static void addCall(Content.ToolCall call, ArrayNode calls) {
        calls.addObject()
                .put("id", call.id())
                .put("type", "function")
                .putObject("function")
                .put("name", call.name())
                .put("arguments", call.input());
    }

    private static void addTools(Prompt.Chat chat, ObjectNode body) {
        if (chat.tools().isEmpty()) {
            return;
        }
        ArrayNode tools = body.putArray("tools");
        for (Prompt.Tool tool : chat.tools()) {
            tools.addObject()
                    .put("type", "function")
                    .putObject("function")
                    .put("name", tool.name())
                    .put("description", tool.description())
                    .set("parameters", json(tool.inputSchema(), "the input schema of tool " + tool.name()));
        }
        switch (chat.toolChoice()) {
            case Prompt.ToolChoice.Auto auto -> body.put("tool_choice", "auto");
            case Prompt.ToolChoice.None none -> body.put("tool_choice", "none");
            case Prompt.ToolChoice.Any any -> body.put("tool_choice", "required");
            case Prompt.ToolChoice.Named named ->
                body.putObject("tool_choice")
                        .put("type", "function")
                        .putObject("function")
                        .put("name", named.name());
        }
    }

    private static JsonNode json(String text, String what) {
        try {
            return OpenAiTextModel.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new TextModelException(Category.INVALID, what + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
