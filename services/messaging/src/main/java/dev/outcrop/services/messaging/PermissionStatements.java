package dev.outcrop.services.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.policy.MalformedPolicyException;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyUse;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Statements of a resource's policy that let other accounts do something, each under a label. */
public final class PermissionStatements {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode policy;
    private final ArrayNode statements;

    private PermissionStatements(ObjectNode policy) {
        this.policy = policy;
        JsonNode present = policy.path("Statement");
        if (present instanceof ArrayNode array) {
            statements = array;
        } else {
            statements = policy.putArray("Statement");
            if (present.isObject()) {
                statements.add(present);
            }
        }
    }

    /**
     * The statements of a policy.
     *
     * @param document the policy; empty if there is none yet
     * @param id       of a new one
     */
    public static PermissionStatements of(String document, String id) {
        if (document.isEmpty()) {
            return new PermissionStatements(
                    JSON.createObjectNode().put("Version", "2008-10-17").put("Id", id));
        }
        try {
            return new PermissionStatements((ObjectNode) JSON.readTree(document));
        } catch (JsonProcessingException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    /** Whether a document is a policy of a resource that is about actions of {@code service} alone. */
    public static boolean isPolicy(String document, String service) {
        try {
            return Policy.parse(document, PolicyUse.RESOURCE).services().stream()
                    .allMatch(service::equalsIgnoreCase);
        } catch (MalformedPolicyException malformed) {
            return false;
        }
    }

    /** How many there are. */
    public int size() {
        return statements.size();
    }

    /** Whether there is one under {@code label}. */
    public boolean has(String label) {
        return place(label).isPresent();
    }

    /** Lets accounts do something. */
    public void add(String label, List<String> accounts, List<String> actions, String resource) {
        ObjectNode statement = statements.addObject();
        statement.put("Sid", label).put("Effect", "Allow");
        ArrayNode principals = statement.putObject("Principal").putArray("AWS");
        accounts.forEach(account -> principals.add("arn:aws:iam::" + account + ":root"));
        ArrayNode names = statement.putArray("Action");
        actions.forEach(names::add);
        statement.put("Resource", resource);
    }

    /** Takes back what was let under {@code label}, and says whether there was anything. */
    public boolean remove(String label) {
        Optional<Integer> place = place(label);
        place.ifPresent(index -> statements.remove(index.intValue()));
        return place.isPresent();
    }

    private Optional<Integer> place(String label) {
        for (int i = 0; i < statements.size(); i++) {
            if (statements.get(i).path("Sid").asText().equals(label)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    /** The policy; empty if it says nothing any more. */
    public String document() {
        return statements.isEmpty() ? "" : policy.toString();
    }
}
