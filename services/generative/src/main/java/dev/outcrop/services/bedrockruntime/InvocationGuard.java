package dev.outcrop.services.bedrockruntime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.services.bedrockruntime.families.Answer;
import dev.outcrop.services.guardrails.DirectAssessment;
import dev.outcrop.shapes.codec.StructuredCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailAssessment;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * A guardrail around one invocation in a family's own JSON: judges the parts of the prompt that are tagged, or all of it
 * where none is, and tells what it did in the answer's body. The tags themselves do not reach the model.
 *
 * <p>Attacks are looked for in tagged parts only, as on AWS: without tags nothing tells what a user wrote. A text whose
 * tags do not match is judged as a whole, since somebody may have written tags into it.
 *
 * <p>Source: "Apply tags to user input to filter content" and "Test your guardrail", Amazon Bedrock User Guide.
 */
public final class InvocationGuard {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIGURATION = "amazon-bedrock-guardrailConfig";
    private static final Pattern SUFFIX = Pattern.compile("[A-Za-z0-9]{1,20}");

    private final Guarding guarding;
    private final Optional<GuardTags> tags;
    private final boolean later;
    private final byte[] body;

    private InvocationGuard(Guarding guarding, Optional<GuardTags> tags, boolean later, byte[] body) {
        this.guarding = guarding;
        this.tags = tags;
        this.later = later;
        this.body = body;
    }

    /**
     * A guardrail around an invocation with {@code body}.
     *
     * @throws ValidationException if what the body says of the guardrail is no good
     */
    static InvocationGuard of(Guarding guarding, byte[] body) {
        JsonNode tree;
        try {
            tree = JSON.readTree(body);
        } catch (IOException malformed) {
            // The family says what is wrong with it.
            return new InvocationGuard(guarding, Optional.empty(), false, body);
        }
        if (!(tree instanceof ObjectNode object) || !object.has(CONFIGURATION)) {
            return new InvocationGuard(guarding, Optional.empty(), false, body);
        }
        JsonNode configuration = object.remove(CONFIGURATION);
        JsonNode suffix = configuration.path("tagSuffix");
        if (!suffix.isMissingNode()
                && !(suffix.isTextual() && SUFFIX.matcher(suffix.textValue()).matches())) {
            throw ModelErrors.invalid(
                    "The tagSuffix in " + CONFIGURATION + " must have 1 to 20 alphanumeric characters.");
        }
        boolean later = switch (configuration.path("streamProcessingMode").asText("SYNCHRONOUS")) {
            case "SYNCHRONOUS" -> false;
            case "ASYNCHRONOUS" -> true;
            default ->
                throw ModelErrors.invalid(
                        "The streamProcessingMode in " + CONFIGURATION + " must be SYNCHRONOUS or ASYNCHRONOUS.");
        };
        try {
            return new InvocationGuard(
                    guarding,
                    suffix.isMissingNode() ? Optional.empty() : Optional.of(new GuardTags(suffix.textValue())),
                    later,
                    JSON.writeValueAsBytes(object));
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The body as the family reads it. */
    byte[] body() {
        return body;
    }

    /** Judges what the model is asked, and gives it as it may be asked: without tags, masked. */
    public TextRequest input(TextRequest request) {
        List<String> whole = new ArrayList<>();
        long images = 0;
        switch (request.prompt()) {
            case Prompt.Raw(String text) -> whole.add(text);
            case Prompt.Chat chat -> {
                for (Prompt.Message message : chat.messages()) {
                    for (Content part : message.content()) {
                        if (part instanceof Content.Text(String text)) {
                            whole.add(text);
                        } else if (part instanceof Content.Image) {
                            images++;
                        }
                    }
                }
            }
        }
        List<GuardTags.Tagged> tagged = new ArrayList<>();
        boolean any = false;
        for (String text : whole) {
            GuardTags.Tagged parts = tags.map(known -> known.read(text)).orElseGet(() -> GuardTags.untagged(text));
            any |= parts.hasTags();
            tagged.add(parts);
        }
        boolean marked = any;
        List<String> texts = new ArrayList<>();
        List<String> suspects = new ArrayList<>();
        List<String> sources = new ArrayList<>();
        List<String> queries = new ArrayList<>();
        long total = 0;
        for (GuardTags.Tagged parts : tagged) {
            for (GuardTags.Part part : parts.parts()) {
                total += part.text().codePointCount(0, part.text().length());
                if (part.isJudged(marked)) {
                    texts.add(part.text());
                    if (marked) {
                        suspects.add(part.text());
                    }
                }
                if (part.kind() == GuardTags.Kind.SOURCE) {
                    sources.add(part.text());
                } else if (part.kind() == GuardTags.Kind.QUERY) {
                    queries.add(part.text());
                }
            }
        }
        Iterator<String> masked = guarding.judgeInput(
                        texts, suspects, total, images, DirectAssessment.ground(sources, queries))
                .iterator();
        if (!marked && !guarding.masksInput()) {
            return request;
        }
        List<String> replaced = new ArrayList<>();
        for (GuardTags.Tagged parts : tagged) {
            StringBuilder text = new StringBuilder();
            for (GuardTags.Part part : parts.parts()) {
                text.append(part.isJudged(marked) ? masked.next() : part.text());
            }
            replaced.add(text.toString());
        }
        return withTexts(request, replaced.iterator());
    }

    private static TextRequest withTexts(TextRequest request, Iterator<String> texts) {
        Prompt prompt = switch (request.prompt()) {
            case Prompt.Raw _ -> new Prompt.Raw(texts.next());
            case Prompt.Chat chat ->
                new Prompt.Chat(
                        chat.messages().stream()
                                .map(message -> new Prompt.Message(
                                        message.role(),
                                        message.content().stream()
                                                .map(part -> part instanceof Content.Text
                                                        ? new Content.Text(texts.next())
                                                        : part)
                                                .toList()))
                                .toList(),
                        chat.tools(),
                        chat.toolChoice(),
                        chat.reasoning());
        };
        return new TextRequest(
                prompt,
                request.sampling(),
                request.maximumTokens(),
                request.stopSequences(),
                request.constraint(),
                request.logProbabilities(),
                request.scorePrompt(),
                request.timeout(),
                request.options());
    }

    /** Whether the prompt is stopped, so that the model is not asked. */
    public boolean refuses() {
        return guarding.refuses();
    }

    /** What is answered where the prompt is stopped. */
    public Generation refusal() {
        return GuardedGeneration.of(guarding.refusal());
    }

    /** The answer as it may be said. */
    public Answer judged(Answer answer) {
        return guarding.refuses() ? answer : guarding.judged(answer);
    }

    /** The answer as it may be said while it is written. */
    public Generation judged(Generation answer, TextModel model, TextRequest request) {
        return guarding.judged(answer, model, request, later);
    }

    /** Says in the body of an answer, or in the last chunk of one, what the guardrail did. */
    public void tell(ObjectNode answer) {
        action(answer);
        if (!guarding.isTraced()) {
            return;
        }
        ObjectNode trace = answer.putObject("amazon-bedrock-trace").putObject("guardrail");
        trace.put("actionReason", guarding.reason());
        guarding.modelOutput().forEach(trace.withArray("modelOutput")::add);
        trace.set("input", tree(guarding.inputAssessments()));
        trace.withArray("outputs");
        if (!guarding.outputAssessments().isEmpty()) {
            trace.withArray("outputs").add(tree(guarding.outputAssessments()));
        }
    }

    /** Says in a chunk whether the guardrail has intervened. */
    public void action(ObjectNode chunk) {
        chunk.put("amazon-bedrock-guardrailAction", guarding.acted() ? "INTERVENED" : "NONE");
    }

    private static ObjectNode tree(Map<String, GuardrailAssessment> assessments) {
        ObjectNode tree = JSON.createObjectNode();
        assessments.forEach((id, assessment) -> {
            try {
                tree.set(id, JSON.readTree(StructuredCodec.JSON.write(assessment)));
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        });
        return tree;
    }
}
