package dev.outcrop.services.policies;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A resource-based policy, as far as its grammar goes. Nothing here decides who may do what: it refuses what is no policy,
 * and says whether one leaves a door open at all.
 *
 * <p>Source: "Grammar of the IAM JSON policy language" of the IAM user guide.
 */
public final class PolicyDocument {
    private static final int DEEPEST = 20;
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());
    private static final Set<String> MEMBERS = Set.of("Version", "Id", "Statement");
    private static final Set<String> STATEMENT_MEMBERS = Set.of(
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition");
    private static final Set<String> PRINCIPAL_KINDS = Set.of("AWS", "Service", "Federated", "CanonicalUser");
    private static final Pattern ACTION = Pattern.compile("\\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+");
    private static final Pattern AWS_PRINCIPAL =
            Pattern.compile("\\*|[0-9]{12}|arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:.+|AIDA[A-Z0-9]+|AROA[A-Z0-9]+");

    private final List<JsonNode> statements;

    private PolicyDocument(List<JsonNode> statements) {
        this.statements = statements;
    }

    /** The text is no policy of a resource. */
    public static final class MalformedException extends Exception {
        MalformedException(String message) {
            super(message);
        }
    }

    /**
     * Reads a policy.
     *
     * @param service the prefix of the actions that it is about
     * @throws MalformedException saying in AWS's words what is wrong
     */
    public static PolicyDocument ofResource(String text, String service) throws MalformedException {
        JsonNode document;
        try (JsonParser parser = JSON.createParser(text)) {
            document = JSON.readTree(parser);
            if (parser.nextToken() != null) {
                throw new MalformedException("Policy contains invalid json");
            }
        } catch (IOException malformed) {
            throw new MalformedException("Policy contains invalid json");
        }
        if (document == null || !document.isObject()) {
            throw new MalformedException("Policy document must be a JSON object");
        }
        checkMembers(document, MEMBERS, "Policy document");
        JsonNode version = document.get("Version");
        if (version != null && !Set.of("2012-10-17", "2008-10-17").contains(version.asText())) {
            throw new MalformedException("Policy document version is invalid: " + version.asText());
        }
        JsonNode statement = document.get("Statement");
        if (statement == null || statement.isEmpty()) {
            throw new MalformedException("Policy document must contain at least one statement");
        }
        List<JsonNode> statements = new ArrayList<>();
        if (statement.isArray()) {
            statement.forEach(statements::add);
        } else {
            statements.add(statement);
        }
        Set<String> names = new HashSet<>();
        for (JsonNode each : statements) {
            check(each, service);
            JsonNode name = each.get("Sid");
            if (name != null && !name.asText().isEmpty() && !names.add(name.asText())) {
                throw new MalformedException("Statement IDs (SID) in a single policy must be unique.");
            }
        }
        return new PolicyDocument(statements);
    }

    private static void checkMembers(JsonNode node, Set<String> known, String what) throws MalformedException {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (!known.contains(member.getKey())) {
                throw new MalformedException(what + " has an unknown element " + member.getKey());
            }
        }
    }

    private static void check(JsonNode statement, String service) throws MalformedException {
        if (!statement.isObject()) {
            throw new MalformedException("Policy statement must be a JSON object");
        }
        checkMembers(statement, STATEMENT_MEMBERS, "Policy statement");
        String effect = statement.path("Effect").asText();
        if (!effect.equals("Allow") && !effect.equals("Deny")) {
            throw new MalformedException("Policy statement must have an Effect of Allow or Deny");
        }
        checkPrincipals(one(statement, "Principal", "NotPrincipal"));
        for (String action : texts(one(statement, "Action", "NotAction"), "Action")) {
            boolean known = ACTION.matcher(action).matches()
                    && (action.equals("*") || action.toLowerCase(Locale.ROOT).startsWith(service + ":"));
            if (!known) {
                throw new MalformedException("Policy statement action is invalid: " + action);
            }
        }
        texts(one(statement, "Resource", "NotResource"), "Resource");
        JsonNode condition = statement.get("Condition");
        if (condition != null) {
            checkCondition(condition);
        }
    }

    private static void checkCondition(JsonNode condition) throws MalformedException {
        boolean blocks = condition.isObject();
        for (JsonNode block : condition) {
            blocks &= block.isObject();
            for (JsonNode values : block) {
                blocks &= values.isValueNode() || values.isArray();
            }
        }
        if (!blocks) {
            throw new MalformedException("Policy statement condition must map operators to keys and their values");
        }
    }

    private static JsonNode one(JsonNode statement, String member, String negated) throws MalformedException {
        JsonNode plain = statement.get(member);
        JsonNode opposite = statement.get(negated);
        if ((plain == null) == (opposite == null)) {
            throw new MalformedException("Policy statement must contain exactly one of " + member + " and " + negated);
        }
        return plain == null ? opposite : plain;
    }

    private static void checkPrincipals(JsonNode principals) throws MalformedException {
        if (principals.isTextual() && principals.asText().equals("*")) {
            return;
        }
        if (!principals.isObject() || principals.isEmpty()) {
            throw new MalformedException("Policy statement principal must be \"*\" or name principals by their kinds");
        }
        checkMembers(principals, PRINCIPAL_KINDS, "Policy statement principal");
        for (Map.Entry<String, JsonNode> kind : principals.properties()) {
            for (String name : texts(kind.getValue(), "principal")) {
                if (kind.getKey().equals("AWS") && !AWS_PRINCIPAL.matcher(name).matches()) {
                    throw new MalformedException("Policy contains a statement with one or more invalid principals.");
                }
            }
        }
    }

    private static List<String> texts(JsonNode node, String what) throws MalformedException {
        List<String> texts = new ArrayList<>();
        if (node.isTextual()) {
            texts.add(node.asText());
        } else if (node.isArray()) {
            for (JsonNode each : node) {
                if (!each.isTextual()) {
                    throw new MalformedException("Policy statement " + what + " must be made of strings");
                }
                texts.add(each.asText());
            }
        }
        if (texts.isEmpty()) {
            throw new MalformedException("Policy statement " + what + " must be a string or a list of strings");
        }
        return texts;
    }

    /**
     * Whether some statement allows {@code action} to a principal, conditions left aside. A statement for the account's
     * root allows it to whom the account's own policies allow it.
     */
    public boolean mayAllow(String action, String principalArn, String account) {
        return statements.stream()
                .anyMatch(statement -> statement.path("Effect").asText().equals("Allow")
                        && matchesAction(statement, action)
                        && isFor(statement, principalArn, account));
    }

    /** Whether some statement allows something to everybody without any condition. */
    public boolean isPublic() {
        return statements.stream()
                .anyMatch(statement -> statement.path("Effect").asText().equals("Allow")
                        && statement.path("Condition").isEmpty()
                        && (statement.has("NotPrincipal") || names(statement).contains("*")));
    }

    private static boolean matchesAction(JsonNode statement, String action) {
        boolean negated = statement.has("NotAction");
        JsonNode patterns = statement.path(negated ? "NotAction" : "Action");
        boolean matches = values(patterns).stream().anyMatch(pattern -> matches(pattern, action));
        return matches != negated;
    }

    /** Whether a pattern with {@code *} and {@code ?} fits, in the time of its length times the text's at most. */
    private static boolean matches(String pattern, String text) {
        String wanted = pattern.toLowerCase(Locale.ROOT);
        String given = text.toLowerCase(Locale.ROOT);
        int star = -1;
        int resumed = 0;
        int at = 0;
        int place = 0;
        while (place < given.length()) {
            if (at < wanted.length() && wanted.charAt(at) == '*') {
                star = at++;
                resumed = place;
            } else if (at < wanted.length() && (wanted.charAt(at) == '?' || wanted.charAt(at) == given.charAt(place))) {
                at++;
                place++;
            } else if (star >= 0) {
                at = star + 1;
                place = ++resumed;
            } else {
                return false;
            }
        }
        while (at < wanted.length() && wanted.charAt(at) == '*') {
            at++;
        }
        return at == wanted.length();
    }

    private static boolean isFor(JsonNode statement, String principalArn, String account) {
        if (statement.has("NotPrincipal")) {
            return true;
        }
        List<String> names = names(statement);
        return names.contains("*")
                || names.contains(account)
                || names.contains("arn:aws:iam::" + account + ":root")
                || names.contains(principalArn);
    }

    private static List<String> names(JsonNode statement) {
        JsonNode principals = statement.path("Principal");
        return principals.isTextual() ? List.of(principals.asText()) : values(principals.path("AWS"));
    }

    private static List<String> values(JsonNode node) {
        if (node.isTextual()) {
            return List.of(node.asText());
        }
        List<String> values = new ArrayList<>();
        node.forEach(each -> values.add(each.asText()));
        return values;
    }
}
