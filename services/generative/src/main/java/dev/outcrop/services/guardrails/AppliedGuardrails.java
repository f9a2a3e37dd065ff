package dev.outcrop.services.guardrails;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.services.guardrails.GuardrailRecords.Kept;
import dev.outcrop.storage.Records;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Guardrails ready to be applied. What is made ready is kept until the guardrail changes, on whichever server; who applies
 * one that is under a key of KMS must be allowed to use the key, each time. Safe for concurrent use.
 */
public final class AppliedGuardrails implements GuardrailLookup {
    private static final int MOST_READY = 1000;

    private final GuardrailRecords records;
    private final GuardrailSeal seal;
    private final Filters filters;
    private final ConcurrentMap<String, Ready> ready = new ConcurrentHashMap<>();

    /** What was made ready, and of what. */
    private record Ready(Kept kept, Applied applied) {}

    /**
     * The guardrails in {@code records}.
     *
     * @param clients reach KMS
     * @param filters judge the texts
     */
    public AppliedGuardrails(Records records, Supplier<Clients> clients, Filters filters) {
        this.records = new GuardrailRecords(records);
        this.seal = new GuardrailSeal(clients);
        this.filters = filters;
    }

    @Override
    public Applied find(String identifier, String version) {
        Kept kept = GuardrailName.id(identifier)
                .flatMap(id -> records.find(id, version))
                .orElseThrow(() -> AwsError.validation(
                        "The guardrail identifier or version provided in the request does not exist."));
        CallContext call = CallContext.current();
        String key = call.account() + " " + call.region() + " " + kept.open().guardrailId() + " " + version;
        Ready known = ready.get(key);
        Applied applied;
        if (known != null && known.kept() == kept) {
            if (kept.isSealed()) {
                seal.requireOpenable(kept.open().guardrailArn(), kept.sealed());
            }
            applied = known.applied();
        } else {
            applied = new Applied(seal.whole(kept), filters);
            if (ready.size() >= MOST_READY) {
                ready.clear();
            }
            ready.put(key, new Ready(kept, applied));
        }
        applied.profileArn().ifPresent(profile -> call.require("bedrock:ApplyGuardrail", profile));
        return applied;
    }
}
