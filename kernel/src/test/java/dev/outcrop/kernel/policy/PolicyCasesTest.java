package dev.outcrop.kernel.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.ConditionContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases in the tables beside this class, written from AWS's documentation. */
class PolicyCasesTest {
    private static final String OWNER = "111111111111";
    private static final String RESOURCE = "arn:aws:s3:::bucket/key";

    static Stream<String> conditions() throws IOException {
        return lines("conditions");
    }

    static Stream<String> statements() throws IOException {
        return lines("statements");
    }

    static Stream<String> evaluation() throws IOException {
        return lines("evaluation");
    }

    static Stream<String> documents() throws IOException {
        return lines("documents");
    }

    private static Stream<String> lines(String table) throws IOException {
        try (InputStream bytes = PolicyCasesTest.class.getResourceAsStream(table + ".table")) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
                    .lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList().stream();
        }
    }

    private static String[] fields(String line) {
        String[] fields = line.split("\\|", -1);
        for (int index = 0; index < fields.length; index++) {
            fields[index] = fields[index].strip();
        }
        return fields;
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void conditionsHoldAsTheTableSays(String line) {
        String[] fields = fields(line);
        Map<String, List<String>> keys = keys();
        if (!fields[2].equals("-")) {
            keys.put("aws:key", List.of(fields[2].split(";")));
        }
        Policy policy = Policy.parse(
                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\","
                        + "\"Condition\":{\"" + fields[0] + "\":{\"aws:Key\":" + list(fields[1]) + "}}}}",
                PolicyUse.IDENTITY);

        assertThat(policy.allows(question(user(), "s3:GetObject", RESOURCE, keys)))
                .isEqualTo(fields[3].equals("holds"));
    }

    @ParameterizedTest
    @MethodSource("statements")
    void statementsAreAboutWhatTheTableSays(String line) {
        String[] fields = fields(line);
        boolean ofAction = fields[0].endsWith("Action");
        Policy policy = Policy.parse(
                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"" + fields[0] + "\":"
                        + list(fields[1]) + (ofAction ? ",\"Resource\":\"*\"}}" : ",\"Action\":\"*\"}}"),
                PolicyUse.IDENTITY);

        PolicyQuestion question = ofAction
                ? question(user(), fields[2], RESOURCE, keys())
                : question(user(), "s3:GetObject", fields[2], keys());

        assertThat(policy.allows(question)).isEqualTo(fields[3].equals("yes"));
    }

    @ParameterizedTest
    @MethodSource("evaluation")
    void evaluationComesToWhatTheTableSays(String line) {
        String[] fields = fields(line);

        Verdict verdict = PolicyEvaluation.evaluate(
                question(asker(fields[0]), "s3:GetObject", RESOURCE, keys()), sources(fields[1]));

        assertThat(verdict).isEqualTo(Verdict.valueOf(fields[2]));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void documentsAreRefusedAsTheTableSays(String line) {
        String[] fields = fields(line);

        assertThatThrownBy(() -> Policy.parse(fields[1], PolicyUse.valueOf(fields[0])))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessage(fields[2]);
    }

    private static Map<String, List<String>> keys() {
        Map<String, List<String>> keys = new HashMap<>();
        keys.put("aws:username", List.of("alice"));
        keys.put("aws:principaltag/team", List.of("red"));
        keys.put("aws:many", List.of("one", "two"));
        return keys;
    }

    private static String list(String values) {
        return Stream.of(values.split(";")).collect(Collectors.joining("\",\"", "[\"", "\"]"));
    }

    private static PolicyQuestion question(
            Principal principal, String action, String resource, Map<String, List<String>> keys) {
        ConditionContext context = key -> Optional.ofNullable(keys.get(key.toLowerCase(Locale.ROOT)));
        return new PolicyQuestion(principal, action, resource, OWNER, context);
    }

    private static Principal user() {
        return new Principal(
                Principal.Kind.USER, "arn:aws:iam::111111111111:user/alice", OWNER, "AIDAALICE", Optional.empty());
    }

    private static Principal asker(String name) {
        return switch (name) {
            case "user" -> user();
            case "session" ->
                session(Principal.Kind.ASSUMED_ROLE, "assumed-role/app/s", "arn:aws:iam::111111111111:role/app");
            case "federated" ->
                session(Principal.Kind.FEDERATED, "federated-user/bob", "arn:aws:iam::111111111111:user/alice");
            case "root" -> Principal.root(OWNER, Optional.empty());
            case "stranger" ->
                new Principal(
                        Principal.Kind.USER,
                        "arn:aws:iam::222222222222:user/mallory",
                        "222222222222",
                        "AIDAMALLORY",
                        Optional.empty());
            case "service" -> Principal.service("lambda.amazonaws.com", OWNER);
            default -> Principal.ANONYMOUS;
        };
    }

    private static Principal session(Principal.Kind kind, String name, String issuer) {
        return new Principal(
                kind,
                "arn:aws:sts::111111111111:" + name,
                OWNER,
                "AROAAPP:s",
                Optional.empty(),
                Optional.of(Session.of(issuer, Instant.EPOCH)));
    }

    private static PolicySources sources(String text) {
        List<Policy> identity = new ArrayList<>();
        List<Policy> session = new ArrayList<>();
        List<List<Policy>> levels = new ArrayList<>();
        List<String> resource = new ArrayList<>();
        Optional<Policy> boundary = Optional.empty();
        boolean decisive = false;
        for (String policy : text.isEmpty() ? new String[0] : text.split("\\s*;\\s*")) {
            String[] words = policy.split(" ");
            switch (words[0]) {
                case "identity" -> identity.add(identity(words[1]));
                case "boundary" -> boundary = Optional.of(identity(words[1]));
                case "session" -> session.add(identity(words[1]));
                case "scp" -> levels.add(List.of(identity(words[1])));
                default -> {
                    decisive |= words[0].equals("decisive");
                    resource.add("{" + effect(words[1]) + principal(words[2]) + ",\"Resource\":\"*\"}");
                }
            }
        }
        boolean decides = decisive;
        return new PolicySources(
                identity,
                boundary,
                session.isEmpty() ? Optional.empty() : Optional.of(session),
                levels,
                resource.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new ResourcePolicy(
                                Policy.parse(
                                        "{\"Statement\":[" + String.join(",", resource) + "]}", PolicyUse.RESOURCE),
                                decides)));
    }

    private static Policy identity(String effect) {
        return Policy.parse("{\"Statement\":{" + effect(effect) + ",\"Resource\":\"*\"}}", PolicyUse.IDENTITY);
    }

    private static String effect(String effect) {
        return effect.equals("deny")
                ? "\"Effect\":\"Deny\",\"Action\":\"s3:GetObject\""
                : "\"Effect\":\"Allow\",\"Action\":\"" + (effect.equals("allow") ? "s3:GetObject" : "s3:PutObject")
                        + "\"";
    }

    private static String principal(String name) {
        String account = "\"arn:aws:iam::111111111111:root\"";
        return switch (name) {
            case "*" -> ",\"Principal\":\"*\"";
            case "service" -> ",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"}";
            case "not-user" -> ",\"NotPrincipal\":{\"AWS\":[" + account + "," + arn("user") + "]}";
            case "not-session" ->
                ",\"NotPrincipal\":{\"AWS\":[" + account + "," + arn("role") + "," + arn("session") + "]}";
            case "not-stranger" -> ",\"NotPrincipal\":{\"AWS\":" + arn("stranger") + "}";
            case "account" -> ",\"Principal\":{\"AWS\":" + account + "}";
            default -> ",\"Principal\":{\"AWS\":" + arn(name) + "}";
        };
    }

    private static String arn(String name) {
        return switch (name) {
            case "user" -> "\"arn:aws:iam::111111111111:user/alice\"";
            case "role" -> "\"arn:aws:iam::111111111111:role/app\"";
            case "session" -> "\"arn:aws:sts::111111111111:assumed-role/app/s\"";
            case "federated" -> "\"arn:aws:sts::111111111111:federated-user/bob\"";
            case "stranger" -> "\"arn:aws:iam::222222222222:user/mallory\"";
            case "elsewhere" -> "\"222222222222\"";
            default -> "\"arn:aws:iam::111111111111:user/other\"";
        };
    }
}
