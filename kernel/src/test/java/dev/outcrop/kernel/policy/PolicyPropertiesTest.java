package dev.outcrop.kernel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PolicyPropertiesTest {
    private static final String ACCOUNT = "111111111111";
    private static final Principal USER = new Principal(
            Principal.Kind.USER, "arn:aws:iam::111111111111:user/alice", ACCOUNT, "AIDAALICE", Optional.empty());

    @Provide
    Arbitrary<List<String>> statements() {
        Arbitrary<String> effects = Arbitraries.of("Allow", "Deny");
        Arbitrary<String> actions = Arbitraries.of("s3:GetObject", "s3:Get*", "s3:*", "*", "s3:PutObject", "iam:*");
        Arbitrary<String> resources =
                Arbitraries.of("*", "arn:aws:s3:::a/*", "arn:aws:s3:::b/*", "arn:aws:s3:::a/${aws:username}");
        return Combinators.combine(effects, Arbitraries.of("Action", "NotAction"), actions, resources)
                .as((effect, element, action, resource) -> "{\"Effect\":\"" + effect + "\",\"" + element + "\":\""
                        + action + "\",\"Resource\":\"" + resource + "\"}")
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<PolicyQuestion> questions() {
        return Combinators.combine(
                        Arbitraries.of("s3:GetObject", "s3:PutObject", "iam:CreateUser", "sqs:SendMessage"),
                        Arbitraries.of("*", "arn:aws:s3:::a/x", "arn:aws:s3:::b/x", "arn:aws:s3:::a/alice"))
                .as((action, resource) -> new PolicyQuestion(
                        USER,
                        action,
                        resource,
                        ACCOUNT,
                        key -> key.equals("aws:username") ? Optional.of(List.of("alice")) : Optional.empty()));
    }

    private static Policy policy(List<String> statements) {
        return Policy.parse(
                "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}",
                PolicyUse.IDENTITY);
    }

    private static Verdict verdict(PolicyQuestion question, List<Policy> policies) {
        return PolicyEvaluation.evaluate(question, PolicySources.ofIdentity(policies));
    }

    @Property(tries = 500)
    void aDenyIsNeverOutvoted(
            @ForAll("statements") List<String> statements, @ForAll("questions") PolicyQuestion question) {
        Policy deny = Policy.parse(
                "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}}", PolicyUse.IDENTITY);

        assertThat(verdict(question, List.of(policy(statements), deny))).isEqualTo(Verdict.DENIED_BY_IDENTITY_POLICY);
    }

    @Property(tries = 500)
    void theOrderOfStatementsAndPoliciesDoesNotMatter(
            @ForAll("statements") List<String> statements,
            @ForAll("questions") PolicyQuestion question,
            @ForAll Random random) {
        List<String> shuffled = new ArrayList<>(statements);
        Collections.shuffle(shuffled, random);
        List<Policy> apart =
                shuffled.stream().map(statement -> policy(List.of(statement))).toList();

        Verdict together = verdict(question, List.of(policy(statements)));

        assertThat(verdict(question, List.of(policy(shuffled)))).isEqualTo(together);
        assertThat(verdict(question, apart)).isEqualTo(together);
    }

    @Property(tries = 500)
    void addingAnAllowNeverTakesAway(
            @ForAll("statements") List<String> statements,
            @ForAll("statements") List<String> more,
            @ForAll("questions") PolicyQuestion question) {
        List<String> added = Stream.concat(
                        statements.stream(), more.stream().map(statement -> statement.replace("Deny", "Allow")))
                .toList();

        Verdict before = verdict(question, List.of(policy(statements)));

        if (before == Verdict.ALLOWED) {
            assertThat(verdict(question, List.of(policy(added)))).isEqualTo(Verdict.ALLOWED);
        }
    }

    @Property(tries = 500)
    void anAllowAndItsNotElementAreEachOthersOpposite(@ForAll("questions") PolicyQuestion question) {
        Policy positive = policy(List.of("{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"}"));
        Policy negative = policy(List.of("{\"Effect\":\"Allow\",\"NotAction\":\"s3:Get*\",\"Resource\":\"*\"}"));

        assertThat(positive.allows(question)).isNotEqualTo(negative.allows(question));
    }
}
