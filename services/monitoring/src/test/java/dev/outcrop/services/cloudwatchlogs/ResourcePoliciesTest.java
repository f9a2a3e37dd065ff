package dev.outcrop.services.cloudwatchlogs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.LimitExceededException;
import software.amazon.awssdk.services.cloudwatchlogs.model.OperationAbortedException;
import software.amazon.awssdk.services.cloudwatchlogs.model.PolicyScope;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourcePolicy;

class ResourcePoliciesTest {
    private static final String GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:app";

    @TempDir
    private Path path;

    private LogsHouse house;
    private CloudWatchLogsClient logs;

    @BeforeEach
    void open() {
        house = new LogsHouse(path);
        logs = house.logs();
        logs.createLogGroup(request -> request.logGroupName("app"));
    }

    @AfterEach
    void close() {
        house.close();
    }

    private static String policy(String effect) {
        return """
                {"Version": "2012-10-17", "Statement": [{"Effect": "%s", "Principal": "*",
                  "Action": "logs:CreateLogStream", "Resource": "%s:*"}]}
                """.formatted(effect, GROUP);
    }

    private void createStream(String name) {
        logs.createLogStream(request -> request.logGroupName("app").logStreamName(name));
    }

    @Test
    void decidesAtOnceAboutTheGroupsThatItNames() {
        logs.putResourcePolicy(request -> request.policyName("closed").policyDocument(policy("Deny")));
        assertThatThrownBy(() -> createStream("refused")).hasMessageContaining("explicit deny");

        logs.deleteResourcePolicy(request -> request.policyName("closed"));
        assertThatCode(() -> createStream("allowed")).doesNotThrowAnyException();
    }

    @Test
    void changesAPolicyOfAGroupOnlyForWhoKnowsItsRevision() {
        String revision = logs.putResourcePolicy(
                        request -> request.resourceArn(GROUP).policyDocument(policy("Deny")))
                .revisionId();

        assertThatThrownBy(() -> createStream("refused")).hasMessageContaining("explicit deny");
        assertThatThrownBy(() -> logs.putResourcePolicy(
                        request -> request.resourceArn(GROUP).policyDocument(policy("Allow"))))
                .isInstanceOf(OperationAbortedException.class);
        logs.putResourcePolicy(request ->
                request.resourceArn(GROUP).policyDocument(policy("Allow")).expectedRevisionId(revision));
        assertThatCode(() -> createStream("allowed")).doesNotThrowAnyException();
        assertThat(logs.describeResourcePolicies(
                                request -> request.resourceArn(GROUP).policyScope(PolicyScope.RESOURCE))
                        .resourcePolicies())
                .extracting(ResourcePolicy::policyDocument)
                .isEqualTo(List.of(policy("Allow")));
    }

    @Test
    void keepsTenOfAnAccountAndRefusesWhatIsNoPolicy() {
        for (int i = 0; i < 10; i++) {
            String name = "policy-" + i;
            logs.putResourcePolicy(request -> request.policyName(name).policyDocument(policy("Allow")));
        }

        assertThatThrownBy(() -> logs.putResourcePolicy(
                        request -> request.policyName("one-more").policyDocument(policy("Allow"))))
                .isInstanceOf(LimitExceededException.class);
        logs.putResourcePolicy(request -> request.policyName("policy-3").policyDocument(policy("Allow")));
        assertThat(logs.describeResourcePolicies().resourcePolicies()).hasSize(10);
        assertThatThrownBy(() -> logs.putResourcePolicy(
                        request -> request.policyName("policy-3").policyDocument("{\"Statement\": []")))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> logs.deleteResourcePolicy(request -> request.policyName("none")))
                .isInstanceOf(ResourceNotFoundException.class);
    }
}
