package dev.outcrop.services.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.services.ServedSecurity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.sts.StsClient;

/** Policies that are too long, too deep, or made to be dear, wherever they are taken. */
@Timeout(60)
class OversizedPoliciesTest {
    private static final Duration DEAR = Duration.ofSeconds(20);

    @TempDir
    private Path path;

    private ServedSecurity house;

    @BeforeEach
    void open() {
        house = new ServedSecurity(path);
        iam(iam -> iam.createUser(request -> request.userName("alice")));
        iam(iam -> iam.createGroup(request -> request.groupName("people")));
        iam(iam -> iam.createRole(request -> request.roleName("worker").assumeRolePolicyDocument(trust(List.of("*")))));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void everyPlaceHasItsLimit() {
        List<Consumer<String>> places = List.of(
                document -> iam(iam ->
                        iam.createPolicy(request -> request.policyName("large").policyDocument(document))),
                document -> iam(iam -> iam.putUserPolicy(
                        request -> request.userName("alice").policyName("p").policyDocument(document))),
                document -> iam(iam -> iam.putGroupPolicy(
                        request -> request.groupName("people").policyName("p").policyDocument(document))),
                document -> iam(iam -> iam.putRolePolicy(
                        request -> request.roleName("worker").policyName("p").policyDocument(document))),
                document -> house.as(KmsClient.class, kms -> kms.createKey(request -> request.policy(document))),
                document -> house.as(
                        StsClient.class,
                        sts -> sts.getFederationToken(
                                request -> request.name("somebody").policy(document))));
        // Within the limits of shapes, beyond those of quotas, and beyond either.
        for (String document : List.of(allowing(120_000), allowing(2_000_000))) {
            assertThat(places)
                    .allSatisfy(place -> assertThatThrownBy(() -> place.accept(document))
                            .isInstanceOfSatisfying(
                                    AwsServiceException.class,
                                    refusal -> assertThat(refusal.statusCode()).isBetween(400, 499)));
        }
        assertThatThrownBy(() -> iam(iam -> iam.updateAssumeRolePolicy(request -> request.roleName("worker")
                        .policyDocument(trust(IntStream.range(0, 400)
                                .mapToObj(i -> "arn:aws:iam::123456789012:root")
                                .toList())))))
                .isInstanceOf(AwsServiceException.class);
    }

    @Test
    void depthIsNoWayIn() {
        String deep = "{\"Version\":\"2012-10-17\",\"Statement\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}";
        String nested =
                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\","
                        + "\"Condition\":" + "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000) + "}}";

        for (String document : List.of(deep, nested)) {
            assertThatThrownBy(() -> iam(iam -> iam.putUserPolicy(
                            request -> request.userName("alice").policyName("p").policyDocument(document))))
                    .isInstanceOfSatisfying(
                            AwsServiceException.class,
                            refusal -> assertThat(refusal.statusCode()).isBetween(400, 499));
        }
    }

    /** Such a pattern takes an hour where matching goes back and tries again. */
    @Test
    void patternsFullOfStarsAreDecidedAtOnce() {
        String pattern = "arn:aws:s3:::" + "a*".repeat(500) + "b";
        String policy =
                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\""
                        + pattern + "\"}}";
        long began = System.nanoTime();

        var results = house.as(
                        IamClient.class,
                        iam -> iam.simulateCustomPolicy(request -> request.policyInputList(policy)
                                .actionNames("s3:GetObject")
                                .resourceArns("arn:aws:s3:::" + "a".repeat(1_000))))
                .evaluationResults();

        assertThat(results)
                .singleElement()
                .satisfies(result -> assertThat(result.evalDecisionAsString()).isEqualTo("implicitDeny"));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(DEAR);
    }

    private void iam(Consumer<IamClient> call) {
        house.as(IamClient.class, iam -> {
            call.accept(iam);
            return null;
        });
    }

    /** A policy of at least {@code length} characters. */
    private static String allowing(int length) {
        String resource = "\"arn:aws:s3:::" + "x".repeat(80) + "\"";
        return "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":["
                + IntStream.rangeClosed(0, length / resource.length())
                        .mapToObj(_ -> resource)
                        .collect(Collectors.joining(","))
                + "]}}";
    }

    private static String trust(List<String> principals) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\","
                + "\"Principal\":{\"AWS\":["
                + principals.stream().map(one -> '"' + one + '"').collect(Collectors.joining(",")) + "]}}}";
    }
}
