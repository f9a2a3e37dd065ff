package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.EndpointExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Buckets as web sites, on hosts such as {@code BUCKET.s3-website-us-east-1.amazonaws.com} and
 * {@code BUCKET.s3-website.localhost}. Pages are read as anybody would read them: the bucket's policy has to let everybody.
 *
 * <p>Source: "Website endpoints" and "Configuring a custom error document", Amazon S3 user guide.
 */
public final class WebsiteEndpoint implements Endpoint {
    private static final String MARK = ".s3-website";

    private final Supplier<S3Service> service;
    private final Supplier<S3Client> client;

    /**
     * Web sites.
     *
     * @param service where their configurations are
     * @param client  reads pages as the caller of the present call, who is anonymous
     */
    public WebsiteEndpoint(Supplier<S3Service> service, Supplier<S3Client> client) {
        this.service = service;
        this.client = client;
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String path() {
        return "/";
    }

    @Override
    public Optional<String> hostMark() {
        return Optional.of(MARK);
    }

    @Override
    public Authentication authentication() {
        return Authentication.NONE;
    }

    @Override
    public void handle(EndpointExchange exchange) throws IOException {
        String host = exchange.header("host").orElse("");
        String bucket = host.substring(0, host.indexOf(MARK)).toLowerCase(Locale.ROOT);
        String key = exchange.path().substring(1);
        try {
            if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
                throw new AwsError(
                        "MethodNotAllowed", 405, "The specified method is not allowed against this resource.");
            }
            String protocol = CallContext.current().secureTransport() ? "https" : "http";
            answer(exchange, new WebsiteRouting(service.get().website(bucket), protocol, host), bucket, key);
        } catch (AwsError error) {
            page(exchange, error.status(), error.code(), error.getMessage(), key);
        }
    }

    private void answer(EndpointExchange exchange, WebsiteRouting routing, String bucket, String key)
            throws IOException {
        Optional<WebsiteRouting.Redirection> before = routing.before(key);
        if (before.isPresent()) {
            redirect(exchange, before.get());
            return;
        }
        try {
            object(exchange, 0, bucket, routing.document(key));
        } catch (AwsServiceException failure) {
            if (failure.statusCode() == 304) {
                exchange.respond(304, Map.of(), new byte[0]);
                return;
            }
            fail(exchange, routing, bucket, key, failure);
        }
    }

    /** Answers with an object, which is closed once it is sent; {@code status} is 0 for that of a page that was found. */
    private void object(EndpointExchange exchange, int status, String bucket, String key) throws IOException {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(bucket).key(key);
        if (status == 0) {
            exchange.header("range").ifPresent(request::range);
            exchange.header("if-none-match").ifPresent(request::ifNoneMatch);
        }
        // The proxied client hands a stream on that is open as long as the call that reads it.
        client.get().getObject(request.build(), (response, content) -> {
            try (InputStream bytes = content) {
                write(exchange, status, response, bytes);
            }
            return response;
        });
    }

    private static void write(EndpointExchange exchange, int status, GetObjectResponse response, InputStream content)
            throws IOException {
        if (response.websiteRedirectLocation() != null && status == 0) {
            redirect(exchange, new WebsiteRouting.Redirection(301, response.websiteRedirectLocation()));
            return;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", response.contentType());
        headers.put("Content-Length", String.valueOf(response.contentLength()));
        headers.put("ETag", response.eTag());
        headers.put("Last-Modified", HttpDates.format(response.lastModified()));
        put(headers, "Cache-Control", response.cacheControl());
        put(headers, "Content-Disposition", response.contentDisposition());
        put(headers, "Content-Encoding", response.contentEncoding());
        put(headers, "Content-Language", response.contentLanguage());
        put(headers, "Content-Range", response.contentRange());
        response.metadata().forEach((name, value) -> put(headers, "x-amz-meta-" + name, value));
        int found = response.contentRange() == null ? 200 : 206;
        if (exchange.method().equals("HEAD")) {
            exchange.respond(status == 0 ? found : status, headers, new byte[0]);
            return;
        }
        try (OutputStream out = exchange.stream(status == 0 ? found : status, headers)) {
            content.transferTo(out);
        }
    }

    /** Values with line breaks would be headers of their own. */
    private static void put(Map<String, String> headers, String name, String value) {
        if (value != null && value.chars().noneMatch(character -> character < ' ')) {
            headers.put(name, value);
        }
    }

    private static void redirect(EndpointExchange exchange, WebsiteRouting.Redirection redirection) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        put(headers, "Location", redirection.location());
        exchange.respond(redirection.status(), headers, new byte[0]);
    }

    private void fail(
            EndpointExchange exchange, WebsiteRouting routing, String bucket, String key, AwsServiceException failure)
            throws IOException {
        if (!key.isEmpty() && !key.endsWith("/") && isFolder(routing, bucket, key)) {
            redirect(exchange, new WebsiteRouting.Redirection(302, "/" + WebsiteRouting.encoded(key) + "/"));
            return;
        }
        Optional<WebsiteRouting.Redirection> after = routing.after(key, failure.statusCode());
        if (after.isPresent()) {
            redirect(exchange, after.get());
            return;
        }
        Optional<String> document = routing.errorDocument();
        if (document.isPresent()) {
            try {
                object(exchange, failure.statusCode(), bucket, document.get());
                return;
            } catch (AwsServiceException missing) {
                // Then the error is told without it.
            }
        }
        String code = failure.awsErrorDetails().errorCode();
        page(exchange, failure.statusCode(), code, failure.awsErrorDetails().errorMessage(), key);
    }

    private boolean isFolder(WebsiteRouting routing, String bucket, String key) {
        try {
            client.get().headObject(head -> head.bucket(bucket).key(routing.document(key + "/")));
            return true;
        } catch (AwsServiceException missing) {
            return false;
        }
    }

    private static void page(EndpointExchange exchange, int status, String code, String message, String key)
            throws IOException {
        String title = status + " " + reason(status);
        String page =
                "<html>\n<head><title>" + title + "</title></head>\n<body>\n<h1>" + title + "</h1>\n<ul>\n<li>Code: "
                        + escaped(code) + "</li>\n<li>Message: " + escaped(message) + "</li>\n<li>Key: " + escaped(key)
                        + "</li>\n<li>RequestId: " + CallContext.current().requestId()
                        + "</li>\n</ul>\n<hr/>\n</body>\n</html>\n";
        byte[] body = exchange.method().equals("HEAD") ? new byte[0] : page.getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "text/html; charset=utf-8");
        headers.put("x-amz-error-code", code);
        put(headers, "x-amz-error-message", message);
        exchange.respond(status, headers, body);
    }

    private static String reason(int status) {
        return switch (status) {
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 412 -> "Precondition Failed";
            case 416 -> "Requested Range Not Satisfiable";
            default -> status < 500 ? "Bad Request" : "Internal Server Error";
        };
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
