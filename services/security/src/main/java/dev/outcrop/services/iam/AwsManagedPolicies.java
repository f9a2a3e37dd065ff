package dev.outcrop.services.iam;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.iam.model.ManagedPolicyDetail;
import software.amazon.awssdk.services.iam.model.PolicyVersion;

/**
 * The managed policies that AWS keeps, as far as services of this house are concerned. They lie beside this class, one a
 * line: name, path, what it is for, what it allows ({@code |} between them), written anew from what AWS documents.
 *
 * <p>Source: the AWS Managed Policy Reference.
 */
final class AwsManagedPolicies {
    private static final Instant CREATED = Instant.parse("2015-02-06T18:40:00Z");
    private static final Map<String, ManagedPolicyDetail> POLICIES = read();

    private AwsManagedPolicies() {}

    static Optional<ManagedPolicyDetail> find(String arn) {
        return Optional.ofNullable(POLICIES.get(arn));
    }

    static Collection<ManagedPolicyDetail> all() {
        return POLICIES.values();
    }

    private static Map<String, ManagedPolicyDetail> read() {
        Map<String, ManagedPolicyDetail> policies = new LinkedHashMap<>();
        try (InputStream table = AwsManagedPolicies.class.getResourceAsStream("aws-managed-policies.table")) {
            new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> policy(line.split("\\s*\\|\\s*", 4)))
                    .forEach(policy -> policies.put(policy.arn(), policy));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return policies;
    }

    private static ManagedPolicyDetail policy(String[] fields) {
        String name = fields[0];
        String arn = "arn:aws:iam::aws:policy" + fields[1] + name;
        return ManagedPolicyDetail.builder()
                .policyName(name)
                .path(fields[1])
                .arn(arn)
                .policyId("ANPA" + id(arn))
                .description(fields[2])
                .isAttachable(true)
                .createDate(CREATED)
                .updateDate(CREATED)
                .defaultVersionId("v1")
                .policyVersionList(PolicyVersion.builder()
                        .versionId("v1")
                        .isDefaultVersion(true)
                        .createDate(CREATED)
                        .document(document(fields[3]))
                        .build())
                .build();
    }

    private static String id(String arn) {
        return UUID.nameUUIDFromBytes(arn.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "")
                .substring(0, 17)
                .toUpperCase(Locale.ROOT);
    }

    /**
     * A document of statements as the table writes them: {@code Allow ACTION,… on RESOURCE,… [passing SERVICE,…]
     * [if OPERATOR KEY=VALUE,…]…}, with {@code AllowNot} for all other actions and {@code off} for all other resources.
     */
    private static String document(String statements) {
        StringBuilder document = new StringBuilder("{\"Version\":\"2012-10-17\",\"Statement\":[");
        String separator = "";
        for (String statement : statements.split("\\s*;\\s*")) {
            String[] words = statement.split("\\s+");
            document.append(separator)
                    .append("{\"Effect\":\"Allow\",\"")
                    .append(words[0].equals("AllowNot") ? "NotAction" : "Action")
                    .append("\":")
                    .append(list(words[1]))
                    .append(words[2].equals("off") ? ",\"NotResource\":" : ",\"Resource\":")
                    .append(list(words[3]));
            Map<String, String> conditions = conditions(words);
            if (!conditions.isEmpty()) {
                document.append(",\"Condition\":{");
                document.append(conditions.entrySet().stream()
                        .map(operator -> "\"" + operator.getKey() + "\":{" + operator.getValue() + "}")
                        .collect(Collectors.joining(",")));
                document.append('}');
            }
            document.append('}');
            separator = ",";
        }
        return document.append("]}").toString();
    }

    /** The conditions of a statement by their operators, keys with values after each other. */
    private static Map<String, String> conditions(String[] words) {
        Map<String, String> conditions = new LinkedHashMap<>();
        int at = 4;
        while (at < words.length) {
            boolean passing = words[at].equals("passing");
            String operator = passing ? "StringEquals" : words[at + 1];
            String[] key = passing ? new String[] {"iam:PassedToService", words[at + 1]} : words[at + 2].split("=", 2);
            conditions.merge(operator, "\"" + key[0] + "\":" + list(key[1]), (one, other) -> one + "," + other);
            at += passing ? 2 : 3;
        }
        return conditions;
    }

    private static String list(String values) {
        String[] items = values.split(",");
        String joined = "\"" + String.join("\",\"", items) + "\"";
        return items.length == 1 ? joined : "[" + joined + "]";
    }
}
