package dev.outcrop.services.cloudwatchlogs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.CloudWatchLogsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.DataProtectionStatus;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.QueryStatus;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResultField;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DataProtectionTest {
    private static final String GROUP_ARN = "arn:aws:logs:us-east-1:123456789012:log-group:";

    private LogsHouse house;
    private CloudWatchLogsClient logs;

    @BeforeAll
    void open(@TempDir Path path) {
        house = new LogsHouse(path);
        logs = house.logs();
    }

    @AfterAll
    void close() {
        house.close();
    }

    private void group(String name) {
        logs.createLogGroup(request -> request.logGroupName(name));
        logs.createLogStream(request -> request.logGroupName(name).logStreamName("s"));
    }

    private static String policy(String identifiers, String destination) {
        return """
                {"Name": "p", "Version": "2021-06-01", "Configuration": {"CustomDataIdentifier":
                  [{"Name": "EmployeeId", "Regex": "EmployeeId-\\\\d{4}"}]}, "Statement": [
                  {"Sid": "a", "DataIdentifier": [%1$s], "Operation": {"Audit": {"FindingsDestination": {%2$s}}}},
                  {"Sid": "d", "DataIdentifier": [%1$s], "Operation": {"Deidentify": {"MaskConfig": {}}}}]}
                """.formatted(identifiers, destination);
    }

    private void protect(String group, String policy) {
        logs.putDataProtectionPolicy(
                request -> request.logGroupIdentifier(group).policyDocument(policy));
    }

    private void put(String group, String message) {
        house.pass(Duration.ofMillis(1));
        logs.putLogEvents(request -> request.logGroupName(group)
                .logStreamName("s")
                .logEvents(InputLogEvent.builder()
                        .timestamp(LogsHouse.NOON)
                        .message(message)
                        .build()));
    }

    private List<String> got(String group, boolean unmask) {
        return logs
                .getLogEvents(request -> request.logGroupName(group)
                        .logStreamName("s")
                        .startFromHead(true)
                        .unmask(unmask))
                .events()
                .stream()
                .map(OutputLogEvent::message)
                .toList();
    }

    private static String managed(String name) {
        return "\"" + DataIdentifiers.ARN + name + "\"";
    }

    @Test
    void whatCameUnderAPolicyIsMaskedWhateverBecomesOfThePolicy() {
        group("kept");
        put("kept", "before a@example.com");
        house.pass(Duration.ofMillis(1));
        protect("kept", policy(managed("EmailAddress"), ""));
        put("kept", "under a@example.com, EmployeeId-1234");
        house.pass(Duration.ofMillis(1));
        protect("kept", policy("\"EmployeeId\"", ""));
        put("kept", "under another a@example.com, EmployeeId-1234");
        house.pass(Duration.ofMillis(1));
        logs.deleteDataProtectionPolicy(request -> request.logGroupIdentifier(GROUP_ARN + "kept"));
        put("kept", "after a@example.com");

        assertThat(got("kept", false))
                .containsExactly(
                        "before a@example.com",
                        "under *************, EmployeeId-1234",
                        "under another a@example.com, ***************",
                        "after a@example.com");
        assertThat(got("kept", true).get(1)).isEqualTo("under a@example.com, EmployeeId-1234");
        assertThat(logs.getDataProtectionPolicy(request -> request.logGroupIdentifier("kept"))
                        .policyDocument())
                .isNull();
        assertThat(logs.describeLogGroups(request -> request.logGroupNamePrefix("kept"))
                        .logGroups()
                        .getFirst()
                        .dataProtectionStatus())
                .isEqualTo(DataProtectionStatus.DELETED);
    }

    @Test
    void onlyWhoHasTheRightToUnmaskSeesWhatIsMaskedInSearchesAndQueries() {
        group("queried");
        protect("queried", policy(managed("EmailAddress"), ""));
        put("queried", "{\"mail\": \"a@example.com\", \"level\": \"x\"}");

        String query = "filter level = 'x' | display mail, unmask(mail) as u, @message, unmask(@message) as whole";
        assertThat(results("queried", query))
                .containsExactly(
                        "mail=*************",
                        "u=a@example.com",
                        "@message={\"mail\": \"*************\", \"level\": \"x\"}",
                        "whole={\"mail\": \"a@example.com\", \"level\": \"x\"}");
        logs.putResourcePolicy(request -> request.policyName("masked").policyDocument("""
                {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "logs:Unmask",
                  "Resource": "%squeried:*"}]}""".formatted(GROUP_ARN)));

        assertThat(found("queried", "example", false)).isEmpty();
        assertThat(found("queried", "mail", false)).containsExactly("{\"mail\": \"*************\", \"level\": \"x\"}");
        assertThatThrownBy(() -> found("queried", "mail", true)).hasMessageContaining("logs:Unmask");
        assertThatThrownBy(() -> got("queried", true)).hasMessageContaining("logs:Unmask");
        assertThatThrownBy(() -> results("queried", query)).hasMessageContaining("logs:Unmask");
        assertThat(results("queried", "display mail")).containsExactly("mail=*************");
    }

    private List<String> found(String group, String term, boolean unmask) {
        return logs
                .filterLogEvents(request ->
                        request.logGroupName(group).filterPattern(term).unmask(unmask))
                .events()
                .stream()
                .map(FilteredLogEvent::message)
                .toList();
    }

    private List<String> results(String group, String query) {
        String id = logs.startQuery(request -> request.logGroupName(group)
                        .startTime(LogsHouse.NOON / 1000 - 60)
                        .endTime(LogsHouse.NOON / 1000 + 60)
                        .queryString(query))
                .queryId();
        LogsHouse.await(
                () -> logs.getQueryResults(request -> request.queryId(id)).status() == QueryStatus.COMPLETE);
        return logs.getQueryResults(request -> request.queryId(id)).results().getFirst().stream()
                .filter(field -> !field.field().equals("@ptr"))
                .map((ResultField field) -> field.field() + "=" + field.value())
                .toList();
    }

    @Test
    void findingsAreCountedAndReported() {
        group("audited");
        group("/aws/vendedlogs/findings");
        protect(
                "audited",
                policy(
                        managed("EmailAddress") + ", " + managed("IpAddress"),
                        "\"CloudWatchLogs\": {\"LogGroup\": \"/aws/vendedlogs/findings\"}"));

        put("audited", "nothing");
        put("audited", "from 10.1.2.3 by a@example.com");

        assertThat(found("/aws/vendedlogs/findings", "", false))
                .singleElement()
                .satisfies(report -> assertThat(report)
                        .contains("\"resourceArn\":\"" + GROUP_ARN + "audited:*\"")
                        .contains("{\"name\":\"EmailAddress\",\"count\":1,\"detections\":[{\"start\":18,\"end\":30}]}")
                        .contains("{\"name\":\"IpAddress\",\"count\":1,\"detections\":[{\"start\":6,\"end\":13}]}"));
        assertThat(house.measured())
                .anyMatch(entry -> entry.contains("LogEventsWithFindings")
                        && entry.contains("\"LogGroupName\":\"audited\"")
                        && entry.contains("\"DataProtectionOperation\":\"Audit\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AwsSecretKey         | aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                "BankAccountNumber-DE | DE89 3704 0044 0532 0130 00",
                "CreditCardNumber     | 4111 1111 1111 1111",
                "IpAddress            | 2001:db8::1",
                "PhoneNumber-DE       | +49 30 901820",
                "Ssn-US               | 078-05-1120",
                "PkcsPrivateKey       | -----BEGIN RSA PRIVATE KEY-----MIIE-----END RSA PRIVATE KEY-----",
            })
    void findsWhatManagedIdentifiersStandFor(String identifier, String data) {
        String text = "value: " + data + " (end)";

        ProtectionPolicy policy = ProtectionPolicy.parse(policy(managed(identifier), ""));

        assertThat(policy.masked(text))
                .startsWith("value: ")
                .endsWith("* (end)")
                .hasSameSizeAs(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing",
                "[]",
                "{\"Name\": \"p\", \"Version\": \"2021-06-01\", \"Statement\": []}",
                "{\"Name\": \"p\", \"Version\": \"2012-10-17\"}",
            })
    void refusesWhatIsNoPolicy(String document) {
        assertThatThrownBy(() -> ProtectionPolicy.parse(document)).isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void refusesIdentifiersThatThereAreNotAndSaysWhichAreNotDone() {
        group("refusing");

        assertThatThrownBy(() -> protect("refusing", policy(managed("ShoeSize"), "")))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> protect("refusing", policy("\"Unknown\"", "")))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> protect("refusing", policy(managed("CpfCode-BR"), "")))
                .isInstanceOfSatisfying(
                        CloudWatchLogsException.class,
                        error -> assertThat(error.statusCode()).isEqualTo(501));
        assertThatThrownBy(() -> protect(
                        "refusing",
                        policy("\"EmployeeId\"", "\"CloudWatchLogs\": {\"LogGroup\": \"/aws/vendedlogs/none\"}")))
                .hasMessageContaining("does not exist");
    }
}
