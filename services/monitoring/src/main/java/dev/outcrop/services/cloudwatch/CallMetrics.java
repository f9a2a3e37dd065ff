package dev.outcrop.services.cloudwatch;

import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.CallRecorder;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.kernel.record.ServiceMetrics.Source;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Metrics that services have of their calls, whatever the calls do: how many succeeded, failed and were refused, and how long
 * they took. A service that has such metrics is a line of {@link #SERVICES}. Calls of callers that nobody knows are in none.
 *
 * <p>Source: "CloudWatch metrics for Amazon Textract", "Integrating CloudWatch with Amazon Polly", "Monitoring Amazon
 * Transcribe with Amazon CloudWatch", "Monitor KMS keys with Amazon CloudWatch" ({@code SuccessfulRequest}), each of the
 * service's developer guide, and {@code ThrottleCount} of "CloudWatch usage metrics", CloudWatch user guide.
 */
public final class CallMetrics implements CallRecorder {
    private static final double MILLISECOND = 1e6;
    private static final int SERVER_ERROR = 500;
    /** What services call it that somebody calls too often. */
    private static final Set<String> THROTTLED = Set.of(
            "ThrottlingException",
            "Throttling",
            "ThrottledException",
            "TooManyRequestsException",
            "RequestLimitExceeded",
            "ProvisionedThroughputExceededException",
            "SlowDown");

    private static final Map<String, BiConsumer<CallMetrics, CallRecord>> SERVICES = Map.of(
            "textract", CallMetrics::textract,
            "polly", CallMetrics::polly,
            "transcribe", (metrics, call) -> metrics.transcribe(call, "batch"),
            "transcribe-streaming", (metrics, call) -> metrics.transcribe(call, "streaming"),
            "kms", CallMetrics::kms);

    private final ServiceMetrics metrics;
    private final UnaryOperator<String> serviceNames;

    /**
     * Metrics of calls.
     *
     * @param serviceNames what the services go by in metrics, by their ids
     */
    public CallMetrics(ServiceMetrics metrics, UnaryOperator<String> serviceNames) {
        this.metrics = metrics;
        this.serviceNames = serviceNames;
    }

    @Override
    public void record(CallRecord call) {
        if (call.context().account().isEmpty()) {
            return;
        }
        if (isThrottled(call)) {
            Map<String, String> dimensions = Map.of(
                    "Type",
                    "API",
                    "Resource",
                    call.operation(),
                    "Service",
                    serviceNames.apply(call.service()),
                    "Class",
                    "None");
            metrics.measure(source(call, "AWS/Usage", dimensions), "ThrottleCount", "None", 1);
        }
        BiConsumer<CallMetrics, CallRecord> service = SERVICES.get(call.service());
        if (service != null) {
            service.accept(this, call);
        }
    }

    private static Source source(CallRecord call, String namespace, Map<String, String> dimensions) {
        return new Source(call.context().account(), call.context().region(), namespace, dimensions);
    }

    private static boolean isThrottled(CallRecord call) {
        return call.failure()
                .map(Answer.Failure::code)
                .filter(THROTTLED::contains)
                .isPresent();
    }

    private static boolean isServerError(CallRecord call) {
        return call.failure().map(Answer.Failure::status).orElse(0) >= SERVER_ERROR;
    }

    private void textract(CallRecord call) {
        Source source = source(call, "AWS/Textract", Map.of("Operation", call.operation()));
        if (call.failure().isEmpty()) {
            metrics.count(source, "SuccessfulRequestCount", 1);
        } else if (isThrottled(call)) {
            metrics.count(source, "ThrottledCount", 1);
        } else {
            metrics.count(source, isServerError(call) ? "ServerErrorCount" : "UserErrorCount", 1);
        }
        metrics.measure(source, "ResponseTime", "Milliseconds", call.durationNanos() / MILLISECOND);
    }

    private void polly(CallRecord call) {
        Source source = source(call, "AWS/Polly", Map.of("Operation", call.operation()));
        if (call.failure().isEmpty()) {
            metrics.count(source, "2XXCount", 1);
            double characters = characters(call);
            if (characters > 0) {
                metrics.count(source, "RequestCharacters", characters);
            }
        } else {
            metrics.count(source, isServerError(call) ? "5XXCount" : "4XXCount", 1);
        }
        metrics.measure(source, "ResponseLatency", "Milliseconds", call.durationNanos() / MILLISECOND);
    }

    /** What is spoken at once the call has metered; of a task, which is spoken later, its description tells. */
    private static double characters(CallRecord call) {
        return call.response()
                .flatMap(response -> member(response, "SynthesisTask"))
                .filter(_ -> call.operation().equals("StartSpeechSynthesisTask"))
                .flatMap(task -> member((SdkPojo) task, "RequestCharacters"))
                .map(characters -> ((Number) characters).doubleValue())
                .orElseGet(() -> call.context().metering().amounts().getOrDefault("Characters", 0.0));
    }

    /** Of streams there are fewer metrics. */
    private void transcribe(CallRecord call, String type) {
        Source source = source(
                call,
                "AWS/Transcribe",
                Map.of("Domain", "Transcribe", "ServiceType", type, "Operation", call.operation()));
        metrics.count(source, "TotalRequestCount", 1);
        if (isThrottled(call)) {
            metrics.count(source, "ThrottledCount", 1);
        } else if (call.failure()
                .filter(failure -> failure.code().equals("LimitExceededException"))
                .isPresent()) {
            metrics.count(source, "LimitExceededCount", 1);
        }
        if (type.equals("batch")) {
            String failed = isServerError(call) ? "SyncServerErrorCount" : "SyncUserErrorCount";
            metrics.count(source, call.failure().isEmpty() ? "SuccessfulRequestCount" : failed, 1);
        }
    }

    /** Only of operations that use a key; their answers say which. */
    private void kms(CallRecord call) {
        if (!isCryptographic(call.operation())) {
            return;
        }
        Optional<Object> key = call.response().flatMap(response -> member(response, "KeyId"));
        Optional<Object> from = call.response().flatMap(response -> member(response, "SourceKeyId"));
        if (key.isPresent()) {
            Map<String, String> dimensions = from.isPresent()
                    ? Map.of(
                            "SourceKeyArn",
                            from.get().toString(),
                            "DestinationKeyArn",
                            key.get().toString(),
                            "Operation",
                            call.operation())
                    : Map.of("KeyArn", key.get().toString(), "Operation", call.operation());
            metrics.count(source(call, "AWS/KMS", dimensions), "SuccessfulRequest", 1);
        }
    }

    private static boolean isCryptographic(String operation) {
        return switch (operation) {
            case "Decrypt",
                    "DeriveSharedSecret",
                    "Encrypt",
                    "GenerateDataKey",
                    "GenerateDataKeyPair",
                    "GenerateDataKeyPairWithoutPlaintext",
                    "GenerateDataKeyWithoutPlaintext",
                    "GenerateMac",
                    "ReEncrypt",
                    "Sign",
                    "Verify",
                    "VerifyMac" -> true;
            default -> false;
        };
    }

    private static Optional<Object> member(SdkPojo shape, String name) {
        for (SdkField<?> field : shape.sdkFields()) {
            if (field.memberName().equals(name)) {
                return Optional.ofNullable(field.getValueOrDefault(shape));
            }
        }
        return Optional.empty();
    }
}
