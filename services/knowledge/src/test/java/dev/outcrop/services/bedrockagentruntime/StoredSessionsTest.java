package dev.outcrop.services.bedrockagentruntime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import dev.outcrop.services.KnowledgeHouse;
import dev.outcrop.storage.RecordQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrockagentruntime.model.BedrockSessionContentBlock;
import software.amazon.awssdk.services.bedrockagentruntime.model.ConflictException;
import software.amazon.awssdk.services.bedrockagentruntime.model.CreateSessionResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.InvocationStepPayload;
import software.amazon.awssdk.services.bedrockagentruntime.model.InvocationStepSummary;
import software.amazon.awssdk.services.bedrockagentruntime.model.InvocationSummary;
import software.amazon.awssdk.services.bedrockagentruntime.model.ListInvocationStepsResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagentruntime.model.SessionStatus;
import software.amazon.awssdk.services.kms.KmsClient;

class StoredSessionsTest {
    @TempDir
    Path folder;

    private AnsweringHouse house;

    @BeforeEach
    void open() {
        house = new AnsweringHouse(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private CreateSessionResponse session() {
        return house.root(runtime -> runtime.createSession(
                request -> request.sessionMetadata(Map.of("user", "anna")).tags(Map.of("team", "rocks"))));
    }

    private String invocation(String session) {
        return house.root(runtime -> runtime.createInvocation(request -> request.sessionIdentifier(session)))
                .invocationId();
    }

    private String step(String session, String invocation, String text) {
        return house.root(runtime -> runtime.putInvocationStep(request -> request.sessionIdentifier(session)
                        .invocationIdentifier(invocation)
                        .invocationStepTime(Instant.EPOCH)
                        .payload(InvocationStepPayload.fromContentBlocks(
                                List.of(BedrockSessionContentBlock.fromText(text))))))
                .invocationStepId();
    }

    @Test
    void keepsStepsOfInvocationsOfASession() {
        CreateSessionResponse session = session();
        String invocation = invocation(session.sessionId());
        String step = step(session.sessionArn(), invocation, "what was said");

        assertThat(house.root(runtime ->
                                runtime.getInvocationStep(request -> request.sessionIdentifier(session.sessionId())
                                        .invocationIdentifier(invocation)
                                        .invocationStepId(step)))
                        .invocationStep()
                        .payload()
                        .contentBlocks())
                .extracting(BedrockSessionContentBlock::text)
                .containsExactly("what was said");
        assertThat(house.root(runtime -> runtime.getSession(request -> request.sessionIdentifier(session.sessionArn())))
                        .sessionMetadata())
                .containsEntry("user", "anna");
        assertThat(house.root(runtime ->
                                runtime.listInvocations(request -> request.sessionIdentifier(session.sessionId())))
                        .invocationSummaries())
                .extracting(InvocationSummary::invocationId)
                .containsExactly(invocation);
        assertThat(house.root(runtime ->
                                runtime.listTagsForResource(request -> request.resourceArn(session.sessionArn())))
                        .tags())
                .containsEntry("team", "rocks");
    }

    @Test
    void turnsPagesOfSteps() {
        String session = session().sessionId();
        String first = invocation(session);
        String second = invocation(session);
        List<String> steps = List.of(step(session, first, "1"), step(session, second, "2"), step(session, first, "3"));

        ListInvocationStepsResponse page = house.root(runtime -> runtime.listInvocationSteps(
                request -> request.sessionIdentifier(session).maxResults(2)));
        ListInvocationStepsResponse rest = house.root(runtime -> runtime.listInvocationSteps(
                request -> request.sessionIdentifier(session).nextToken(page.nextToken())));

        assertThat(page.invocationStepSummaries()).hasSize(2);
        assertThat(rest.invocationStepSummaries()).hasSize(1);
        assertThat(house.root(runtime -> runtime.listInvocationSteps(
                                request -> request.sessionIdentifier(session).invocationIdentifier(first)))
                        .invocationStepSummaries())
                .extracting(InvocationStepSummary::invocationStepId)
                .containsExactlyInAnyOrder(steps.get(0), steps.get(2));
    }

    @Test
    void keepsContentsUnderTheKeyOfTheSession() {
        String key = house.knowledge()
                .as(KnowledgeHouse.ROOT, KmsClient.class, kms -> kms.createKey(_ -> {}))
                .keyMetadata()
                .arn();
        String session = house.root(runtime -> runtime.createSession(request -> request.encryptionKeyArn(key)))
                .sessionId();
        String invocation = invocation(session);
        String step = step(session, invocation, "what was said");
        house.knowledge()
                .as(KnowledgeHouse.ROOT, KmsClient.class, kms -> kms.disableKey(request -> request.keyId(key)));

        assertThat(house.knowledge()
                        .records()
                        .list(new RecordQuery(
                                "bedrock-agent-runtime:step-content",
                                Optional.of(KnowledgeHouse.ACCOUNT),
                                Optional.empty(),
                                Optional.empty(),
                                RecordQuery.Order.ID,
                                Optional.empty(),
                                10)))
                .singleElement()
                .satisfies(row -> assertThat(new String(row.body(), UTF_8)).doesNotContain("said"));
        assertThatThrownBy(() ->
                        house.root(runtime -> runtime.getInvocationStep(request -> request.sessionIdentifier(session)
                                .invocationIdentifier(invocation)
                                .invocationStepId(step))))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void changesNothingInASessionThatHasEndedOrExpired() {
        String ended = session().sessionId();
        String expired = session().sessionId();
        house.root(runtime -> runtime.endSession(request -> request.sessionIdentifier(ended)));
        house.pass(Duration.ofMinutes(61));

        assertThat(house.root(runtime -> runtime.getSession(request -> request.sessionIdentifier(expired)))
                        .sessionStatus())
                .isEqualTo(SessionStatus.EXPIRED);
        for (String session : List.of(ended, expired)) {
            assertThatThrownBy(() -> invocation(session)).isInstanceOf(ConflictException.class);
            assertThatThrownBy(() -> house.root(runtime -> runtime.updateSession(
                            request -> request.sessionIdentifier(session).sessionMetadata(Map.of()))))
                    .isInstanceOf(ConflictException.class);
        }
    }

    @Test
    void deletesASessionThatHasEndedWithAllThatIsInIt() {
        String session = session().sessionId();
        String invocation = invocation(session);
        String step = step(session, invocation, "what was said");

        assertThatThrownBy(() ->
                        house.root(runtime -> runtime.deleteSession(request -> request.sessionIdentifier(session))))
                .isInstanceOf(ConflictException.class);
        house.root(runtime -> runtime.endSession(request -> request.sessionIdentifier(session)));
        house.root(runtime -> runtime.deleteSession(request -> request.sessionIdentifier(session)));

        assertThatThrownBy(() ->
                        house.root(runtime -> runtime.getInvocationStep(request -> request.sessionIdentifier(session)
                                .invocationIdentifier(invocation)
                                .invocationStepId(step))))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThat(house.root(runtime -> runtime.listSessions(_ -> {})).sessionSummaries())
                .isEmpty();
    }

    @Test
    void knowsNoSessionsOfOtherAccountsAndNoStepsOfOtherSessions() {
        CreateSessionResponse session = session();
        String invocation = invocation(session.sessionId());
        String another = session().sessionId();
        Principal stranger = Principal.root("222222222222", Optional.empty());

        assertThatThrownBy(() -> house.as(
                        stranger,
                        runtime -> runtime.getSession(request -> request.sessionIdentifier(session.sessionId()))))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> house.as(
                        stranger,
                        runtime -> runtime.getSession(request -> request.sessionIdentifier(session.sessionArn()))))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> step(another, invocation, "smuggled")).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> step(another, UUID.randomUUID().toString(), "smuggled"))
                .isInstanceOf(ResourceNotFoundException.class);
    }
}
