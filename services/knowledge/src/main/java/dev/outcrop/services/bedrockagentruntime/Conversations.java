package dev.outcrop.services.bedrockagentruntime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Principal;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was asked and answered in the sessions of RetrieveAndGenerate. A session belongs to the principal that began it,
 * remembers its last turns, and ends a day after it began.
 */
final class Conversations {
    static final Duration LIFETIME = Duration.ofDays(1);
    private static final String TYPE = "bedrock-agent-runtime:conversation";
    private static final int TURNS_KEPT = 10;
    private static final int LONGEST_ANSWER = 4000;
    private static final int FORGOTTEN_AT_ONCE = 100;
    private static final JsonMapper JSON = new JsonMapper();

    private final Records records;
    private final SealedContent sealing;
    private final Ids ids;
    private final InstantSource clock;

    Conversations(Records records, SealedContent sealing, Ids ids, InstantSource clock) {
        this.records = records;
        this.sealing = sealing;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * A session.
     *
     * @param kmsKey the ARN of the key that it is kept under, if one was given
     * @param turns  the latest last
     */
    record Conversation(String id, Optional<String> kmsKey, List<Writer.Said> turns, long version) {
        Conversation {
            turns = List.copyOf(turns);
        }
    }

    /**
     * The session with {@code id}, or a new one where that is empty.
     *
     * @throws software.amazon.awssdk.services.bedrockagentruntime.model.ValidationException if it is not the caller's, or
     *     its time is over
     */
    Conversation open(Optional<String> id, Optional<String> kmsKey) {
        if (id.isEmpty()) {
            return new Conversation(ids.uuid(), kmsKey, List.of(), 0);
        }
        StoredRecord record = records.get(key(id.get()))
                .filter(stored -> stored.createdAt().plus(LIFETIME).isAfter(clock.instant()))
                .orElseThrow(() -> invalid(id.get()));
        try {
            JsonNode kept = JSON.readTree(record.body());
            Optional<String> key = Optional.ofNullable(kept.path("kmsKey").textValue());
            if (!kept.path("owner").asText().equals(owner())) {
                throw invalid(id.get());
            }
            if (kmsKey.isPresent() && !kmsKey.equals(key)) {
                throw Errors.invalid("The kmsKeyArn of a session can't be changed. Use the one that session " + id.get()
                        + " was begun with.");
            }
            List<Writer.Said> turns = new ArrayList<>();
            for (JsonNode turn : JSON.readTree(
                    sealing.opened(arn(id.get()), key, kept.path("turns").binaryValue()))) {
                turns.add(new Writer.Said(
                        turn.path("user").asBoolean(), turn.path("text").asText()));
            }
            return new Conversation(id.get(), key, turns, record.version());
        } catch (IOException damaged) {
            throw new UncheckedIOException("the session " + id.get() + " is damaged", damaged);
        }
    }

    /** Remembers a turn. Of two answers at the same time in one session the later one stays. */
    void add(Conversation conversation, String question, String answer) {
        List<Writer.Said> turns = new ArrayList<>(conversation.turns());
        turns.add(new Writer.Said(true, question));
        turns.add(new Writer.Said(
                false, answer.length() <= LONGEST_ANSWER ? answer : answer.substring(0, LONGEST_ANSWER)));
        ArrayNode said = JSON.createArrayNode();
        turns.subList(Math.max(0, turns.size() - 2 * TURNS_KEPT), turns.size())
                .forEach(turn -> said.addObject().put("user", turn.byUser()).put("text", turn.text()));
        ObjectNode kept = JSON.createObjectNode().put("owner", owner());
        conversation.kmsKey().ifPresent(key -> kept.put("kmsKey", key));
        kept.put("turns", sealing.sealed(arn(conversation.id()), conversation.kmsKey(), bytes(said)));
        byte[] body = bytes(kept);
        RecordKey key = key(conversation.id());
        records.write(transaction -> {
            transaction.deleteCreatedBefore(TYPE, clock.instant().minus(LIFETIME), FORGOTTEN_AT_ONCE);
            Optional<StoredRecord> present = transaction.get(key);
            if (present.isPresent()) {
                transaction.update(key, present.get().version(), Optional.empty(), clock.instant(), body);
            } else {
                transaction.insert(key, "", Optional.empty(), clock.instant(), body);
            }
            return null;
        });
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Whoever calls; of a role any of its sessions. */
    private static String owner() {
        Principal principal = CallContext.current().principal();
        String arn = principal.arn();
        return principal.kind() == Principal.Kind.ASSUMED_ROLE ? arn.substring(0, arn.lastIndexOf('/')) : arn;
    }

    private static String arn(String id) {
        return Ids.arn("bedrock", "session/" + id);
    }

    private static RecordKey key(String id) {
        CallContext call = CallContext.current();
        return new RecordKey(TYPE, call.account(), call.region(), id);
    }

    private static RuntimeException invalid(String id) {
        return Errors.invalid("Session with Id " + id + " is not valid. Please check and try again.");
    }
}
