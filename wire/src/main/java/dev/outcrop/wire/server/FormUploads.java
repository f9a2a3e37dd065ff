package dev.outcrop.wire.server;

import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.RequestSignature;
import dev.outcrop.kernel.ServedOperation;
import dev.outcrop.kernel.ServedService;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Streams;
import dev.outcrop.shapes.codec.SerializationFailure;
import dev.outcrop.wire.binding.HttpBinding;
import dev.outcrop.wire.form.FormTags;
import dev.outcrop.wire.form.MeasuredFile;
import dev.outcrop.wire.form.MultipartForm;
import dev.outcrop.wire.form.UploadPolicy;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.PercentEncoding;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.http.WireResponse;
import dev.outcrop.wire.route.Route;
import dev.outcrop.wire.server.AwsCalls.Answers;
import dev.outcrop.wire.signature.AuthenticationException;
import dev.outcrop.wire.signature.FormSignature;
import dev.outcrop.wire.signature.PayloadException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * Uploads by forms of browsers: what the fields say becomes the head of a call of PutObject, which walks the corridor like
 * any other.
 *
 * <p>Source: "POST Object", Amazon S3 API reference.
 */
final class FormUploads {
    private static final String OPERATION = "PutObject";
    private static final String BUCKET = "Bucket";
    private static final String KEY = "Key";
    private static final Set<String> HEADERS = Set.of(
            "cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires");

    /** Fields that are not of the object. */
    private static final Set<String> OF_SIGNATURES =
            Set.of("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature", "x-amz-security-token");

    private final ServedServices services;
    private final Corridor corridor;
    private final Identification identification;
    private final ResourceOrigins resources;
    private final Answers answers;

    FormUploads(
            ServedServices services,
            Corridor corridor,
            Identification identification,
            ResourceOrigins resources,
            Answers answers) {
        this.services = services;
        this.corridor = corridor;
        this.identification = identification;
        this.resources = resources;
        this.answers = answers;
    }

    /** Whether a request is a form that is sent to a bucket that can take it. */
    boolean takes(WireRequest request, Route.Found route) {
        return isForm(request, route)
                && services.find(route.service().summary().id())
                        .flatMap(service -> service.operation(OPERATION))
                        .isPresent();
    }

    private static boolean isForm(WireRequest request, Route.Found route) {
        return request.method().equals("POST")
                && route.service().summary().id().equals("s3")
                && route.labels().containsKey(BUCKET)
                && !route.labels().containsKey(KEY)
                && request.query().isEmpty()
                && request.header("content-type").filter(MultipartForm::isForm).isPresent();
    }

    /** Answers the form of {@code exchange}. */
    void answer(ServerExchange exchange, CallContext.Builder builder, Route.Found route) throws IOException {
        CallContext context =
                builder.region(Identification.region(exchange.head())).build();
        ServedService service = services.find(route.service().summary().id()).orElseThrow();
        ServedOperation operation = service.operation(OPERATION).orElseThrow();
        HttpBinding binding = new HttpBinding(route.service(), operation.model(), route.protocol());
        WireResponse response;
        try {
            MultipartForm form =
                    MultipartForm.read(exchange.head().header("content-type").orElse(""), exchange.body());
            Map<String, String> fields = form.fields();
            String bucket = route.labels().get(BUCKET);
            InputStream file = form.file()
                    .orElseThrow(() ->
                            new AwsError("InvalidArgument", 400, "POST requires exactly one file upload per request."));
            Map<String, String> labels = Map.of(BUCKET, bucket, KEY, required(fields, "key"));
            context = builder.principal(identify(fields))
                    .signature(signature(fields, context))
                    .build();
            resources.allowance(exchange.head(), route).forEach(context::addResponseHeader);
            InputStream content = checked(bucket, fields, file, context);
            SdkPojo request = operation.newRequestBuilder();
            binding.readHead(new WireRequest("PUT", exchange.head().path(), "", headers(fields)), labels, request);
            Call call = new Call(context, service, operation, binding);
            response = put(call, (SdkRequest) ((Buildable) request).build(), content, exchange.head(), fields, labels);
        } catch (AuthenticationException
                | AwsError
                | SerializationFailure
                | IllegalArgumentException
                | PayloadException e) {
            response = refused(new Call(context, service, operation, binding), AwsCalls.error(e), exchange.head());
        }
        answers.send(exchange, response, context);
    }

    private record Call(CallContext context, ServedService service, ServedOperation operation, HttpBinding binding) {}

    /** Walks the corridor with what the form says and holds. */
    private WireResponse put(
            Call call,
            SdkRequest request,
            InputStream content,
            WireRequest form,
            Map<String, String> fields,
            Map<String, String> labels) {
        RememberingStream remembering = new RememberingStream(content);
        Streams streams = new Streams(
                Optional.of(RequestBody.fromContentProvider(() -> remembering, "application/octet-stream")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return switch (corridor.call(call.context(), call.service(), call.operation(), request, streams)) {
            case Answer.Success success -> {
                WireResponse response = call.binding()
                        .writeResponse(
                                success.response().orElseThrow(), call.context().requestId());
                yield success(form, fields, labels.get(BUCKET), labels.get(KEY), response);
            }
            case Answer.Failure failure ->
                // A failure to read the file explains the service's own.
                failed(
                        call,
                        remembering
                                .failure()
                                .map(AwsCalls::error)
                                .map(error -> corridor.failure(call.context(), call.service(), error))
                                .orElse(failure),
                        form);
        };
    }

    private WireResponse refused(Call call, AwsError error, WireRequest form) {
        Answer.Failure failure = corridor.failure(call.context(), call.service(), error);
        corridor.refused(call.context(), Optional.of(call.service().id()), Optional.of(OPERATION), failure);
        return failed(call, failure, form);
    }

    private static WireResponse failed(Call call, Answer.Failure failure, WireRequest form) {
        return call.binding()
                .writeError(Answers.error(failure, form), call.context().requestId());
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw missing(name);
        }
        return value;
    }

    private static AwsError missing(String name) {
        return new AwsError(
                "InvalidArgument",
                400,
                "Bucket POST must contain a field named '" + name
                        + "'.  If it is specified, please check the order of the fields.",
                Map.of("ArgumentName", name));
    }

    /** Who signed the form; a form without policy and signature comes from nobody in particular. */
    private Principal identify(Map<String, String> fields) {
        boolean version4 = fields.containsKey("x-amz-signature") || fields.containsKey("x-amz-credential");
        boolean version2 = fields.containsKey("signature") || fields.containsKey("awsaccesskeyid");
        if (!version4 && !version2 && !fields.containsKey("policy")) {
            return Principal.ANONYMOUS;
        }
        String policy = required(fields, "policy");
        if (!version4) {
            String accessKeyId = required(fields, "awsaccesskeyid");
            String signature = required(fields, "signature");
            return identification.identifyForm(FormSignature.ofVersion2(accessKeyId, signature, token(fields)), policy);
        }
        if (!required(fields, "x-amz-algorithm").equals("AWS4-HMAC-SHA256")) {
            throw new AwsError(
                    "InvalidArgument",
                    400,
                    "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\" and \"AWS4-ECDSA-P256-SHA256\"");
        }
        return identification.identifyForm(
                FormSignature.of(
                        required(fields, "x-amz-credential"),
                        required(fields, "x-amz-date"),
                        required(fields, "x-amz-signature"),
                        token(fields)),
                policy);
    }

    private static Optional<String> token(Map<String, String> fields) {
        return Optional.ofNullable(fields.get("x-amz-security-token"));
    }

    private static Optional<RequestSignature> signature(Map<String, String> fields, CallContext context) {
        return fields.containsKey("policy")
                ? Optional.of(new RequestSignature(
                        RequestSignature.Carrier.FORM,
                        FormSignature.time(fields.getOrDefault("x-amz-date", ""))
                                .orElse(context.startedAt()),
                        ""))
                : Optional.empty();
    }

    /** The file, once the form is found to be as its policy wants it. */
    private static InputStream checked(
            String bucket, Map<String, String> fields, InputStream file, CallContext context) {
        if (!fields.containsKey("policy")) {
            return file;
        }
        UploadPolicy policy = UploadPolicy.read(fields.get("policy"), context.startedAt());
        policy.check(bucket, fields);
        return policy.length()
                .<InputStream>map(range -> new MeasuredFile(file, range))
                .orElse(file);
    }

    /** What the fields say of the object, as headers. */
    private static HttpHeaders headers(Map<String, String> fields) {
        HttpHeaders.Builder headers = HttpHeaders.builder();
        fields.forEach((name, value) -> {
            if (name.equals("acl")) {
                headers.add("x-amz-acl", value);
            } else if (name.equals("tagging")) {
                headers.add("x-amz-tagging", FormTags.header(value));
            } else if (HEADERS.contains(name) || (name.startsWith("x-amz-") && !OF_SIGNATURES.contains(name))) {
                headers.add(name, value);
            }
        });
        return headers.build();
    }

    /** What the form asks to be answered. */
    private static WireResponse success(
            WireRequest request, Map<String, String> fields, String bucket, String key, WireResponse put) {
        String etag = put.headers().first("etag").orElse("");
        Optional<String> redirect = Optional.ofNullable(fields.get("success_action_redirect"))
                .or(() -> Optional.ofNullable(fields.get("redirect")))
                .filter(FormUploads::isUrl);
        HttpHeaders.Builder headers =
                put.headers().toBuilder().remove("content-length").remove("content-type");
        if (redirect.isPresent()) {
            String separator = redirect.get().indexOf('?') < 0 ? "?" : "&";
            headers.set(
                    "location",
                    redirect.get() + separator + "bucket=" + encoded(bucket) + "&key=" + encoded(key) + "&etag="
                            + encoded(etag));
            return new WireResponse(303, headers.build(), new byte[0]);
        }
        String location = "http://" + request.header("host").orElse("localhost") + "/" + bucket + "/" + path(key);
        headers.set("location", location);
        return switch (fields.getOrDefault("success_action_status", "")) {
            case "200" -> new WireResponse(200, headers.build(), new byte[0]);
            case "201" -> {
                String body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PostResponse><Location>" + escaped(location)
                        + "</Location><Bucket>" + escaped(bucket) + "</Bucket><Key>" + escaped(key) + "</Key><ETag>"
                        + escaped(etag) + "</ETag></PostResponse>";
                yield new WireResponse(
                        201,
                        headers.set("content-type", "application/xml").build(),
                        body.getBytes(StandardCharsets.UTF_8));
            }
            default -> new WireResponse(204, headers.build(), new byte[0]);
        };
    }

    private static boolean isUrl(String text) {
        try {
            URI url = URI.create(text);
            return url.isAbsolute() && url.getHost() != null;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static String encoded(String text) {
        StringBuilder out = new StringBuilder();
        PercentEncoding.encode(text, false, out);
        return out.toString();
    }

    private static String path(String key) {
        StringBuilder out = new StringBuilder();
        PercentEncoding.encode(key, true, out);
        return out.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
