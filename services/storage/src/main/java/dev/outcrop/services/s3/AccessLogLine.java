package dev.outcrop.services.s3;

import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.CanonicalUser;
import dev.outcrop.kernel.Principal;
import dev.outcrop.storage.buckets.Bucket;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * A line of a bucket's access log. What is not known here, such as how many bytes were sent, stands as {@code -}; the
 * request's address is written as a path, whatever the host said.
 *
 * <p>Source: "Amazon S3 server access log format", Amazon S3 user guide.
 */
final class AccessLogLine {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("'['dd/MMM/yyyy:HH:mm:ss '+0000]'", Locale.ENGLISH);
    private static final String NONE = "-";

    /** Names that do not follow from those of the operations. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("AbortMultipartUpload", "REST.DELETE.UPLOAD"),
            Map.entry("CompleteMultipartUpload", "REST.POST.UPLOAD"),
            Map.entry("CopyObject", "REST.COPY.OBJECT"),
            Map.entry("CreateBucket", "REST.PUT.BUCKET"),
            Map.entry("CreateMultipartUpload", "REST.POST.UPLOADS"),
            Map.entry("DeleteObjects", "REST.POST.MULTI_OBJECT_DELETE"),
            Map.entry("ListMultipartUploads", "REST.GET.UPLOADS"),
            Map.entry("ListObjectVersions", "REST.GET.BUCKETVERSIONS"),
            Map.entry("ListObjects", "REST.GET.BUCKET"),
            Map.entry("ListObjectsV2", "REST.GET.BUCKET"),
            Map.entry("ListParts", "REST.GET.UPLOAD"),
            Map.entry("RestoreObject", "REST.POST.RESTORE"),
            Map.entry("UploadPart", "REST.PUT.PART"),
            Map.entry("UploadPartCopy", "REST.COPY.PART"));

    private AccessLogLine() {}

    /** What is written about {@code call}, which {@code request} asked of {@code bucket}. */
    static String of(CallRecord call, SdkRequest request, Bucket bucket) {
        CallContext context = call.context();
        String operation = operation(call.operation());
        Optional<String> key = Members.text(request, "Key").or(() -> Members.text(request, "DestinationKey"));
        String millis = String.valueOf(Duration.ofNanos(call.durationNanos()).toMillis());
        return String.join(
                " ",
                CanonicalUser.id(bucket.owner()),
                bucket.name(),
                TIME.format(context.startedAt().atOffset(ZoneOffset.UTC)),
                context.sourceAddress(),
                requester(context.principal()),
                context.requestId(),
                operation,
                key.map(AccessLogLine::word).orElse(NONE),
                quoted(verb(operation) + " /" + bucket.name()
                        + key.map(name -> "/" + word(name)).orElse("") + " HTTP/1.1"),
                String.valueOf(status(call, request)),
                call.failure().map(Answer.Failure::code).orElse(NONE),
                NONE,
                size(call).map(String::valueOf).orElse(NONE),
                millis,
                millis,
                quoted(context.referer().orElse(NONE)),
                quoted(context.userAgent().isEmpty() ? NONE : context.userAgent()),
                version(call, request).orElse(NONE),
                NONE,
                context.principal().kind() == Principal.Kind.ANONYMOUS ? NONE : "SigV4",
                NONE,
                NONE,
                NONE,
                NONE,
                NONE,
                NONE);
    }

    private static String operation(String name) {
        String known = NAMES.get(name);
        if (known != null) {
            return known;
        }
        for (String verb : List.of("Get", "Put", "Head", "Delete", "List")) {
            if (name.startsWith(verb)) {
                String rest = name.substring(verb.length());
                String what = rest.equals("Bucket") || rest.equals("Object")
                        ? rest
                        : rest.replaceFirst("^(Bucket|Object)", "").replaceFirst("Configurations?$", "");
                String method = verb.equals("List") ? "GET" : verb.toUpperCase(Locale.ROOT);
                return "REST." + method + "." + what.toUpperCase(Locale.ROOT);
            }
        }
        return "REST.POST." + name.toUpperCase(Locale.ROOT);
    }

    private static String verb(String operation) {
        String verb = operation.split("\\.", 3)[1];
        return verb.equals("COPY") ? "PUT" : verb;
    }

    private static String requester(Principal principal) {
        return switch (principal.kind()) {
            case ANONYMOUS -> NONE;
            case ROOT -> CanonicalUser.id(principal.account());
            default -> principal.arn();
        };
    }

    private static int status(CallRecord call, SdkRequest request) {
        if (call.failure().isPresent()) {
            return call.failure().get().status();
        }
        boolean empty =
                call.operation().startsWith("Delete") && !call.operation().equals("DeleteObjects");
        boolean part = Members.text(request, "Range").isPresent();
        return empty ? 204 : part ? 206 : 200;
    }

    private static Optional<Long> size(CallRecord call) {
        return call.response()
                .filter(HeadObjectResponse.class::isInstance)
                .map(response -> ((HeadObjectResponse) response).contentLength());
    }

    private static Optional<String> version(CallRecord call, SdkRequest request) {
        return Members.text(request, "VersionId")
                .or(() -> call.response()
                        .filter(DeleteObjectResponse.class::isInstance)
                        .map(response -> ((DeleteObjectResponse) response).versionId()));
    }

    /** Keys are encoded twice, since they may hold spaces and line breaks. */
    private static String word(String key) {
        return WebsiteRouting.encoded(WebsiteRouting.encoded(key));
    }

    /** What the client chose must neither end the field nor begin another line. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints()
                .map(character -> character < ' ' || character == '"' || character == 0x7f ? '_' : character)
                .forEach(quoted::appendCodePoint);
        return quoted.append('"').toString();
    }
}
