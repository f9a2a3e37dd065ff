package dev.outcrop.kernel.policy;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Compiled documents by their text, so that none is compiled twice. Safe for concurrent use. */
public final class CompiledPolicies {
    private static final int MOST = 10_000;

    private final ConcurrentMap<Document, Policy> compiled = new ConcurrentHashMap<>();

    /**
     * The compiled form of {@code document}.
     *
     * @throws MalformedPolicyException if AWS's grammar refuses it
     */
    public Policy get(String document, PolicyUse use) {
        Document key = new Document(document, use);
        Policy present = compiled.get(key);
        if (present != null) {
            return present;
        }
        Policy policy = Policy.parse(document, use);
        if (compiled.size() >= MOST) {
            compiled.clear();
        }
        compiled.put(key, policy);
        return policy;
    }

    private record Document(String text, PolicyUse use) {}
}
