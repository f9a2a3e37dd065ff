package dev.outcrop.kernel;

import dev.outcrop.shapes.Protocol;
import java.util.List;
import java.util.Optional;

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
    static AwsError accessDenied(
            ServedService service,
            Principal principal,
            AuthorizationDecision.Denied denied,
            Optional<EncodedDenials> encoded) {
        String message = sentence(principal, denied, "");
        return switch (service.id()) {
            case "ec2" ->
                new AwsError(
                        "UnauthorizedOperation",
                        403,
                        "You are not authorized to perform this operation. " + message
                                + encoded.map(denials -> " Encoded authorization failure message: "
                                                + denials.encoded(principal, denied))
                                        .orElse(""));
            case "s3", "s3control" ->
                new AwsError(
                        "AccessDenied",
                        403,
                        principal.kind() == Principal.Kind.ANONYMOUS
                                ? "Access Denied"
                                : sentence(principal, denied, "\""));
            default -> {
                if (service.errors().isModeled("AccessDeniedException") || !speaksQuery(service)) {
                    yield AwsError.accessDenied(message);
                }
                yield new AwsError("AccessDenied", 403, message);
            }
        };
    }

    /**
     * AWS's sentence about a denial.
     *
     * @param quote what S3 puts around the resource
     */
    static String sentence(Principal principal, AuthorizationDecision.Denied denied, String quote) {
        String who = principal.arn().isEmpty() ? "anonymous" : principal.arn();
        return "User: " + who + " is not authorized to perform: "
                + denied.access().action() + " on resource: " + quote
                + denied.access().resource() + quote + " " + denied.reason();
    }

    /** The caller is too fast. */
    static AwsError throttled(ServedService service) {
        return switch (service.id()) {
            case "ec2" -> new AwsError("RequestLimitExceeded", 503, "Request limit exceeded.");
            case "s3", "s3control" -> new AwsError("SlowDown", 503, "Please reduce your request rate.");
            case "kms" ->
                new AwsError(
                        throttlingCode(service),
                        400,
                        "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.");
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
