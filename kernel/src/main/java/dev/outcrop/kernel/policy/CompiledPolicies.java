package dev.outcrop.kernel.policy;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compiled documents by their text, so that none is compiled twice. Safe for concurrent use. */
public final class CompiledPolicies {
    private static final Logger LOG = LoggerFactory.getLogger(CompiledPolicies.class);
    private static final int MOST = 10_000;
    private static final Policy NOTHING = Policy.parse("""
            {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}""", PolicyUse.IDENTITY);
    private static final Policy NOBODY = Policy.parse("""
            {"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}""", PolicyUse.RESOURCE);

    private final ConcurrentMap<Document, Policy> compiled = new ConcurrentHashMap<>();
    private final ConcurrentMap<Document, Policy> unreadable = new ConcurrentHashMap<>();

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
        remember(compiled, key, policy);
        return policy;
    }

    /**
     * The compiled form of a document that was accepted once and is kept since. One that cannot be read any more denies
     * everything, since nobody can say what it denied; that is logged as an error once.
     *
     * @param of what the document says something of, such as the ARN of a bucket, for the log
     */
    public Policy kept(String document, PolicyUse use, String of) {
        try {
            return get(document, use);
        } catch (MalformedPolicyException malformed) {
            Document key = new Document(document, use);
            Policy closed = use == PolicyUse.IDENTITY ? NOTHING : NOBODY;
            if (!unreadable.containsKey(key)) {
                remember(unreadable, key, closed);
                LOG.error(
                        "a policy of {} cannot be read, and denies everything until it is replaced: {}",
                        of,
                        malformed.getMessage());
            }
            return closed;
        }
    }

    private static void remember(ConcurrentMap<Document, Policy> memory, Document key, Policy policy) {
        if (memory.size() >= MOST) {
            memory.clear();
        }
        memory.put(key, policy);
    }

    private record Document(String text, PolicyUse use) {}
}
