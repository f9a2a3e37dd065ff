package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.policy.MalformedPolicyException;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyJson;
import dev.outcrop.kernel.policy.PolicyUse;
import dev.outcrop.kernel.policy.Wildcards;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What S3 asks of a bucket's policy beyond IAM's grammar: it is about this bucket, its actions are S3's and fit its
 * resources, and so do its conditions.
 *
 * <p>Source: "Policies and permissions in Amazon S3" and "Bucket policies for Amazon S3", Amazon S3 user guide.
 */
final class PolicyGrammar {
    /** The longest policy in bytes. */
    static final int LONGEST = 20_480;

    private static final String ARN = "arn:aws:s3:::";
    private static final Set<String> FIELDS = Set.of("Version", "Id", "Statement");
    private static final Set<String> STATEMENT_FIELDS = Set.of(
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition");
    private static final Set<String> OF_LISTINGS = Set.of("s3:prefix", "s3:delimiter", "s3:max-keys");
    private static final Set<String> KEYS = Set.of(
            "s3:accessgrantsinstancearn",
            "s3:accesspointnetworkorigin",
            "s3:authtype",
            "s3:dataaccesspointaccount",
            "s3:dataaccesspointarn",
            "s3:delimiter",
            "s3:destinationregion",
            "s3:if-match",
            "s3:if-none-match",
            "s3:inventoryaccessibleoptionalfields",
            "s3:isreplicationpauserequest",
            "s3:locationconstraint",
            "s3:max-keys",
            "s3:object-lock-legal-hold",
            "s3:object-lock-mode",
            "s3:object-lock-remaining-retention-days",
            "s3:object-lock-retain-until-date",
            "s3:objectcreationoperation",
            "s3:prefix",
            "s3:requestobjecttagkeys",
            "s3:resourceaccount",
            "s3:signatureage",
            "s3:signatureversion",
            "s3:tlsversion",
            "s3:versionid",
            "s3:x-amz-acl",
            "s3:x-amz-content-sha256",
            "s3:x-amz-copy-source",
            "s3:x-amz-grant-full-control",
            "s3:x-amz-grant-read",
            "s3:x-amz-grant-read-acp",
            "s3:x-amz-grant-write",
            "s3:x-amz-grant-write-acp",
            "s3:x-amz-metadata-directive",
            "s3:x-amz-object-ownership",
            "s3:x-amz-server-side-encryption",
            "s3:x-amz-server-side-encryption-aws-kms-key-id",
            "s3:x-amz-server-side-encryption-customer-algorithm",
            "s3:x-amz-storage-class",
            "s3:x-amz-website-redirect-location");
    private static final List<String> KEYS_WITH_TAGS =
            List.of("s3:accesspointtag/", "s3:buckettag/", "s3:existingobjecttag/", "s3:requestobjecttag/");

    private PolicyGrammar() {}

    /**
     * Checks the policy of {@code bucket}, and gives its statements.
     *
     * @throws AwsError {@code MalformedPolicy}
     */
    static List<Map<?, ?>> check(String document, String bucket) {
        if (document.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw malformed("Policy exceeds the maximum allowed document size.", "");
        }
        if (!document.startsWith("{")) {
            throw malformed("Policies must be valid JSON and the first byte must be '{'", "");
        }
        List<Map<?, ?>> statements = statements(document);
        for (Map<?, ?> statement : statements) {
            check(statement, bucket);
        }
        parse(document);
        return statements;
    }

    /** The statements of a policy. */
    static List<Map<?, ?>> statements(String document) {
        Object read;
        try {
            read = PolicyJson.read(document);
        } catch (MalformedPolicyException refused) {
            throw inWordsOfS3(refused.getMessage());
        }
        if (!(read instanceof Map<?, ?> policy)) {
            throw malformed("Policies must be valid JSON and the first byte must be '{'", "");
        }
        checkFields(policy, FIELDS);
        if (policy.containsKey("Version") && !Set.of("2012-10-17", "2008-10-17").contains(policy.get("Version"))) {
            throw malformed("The policy must contain a valid version string", "");
        }
        Object body = policy.get("Statement");
        if (body == null) {
            throw malformed("Missing required field Statement", "");
        }
        List<Map<?, ?>> statements = new ArrayList<>();
        for (Object element : body instanceof List<?> several ? several : List.of(body)) {
            if (!(element instanceof Map<?, ?> statement)) {
                throw syntax();
            }
            statements.add(statement);
        }
        if (statements.isEmpty()) {
            throw malformed("Could not parse the policy: Statement is empty!", "");
        }
        return statements;
    }

    /** Compiles a policy. */
    static Policy parse(String document) {
        try {
            return Policy.parse(document, PolicyUse.RESOURCE);
        } catch (MalformedPolicyException refused) {
            throw inWordsOfS3(refused.getMessage());
        }
    }

    /** What a statement is about. */
    static List<String> resources(Map<?, ?> statement) {
        return texts(either(statement, "Resource"));
    }

    private static void check(Map<?, ?> statement, String bucket) {
        checkElements(statement);
        List<String> actions = texts(either(statement, "Action"));
        List<String> resources = resources(statement);
        resources.forEach(resource -> checkResource(resource, bucket));
        if (statement.containsKey("Action") && statement.containsKey("Resource")) {
            checkFit(actions, resources);
        }
        if (statement.containsKey("Condition")) {
            checkConditions(statement.get("Condition"), statement.containsKey("Action") ? actions : List.of("s3:*"));
        }
    }

    /** Checks that a statement has the elements that it needs, and that its actions are S3's. */
    static void checkElements(Map<?, ?> statement) {
        checkFields(statement, STATEMENT_FIELDS);
        Object effect = statement.get("Effect");
        if (effect == null) {
            throw malformed("Missing required field Effect", "");
        }
        if (!effect.equals("Allow") && !effect.equals("Deny")) {
            throw malformed("Invalid effect: " + effect, "");
        }
        for (String name : List.of("Principal", "Action", "Resource")) {
            if (!statement.containsKey(name) && !statement.containsKey("Not" + name)) {
                throw malformed("Missing required field " + name, "");
            }
        }
        if (effect.equals("Allow") && statement.containsKey("NotPrincipal")) {
            throw malformed("Allow with NotPrincipal is not allowed.", "");
        }
        List<String> actions = texts(either(statement, "Action"));
        List<String> resources = texts(either(statement, "Resource"));
        if (actions.isEmpty() || resources.isEmpty()) {
            throw syntax();
        }
        checkActions(actions);
    }

    private static Object either(Map<?, ?> statement, String name) {
        return statement.containsKey(name) ? statement.get(name) : statement.get("Not" + name);
    }

    private static void checkActions(List<String> actions) {
        for (String action : actions) {
            boolean known =
                    action.equals("*") || PolicyActions.isAboutObjects(action) || PolicyActions.isAboutBuckets(action);
            if (!known) {
                throw malformed("Policy has invalid action", action);
            }
        }
    }

    /** It names the bucket, or what is in it, with wildcards or without. */
    private static void checkResource(String resource, String bucket) {
        if (!resource.startsWith(ARN) || !Wildcards.matches(bucketOf(resource), bucket)) {
            throw malformed("Policy has invalid resource", resource);
        }
    }

    private static String bucketOf(String resource) {
        int slash = resource.indexOf('/');
        return resource.substring(ARN.length(), slash < 0 ? resource.length() : slash);
    }

    private static void checkFit(List<String> actions, List<String> resources) {
        boolean objects = resources.stream().anyMatch(resource -> resource.indexOf('/') >= 0 || resource.endsWith("*"));
        boolean buckets = resources.stream().anyMatch(resource -> resource.indexOf('/') < 0);
        for (String action : actions) {
            boolean fits = action.equals("*")
                    || (objects && PolicyActions.isAboutObjects(action))
                    || (buckets && PolicyActions.isAboutBuckets(action));
            if (!fits) {
                throw malformed("Action does not apply to any resource(s) in statement", "");
            }
        }
    }

    private static void checkConditions(Object conditions, List<String> actions) {
        if (!(conditions instanceof Map<?, ?> operators)) {
            throw syntax();
        }
        for (Object keys : operators.values()) {
            if (!(keys instanceof Map<?, ?> byKey)) {
                throw syntax();
            }
            for (Object key : byKey.keySet()) {
                checkKey(String.valueOf(key), actions);
            }
        }
    }

    private static void checkKey(String written, List<String> actions) {
        String key = written.toLowerCase(Locale.ROOT);
        boolean known = !key.startsWith("s3:")
                ? key.indexOf(':') > 0
                : KEYS.contains(key) || KEYS_WITH_TAGS.stream().anyMatch(key::startsWith);
        if (!known) {
            throw malformed("Policy has an invalid condition key", written);
        }
        if (OF_LISTINGS.contains(key)
                && actions.stream().noneMatch(action -> action.equals("*") || PolicyActions.isListing(action))) {
            throw malformed("Conditions do not apply to combination of actions and resources in statement", written);
        }
    }

    private static void checkFields(Map<?, ?> fields, Set<String> known) {
        for (Object field : fields.keySet()) {
            if (!known.contains(field)) {
                throw malformed("Unknown field " + field, "");
            }
        }
    }

    /** A text or a list of texts. */
    static List<String> texts(Object value) {
        List<String> texts = new ArrayList<>();
        for (Object element : value instanceof List<?> several ? several : List.of(value)) {
            if (!(element instanceof String text)) {
                throw syntax();
            }
            texts.add(text);
        }
        return texts;
    }

    private static AwsError inWordsOfS3(String message) {
        if (message.startsWith("Invalid principal in policy")) {
            return malformed(
                    "Invalid principal in policy",
                    message.substring(message.indexOf(':') + 1).strip());
        }
        return message.startsWith("Syntax errors") ? syntax() : malformed(message, "");
    }

    private static AwsError syntax() {
        return malformed("Invalid policy syntax.", "");
    }

    private static AwsError malformed(String message, String detail) {
        return new AwsError("MalformedPolicy", 400, message, detail.isEmpty() ? Map.of() : Map.of("Detail", detail));
    }
}
