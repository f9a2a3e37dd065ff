package dev.outcrop.kernel.record;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.shapes.ServiceModels;
import dev.outcrop.shapes.ServiceSummary;
import dev.outcrop.storage.JournalEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static final int LONGEST_TEXT = 1 << 10;

    private final JsonFactory json = new JsonFactory();
    private final Map<String, String> sources = new HashMap<>();
    private final EventKinds kinds = new EventKinds();
    private final EventResources resources = new EventResources();
    private final UserIdentities identities = new UserIdentities(this::source);
    private final CallParameters parameters;

    /** @param models say what the services are called in events */
    public AuditEvents(ServiceModels models) {
        parameters = new CallParameters(models);
        for (ServiceSummary summary : models.summaries()) {
            sources.put(summary.id(), summary.signingName() + ".amazonaws.com");
        }
    }

    /**
     * The events of a call: that of the caller's account, and where it was about a resource of another account, such as a
     * role, one of the same shared id for that account, which is not told more of the caller than its id, and nothing of
     * calls that failed.
     */
    List<JournalEntry> entries(CallRecord call) {
        List<EventResources.Resource> about = resources.of(call);
        String account = call.context().account();
        Optional<String> owner = about.stream()
                .flatMap(resource -> resource.account().stream())
                .filter(other -> !other.equals(account)
                        && !account.isEmpty()
                        && call.failure().isEmpty())
                .findFirst();
        if (owner.isEmpty()) {
            return List.of(entry(call, about, account, Optional.empty()));
        }
        Optional<String> shared = Optional.of(eventId());
        return List.of(entry(call, about, account, shared), entry(call, about, owner.get(), shared));
    }

    private JournalEntry entry(
            CallRecord call, List<EventResources.Resource> about, String recipient, Optional<String> shared) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(768);
        try (JsonGenerator event = json.createGenerator(bytes, JsonEncoding.UTF8)) {
            write(event, call, about, recipient, shared);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new JournalEntry(KIND, recipient, call.context().startedAt(), bytes.toByteArray());
    }

    private void write(
            JsonGenerator event,
            CallRecord call,
            List<EventResources.Resource> about,
            String recipient,
            Optional<String> shared)
            throws IOException {
        CallContext context = call.context();
        event.writeStartObject();
        event.writeStringField("eventVersion", "1.11");
        identities.write(event, call, recipient);
        event.writeStringField("eventTime", seconds(context.startedAt()));
        event.writeStringField("eventSource", source(call.service()));
        event.writeStringField("eventName", call.operation());
        event.writeStringField("awsRegion", context.region());
        event.writeStringField("sourceIPAddress", context.sourceAddress());
        event.writeStringField("userAgent", cut(context.userAgent()));
        if (call.failure().isPresent()) {
            Answer.Failure failure = call.failure().get();
            event.writeStringField("errorCode", cut(failure.code()));
            event.writeStringField("errorMessage", cut(String.valueOf(failure.message())));
        }
        parameters.writeRequest(event, call);
        if (call.failure().isEmpty() && kinds.tellsAnswer(call.service(), call.operation())) {
            parameters.writeResponse(event, call);
        } else {
            event.writeNullField("responseElements");
        }
        event.writeStringField("requestID", context.requestId());
        event.writeStringField("eventID", eventId());
        event.writeBooleanField("readOnly", kinds.isReadOnly(call.service(), call.operation()));
        resources.write(event, call, about);
        event.writeStringField("eventType", "AwsApiCall");
        boolean management = kinds.dataType(call.service(), call.operation()).isEmpty();
        event.writeBooleanField("managementEvent", management);
        event.writeStringField("recipientAccountId", recipient);
        if (shared.isPresent()) {
            event.writeStringField("sharedEventID", shared.get());
        }
        event.writeStringField("eventCategory", management ? "Management" : "Data");
        event.writeEndObject();
    }

    /** CloudTrail's own limit for most texts, which it cuts there. */
    private static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
    }

    private String source(String service) {
        String source = sources.get(service);
        return source == null ? service + ".amazonaws.com" : source;
    }

    static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Tells events apart; nobody gains by guessing one. */
    private static String eventId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID((random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() & ~(3L << 62)) | (1L << 63))
                .toString();
    }
}
