package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.Tags;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery.Order;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import software.amazon.awssdk.services.bedrockagentruntime.model.ConflictException;
import software.amazon.awssdk.services.bedrockagentruntime.model.CreateInvocationRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.CreateInvocationResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.CreateSessionRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.CreateSessionResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.DeleteSessionResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.EndSessionResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.GetInvocationStepRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.GetInvocationStepResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.GetSessionResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.InvocationStepPayload;
import software.amazon.awssdk.services.bedrockagentruntime.model.InvocationStepSummary;
import software.amazon.awssdk.services.bedrockagentruntime.model.InvocationSummary;
import software.amazon.awssdk.services.bedrockagentruntime.model.ListInvocationStepsRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.ListInvocationStepsResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.ListInvocationsRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.ListInvocationsResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.ListSessionsRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.ListSessionsResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.PutInvocationStepRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.PutInvocationStepResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagentruntime.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.bedrockagentruntime.model.SessionStatus;
import software.amazon.awssdk.services.bedrockagentruntime.model.SessionSummary;
import software.amazon.awssdk.services.bedrockagentruntime.model.UpdateSessionRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.UpdateSessionResponse;

/**
 * Sessions that applications keep the state of their conversations in: each with invocations, and these with steps, whose
 * contents are sealed. A session in which nothing is written for an hour has expired; it can be read until it is deleted.
 *
 * <p>Source: "Store and retrieve conversation history and context with Amazon Bedrock sessions" of the user guide.
 */
final class StoredSessions {
    static final Duration IDLE = Duration.ofHours(1);
    private static final int MOST_STEPS = 1000;
    private static final String STEP_CONTENT = "bedrock-agent-runtime:step-content";

    private final Resources<GetSessionResponse> sessions;
    private final Resources<InvocationSummary> invocations;
    private final Resources<InvocationStepSummary> steps;
    private final Records records;
    private final SealedContent sealing;
    private final Tags tags;
    private final Ids ids;
    private final InstantSource clock;

    StoredSessions(Records records, ResourceStore store, SealedContent sealing, Ids ids, InstantSource clock) {
        sessions = store.resources("bedrock-agent-runtime:session", GetSessionResponse::builder);
        invocations = store.resources("bedrock-agent-runtime:invocation", InvocationSummary::builder)
                .under(InvocationSummary::sessionId);
        steps = store.resources("bedrock-agent-runtime:step", InvocationStepSummary::builder)
                .under(InvocationStepSummary::sessionId);
        this.records = records;
        this.sealing = sealing;
        this.tags = store.tags();
        this.ids = ids;
        this.clock = clock;
    }

    static String arn(String id) {
        return Ids.arn("bedrock", "session/" + id);
    }

    /** The session that an id or an ARN names. */
    private GetSessionResponse session(String identifier) {
        String id = identifier.substring(identifier.lastIndexOf('/') + 1);
        if (identifier.startsWith("arn:") && !identifier.equals(arn(id))) {
            throw missing("session", identifier);
        }
        GetSessionResponse kept = sessions.find(id).orElseThrow(() -> missing("session", identifier));
        boolean expired = kept.sessionStatus() == SessionStatus.ACTIVE
                && kept.lastUpdatedAt().plus(IDLE).isBefore(clock.instant());
        return expired ? kept.toBuilder().sessionStatus(SessionStatus.EXPIRED).build() : kept;
    }

    private GetSessionResponse active(String identifier) {
        GetSessionResponse session = session(identifier);
        if (session.sessionStatus() != SessionStatus.ACTIVE) {
            throw conflict("The session " + session.sessionId() + " is in status " + session.sessionStatusAsString()
                    + " and can't be changed.");
        }
        return session;
    }

    private static ResourceNotFoundException missing(String what, String id) {
        return Errors.missing(
                "The " + what + " " + id + " was not found. Check the identifier and retry your request.");
    }

    private static ConflictException conflict(String message) {
        return ConflictException.builder().message(message).build();
    }

    CreateSessionResponse create(CreateSessionRequest request) {
        Instant now = clock.instant();
        String id = ids.uuid();
        GetSessionResponse session = GetSessionResponse.builder()
                .sessionId(id)
                .sessionArn(arn(id))
                .sessionStatus(SessionStatus.ACTIVE)
                .sessionMetadata(request.hasSessionMetadata() ? request.sessionMetadata() : null)
                .encryptionKeyArn(request.encryptionKeyArn())
                .createdAt(now)
                .lastUpdatedAt(now)
                .build();
        if (request.encryptionKeyArn() != null) {
            // A key that cannot be used shows now, not with the first step.
            sealing.sealed(arn(id), Optional.of(request.encryptionKeyArn()), new byte[0]);
        }
        if (request.hasTags()) {
            tags.add(arn(id), request.tags());
        }
        sessions.insert(id, session);
        return Shapes.copy(session, CreateSessionResponse.builder()).build();
    }

    GetSessionResponse get(String identifier) {
        return session(identifier);
    }

    UpdateSessionResponse update(UpdateSessionRequest request) {
        GetSessionResponse session = active(request.sessionIdentifier());
        GetSessionResponse changed = sessions.update(
                session.sessionId(),
                present -> present.toBuilder()
                        .sessionMetadata(
                                request.hasSessionMetadata() ? request.sessionMetadata() : present.sessionMetadata())
                        .lastUpdatedAt(clock.instant())
                        .build());
        return Shapes.copy(changed, UpdateSessionResponse.builder()).build();
    }

    EndSessionResponse end(String identifier) {
        GetSessionResponse session = session(identifier);
        if (session.sessionStatus() == SessionStatus.ENDED) {
            throw conflict("The session " + session.sessionId() + " has already ended.");
        }
        GetSessionResponse ended = sessions.update(
                session.sessionId(),
                present -> present.toBuilder()
                        .sessionStatus(SessionStatus.ENDED)
                        .lastUpdatedAt(clock.instant())
                        .build());
        return Shapes.copy(ended, EndSessionResponse.builder()).build();
    }

    DeleteSessionResponse delete(String identifier) {
        GetSessionResponse session = session(identifier);
        if (session.sessionStatus() == SessionStatus.ACTIVE) {
            throw conflict(
                    "The session " + session.sessionId() + " is active. End it with EndSession before you delete it.");
        }
        String id = session.sessionId();
        for (InvocationStepSummary step : steps.list().under(id).all()) {
            RecordKey content = content(id, step.invocationStepId());
            records.write(transaction -> transaction.delete(content));
            steps.delete(stepId(id, step.invocationStepId()));
        }
        invocations.list().under(id).all().forEach(invocation -> invocations.delete(invocation.invocationId()));
        tags.removeAll(session.sessionArn());
        sessions.delete(id);
        return DeleteSessionResponse.builder().build();
    }

    ListSessionsResponse list(ListSessionsRequest request) {
        Page<SessionSummary> page = sessions.list()
                .order(Order.NEWEST_FIRST)
                .maximum(request.maxResults())
                .after(request.nextToken())
                .page()
                .map(session -> Shapes.copy(session(session.sessionId()), SessionSummary.builder())
                        .build());
        return ListSessionsResponse.builder()
                .sessionSummaries(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    CreateInvocationResponse createInvocation(CreateInvocationRequest request) {
        GetSessionResponse session = active(request.sessionIdentifier());
        InvocationSummary invocation = InvocationSummary.builder()
                .sessionId(session.sessionId())
                .invocationId(Optional.ofNullable(request.invocationId()).orElseGet(ids::uuid))
                .createdAt(clock.instant())
                .build();
        try {
            invocations.insert(invocation.invocationId(), invocation);
        } catch (AwsError taken) {
            throw conflict("The invocation " + invocation.invocationId() + " already exists.");
        }
        touch(session.sessionId());
        return Shapes.copy(invocation, CreateInvocationResponse.builder()).build();
    }

    private void touch(String id) {
        sessions.update(
                id,
                present -> present.toBuilder().lastUpdatedAt(clock.instant()).build());
    }

    private InvocationSummary invocation(GetSessionResponse session, String id) {
        return invocations
                .find(id)
                .filter(found -> found.sessionId().equals(session.sessionId()))
                .orElseThrow(() -> missing("invocation", id));
    }

    ListInvocationsResponse invocations(ListInvocationsRequest request) {
        Page<InvocationSummary> page = invocations
                .list()
                .under(session(request.sessionIdentifier()).sessionId())
                .order(Order.OLDEST_FIRST)
                .maximum(request.maxResults())
                .after(request.nextToken())
                .page();
        return ListInvocationsResponse.builder()
                .invocationSummaries(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    PutInvocationStepResponse putStep(PutInvocationStepRequest request) {
        GetSessionResponse session = active(request.sessionIdentifier());
        InvocationSummary invocation = invocation(session, request.invocationIdentifier());
        String id = Optional.ofNullable(request.invocationStepId()).orElseGet(ids::uuid);
        String sessionId = session.sessionId();
        if (steps.find(stepId(sessionId, id)).isPresent()) {
            throw conflict("The invocation step " + id + " already exists.");
        }
        if (steps.list().under(sessionId).all().size() >= MOST_STEPS) {
            throw ServiceQuotaExceededException.builder()
                    .message("Number of invocation steps of a session exceeded limit. Max: " + MOST_STEPS)
                    .build();
        }
        byte[] sealed = sealing.sealed(
                session.sessionArn(),
                Optional.ofNullable(session.encryptionKeyArn()),
                StoredShapes.write(request.payload()));
        RecordKey content = content(sessionId, id);
        records.write(transaction -> {
            // One that a call left behind which died before its step was there.
            transaction.delete(content);
            transaction.insert(content, sessionId, Optional.empty(), clock.instant(), sealed);
            return null;
        });
        steps.insert(
                stepId(sessionId, id),
                InvocationStepSummary.builder()
                        .sessionId(sessionId)
                        .invocationId(invocation.invocationId())
                        .invocationStepId(id)
                        .invocationStepTime(request.invocationStepTime())
                        .build());
        touch(sessionId);
        return PutInvocationStepResponse.builder().invocationStepId(id).build();
    }

    GetInvocationStepResponse step(GetInvocationStepRequest request) {
        GetSessionResponse session = session(request.sessionIdentifier());
        invocation(session, request.invocationIdentifier());
        InvocationStepSummary step = steps.find(stepId(session.sessionId(), request.invocationStepId()))
                .filter(found -> found.invocationId().equals(request.invocationIdentifier()))
                .orElseThrow(() -> missing("invocation step", request.invocationStepId()));
        StoredRecord stored = records.get(content(session.sessionId(), step.invocationStepId()))
                .orElseThrow(() -> missing("invocation step", request.invocationStepId()));
        byte[] payload =
                sealing.opened(session.sessionArn(), Optional.ofNullable(session.encryptionKeyArn()), stored.body());
        return GetInvocationStepResponse.builder()
                .invocationStep(found -> found.sessionId(step.sessionId())
                        .invocationId(step.invocationId())
                        .invocationStepId(step.invocationStepId())
                        .invocationStepTime(step.invocationStepTime())
                        .payload(StoredShapes.read(payload, InvocationStepPayload::builder)))
                .build();
    }

    ListInvocationStepsResponse steps(ListInvocationStepsRequest request) {
        GetSessionResponse session = session(request.sessionIdentifier());
        Optional<String> invocation = Optional.ofNullable(request.invocationIdentifier());
        invocation.ifPresent(id -> invocation(session, id));
        Page<InvocationStepSummary> page = steps.list()
                .under(session.sessionId())
                .where(step -> invocation.isEmpty() || invocation.get().equals(step.invocationId()))
                .order(Order.OLDEST_FIRST)
                .maximum(request.maxResults())
                .after(request.nextToken())
                .page();
        return ListInvocationStepsResponse.builder()
                .invocationStepSummaries(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    /** Makes sure that there is a session with {@code arn}. */
    String taggable(String arn) {
        return session(arn).sessionArn();
    }

    private static String stepId(String session, String step) {
        return session + "/" + step;
    }

    private static RecordKey content(String session, String step) {
        CallContext call = CallContext.current();
        return new RecordKey(STEP_CONTENT, call.account(), call.region(), stepId(session, step));
    }
}
