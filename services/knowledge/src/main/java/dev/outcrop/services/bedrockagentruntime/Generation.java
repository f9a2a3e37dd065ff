package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.engines.retrieval.Answerability;
import dev.outcrop.engines.retrieval.Citations;
import dev.outcrop.engines.retrieval.MarkedText;
import dev.outcrop.engines.retrieval.Questions;
import dev.outcrop.engines.retrieval.Sentences;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockagentruntime.model.Citation;
import software.amazon.awssdk.services.bedrockagentruntime.model.ExternalSourcesGenerationConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.ExternalSourcesRetrieveAndGenerateConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.GenerationConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.GuardrailConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.InferenceConfig;
import software.amazon.awssdk.services.bedrockagentruntime.model.KnowledgeBaseRetrievalConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.KnowledgeBaseRetrieveAndGenerateConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.OrchestrationConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.PerformanceConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.PromptTemplate;
import software.amazon.awssdk.services.bedrockagentruntime.model.QueryTransformationType;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveAndGenerateConfiguration;

/**
 * What is answered, and from which passages: the question is understood from the conversation, taken apart where that is
 * asked for, searched by, and put to a model together with what was found. Where nothing fits, no model is asked.
 *
 * <p>Source: {@code RetrieveAndGenerate} of the API reference; "Configure and customize queries and response generation"
 * of the Amazon Bedrock user guide.
 */
final class Generation {
    /** What is said where no passage has anything to do with the question. */
    static final String UNABLE = "Sorry, I am unable to assist you with this request.";

    private static final int MOST_PARTS = 5;
    private static final int ORCHESTRATION_TOKENS = 400;
    private static final int TURNS_TOLD = 3;

    private final Retrieval retrieval;
    private final ExternalSources externalSources;
    private final Reranking reranking;
    private final Conversations conversations;
    private final Writer writer;
    private final Guarding guarding;
    private final InstantSource clock;

    Generation(
            Retrieval retrieval,
            ExternalSources externalSources,
            Reranking reranking,
            Conversations conversations,
            Writer writer,
            Guarding guarding,
            InstantSource clock) {
        this.retrieval = retrieval;
        this.externalSources = externalSources;
        this.reranking = reranking;
        this.conversations = conversations;
        this.writer = writer;
        this.guarding = guarding;
        this.clock = clock;
    }

    /** A request, whole or streamed. */
    record Request(
            String question,
            Optional<RetrieveAndGenerateConfiguration> configuration,
            Optional<String> sessionId,
            Optional<String> kmsKey) {}

    /** How to write, of a knowledge base or of external sources. */
    private record Style(
            String modelArn,
            Optional<PromptTemplate> template,
            Optional<InferenceConfig> inference,
            Map<String, Document> additionalFields,
            Optional<GuardrailConfiguration> guardrail,
            Optional<PerformanceConfiguration> performance) {
        static Style of(String modelArn, Optional<GenerationConfiguration> configuration) {
            return new Style(
                    modelArn,
                    configuration.map(GenerationConfiguration::promptTemplate),
                    configuration.map(GenerationConfiguration::inferenceConfig),
                    configuration
                            .filter(GenerationConfiguration::hasAdditionalModelRequestFields)
                            .map(GenerationConfiguration::additionalModelRequestFields)
                            .orElse(Map.of()),
                    configuration.map(GenerationConfiguration::guardrailConfiguration),
                    configuration.map(GenerationConfiguration::performanceConfig));
        }

        static Style ofExternal(String modelArn, Optional<ExternalSourcesGenerationConfiguration> configuration) {
            return new Style(
                    modelArn,
                    configuration.map(ExternalSourcesGenerationConfiguration::promptTemplate),
                    configuration.map(ExternalSourcesGenerationConfiguration::inferenceConfig),
                    configuration
                            .filter(ExternalSourcesGenerationConfiguration::hasAdditionalModelRequestFields)
                            .map(ExternalSourcesGenerationConfiguration::additionalModelRequestFields)
                            .orElse(Map.of()),
                    configuration.map(ExternalSourcesGenerationConfiguration::guardrailConfiguration),
                    configuration.map(ExternalSourcesGenerationConfiguration::performanceConfig));
        }
    }

    /** Gets everything ready up to the point where a model writes; throws what is wrong with the request. */
    Prepared prepare(Request request) {
        RetrieveAndGenerateConfiguration configuration = request.configuration()
                .orElseThrow(() -> Errors.invalid("The retrieveAndGenerateConfiguration must not be empty."));
        if (request.question().isBlank()) {
            throw Errors.invalid("The text of the input must not be empty.");
        }
        return switch (configuration.type()) {
            case KNOWLEDGE_BASE -> {
                if (configuration.knowledgeBaseConfiguration() == null) {
                    throw Errors.invalid("The type KNOWLEDGE_BASE needs a knowledgeBaseConfiguration.");
                }
                yield fromBase(request, configuration.knowledgeBaseConfiguration());
            }
            case EXTERNAL_SOURCES -> {
                if (configuration.externalSourcesConfiguration() == null) {
                    throw Errors.invalid("The type EXTERNAL_SOURCES needs an externalSourcesConfiguration.");
                }
                yield fromSources(request, configuration.externalSourcesConfiguration());
            }
            case UNKNOWN_TO_SDK_VERSION -> throw Errors.invalid("The type must be KNOWLEDGE_BASE or EXTERNAL_SOURCES.");
        };
    }

    private Prepared fromBase(Request request, KnowledgeBaseRetrieveAndGenerateConfiguration configuration) {
        Style style = Style.of(configuration.modelArn(), Optional.ofNullable(configuration.generationConfiguration()));
        Optional<OrchestrationConfiguration> orchestration =
                Optional.ofNullable(configuration.orchestrationConfiguration());
        PromptTemplates.checkGeneration(style.template());
        PromptTemplates.checkOrchestration(orchestration.map(OrchestrationConfiguration::promptTemplate));
        Conversations.Conversation conversation = conversations.open(request.sessionId(), request.kmsKey());
        Optional<Prepared> stopped = stopped(request, conversation, style);
        if (stopped.isPresent()) {
            return stopped.get();
        }
        String question = standalone(request.question(), conversation, configuration.modelArn(), orchestration);
        List<Passage> passages = retrieval.search(
                configuration.knowledgeBaseId(),
                question,
                parts(question, conversation, configuration.modelArn(), orchestration),
                Optional.ofNullable(configuration.retrievalConfiguration())
                        .map(KnowledgeBaseRetrievalConfiguration::vectorSearchConfiguration));
        return prepared(request, conversation, style, question, passages);
    }

    private Prepared fromSources(Request request, ExternalSourcesRetrieveAndGenerateConfiguration configuration) {
        Style style = Style.ofExternal(
                configuration.modelArn(), Optional.ofNullable(configuration.generationConfiguration()));
        PromptTemplates.checkGeneration(style.template());
        Conversations.Conversation conversation = conversations.open(request.sessionId(), request.kmsKey());
        return stopped(request, conversation, style)
                .orElseGet(() -> prepared(
                        request,
                        conversation,
                        style,
                        request.question(),
                        externalSources.passages(request.question(), configuration.sources())));
    }

    private Optional<Prepared> stopped(Request request, Conversations.Conversation conversation, Style style) {
        return style.guardrail()
                .flatMap(guardrail -> guarding.stopped(guardrail, request.question()))
                .map(said -> new Prepared(
                        request,
                        conversation,
                        style.guardrail(),
                        List.of(),
                        false,
                        true,
                        Optional.of(said),
                        Optional.empty()));
    }

    /** The question as it can be understood without the conversation. */
    private String standalone(
            String question,
            Conversations.Conversation conversation,
            String modelArn,
            Optional<OrchestrationConfiguration> orchestration) {
        List<String> before = conversation.turns().stream()
                .filter(Writer.Said::byUser)
                .map(Writer.Said::text)
                .toList();
        if (before.isEmpty()) {
            return question;
        }
        String prompt = PromptTemplates.standalone(
                orchestration.map(OrchestrationConfiguration::promptTemplate),
                question,
                conversation.turns(),
                clock.instant());
        return Questions.standalone(question, before, writer.write(orchestrating(modelArn, prompt, orchestration)));
    }

    /** What is searched by. */
    private List<String> parts(
            String question,
            Conversations.Conversation conversation,
            String modelArn,
            Optional<OrchestrationConfiguration> orchestration) {
        boolean decomposed = orchestration
                .map(OrchestrationConfiguration::queryTransformationConfiguration)
                .filter(transformation -> transformation.type() == QueryTransformationType.QUERY_DECOMPOSITION)
                .isPresent();
        if (!decomposed) {
            return List.of(question);
        }
        String prompt = PromptTemplates.decomposition(
                orchestration.map(OrchestrationConfiguration::promptTemplate),
                question,
                conversation.turns(),
                clock.instant());
        List<String> parts = new ArrayList<>(
                Questions.parts(question, writer.write(orchestrating(modelArn, prompt, orchestration)), MOST_PARTS));
        if (!parts.contains(question)) {
            parts.addFirst(question);
        }
        return parts;
    }

    private static Writer.Prompt orchestrating(
            String modelArn, String prompt, Optional<OrchestrationConfiguration> orchestration) {
        Writer.Prompt brief = Writer.Prompt.brief(modelArn, prompt, ORCHESTRATION_TOKENS);
        return new Writer.Prompt(
                modelArn,
                "",
                brief.turns(),
                orchestration.map(OrchestrationConfiguration::inferenceConfig).or(brief::inference),
                orchestration
                        .filter(OrchestrationConfiguration::hasAdditionalModelRequestFields)
                        .map(OrchestrationConfiguration::additionalModelRequestFields)
                        .orElse(Map.of()),
                orchestration.map(OrchestrationConfiguration::performanceConfig));
    }

    private Prepared prepared(
            Request request,
            Conversations.Conversation conversation,
            Style style,
            String question,
            List<Passage> passages) {
        List<String> texts = passages.stream().map(Passage::text).toList();
        // Rows were chosen by a query, and need not say what they were asked for.
        boolean rows = passages.stream().anyMatch(passage -> !passage.row().isEmpty());
        boolean answerable = rows
                || Errors.depending(
                        style.modelArn(), () -> new Answerability(reranking.reader()).mayAnswer(question, texts));
        if (!answerable) {
            return new Prepared(
                    request,
                    conversation,
                    style.guardrail(),
                    List.of(),
                    false,
                    false,
                    Optional.of(UNABLE),
                    Optional.empty());
        }
        PromptTemplates.Generation prompt =
                PromptTemplates.generation(style.template(), request.question(), passages, clock.instant());
        List<Writer.Said> turns = new ArrayList<>(recent(conversation.turns()));
        turns.add(new Writer.Said(true, prompt.asks() ? prompt.text() : request.question()));
        return new Prepared(
                request,
                conversation,
                style.guardrail(),
                passages,
                prompt.markers(),
                false,
                Optional.empty(),
                Optional.of(new Writer.Prompt(
                        style.modelArn(),
                        prompt.asks() ? "" : prompt.text(),
                        turns,
                        style.inference(),
                        style.additionalFields(),
                        style.performance())));
    }

    private static List<Writer.Said> recent(List<Writer.Said> turns) {
        return turns.subList(Math.max(0, turns.size() - 2 * TURNS_TOLD), turns.size());
    }

    /**
     * An answer up to the point where a model writes.
     *
     * @param passages   what it is to be answered from
     * @param cited      whether passages are to be cited
     * @param intervened whether a guardrail stopped the question
     * @param said       what is answered without a model
     * @param prompt     what a model is asked, where {@code said} is empty
     */
    record Prepared(
            Request request,
            Conversations.Conversation conversation,
            Optional<GuardrailConfiguration> guardrail,
            List<Passage> passages,
            boolean cited,
            boolean intervened,
            Optional<String> said,
            Optional<Writer.Prompt> prompt) {
        Prepared {
            passages = List.copyOf(passages);
        }

        List<String> texts() {
            return passages.stream().map(Passage::text).toList();
        }

        /** Whether it is answered from rows of a database. */
        boolean structured() {
            return passages.stream().anyMatch(passage -> !passage.row().isEmpty());
        }
    }

    /** An answer. */
    record Answer(String text, List<Citation> citations, boolean intervened) {}

    /** The whole answer, as it is remembered. */
    Answer answer(Prepared prepared) {
        Answer answer = prepared.said()
                .map(said -> new Answer(said, List.of(), prepared.intervened()))
                .orElseGet(
                        () -> guarded(prepared, writer.write(prepared.prompt().orElseThrow())));
        remember(prepared, answer.text());
        return answer;
    }

    /** What a model wrote, as far as a guardrail lets it through, with its citations. */
    private Answer guarded(Prepared prepared, String written) {
        MarkedText marked = marked(prepared, written);
        Optional<String> changed = prepared.guardrail()
                .flatMap(guardrail ->
                        guarding.changed(guardrail, prepared.request().question(), prepared.texts(), marked.text()));
        MarkedText answer = changed.map(text -> new MarkedText(text, List.of())).orElse(marked);
        if (!prepared.cited()) {
            return new Answer(answer.text(), List.of(), changed.isPresent());
        }
        List<Citation> citations = prepared.structured()
                ? Sentences.of(answer.text()).stream()
                        .flatMap(sentence -> citation(prepared, answer, sentence).stream())
                        .toList()
                : citations().of(answer, prepared.texts()).stream()
                        .map(citation -> citation(answer.text(), citation, prepared.passages()))
                        .toList();
        return new Answer(answer.text(), citations, changed.isPresent());
    }

    /** Without the format's instructions, brackets are the answer's own. */
    static MarkedText marked(Prepared prepared, String written) {
        return prepared.cited()
                ? MarkedText.of(written, prepared.passages().size())
                : new MarkedText(written.strip(), List.of());
    }

    void remember(Prepared prepared, String answer) {
        if (!prepared.intervened()) {
            conversations.add(prepared.conversation(), prepared.request().question(), answer);
        }
    }

    Writer.Streamed begin(Prepared prepared) {
        return writer.stream(prepared.prompt().orElseThrow());
    }

    /** The citation of a sentence, if any passage supports it. */
    Optional<Citation> citation(Prepared prepared, MarkedText answer, Sentences.Span sentence) {
        if (prepared.structured()) {
            List<Integer> rows = IntStream.range(0, prepared.passages().size())
                    .filter(i -> prepared.passages().get(i).isRowToldBy(sentence.of(answer.text())))
                    .boxed()
                    .toList();
            return rows.isEmpty() || !prepared.cited()
                    ? Optional.empty()
                    : Optional.of(citation(answer.text(), new Citations.Citation(sentence, rows), prepared.passages()));
        }
        return prepared.cited()
                ? citations()
                        .of(answer, sentence, prepared.texts())
                        .map(citation -> citation(answer.text(), citation, prepared.passages()))
                : Optional.empty();
    }

    private Citations citations() {
        return new Citations(reranking.reader());
    }

    /** As AWS tells it: a span ends at its last character. */
    private static Citation citation(String answer, Citations.Citation citation, List<Passage> passages) {
        return Citation.builder()
                .generatedResponsePart(part ->
                        part.textResponsePart(text -> text.text(citation.span().of(answer))
                                .span(span -> span.start(citation.span().start())
                                        .end(citation.span().end() - 1))))
                .retrievedReferences(citation.passages().stream()
                        .map(passage -> passages.get(passage).reference())
                        .toList())
                .build();
    }
}
