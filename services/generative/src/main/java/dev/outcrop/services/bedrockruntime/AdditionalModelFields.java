package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.text.Sampling;
import dev.outcrop.engines.text.TextRequest.Constraint;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.InferenceConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * {@code additionalModelRequestFields}: what a model's family takes beyond Converse's own parameters. Which names a
 * family knows is decided by the model id that the caller gave; an installed model called by its own id takes all of
 * them, and passes on what else there is.
 *
 * <p>Source: Amazon Bedrock User Guide, "Inference request parameters and response fields for foundation models".
 */
final class AdditionalModelFields {
    private static final Set<String> OPENAI =
            Set.of("frequency_penalty", "presence_penalty", "seed", "reasoning_effort", "response_format");
    private static final Set<String> OPEN_WEIGHTS = Set.of(
            "frequency_penalty",
            "presence_penalty",
            "repetition_penalty",
            "seed",
            "top_k",
            "min_p",
            "reasoning_effort",
            "response_format");
    private static final Map<String, Set<String>> BY_PROVIDER = Map.ofEntries(
            Map.entry(
                    "anthropic",
                    Set.of("top_k", "thinking", "reasoning_config", "anthropic_beta", "anthropic_version")),
            Map.entry("amazon", Set.of("inferenceConfig", "reasoningConfig")),
            Map.entry("ai21", Set.of("frequency_penalty", "presence_penalty", "response_format")),
            Map.entry("cohere", Set.of("k", "frequency_penalty", "presence_penalty", "seed", "response_format")),
            Map.entry("mistral", Set.of("top_k", "frequency_penalty", "presence_penalty", "seed", "response_format")),
            Map.entry("openai", OPENAI),
            Map.entry("deepseek", OPEN_WEIGHTS),
            Map.entry("google", OPEN_WEIGHTS),
            Map.entry("minimax", OPEN_WEIGHTS),
            Map.entry("moonshot", OPEN_WEIGHTS),
            Map.entry("nvidia", OPEN_WEIGHTS),
            Map.entry("qwen", OPEN_WEIGHTS));

    private OptionalInt topK = OptionalInt.empty();
    private OptionalDouble minP = OptionalDouble.empty();
    private OptionalDouble frequencyPenalty = OptionalDouble.empty();
    private OptionalDouble presencePenalty = OptionalDouble.empty();
    private OptionalDouble repetitionPenalty = OptionalDouble.empty();
    private OptionalLong seed = OptionalLong.empty();
    private Constraint constraint = new Constraint.None();
    private Optional<Boolean> reasoning = Optional.empty();
    private final Map<String, Object> options = new HashMap<>();

    private AdditionalModelFields() {}

    /**
     * Reads {@code fields} as the family of {@code route}'s model id does.
     *
     * @throws ValidationException if a field is not one of the family's, or has a wrong value
     */
    static AdditionalModelFields of(Optional<Document> fields, TextRoute route) {
        AdditionalModelFields read = new AdditionalModelFields();
        if (fields.isEmpty() || fields.get().isNull()) {
            return read;
        }
        if (!fields.get().isMap()) {
            throw ModelErrors.invalid(
                    "The format of the additionalModelRequestFields field is invalid. Provide a json object"
                            + " for the field and try again.");
        }
        boolean ownId = route.modelId().equals(route.installedId());
        Set<String> known = BY_PROVIDER.getOrDefault(provider(route.modelId()), Set.of());
        fields.get().asMap().forEach((name, value) -> {
            if (!ownId && !known.contains(name)) {
                throw malformed("#: extraneous key [" + name + "] is not permitted");
            }
            read.field(name, value);
        });
        return read;
    }

    /** How to sample, with Converse's own parameters. */
    Sampling sampling(Optional<InferenceConfiguration> configuration) {
        return new Sampling(
                configuration
                        .map(InferenceConfiguration::temperature)
                        .map(AdditionalModelFields::exactly)
                        .orElse(OptionalDouble.empty()),
                configuration
                        .map(InferenceConfiguration::topP)
                        .map(AdditionalModelFields::exactly)
                        .orElse(OptionalDouble.empty()),
                topK,
                minP,
                frequencyPenalty,
                presencePenalty,
                repetitionPenalty,
                seed);
    }

    /** Whether the model is to reason, if the caller says. */
    Optional<Boolean> reasoning() {
        return reasoning;
    }

    /** What the answer must look like. */
    Constraint constraint() {
        return constraint;
    }

    /** What is passed on as it is. */
    Map<String, Object> options() {
        return options;
    }

    private void field(String name, Document value) {
        switch (name) {
            case "top_k", "topK", "k" -> topK = OptionalInt.of(integer(name, value, 0, 500));
            case "min_p" -> minP = OptionalDouble.of(number(name, value, 0, 1));
            case "frequency_penalty" -> frequencyPenalty = OptionalDouble.of(number(name, value, -2, 2));
            case "presence_penalty" -> presencePenalty = OptionalDouble.of(number(name, value, -2, 2));
            case "repetition_penalty" -> repetitionPenalty = OptionalDouble.of(number(name, value, 0, 10));
            case "seed" -> seed = OptionalLong.of(integer(name, value, 0, Integer.MAX_VALUE));
            case "thinking", "reasoning_config", "reasoningConfig" -> reasoning = Optional.of(enabled(name, value));
            case "reasoning_effort" ->
                reasoning = Optional.of(!text(name, value).equals("none"));
            case "response_format" -> constraint = responseFormat(value);
            case "inferenceConfig" -> inferenceConfig(value);
            // They switch features of Anthropic's own models on, none of which changes what an answer here may be.
            case "anthropic_beta", "anthropic_version" -> {}
            default -> options.put(name, value.unwrap());
        }
    }

    private void inferenceConfig(Document value) {
        if (!value.isMap()) {
            throw malformed("#/inferenceConfig: expected type: JSONObject");
        }
        value.asMap().forEach((name, member) -> {
            if (!name.equals("topK")) {
                throw malformed("#/inferenceConfig: extraneous key [" + name + "] is not permitted");
            }
            field(name, member);
        });
    }

    private static boolean enabled(String name, Document value) {
        Optional<String> type = Optional.of(value)
                .filter(Document::isMap)
                .map(map -> map.asMap().get("type"))
                .filter(Document::isString)
                .map(Document::asString);
        return switch (type.orElse("")) {
            case "enabled", "adaptive" -> true;
            case "disabled" -> false;
            default -> throw malformed("#/" + name + "/type: must be one of enabled, disabled, adaptive");
        };
    }

    private static Constraint responseFormat(Document value) {
        Map<String, Document> format = value.isMap() ? value.asMap() : Map.of();
        Document type = format.getOrDefault("type", Document.fromNull());
        return switch (type.isString() ? type.asString() : "") {
            case "text" -> new Constraint.None();
            case "json_object" -> new Constraint.JsonSchema("{\"type\":\"object\"}");
            case "json_schema" -> {
                Document schema = Optional.ofNullable(format.get("json_schema"))
                        .filter(Document::isMap)
                        .map(map -> map.asMap().get("schema"))
                        .filter(Document::isMap)
                        .orElseThrow(() -> malformed("#/response_format/json_schema: required key [schema] not found"));
                yield new Constraint.JsonSchema(JsonDocuments.text(schema));
            }
            default -> throw malformed("#/response_format/type: must be one of text, json_object, json_schema");
        };
    }

    private static int integer(String name, Document value, int minimum, int maximum) {
        double number = number(name, value, minimum, maximum);
        if (number != Math.rint(number)) {
            throw malformed("#/" + name + ": expected type: Integer, found: Double");
        }
        return (int) number;
    }

    private static double number(String name, Document value, double minimum, double maximum) {
        if (!value.isNumber()) {
            throw malformed("#/" + name + ": expected type: Number");
        }
        double number = value.asNumber().doubleValue();
        if (!(number >= minimum)) {
            throw malformed(String.format(
                    Locale.ROOT, "#/%s: %s is not greater or equal to %s", name, plain(number), plain(minimum)));
        }
        if (number > maximum) {
            throw malformed(String.format(
                    Locale.ROOT, "#/%s: %s is not less or equal to %s", name, plain(number), plain(maximum)));
        }
        return number;
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    private static String text(String name, Document value) {
        if (!value.isString()) {
            throw malformed("#/" + name + ": expected type: String");
        }
        return value.asString();
    }

    private static String provider(String modelId) {
        int dot = modelId.indexOf('.');
        return dot < 0 ? "" : modelId.substring(0, dot);
    }

    /** The decimal that the caller wrote: 0.7f as 0.7 and not as 0.699999988. */
    private static OptionalDouble exactly(float value) {
        return OptionalDouble.of(Double.parseDouble(Float.toString(value)));
    }

    private static ValidationException malformed(String what) {
        return ModelErrors.invalid("The model returned the following errors: Malformed input request: " + what
                + ", please reformat your input and try again.");
    }
}
