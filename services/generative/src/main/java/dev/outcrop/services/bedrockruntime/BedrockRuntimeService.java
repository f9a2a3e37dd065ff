package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.embedding.EmbeddingException;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.kernel.Access;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.services.bedrockruntime.Guarding.Tracing;
import dev.outcrop.services.bedrockruntime.families.InvokedBody;
import dev.outcrop.services.bedrockruntime.families.ModelFamilies;
import dev.outcrop.services.guardrails.Applied;
import dev.outcrop.services.guardrails.DirectAssessment;
import dev.outcrop.services.guardrails.GuardrailLookup;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ApplyGuardrailRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ApplyGuardrailResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseTokensRequest;
import software.amazon.awssdk.services.bedrockruntime.model.CountTokensInput;
import software.amazon.awssdk.services.bedrockruntime.model.CountTokensRequest;
import software.amazon.awssdk.services.bedrockruntime.model.CountTokensResponse;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;

/** Amazon Bedrock Runtime, as far as one answer goes; streams are in {@link BedrockRuntimeStreams}. */
public final class BedrockRuntimeService implements BedrockRuntimeClient, ProtectedResources {
    static final String JSON = "application/json";

    private final ModelRouting routing;
    private final ModelFamilies families;
    private final GuardrailLookup guardrails;
    private final Converse converse;
    private final ManagedPrompts prompts;

    /** The service over the models that {@code routing} finds, and nothing around them. */
    public BedrockRuntimeService(
            ModelRouting routing, ModelFamilies families, GuardrailLookup guardrails, RandomGenerator random) {
        this(routing, families, guardrails, random, Surroundings.NONE);
    }

    /**
     * The service over the models that {@code routing} finds.
     *
     * @param random makes the ids of tool uses
     */
    public BedrockRuntimeService(
            ModelRouting routing,
            ModelFamilies families,
            GuardrailLookup guardrails,
            RandomGenerator random,
            Surroundings surroundings) {
        this.prompts = surroundings.prompts();
        this.routing = routing;
        this.families = families;
        this.guardrails = guardrails;
        this.converse = new Converse(routing, guardrails, random);
    }

    @Override
    public ApplyGuardrailResponse applyGuardrail(ApplyGuardrailRequest request) {
        try {
            return DirectAssessment.of(
                    request, guardrails.find(request.guardrailIdentifier(), request.guardrailVersion()));
        } catch (EmbeddingException failure) {
            throw ModelErrors.of(failure);
        } catch (TextModelException failure) {
            throw ModelErrors.of(failure);
        }
    }

    @Override
    public ConverseResponse converse(ConverseRequest request) {
        return converse.answer(prompts.resolved(request, "bedrock:InvokeModel", routing::arns));
    }

    @Override
    public CountTokensResponse countTokens(CountTokensRequest request) {
        CountTokensInput input = request.input();
        int tokens = switch (input.type()) {
            case CONVERSE -> converse.countTokens(conversation(request.modelId(), input.converse()));
            case INVOKE_MODEL -> {
                TextRoute route = routing.text(request.modelId());
                byte[] body = input.invokeModel().body().asByteArray();
                yield Converse.countTokens(
                        route, families.text(route, body, false).request());
            }
            case UNKNOWN_TO_SDK_VERSION ->
                throw ModelErrors.invalid("The input field must hold an invokeModel or a converse field.");
        };
        return CountTokensResponse.builder().inputTokens(tokens).build();
    }

    @Override
    public InvokeModelResponse invokeModel(InvokeModelRequest request) {
        byte[] body = bytes(Optional.ofNullable(request.body()));
        Optional<InvocationGuard> guard = guardrails
                .named(
                        Optional.ofNullable(request.guardrailIdentifier()),
                        Optional.ofNullable(request.guardrailVersion()))
                .map(applied -> guard(applied, request.traceAsString(), request.contentType(), body));
        InvokedBody answer =
                invoke(request.modelId(), guard.map(InvocationGuard::body).orElse(body), guard);
        ModelUse.used(answer.usage());
        answer.headers().forEach(CallContext.current()::addResponseHeader);
        return InvokeModelResponse.builder()
                .body(SdkBytes.fromByteArrayUnsafe(answer.body()))
                .contentType(JSON)
                .build();
    }

    /** A guardrail around an invocation with {@code body}. */
    static InvocationGuard guard(Applied applied, String trace, String contentType, byte[] body) {
        if (contentType != null && !contentType.startsWith(JSON)) {
            throw ModelErrors.invalid("A request that uses a guardrail must have the content type " + JSON + ".");
        }
        return InvocationGuard.of(new Guarding(applied, Tracing.of(trace)), body);
    }

    private InvokedBody invoke(String modelId, byte[] body, Optional<InvocationGuard> guard) {
        try {
            return switch (routing.resolve(modelId).kind()) {
                case TEXT ->
                    families.text(routing.text(modelId), body, false)
                            .guardedBy(guard)
                            .invoke();
                case EMBEDDING -> {
                    if (guard.isPresent()) {
                        throw ModelErrors.invalid("The model " + modelId
                                + " doesn't support guardrails. Remove the guardrail and try again.");
                    }
                    yield families.embedding(routing.embedding(modelId), body);
                }
            };
        } catch (TextModelException failure) {
            throw ModelErrors.of(failure);
        } catch (EmbeddingException failure) {
            throw ModelErrors.of(failure);
        }
    }

    /** The body of an invocation; one that is absent is refused as an empty one is. */
    static byte[] bytes(Optional<SdkBytes> body) {
        return body.map(SdkBytes::asByteArray).orElseGet(() -> new byte[0]);
    }

    private static ConverseRequest conversation(String modelId, ConverseTokensRequest counted) {
        return ConverseRequest.builder()
                .modelId(modelId)
                .messages(counted.messages())
                .system(counted.system())
                .toolConfig(counted.toolConfig())
                .additionalModelRequestFields(counted.additionalModelRequestFields())
                .build();
    }

    /** Behind an inference profile stands a model that the caller must be allowed to invoke, too. */
    @Override
    public List<String> resources(String operation, SdkRequest request, List<String> named) {
        return named.stream()
                .flatMap(arn -> arn.contains("inference-profile/") ? routing.arns(arn).stream() : Stream.of(arn))
                .toList();
    }

    @Override
    public Map<String, String> tags(String arn) {
        return routing.tags(arn);
    }

    /** The guardrail that a request names, as policies name it: its ARN, and its version unless that is the draft. */
    @Override
    public Optional<List<String>> condition(String key, Access access, SdkRequest request) {
        return key.equals("bedrock:guardrailidentifier")
                ? GuardrailIdentifiers.of(request).map(List::of)
                : Optional.empty();
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
