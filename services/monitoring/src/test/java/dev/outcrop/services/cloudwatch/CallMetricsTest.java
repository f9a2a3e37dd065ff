package dev.outcrop.services.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.storage.JournalEntry;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.services.kms.model.CreateKeyResponse;
import software.amazon.awssdk.services.kms.model.EncryptResponse;
import software.amazon.awssdk.services.kms.model.ReEncryptResponse;

class CallMetricsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<JournalEntry> journal = new ArrayList<>();
    private final ServiceMetrics measured =
            new ServiceMetrics(journal::addAll, () -> Instant.parse("2026-11-20T10:00:00Z"));
    private final CallMetrics metrics = new CallMetrics(measured, id -> "The " + id);

    private static CallContext context(Principal principal) {
        return CallContext.builder()
                .principal(principal)
                .region("us-east-1")
                .requestId("11111111-2222-3333-4444-555555555555")
                .build();
    }

    private void called(String service, String operation, SdkResponse response) {
        metrics.record(new CallRecord(
                context(Principal.root("123456789012", Optional.empty())),
                service,
                operation,
                Optional.empty(),
                Optional.ofNullable(response),
                Optional.empty(),
                2_500_000));
    }

    private void refused(String service, String operation, int status, String code) {
        AwsServiceException exception = AwsServiceException.builder().build();
        metrics.record(new CallRecord(
                context(Principal.root("123456789012", Optional.empty())),
                service,
                operation,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Answer.Failure(code, status, "No.", status >= 500, exception, false, Map.of())),
                2_500_000));
    }

    /** What was measured: namespace and sorted dimensions, metric, and value. */
    private List<String> told() throws IOException {
        measured.flush();
        List<String> told = new ArrayList<>();
        for (JournalEntry entry : journal) {
            for (JsonNode one : JSON.readTree(entry.body()).path("measured")) {
                Map<String, String> dimensions = new TreeMap<>();
                one.path("dimensions")
                        .properties()
                        .forEach(dimension -> dimensions.put(
                                dimension.getKey(), dimension.getValue().asText()));
                one.path("values")
                        .forEach(value -> told.add(one.path("namespace").asText() + dimensions + " "
                                + value.path("metric").asText() + " "
                                + value.path("value").asDouble()));
            }
        }
        return told;
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "textract   | 200 |                       | SuccessfulRequestCount, ResponseTime",
                "textract   | 400 | BadDocumentException  | UserErrorCount, ResponseTime",
                "textract   | 500 | InternalServerError   | ServerErrorCount, ResponseTime",
                "textract   | 400 | ThrottlingException   | ThrottledCount, ResponseTime, ThrottleCount",
                "polly      | 200 |                       | 2XXCount, ResponseLatency",
                "polly      | 400 | InvalidSsmlException  | 4XXCount, ResponseLatency",
                "polly      | 503 | ServiceFailure        | 5XXCount, ResponseLatency",
                "transcribe | 200 |                       | TotalRequestCount, SuccessfulRequestCount",
                "transcribe | 400 | BadRequestException   | TotalRequestCount, SyncUserErrorCount",
                "transcribe | 500 | InternalFailure       | TotalRequestCount, SyncServerErrorCount",
                "transcribe | 400 | LimitExceededException | TotalRequestCount, SyncUserErrorCount, LimitExceededCount",
                "transcribe | 400 | ThrottlingException"
                        + " | TotalRequestCount, SyncUserErrorCount, ThrottledCount, ThrottleCount",
                "transcribe-streaming | 200 |             | TotalRequestCount",
                "iam        | 400 | ThrottlingException   | ThrottleCount",
                "iam        | 200 |                       | ",
                "kms        | 400 | NotFoundException     | "
            })
    void aCallIsCountedAsItsServiceDocuments(String service, int status, String code, String expected)
            throws IOException {
        if (status == 200) {
            called(service, "DoIt", null);
        } else {
            refused(service, "DoIt", status, code);
        }

        List<String> names = told().stream()
                .map(line -> line.split("} ", 2)[1].split(" ", 2)[0])
                .toList();
        assertThat(names)
                .containsExactlyInAnyOrderElementsOf(expected == null ? List.of() : List.of(expected.split(", ", -1)));
    }

    @Test
    void callsHaveTheDimensionsOfTheirService() throws IOException {
        called("textract", "DetectDocumentText", null);
        refused("iam", "ListUsers", 400, "Throttling");

        assertThat(told())
                .contains(
                        "AWS/Textract{Operation=DetectDocumentText} SuccessfulRequestCount 1.0",
                        "AWS/Textract{Operation=DetectDocumentText} ResponseTime 2.5",
                        "AWS/Usage{Class=None, Resource=ListUsers, Service=The iam, Type=API} ThrottleCount 1.0");
    }

    @Test
    void theUseOfAKeyIsCountedUnderTheKey() throws IOException {
        called("kms", "Encrypt", EncryptResponse.builder().keyId("arn:one").build());
        called(
                "kms",
                "ReEncrypt",
                ReEncryptResponse.builder()
                        .keyId("arn:two")
                        .sourceKeyId("arn:one")
                        .build());
        called("kms", "CreateKey", CreateKeyResponse.builder().build());

        assertThat(told())
                .containsExactlyInAnyOrder(
                        "AWS/KMS{KeyArn=arn:one, Operation=Encrypt} SuccessfulRequest 1.0",
                        "AWS/KMS{DestinationKeyArn=arn:two, Operation=ReEncrypt, SourceKeyArn=arn:one}"
                                + " SuccessfulRequest 1.0");
    }

    @Test
    void callersWhomNobodyKnowsHaveNoMetrics() throws IOException {
        metrics.record(new CallRecord(
                context(Principal.ANONYMOUS),
                "textract",
                "DetectDocumentText",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1));

        assertThat(told()).isEmpty();
    }
}
