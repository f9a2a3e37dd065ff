package dev.outcrop.kernel.validation;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.ServedOperation;
import dev.outcrop.kernel.ServedService;
import dev.outcrop.shapes.Protocol;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ShapeModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import software.amazon.awssdk.core.SdkRequest;

/** The validate step. An operation's constraints are compiled when it is first called. Safe for concurrent use. */
public final class RequestValidation {
    /** What services answer whose developers' guides name another code than their kind of service usually has. */
    private static final Map<String, String> CODES = Map.of(
            "ec2", "InvalidParameterValue",
            "rds", "InvalidParameterValue",
            "s3", "InvalidArgument",
            "s3control", "InvalidRequest",
            "sns", "InvalidParameter",
            "sqs", "InvalidParameterValue",
            "textract", "InvalidParameterException");

    private final ConcurrentMap<ServedOperation, Optional<ConstraintPlan>> plans = new ConcurrentHashMap<>();

    /**
     * Checks {@code request} against everything that the description of its operation says.
     *
     * @throws AwsError with all violations in one message, if there are any
     */
    public void check(ServedService service, ServedOperation operation, SdkRequest request) {
        Optional<ConstraintPlan> plan = plans.get(operation);
        if (plan == null) {
            plan = plans.computeIfAbsent(operation, key -> compile(service.model(), key));
        }
        if (plan.isEmpty()) {
            return;
        }
        List<String> violations = plan.get().violations(request);
        if (!violations.isEmpty()) {
            throw service.id().equals("s3")
                    ? ObjectStoreViolations.error(violations, request)
                            .orElseGet(() -> new AwsError(code(service.model()), 400, message(violations)))
                    : new AwsError(code(service.model()), 400, message(violations));
        }
    }

    private static Optional<ConstraintPlan> compile(ServiceModel service, ServedOperation operation) {
        return operation
                .model()
                .input()
                .flatMap(input -> service.shape(input) instanceof ShapeModel.Structure structure
                        ? ConstraintPlan.compile(service, structure, operation.newRequestBuilder())
                        : Optional.empty());
    }

    private static String message(List<String> violations) {
        String count = violations.size() == 1 ? "1 validation error" : violations.size() + " validation errors";
        return count + " detected: " + String.join("; ", violations);
    }

    /** AWS's frameworks answer {@code ValidationException}, of services with Query protocols {@code ValidationError}. */
    private static String code(ServiceModel service) {
        String named = CODES.get(service.summary().id());
        if (named != null) {
            return named;
        }
        boolean modeled = service.shapes().get("ValidationException") instanceof ShapeModel.Structure structure
                && structure.error().isPresent();
        return !modeled && service.summary().protocols().getFirst() == Protocol.QUERY
                ? "ValidationError"
                : "ValidationException";
    }
}
