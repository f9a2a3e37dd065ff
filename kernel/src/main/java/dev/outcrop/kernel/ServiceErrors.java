package dev.outcrop.kernel;

import dev.outcrop.shapes.Protocol;
import java.util.List;

/**
 * How each service says what all services say. Those that model an error of the kind are the rule; the others are told
 * apart by their protocol, as AWS's frameworks do.
 *
 * <p>Source: "Common Error Types" of the API references; "Error responses" of Amazon S3's; "Error codes for the Amazon
 * EC2 API".
 */
final class ServiceErrors {
    private static final List<String> THROTTLING = List.of("ThrottlingException", "TooManyRequestsException");

    private ServiceErrors() {}

    /** The caller may not do this. */
    static AwsError accessDenied(ServedService service, String message) {
        return switch (service.id()) {
            case "ec2" -> new AwsError("UnauthorizedOperation", 403, message);
            case "s3", "s3control" -> new AwsError("AccessDenied", 403, message);
            default -> {
                if (service.errors().isModeled("AccessDeniedException") || !speaksQuery(service)) {
                    yield AwsError.accessDenied(message);
                }
                yield new AwsError("AccessDenied", 403, message);
            }
        };
    }

    /** The caller is too fast. */
    static AwsError throttled(ServedService service) {
        return switch (service.id()) {
            case "ec2" -> new AwsError("RequestLimitExceeded", 503, "Request limit exceeded.");
            case "s3", "s3control" -> new AwsError("SlowDown", 503, "Please reduce your request rate.");
            default -> new AwsError(throttlingCode(service), 400, "Rate exceeded");
        };
    }

    private static String throttlingCode(ServedService service) {
        for (String code : THROTTLING) {
            if (service.errors().isModeled(code)) {
                return code;
            }
        }
        return speaksQuery(service) ? "Throttling" : THROTTLING.getFirst();
    }

    private static boolean speaksQuery(ServedService service) {
        Protocol preferred = service.model().summary().protocols().getFirst();
        return preferred == Protocol.QUERY || preferred == Protocol.EC2_QUERY;
    }
}
