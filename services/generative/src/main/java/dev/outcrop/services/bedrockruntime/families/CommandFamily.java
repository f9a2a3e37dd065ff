package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.GenerationEvent.TokenProbability;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.engines.text.chat.FamilyPrompts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Cohere Command and Command Light.
 *
 * <p>A stream comes in pieces only where the body says {@code "stream": true}; without it, its one chunk is the whole
 * response.
 *
 * <p>Source: <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-command.html">Cohere
 * Command models</a>.
 */
final class CommandFamily implements TextFamily {
    private static final int MAXIMUM = 4096;

    @Override
    public Exchange read(byte[] body, Invocation invocation) {
        JsonFields fields = JsonFields.strict(body);
        String prompt = fields.requiredText("prompt");
        OptionalDouble temperature = fields.number("temperature", 0, 5);
        OptionalDouble p = fields.number("p", 0, 1);
        OptionalDouble k = fields.number("k", 0, 500);
        OptionalInt maximum = fields.integer("max_tokens", 1, MAXIMUM);
        List<String> stopSequences = fields.strings("stop_sequences", 4);
        String likelihoods = fields.choice("return_likelihoods", List.of("NONE", "GENERATION", "ALL"))
                .orElse("NONE");
        boolean pieces = fields.flag("stream").orElse(false);
        OptionalInt generations = fields.integer("num_generations", 1, 5);
        if (generations.orElse(1) > 1) {
            fields.note("num_generations", "one generation is made here at a time");
        }
        if (fields.object("logit_bias").map(bias -> !bias.isEmpty()).orElse(false)) {
            fields.note("logit_bias", "token ids of Cohere's tokenizer mean nothing to the model that answers");
        }
        if (!fields.choice("truncate", List.of("NONE", "START", "END"))
                .orElse("NONE")
                .equals("NONE")) {
            fields.note("truncate", "a prompt that is too long is refused here, not truncated");
        }
        fields.nothingElse();
        fields.check();
        TextRequest plain = Decoding.of(
                        OptionalDouble.of(temperature.orElse(0.9)),
                        OptionalDouble.of(p.orElse(0.75)),
                        OptionalInt.of((int) k.orElse(0)),
                        OptionalInt.of(maximum.orElse(20)),
                        stopSequences)
                .request(FamilyPrompts.read(prompt));
        boolean scored = !likelihoods.equals("NONE");
        TextRequest request = new TextRequest(
                plain.prompt(),
                plain.sampling(),
                plain.maximumTokens(),
                plain.stopSequences(),
                plain.constraint(),
                scored ? OptionalInt.of(0) : OptionalInt.empty(),
                likelihoods.equals("ALL"),
                plain.timeout(),
                Map.of());
        return new Written(request, prompt, pieces, scored, invocation.uuid(), invocation.uuid());
    }

    private record Written(
            TextRequest request, String prompt, boolean pieces, boolean scored, String id, String generationId)
            implements Exchange {
        @Override
        public ObjectNode body(Answer answer) {
            ObjectNode body = JsonFields.MAPPER.createObjectNode();
            ObjectNode generation = body.putArray("generations").addObject();
            generation.put("finish_reason", finishReason(answer.reason()));
            generation.put("id", generationId);
            if (scored) {
                List<TokenProbability> tokens = answer.probabilities();
                generation.put(
                        "likelihood",
                        tokens.stream()
                                .mapToDouble(TokenProbability::logProbability)
                                .average()
                                .orElse(0));
                ArrayNode likelihoods = generation.putArray("token_likelihoods");
                for (TokenProbability token : tokens) {
                    likelihoods.addObject().put("token", token.token()).put("likelihood", token.logProbability());
                }
            }
            generation.put("text", answer.text());
            body.put("id", id);
            body.put("prompt", prompt);
            return body;
        }

        @Override
        public Chunks chunks() {
            return pieces ? Written::piece : new Whole(this);
        }

        private static List<ObjectNode> piece(GenerationEvent event) {
            return switch (event) {
                case GenerationEvent.Text(String text) -> {
                    ObjectNode piece = JsonFields.MAPPER.createObjectNode();
                    piece.put("is_finished", false);
                    piece.put("text", text);
                    yield List.of(piece);
                }
                case Finished finished -> {
                    ObjectNode last = JsonFields.MAPPER.createObjectNode();
                    last.put("finish_reason", finishReason(finished.reason()));
                    last.put("is_finished", true);
                    yield List.of(last);
                }
                default -> List.of();
            };
        }
    }

    private static String finishReason(FinishReason reason) {
        return switch (reason) {
            case END_OF_TURN, STOP_SEQUENCE, TOOL_CALL -> "COMPLETE";
            case MAXIMUM_TOKENS -> "MAX_TOKENS";
            case CONTENT_FILTERED -> "ERROR_TOXIC";
        };
    }

    /** One chunk at the end. */
    private static final class Whole implements Exchange.Chunks {
        private final Written written;
        private final Answer.Pieces pieces = new Answer.Pieces();

        Whole(Written written) {
            this.written = written;
        }

        @Override
        public List<ObjectNode> next(GenerationEvent event) {
            Optional<Answer> answer = pieces.add(event);
            return answer.map(written::body).map(List::of).orElseGet(List::of);
        }
    }
}
