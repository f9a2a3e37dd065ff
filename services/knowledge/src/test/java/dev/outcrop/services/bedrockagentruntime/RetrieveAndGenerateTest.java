package dev.outcrop.services.bedrockagentruntime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import dev.outcrop.services.KnowledgeHouse;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.StoredRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagentruntime.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagentruntime.model.Citation;
import software.amazon.awssdk.services.bedrockagentruntime.model.ExternalSource;
import software.amazon.awssdk.services.bedrockagentruntime.model.GuadrailAction;
import software.amazon.awssdk.services.bedrockagentruntime.model.KnowledgeBaseRetrieveAndGenerateConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveAndGenerateRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveAndGenerateResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.Span;
import software.amazon.awssdk.services.bedrockagentruntime.model.ValidationException;
import software.amazon.awssdk.services.kms.KmsClient;

class RetrieveAndGenerateTest {
    private static final String QUESTION = "How hard is quartz and who sells the pump?";

    @TempDir
    Path folder;

    private AnsweringHouse house;
    private KnowledgeBase base;

    @BeforeEach
    void open() {
        house = new AnsweringHouse(folder);
        base = house.base();
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void fillRocks() {
        house.fill(
                base,
                "Quartz has a hardness of seven on the scale of Mohs.",
                "The pump is sold by Miller and Sons in Leipzig.",
                "Marble consists of calcite.");
    }

    private RetrieveAndGenerateResponse ask(String question, Consumer<RetrieveAndGenerateRequest.Builder> request) {
        return house.root(runtime -> runtime.retrieveAndGenerate(RetrieveAndGenerateRequest.builder()
                .input(input -> input.text(question))
                .retrieveAndGenerateConfiguration(AnsweringHouse.from(base))
                .applyMutation(request)
                .build()));
    }

    private RetrieveAndGenerateResponse ask(String question) {
        return ask(question, _ -> {});
    }

    private Consumer<RetrieveAndGenerateRequest.Builder> settings(
            Consumer<KnowledgeBaseRetrieveAndGenerateConfiguration.Builder> settings) {
        return request -> request.retrieveAndGenerateConfiguration(configuration -> configuration
                .type("KNOWLEDGE_BASE")
                .knowledgeBaseConfiguration(AnsweringHouse.from(base).knowledgeBaseConfiguration().toBuilder()
                        .applyMutation(settings)
                        .build()));
    }

    private Consumer<RetrieveAndGenerateRequest.Builder> template(String text) {
        return settings(configuration -> configuration.generationConfiguration(
                generation -> generation.promptTemplate(template -> template.textPromptTemplate(text))));
    }

    @Test
    void answersWithCitationsThatCoverItsSentencesAndPointToWhatSupportsThem() {
        fillRocks();
        house.models()
                .answering(prompt -> "Quartz has a hardness of seven on the Mohs scale [1]. It is my favourite rock"
                        + " [1]. The pump is sold by Miller and Sons in Leipzig. [2]");

        RetrieveAndGenerateResponse response = ask(QUESTION);

        String answer = response.output().text();
        assertThat(answer)
                .isEqualTo(
                        "Quartz has a hardness of seven on the Mohs scale. It is my favourite rock. The pump is sold by"
                                + " Miller and Sons in Leipzig.");
        assertThat(response.citations()).hasSize(2);
        for (Citation citation : response.citations()) {
            Span span = citation.generatedResponsePart().textResponsePart().span();
            assertThat(answer.substring(span.start(), span.end() + 1))
                    .isEqualTo(
                            citation.generatedResponsePart().textResponsePart().text());
        }
        assertThat(response.citations().get(0).retrievedReferences())
                .singleElement()
                .satisfies(reference -> {
                    assertThat(reference.content().text()).startsWith("Quartz has");
                    assertThat(reference.location().s3Location().uri()).isEqualTo("s3://documents/doc0.txt");
                });
        assertThat(response.citations().get(1).retrievedReferences())
                .singleElement()
                .satisfies(reference -> assertThat(reference.content().text()).startsWith("The pump"));
        assertThat(response.guardrailAction()).isNull();
    }

    @Test
    void doesNotAskAModelWhereNothingFits() {
        fillRocks();

        RetrieveAndGenerateResponse response = ask("Which football club won yesterday?");

        assertThat(response.output().text()).isEqualTo("Sorry, I am unable to assist you with this request.");
        assertThat(response.citations()).isEmpty();
        assertThat(house.models().asked()).isEmpty();
    }

    @Test
    void putsThePassagesIntoThePromptAndTheQuestionBehindThem() {
        fillRocks();

        ask(QUESTION);

        assertThat(house.models().prompt())
                .contains("Quartz has a hardness", "Miller and Sons", "[1]", "user: " + QUESTION)
                .doesNotContain("$search_results$", "$output_format_instructions$");
    }

    @Test
    void passesSettingsOnToTheModel() {
        fillRocks();

        ask(
                QUESTION,
                settings(configuration -> configuration.generationConfiguration(generation -> generation
                        .inferenceConfig(inference -> inference.textInferenceConfig(text ->
                                text.maxTokens(77).temperature(0.5f).topP(0.9f).stopSequences("END")))
                        .additionalModelRequestFields(Map.of("top_k", Document.fromNumber(5))))));

        assertThat(house.models().asked().getLast().inferenceConfig()).satisfies(inference -> {
            assertThat(inference.maxTokens()).isEqualTo(77);
            assertThat(inference.temperature()).isEqualTo(0.5f);
            assertThat(inference.stopSequences()).containsExactly("END");
        });
        assertThat(house.models()
                        .asked()
                        .getLast()
                        .additionalModelRequestFields()
                        .asMap())
                .containsKey("top_k");
    }

    @Test
    void fillsPlaceholdersOfTheCallersTemplateOnceWhateverDocumentsAndQuestionsSay() {
        house.fill(base, "Quartz: $query$ $output_format_instructions$ and $1 \\ more.");

        ask("quartz $search_results$?", template("$search_results$|$query$|$current_time$"));

        assertThat(house.models().prompt())
                .contains("Quartz: $query$ $output_format_instructions$ and $1 \\ more.")
                .contains("|quartz $search_results$?|20")
                .doesNotContain("$current_time$");
    }

    @Test
    void citesNothingWhereTheTemplateDoesNotAskForIt() {
        fillRocks();
        house.models().answering("The pump is sold by Miller and Sons in Leipzig [2].");

        RetrieveAndGenerateResponse response = ask(QUESTION, template("$search_results$"));

        assertThat(response.output().text()).isEqualTo("The pump is sold by Miller and Sons in Leipzig [2].");
        assertThat(response.citations()).isEmpty();
    }

    @Test
    void refusesTemplatesWithoutWhatTheyMustHave() {
        assertThatThrownBy(() -> ask(QUESTION, template("Answer $query$")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("$search_results$");
        assertThatThrownBy(() -> ask(
                        QUESTION,
                        settings(configuration ->
                                configuration.orchestrationConfiguration(orchestration -> orchestration.promptTemplate(
                                        template -> template.textPromptTemplate("Split $query$"))))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("$conversation_history$");
    }

    @Test
    void refusesRequestsThatDoNotSayHow() {
        assertThatThrownBy(() -> ask(
                        QUESTION,
                        request -> request.retrieveAndGenerateConfiguration(
                                configuration -> configuration.type("EXTERNAL_SOURCES"))))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> ask(" ")).isInstanceOf(ValidationException.class);
    }

    @Test
    void understandsAQuestionFromTheOnesBeforeItInItsSession() {
        fillRocks();
        house.models().answering("Miller and Sons sell the pump [1].");
        RetrieveAndGenerateResponse first = ask("Who sells the pump?");
        house.models()
                .answering(request ->
                        request.messages().getLast().content().getFirst().text().contains("one line")
                                ? "In which city is the pump sold?"
                                : "In Leipzig.");

        RetrieveAndGenerateResponse second =
                ask("In which city is that?", request -> request.sessionId(first.sessionId()));

        assertThat(second.sessionId()).isEqualTo(first.sessionId());
        assertThat(house.models().prompt())
                .contains(
                        "user: Who sells the pump?",
                        "assistant: Miller and Sons sell the pump.",
                        "user: In which city");
    }

    @Test
    void refusesSessionsOfOthersUnknownOnesAndThoseWhoseTimeIsOver() {
        fillRocks();
        String session = ask(QUESTION).sessionId();
        Principal other = house.knowledge().user("other", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "bedrock:*", "Resource": "*"}}""");

        assertThatThrownBy(() -> house.as(
                        other,
                        runtime -> runtime.retrieveAndGenerate(request -> request.sessionId(session)
                                .input(input -> input.text(QUESTION))
                                .retrieveAndGenerateConfiguration(AnsweringHouse.from(base)))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Session with Id " + session + " is not valid. Please check and try again.");
        assertThatThrownBy(() -> ask(QUESTION, request -> request.sessionId("unknown")))
                .isInstanceOf(ValidationException.class);
        house.pass(Duration.ofHours(25));
        assertThatThrownBy(() -> ask(QUESTION, request -> request.sessionId(session)))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void keepsWhatWasSaidUnderTheKeyOfTheSession() {
        fillRocks();
        house.models().answering("A secret answer.");
        String key = house.knowledge()
                .as(KnowledgeHouse.ROOT, KmsClient.class, kms -> kms.createKey(_ -> {}))
                .keyMetadata()
                .arn();

        String session = ask(
                        QUESTION,
                        request -> request.sessionConfiguration(configuration -> configuration.kmsKeyArn(key)))
                .sessionId();

        List<StoredRecord> rows = house.knowledge()
                .records()
                .list(new RecordQuery(
                        "bedrock-agent-runtime:conversation",
                        Optional.of(KnowledgeHouse.ACCOUNT),
                        Optional.empty(),
                        Optional.empty(),
                        RecordQuery.Order.ID,
                        Optional.empty(),
                        10));
        assertThat(rows)
                .singleElement()
                .satisfies(row ->
                        assertThat(new String(row.body(), UTF_8)).contains(key).doesNotContain("secret", "quartz"));
        assertThat(ask(QUESTION, request -> request.sessionId(session)).sessionId())
                .isEqualTo(session);
        house.knowledge()
                .as(KnowledgeHouse.ROOT, KmsClient.class, kms -> kms.disableKey(request -> request.keyId(key)));
        assertThatThrownBy(() -> ask(QUESTION, request -> request.sessionId(session)))
                .as("a key that was disabled")
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void searchesByThePartsOfAQuestion() {
        house.fill(
                base,
                "Weimar was founded in 899.",
                "Faust was written by Goethe.",
                "Something else entirely.",
                "And another thing.");
        house.models()
                .answering(request ->
                        request.messages().getLast().content().getFirst().text().contains("one question a line")
                                ? "1. When was Weimar founded?\n2. Who wrote Faust?\n3. What is the secret key?"
                                : "Faust was written by Goethe [1].");

        ask(
                "When was Weimar founded and who wrote Faust?",
                settings(configuration -> configuration
                        .retrievalConfiguration(
                                retrieval -> retrieval.vectorSearchConfiguration(search -> search.numberOfResults(2)))
                        .orchestrationConfiguration(orchestration -> orchestration.queryTransformationConfiguration(
                                transformation -> transformation.type("QUERY_DECOMPOSITION")))));

        assertThat(house.knowledge().models().embedded())
                .contains("When was Weimar founded?", "Who wrote Faust?")
                .doesNotContain("What is the secret key?");
        assertThat(house.models().prompt()).contains("899", "Goethe").doesNotContain("Something else");
    }

    @Test
    void asksWhetherTheCallerMayInvokeTheModelAndRetrieve() {
        fillRocks();
        Principal retriever = house.knowledge().user("retriever", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                 "Action": ["bedrock:Retrieve", "bedrock:RetrieveAndGenerate"], "Resource": "*"}}""");
        Principal invoker = house.knowledge().user("invoker", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                 "Action": ["bedrock:InvokeModel", "bedrock:RetrieveAndGenerate"], "Resource": "*"}}""");

        assertThatThrownBy(() -> askedBy(retriever))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("bedrock:InvokeModel");
        assertThatThrownBy(() -> askedBy(invoker))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("bedrock:Retrieve");
    }

    private RetrieveAndGenerateResponse askedBy(Principal principal) {
        return house.as(
                principal,
                runtime -> runtime.retrieveAndGenerate(request -> request.input(input -> input.text(QUESTION))
                        .retrieveAndGenerateConfiguration(AnsweringHouse.from(base))));
    }

    @Test
    void aGuardrailStopsQuestionsAndAnswers() {
        fillRocks();
        house.models().forbidding("Miller");
        house.models().answering("The pump is sold by Miller and Sons in Leipzig [1].");
        Consumer<RetrieveAndGenerateRequest.Builder> guarded = settings(
                configuration -> configuration.generationConfiguration(generation -> generation.guardrailConfiguration(
                        guardrail -> guardrail.guardrailId("guard").guardrailVersion("1"))));

        RetrieveAndGenerateResponse answer = ask(QUESTION, guarded);
        int asked = house.models().asked().size();
        RetrieveAndGenerateResponse question = ask("Who is Miller?", guarded);

        assertThat(answer.output().text()).isEqualTo("No such answers.");
        assertThat(answer.guardrailAction()).isEqualTo(GuadrailAction.INTERVENED);
        assertThat(answer.citations()).isEmpty();
        assertThat(question.output().text()).isEqualTo("No such questions.");
        assertThat(question.guardrailAction()).isEqualTo(GuadrailAction.INTERVENED);
        assertThat(house.models().asked()).as("no model is asked").hasSize(asked);
    }

    private RetrieveAndGenerateResponse askAbout(ExternalSource source, String question) {
        return ask(
                question,
                request -> request.retrieveAndGenerateConfiguration(configuration -> configuration
                        .type("EXTERNAL_SOURCES")
                        .externalSourcesConfiguration(external ->
                                external.modelArn(AnsweringHouse.MODEL).sources(source))));
    }

    private static ExternalSource given(String text) {
        return ExternalSource.builder()
                .sourceType("BYTE_CONTENT")
                .byteContent(content -> content.identifier("rocks.txt")
                        .contentType("text/plain")
                        .data(SdkBytes.fromUtf8String(text)))
                .build();
    }

    @Test
    void answersFromADocumentThatComesWithTheQuestion() {
        house.models().answering("Quartz has a hardness of seven [1].");

        RetrieveAndGenerateResponse response =
                askAbout(given("Quartz has a hardness of seven on the scale of Mohs."), "How hard is quartz?");

        assertThat(response.citations())
                .singleElement()
                .satisfies(citation -> assertThat(citation.retrievedReferences()
                                .getFirst()
                                .content()
                                .text())
                        .contains("hardness of seven"));
    }

    @Test
    void takesThePassagesOfALongDocumentThatFit() {
        String filler = "The committee met on a Tuesday and talked about the budget for the coming year. ".repeat(600);

        askAbout(
                given(filler + "\n\nQuartz has a hardness of seven on the scale of Mohs.\n\n" + filler),
                "How hard is quartz?");

        assertThat(house.models().prompt()).contains("hardness of seven").doesNotContain("Passage 11");
    }

    @Test
    void readsADocumentInS3AsTheCaller() {
        house.knowledge().bucket();
        house.knowledge().put("rocks.txt", "Quartz has a hardness of seven on the scale of Mohs.");
        ExternalSource object = ExternalSource.builder()
                .sourceType("S3")
                .s3Location(location -> location.uri("s3://documents/rocks.txt"))
                .build();
        house.models().answering("Quartz has a hardness of seven [1].");
        Principal invoker = house.knowledge().user("invoker", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "bedrock:*", "Resource": "*"}}""");

        RetrieveAndGenerateResponse response = askAbout(object, "How hard is quartz?");

        assertThat(response.citations()
                        .getFirst()
                        .retrievedReferences()
                        .getFirst()
                        .location()
                        .s3Location()
                        .uri())
                .isEqualTo("s3://documents/rocks.txt");
        assertThatThrownBy(() -> house.as(
                        invoker,
                        runtime -> runtime.retrieveAndGenerate(request -> request.input(
                                        input -> input.text("How hard is quartz?"))
                                .retrieveAndGenerateConfiguration(configuration -> configuration
                                        .type("EXTERNAL_SOURCES")
                                        .externalSourcesConfiguration(
                                                external -> external.modelArn(AnsweringHouse.MODEL)
                                                        .sources(object))))))
                .isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void refusesDocumentsThatNothingReads() {
        ExternalSource picture = ExternalSource.builder()
                .sourceType("BYTE_CONTENT")
                .byteContent(content -> content.identifier("rocks.pdf")
                        .contentType("application/pdf")
                        .data(SdkBytes.fromUtf8String("no PDF")))
                .build();

        assertThatThrownBy(() -> askAbout(picture, "How hard is quartz?")).isInstanceOf(ValidationException.class);
    }
}
