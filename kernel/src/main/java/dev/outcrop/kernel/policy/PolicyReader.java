package dev.outcrop.kernel.policy;

import dev.outcrop.kernel.policy.MalformedPolicyException.Flaw;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads documents by AWS's grammar and compiles them.
 *
 * <p>Source: "Grammar of the IAM JSON policy language" of the IAM user guide.
 */
final class PolicyReader {
    private static final String SYNTAX = "Syntax errors in policy.";
    private static final Set<String> VERSIONS = Set.of("2008-10-17", "2012-10-17");
    private static final Set<String> DOCUMENT_FIELDS = Set.of("Version", "Id", "Statement");
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
    private static final Pattern SID = Pattern.compile("[0-9A-Za-z]*");
    private static final Pattern VENDOR = Pattern.compile("[a-zA-Z0-9*?.-]+");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}*?$,][^},]*)");
    private static final Pattern TRUST_ACTION =
            Pattern.compile("sts:(AssumeRole.*|TagSession|SetSourceIdentity|SetContext|\\*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern AWS_PRINCIPAL = Pattern.compile("\\*|[0-9]{12}|A(ID|RO)A[A-Z0-9]{4,}"
            + "|arn:aws[a-z-]*:iam::[0-9]{12}:(root|(user|role)/[^*?]+)"
            + "|arn:aws[a-z-]*:sts::[0-9]{12}:(assumed-role/[^/*?]+|federated-user)/[^/*?]+");

    private final PolicyUse use;
    private final Set<String> conditionKeys = new LinkedHashSet<>();

    PolicyReader(PolicyUse use) {
        this.use = use;
    }

    Policy read(String text) {
        if (!(PolicyJson.read(text) instanceof Map<?, ?> document)) {
            throw syntax();
        }
        checkFields(document, DOCUMENT_FIELDS);
        Object version = document.containsKey("Version") ? document.get("Version") : "2008-10-17";
        if (!(version instanceof String) || !VERSIONS.contains(version)) {
            throw new MalformedPolicyException("Policy document must be version 2012-10-17 or greater.");
        }
        boolean variables = version.equals("2012-10-17");
        if (document.containsKey("Id") && !(document.get("Id") instanceof String)) {
            throw syntax();
        }
        if (!document.containsKey("Statement")) {
            throw syntax();
        }
        List<?> bodies =
                document.get("Statement") instanceof List<?> several ? several : List.of(document.get("Statement"));
        if (bodies.isEmpty()) {
            throw syntax();
        }
        List<Statement> statements = new ArrayList<>();
        List<Set<String>> services = new ArrayList<>();
        List<ServiceAccess> access = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Object body : bodies) {
            if (!(body instanceof Map<?, ?> fields)) {
                throw syntax();
            }
            Statement statement = statement(fields, variables);
            if (!statement.id().isEmpty() && !ids.add(statement.id())) {
                throw new MalformedPolicyException("Statement IDs (SID) in a single policy must be unique.");
            }
            statements.add(statement);
            services.add(services(fields));
            if (!statement.denies()) {
                access.add(access(fields));
            }
        }
        return new Policy(statements, services, access, conditionKeys);
    }

    private Statement statement(Map<?, ?> fields, boolean variables) {
        checkFields(fields, STATEMENT_FIELDS);
        String id = id(fields);
        boolean denies = denies(fields);
        Optional<PrincipalElement> principal = principal(fields);
        List<WildcardPattern> actions = actions(fields);
        List<WildcardPattern> resources = resources(fields, variables);
        return new Statement(
                id,
                denies,
                principal,
                actions,
                fields.containsKey("NotAction"),
                resources,
                fields.containsKey("NotResource"),
                conditions(fields, variables));
    }

    private String id(Map<?, ?> fields) {
        if (!fields.containsKey("Sid")) {
            return "";
        }
        if (!(fields.get("Sid") instanceof String id)) {
            throw syntax();
        }
        if (use != PolicyUse.RESOURCE && !SID.matcher(id).matches()) {
            throw new MalformedPolicyException(
                    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies"
                            + " the regular expression [0-9A-Za-z]*");
        }
        return id;
    }

    private static boolean denies(Map<?, ?> fields) {
        Object effect = fields.get("Effect");
        if (!"Allow".equals(effect) && !"Deny".equals(effect)) {
            throw syntax();
        }
        return effect.equals("Deny");
    }

    private Optional<PrincipalElement> principal(Map<?, ?> fields) {
        Optional<String> name = oneOf(fields, "Principal", "NotPrincipal");
        if (use == PolicyUse.IDENTITY) {
            if (name.isPresent()) {
                throw new MalformedPolicyException("Policy document should not specify a principal.");
            }
            return Optional.empty();
        }
        if (name.isEmpty()) {
            throw new MalformedPolicyException("Missing required field Principal");
        }
        Object value = fields.get(name.get());
        boolean negated = name.get().startsWith("Not");
        if (value instanceof String text) {
            if (!text.equals("*")) {
                throw invalidPrincipal("\"" + text + "\"");
            }
            return Optional.of(new PrincipalElement(Map.of("AWS", List.of("*")), negated));
        }
        if (!(value instanceof Map<?, ?> kinds) || kinds.isEmpty()) {
            throw syntax();
        }
        Map<String, List<String>> named = new LinkedHashMap<>();
        kinds.forEach((kind, who) -> named.put((String) kind, principals((String) kind, who)));
        return Optional.of(new PrincipalElement(Map.copyOf(named), negated));
    }

    private static List<String> principals(String kind, Object who) {
        List<String> names = texts(who);
        for (String name : names) {
            boolean valid = switch (kind) {
                case "AWS" -> AWS_PRINCIPAL.matcher(name).matches();
                case "Service" -> name.endsWith(".amazonaws.com") || name.endsWith(".amazonaws.com.cn");
                case "Federated", "CanonicalUser" -> !name.isEmpty();
                default -> false;
            };
            if (!valid) {
                throw invalidPrincipal("\"" + kind + "\":\"" + name + "\"");
            }
        }
        return List.copyOf(names);
    }

    private List<WildcardPattern> actions(Map<?, ?> fields) {
        String name = oneOf(fields, "Action", "NotAction")
                .orElseThrow(() -> new MalformedPolicyException(
                        use == PolicyUse.IDENTITY
                                ? "Policy statement must contain actions."
                                : "Missing required field Action"));
        List<String> actions = texts(fields.get(name));
        if (actions.isEmpty()) {
            throw new MalformedPolicyException("Policy statement must contain actions.");
        }
        List<WildcardPattern> patterns = new ArrayList<>();
        for (String action : actions) {
            checkAction(action);
            patterns.add(WildcardPattern.of(action.toLowerCase(Locale.ROOT), true, false));
        }
        return List.copyOf(patterns);
    }

    private void checkAction(String action) {
        if (action.equals("*") && use != PolicyUse.TRUST) {
            return;
        }
        int colon = action.indexOf(':');
        if (use == PolicyUse.TRUST && !TRUST_ACTION.matcher(action).matches()) {
            throw new MalformedPolicyException("AssumeRole policy may only specify STS AssumeRole actions.");
        }
        if (colon < 0) {
            throw new MalformedPolicyException(
                    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
        }
        if (action.indexOf(':', colon + 1) >= 0) {
            throw new MalformedPolicyException("Actions/Condition can contain only one colon.");
        }
        if (!VENDOR.matcher(action.substring(0, colon)).matches()) {
            throw new MalformedPolicyException("Vendor " + action.substring(0, colon) + " is not valid");
        }
    }

    private List<WildcardPattern> resources(Map<?, ?> fields, boolean variables) {
        Optional<String> name = oneOf(fields, "Resource", "NotResource");
        if (use == PolicyUse.TRUST) {
            if (name.isPresent()) {
                throw new MalformedPolicyException("Has prohibited field " + name.get());
            }
            return List.of();
        }
        if (name.isEmpty()) {
            throw new MalformedPolicyException(
                    use == PolicyUse.IDENTITY
                            ? "Policy statement must contain resources."
                            : "Missing required field Resource");
        }
        List<String> resources = texts(fields.get(name.get()));
        if (resources.isEmpty()) {
            throw new MalformedPolicyException("Policy statement must contain resources.");
        }
        List<WildcardPattern> patterns = new ArrayList<>();
        for (String resource : resources) {
            if (!resource.equals("*") && !resource.startsWith("arn:") && !resource.startsWith("*")) {
                throw new MalformedPolicyException("Resource " + resource + " must be in ARN format or \"*\".");
            }
            noteVariables(resource, variables);
            patterns.add(WildcardPattern.of(resource, true, variables));
        }
        return List.copyOf(patterns);
    }

    private List<Condition> conditions(Map<?, ?> fields, boolean variables) {
        if (!fields.containsKey("Condition")) {
            return List.of();
        }
        if (!(fields.get("Condition") instanceof Map<?, ?> operators)) {
            throw syntax();
        }
        List<Condition> conditions = new ArrayList<>();
        operators.forEach((operator, keys) -> {
            if (!(keys instanceof Map<?, ?> byKey)) {
                throw syntax();
            }
            byKey.forEach((key, values) -> {
                if (((String) key).indexOf(':') < 0) {
                    throw new MalformedPolicyException(
                            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
                }
                List<String> texts = texts(values);
                texts.forEach(text -> noteVariables(text, variables));
                conditionKeys.add((String) key);
                conditions.add(Condition.of((String) operator, (String) key, texts, variables));
            });
        });
        return List.copyOf(conditions);
    }

    private void noteVariables(String text, boolean variables) {
        if (variables) {
            Matcher matcher = VARIABLE.matcher(text);
            while (matcher.find()) {
                conditionKeys.add(matcher.group(1).strip());
            }
        }
    }

    /** The services that a statement names; none where it may be about any. */
    private static Set<String> services(Map<?, ?> fields) {
        if (fields.containsKey("NotAction")) {
            return Set.of();
        }
        Set<String> services = new LinkedHashSet<>();
        for (String action : texts(fields.get("Action"))) {
            String service = action.toLowerCase(Locale.ROOT).split(":", 2)[0];
            if (service.indexOf('*') >= 0 || service.indexOf('?') >= 0) {
                return Set.of();
            }
            services.add(service);
        }
        return services;
    }

    private static ServiceAccess access(Map<?, ?> fields) {
        boolean negated = fields.containsKey("NotAction");
        List<WildcardPattern> services = new ArrayList<>();
        for (String action : texts(fields.get(negated ? "NotAction" : "Action"))) {
            String[] parts = action.toLowerCase(Locale.ROOT).split(":", 2);
            boolean whole = parts.length == 1 || parts[1].equals("*");
            if (whole || !negated) {
                services.add(WildcardPattern.of(parts[0], true, false));
            }
        }
        return new ServiceAccess(negated, List.copyOf(services));
    }

    private static Optional<String> oneOf(Map<?, ?> fields, String name, String another) {
        if (fields.containsKey(name) && fields.containsKey(another)) {
            throw syntax();
        }
        return fields.containsKey(name)
                ? Optional.of(name)
                : fields.containsKey(another) ? Optional.of(another) : Optional.empty();
    }

    private static void checkFields(Map<?, ?> fields, Set<String> known) {
        if (!known.containsAll(fields.keySet())) {
            throw syntax();
        }
    }

    /** A text or a list of them; numbers and truth values are texts, too. */
    private static List<String> texts(Object value) {
        if (value instanceof String text) {
            return List.of(text);
        }
        if (!(value instanceof List<?> list)) {
            throw syntax();
        }
        List<String> texts = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof String text)) {
                throw syntax();
            }
            texts.add(text);
        }
        return texts;
    }

    static MalformedPolicyException syntax() {
        return new MalformedPolicyException(Flaw.SYNTAX, SYNTAX);
    }

    static MalformedPolicyException invalidJson() {
        return new MalformedPolicyException(Flaw.JSON, "This policy contains invalid Json");
    }

    private static MalformedPolicyException invalidPrincipal(String written) {
        return new MalformedPolicyException(Flaw.PRINCIPAL, "Invalid principal in policy: " + written);
    }
}
