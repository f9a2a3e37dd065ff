package dev.outcrop.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.EndpointExchange;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The console's files under {@code /console/}. Whatever is no file is the one page, which finds out itself what the
 * address means. What was read once stays in memory. A bucket named console is still reached by every client that signs.
 */
record Pages(String path) implements Endpoint {
    static final String ROOT = "/console";
    private static final String BELOW = ROOT + "/";
    private static final String PAGE = "index.html";

    /** Names of files; what is built has no other characters, and so no way out of the folder. */
    private static final Pattern FILE = Pattern.compile("(assets/)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "woff2", "font/woff2");

    /** Nothing from elsewhere, no script or style inside a page, nobody's frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self';"
            + " img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; base-uri 'none';"
            + " form-action 'none'; frame-ancestors 'none'";

    /** Files that somebody has asked for, in memory: a few megabytes at most, since they are what the jar has. */
    private static final Map<String, Content> CONTENTS = new ConcurrentHashMap<>();

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public Authentication authentication() {
        return Authentication.NONE;
    }

    @Override
    public boolean leavesSignedRequests() {
        return true;
    }

    @Override
    public void handle(EndpointExchange exchange) throws IOException {
        if (exchange.path().equals(ROOT)) {
            exchange.respond(308, Map.of("location", BELOW), new byte[0]);
            return;
        }
        String asked = exchange.path().substring(BELOW.length());
        boolean asset = asked.startsWith("assets/");
        String name = FILE.matcher(asked).matches() && (asset || asked.equals("icon.svg")) ? asked : PAGE;
        boolean compressing = exchange.header("accept-encoding")
                .map(accepted -> accepted.toLowerCase(Locale.ROOT))
                .filter(accepted -> accepted.contains("gzip"))
                .isPresent();
        Optional<Content> smaller = compressing ? content(name + ".gz") : Optional.empty();
        Optional<Content> content = smaller.or(() -> content(name));
        if (content.isEmpty() || (asset && name.equals(PAGE))) {
            exchange.respond(404, Map.of("content-type", "text/plain"), "There is no such file.\n".getBytes(UTF_8));
            return;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain"));
        // The name of an asset has the digest of its content in it; everything else may be another after an update.
        headers.put("cache-control", asset ? "public, max-age=31536000, immutable" : "no-cache");
        headers.put("vary", "Accept-Encoding");
        headers.put("etag", content.get().tag());
        headers.put("content-security-policy", POLICY);
        headers.put("x-content-type-options", "nosniff");
        headers.put("referrer-policy", "no-referrer");
        if (smaller.isPresent()) {
            headers.put("content-encoding", "gzip");
        }
        if (exchange.header("if-none-match").filter(content.get().tag()::equals).isPresent()) {
            exchange.respond(304, headers, new byte[0]);
        } else {
            exchange.respond(200, headers, content.get().bytes());
        }
    }

    /** A file as it is sent, and the digest that tells it from others. */
    private record Content(byte[] bytes, String tag) {}

    private static Optional<Content> content(String name) {
        Content known = CONTENTS.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Content> found = read(name);
        found.ifPresent(content -> CONTENTS.put(name, content));
        return found;
    }

    private static Optional<Content> read(String name) {
        try (InputStream in = Pages.class.getResourceAsStream("web/" + name)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] bytes = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return Optional.of(new Content(bytes, '"' + HexFormat.of().formatHex(digest, 0, 12) + '"'));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        } catch (IOException unreadable) {
            throw new IllegalStateException("the console's file " + name + " cannot be read", unreadable);
        }
    }
}
