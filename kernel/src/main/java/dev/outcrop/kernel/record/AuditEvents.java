package dev.outcrop.kernel.record;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Session;
import dev.outcrop.shapes.ServiceModels;
import dev.outcrop.shapes.ServiceSummary;
import dev.outcrop.storage.JournalEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Calls as CloudTrail's events.
 *
 * <p>Source: "CloudTrail record contents", version 1.11, of the AWS CloudTrail user guide.
 */
public final class AuditEvents {
    /** The kind of the journal's entries. */
    public static final String KIND = "audit";

    private final JsonFactory json = new JsonFactory();
    private final Map<String, String> sources = new HashMap<>();
    private final EventKinds kinds = new EventKinds();
    private final CallParameters parameters;

    /** @param models say what the services are called in events */
    public AuditEvents(ServiceModels models) {
        parameters = new CallParameters(models);
        for (ServiceSummary summary : models.summaries()) {
            sources.put(summary.id(), summary.signingName() + ".amazonaws.com");
        }
    }

    JournalEntry entry(CallRecord call) {
        CallContext context = call.context();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(768);
        try (JsonGenerator event = json.createGenerator(bytes, JsonEncoding.UTF8)) {
            write(event, call, context);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new JournalEntry(KIND, context.account(), context.startedAt(), bytes.toByteArray());
    }

    private void write(JsonGenerator event, CallRecord call, CallContext context) throws IOException {
        event.writeStartObject();
        event.writeStringField("eventVersion", "1.11");
        writeIdentity(event, context);
        event.writeStringField("eventTime", seconds(context.startedAt()));
        event.writeStringField("eventSource", source(call.service()));
        event.writeStringField("eventName", call.operation());
        event.writeStringField("awsRegion", context.region());
        event.writeStringField("sourceIPAddress", context.sourceAddress());
        event.writeStringField("userAgent", context.userAgent());
        if (call.failure().isPresent()) {
            Answer.Failure failure = call.failure().get();
            event.writeStringField("errorCode", failure.code());
            event.writeStringField("errorMessage", failure.message());
        }
        boolean readOnly = kinds.isReadOnly(call.service(), call.operation());
        parameters.writeRequest(event, call);
        if (readOnly || call.failure().isPresent()) {
            event.writeNullField("responseElements");
        } else {
            parameters.writeResponse(event, call);
        }
        event.writeStringField("requestID", context.requestId());
        event.writeStringField("eventID", eventId());
        event.writeBooleanField("readOnly", readOnly);
        event.writeStringField("eventType", "AwsApiCall");
        boolean management = kinds.dataType(call.service(), call.operation()).isEmpty();
        event.writeBooleanField("managementEvent", management);
        event.writeStringField("recipientAccountId", context.account());
        event.writeStringField("eventCategory", management ? "Management" : "Data");
        event.writeEndObject();
    }

    private void writeIdentity(JsonGenerator event, CallContext context) throws IOException {
        Principal principal = context.principal();
        event.writeObjectFieldStart("userIdentity");
        event.writeStringField("type", principal.kind().auditName());
        event.writeStringField("principalId", principal.id());
        event.writeStringField("arn", principal.arn());
        event.writeStringField("accountId", principal.account());
        if (principal.accessKeyId().isPresent()) {
            event.writeStringField("accessKeyId", principal.accessKeyId().get());
        }
        if (principal.session().isPresent()) {
            writeSession(event, principal, principal.session().get());
        }
        if (context.callingService().isPresent()) {
            event.writeStringField("invokedBy", source(context.callingService().get()));
        }
        event.writeEndObject();
    }

    private static void writeSession(JsonGenerator event, Principal principal, Session session) throws IOException {
        event.writeObjectFieldStart("sessionContext");
        event.writeObjectFieldStart("sessionIssuer");
        event.writeStringField("type", session.issuer().contains(":role/") ? "Role" : "IAMUser");
        event.writeStringField("principalId", principal.id().split(":", 2)[0]);
        event.writeStringField("arn", session.issuer());
        event.writeStringField("accountId", principal.account());
        event.writeStringField(
                "userName", session.issuer().substring(session.issuer().lastIndexOf('/') + 1));
        event.writeEndObject();
        event.writeObjectFieldStart("attributes");
        event.writeStringField("creationDate", seconds(session.issuedAt()));
        event.writeStringField(
                "mfaAuthenticated", Boolean.toString(session.authenticatedAt().isPresent()));
        event.writeEndObject();
        if (session.sourceIdentity().isPresent()) {
            event.writeStringField("sourceIdentity", session.sourceIdentity().get());
        }
        event.writeEndObject();
    }

    private String source(String service) {
        String source = sources.get(service);
        return source == null ? service + ".amazonaws.com" : source;
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Tells events apart; nobody gains by guessing one. */
    private static String eventId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID((random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() & ~(3L << 62)) | (1L << 63))
                .toString();
    }
}
