package dev.outcrop.services.textract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.shapes.codec.StoredShapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.textract.model.JobStatus;
import software.amazon.awssdk.services.textract.model.StartDocumentAnalysisRequest;

/**
 * A job as it is kept.
 *
 * @param request  what was asked for; requests of the other kinds have no members that this one has not
 * @param message  why it failed, if it did
 * @param pieces   how many blocks (or expenses) each page that is done has
 * @param unread   the page from which on nothing could be read, if the job got that far
 * @param told     whether the topic has been told of the end
 */
record StoredJob(
        String id,
        JobKind kind,
        StartDocumentAnalysisRequest request,
        Instant startedAt,
        JobStatus status,
        Optional<String> message,
        List<Integer> pieces,
        Optional<Integer> unread,
        boolean told) {
    private static final ObjectMapper JSON = new ObjectMapper();

    StoredJob {
        pieces = List.copyOf(pieces);
    }

    boolean hasEnded() {
        return status != JobStatus.IN_PROGRESS;
    }

    /** The same with one more page. */
    StoredJob withPiece(int size) {
        List<Integer> more = new ArrayList<>(pieces);
        more.add(size);
        return new StoredJob(id, kind, request, startedAt, status, message, more, unread, told);
    }

    StoredJob ended(JobStatus end, Optional<String> why, Optional<Integer> from) {
        return new StoredJob(id, kind, request, startedAt, end, why, pieces, from, told);
    }

    StoredJob asTold() {
        return new StoredJob(id, kind, request, startedAt, status, message, pieces, unread, true);
    }

    byte[] write() {
        try {
            ObjectNode json = JSON.createObjectNode()
                    .put("kind", kind.name())
                    .put("startedAt", startedAt.toEpochMilli())
                    .put("status", status.toString())
                    .put("told", told);
            message.ifPresent(why -> json.put("message", why));
            unread.ifPresent(page -> json.put("unread", page));
            ArrayNode sizes = json.putArray("pieces");
            pieces.forEach(sizes::add);
            json.set("request", JSON.readTree(StoredShapes.write(request)));
            return JSON.writeValueAsBytes(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static StoredJob read(String id, byte[] body) {
        try {
            JsonNode json = JSON.readTree(body);
            List<Integer> pieces = new ArrayList<>();
            json.path("pieces").forEach(size -> pieces.add(size.asInt()));
            return new StoredJob(
                    id,
                    JobKind.valueOf(json.path("kind").asText()),
                    StoredShapes.read(
                            JSON.writeValueAsBytes(json.path("request")), StartDocumentAnalysisRequest::builder),
                    Instant.ofEpochMilli(json.path("startedAt").asLong()),
                    JobStatus.fromValue(json.path("status").asText()),
                    json.has("message") ? Optional.of(json.path("message").asText()) : Optional.empty(),
                    pieces,
                    json.has("unread") ? Optional.of(json.path("unread").asInt()) : Optional.empty(),
                    json.path("told").asBoolean());
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }
}
