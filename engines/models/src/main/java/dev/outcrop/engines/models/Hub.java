package dev.outcrop.engines.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.models.Progress.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The HTTP protocol of the Hugging Face hub and its mirrors.
 *
 * <p>A file is asked for at {@code /OWNER/NAME/resolve/REVISION/PATH}. Large files are answered by a redirect to a store
 * elsewhere; before it is followed, its headers say {@code X-Linked-ETag}, the SHA-256, and {@code X-Linked-Size}. Small
 * ones are answered in place, with git's own sum as ETag. The token goes to the hub alone, never to where it redirects.
 *
 * <p>A download that breaks is taken up where it broke, up to {@link Limits#attempts} times in a row without a byte.
 *
 * <p>Source: the hub's documentation of downloads and of its API, and how its Python client speaks.
 */
final class Hub {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern GIT_SHA1 = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(?:\\d+|\\*)");
    private static final Pattern NEXT_PAGE = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"next\"");
    private static final int MOST_REDIRECTS = 10;
    private static final int MOST_PAGES = 50;
    private static final int LONGEST_LISTING = 16 << 20;

    private final HubSettings settings;
    private final Limits limits;
    private Optional<HttpClient> client = Optional.empty();
    private final ObjectMapper json = new ObjectMapper();
    private volatile Silence silence = new Silence("", System.nanoTime());

    Hub(HubSettings settings, Limits limits) {
        this.settings = settings;
        this.limits = limits;
    }

    /** Made when it is first needed: it reads all certificates that Java trusts, and most starts ask no hub. */
    private synchronized HttpClient client() {
        HttpClient made = client.orElseGet(() -> HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limits.connect())
                .proxy(new EnvironmentProxy(settings.environment()))
                .build());
        client = Optional.of(made);
        return made;
    }

    /**
     * How long things may take.
     *
     * @param connect  to open a connection
     * @param answer   until the headers of an answer are there, name look-up and connection included
     * @param stall    without a byte while a body is read
     * @param attempts how often in a row a download may break without bringing a byte
     * @param pause    before the second attempt; doubled for each that follows
     * @param silence  for how long a hub that did not answer is not asked again
     */
    record Limits(Duration connect, Duration answer, Duration stall, int attempts, Duration pause, Duration silence) {
        static final Limits USUAL = new Limits(
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                5,
                Duration.ofMillis(500),
                Duration.ofMinutes(1));
    }

    /**
     * What the hub says of a file.
     *
     * @param sha256  empty if it is a small file, which has a git sum
     * @param gitSha1 empty if it is a large file, which has a SHA-256
     * @param size    0 if the hub does not say
     */
    record Announced(String sha256, String gitSha1, long size) {}

    /** A file in a repository's listing. */
    record Listed(String path, String sha256, long size) {}

    /** Whether the hub answers, has the file, and lets us read it; false after {@code limit} at the latest. */
    boolean answers(Source.Hub source, Duration limit) {
        if (settings.offline()) {
            return false;
        }
        // One request gives up a little earlier than the whole, so that its silence is noted.
        Duration each = limit.multipliedBy(9).dividedBy(10);
        FutureTask<Boolean> answer = new FutureTask<>(() -> {
            try {
                if (source.pattern()) {
                    list(source, each);
                } else {
                    announced(source, each);
                }
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        Thread.ofVirtual().start(answer);
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw Interruption.cancelled();
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("asking the hub at " + settings.endpoint() + " failed", e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    /** What the hub announces of a file, without fetching it. */
    Announced announced(Source.Hub source) throws IOException {
        return announced(source, limits.answer());
    }

    private Announced announced(Source.Hub source, Duration limit) throws IOException {
        return firstContact(() -> askAnnounced(source, limit));
    }

    private Announced askAnnounced(Source.Hub source, Duration limit) throws IOException {
        URI address = resolve(source);
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpResponse<Void> response = send(
                    request(address, limit).method("HEAD", HttpRequest.BodyPublishers.noBody()),
                    HttpResponse.BodyHandlers.discarding(),
                    limit);
            Optional<URI> next = redirect(address, response);
            boolean linked = response.headers().firstValue("X-Linked-ETag").isPresent();
            // A renamed repository redirects within the hub; only the last answer knows the file.
            if (next.isPresent() && !linked && sameServer(address, next.get())) {
                address = next.get();
                continue;
            }
            if (next.isEmpty() && response.statusCode() != 200) {
                throw refusal(source, response);
            }
            String tag = response.headers()
                    .firstValue("X-Linked-ETag")
                    .or(() -> response.headers().firstValue("ETag"))
                    .map(Hub::unquoted)
                    .orElse("");
            long size = response.headers()
                    .firstValue("X-Linked-Size")
                    .or(() -> next.isPresent()
                            ? Optional.empty()
                            : response.headers().firstValue("Content-Length"))
                    .map(Hub::number)
                    .orElse(0L);
            return new Announced(
                    SHA256.matcher(tag).matches() ? tag : "",
                    GIT_SHA1.matcher(tag).matches() ? tag : "",
                    size);
        }
        throw new SourceException("more than " + MOST_REDIRECTS + " redirects");
    }

    /** The files that a pattern means, by path. */
    List<Listed> list(Source.Hub source) throws IOException {
        return list(source, limits.answer());
    }

    private List<Listed> list(Source.Hub source, Duration limit) throws IOException {
        return firstContact(() -> askList(source, limit));
    }

    private List<Listed> askList(Source.Hub source, Duration limit) throws IOException {
        Pattern wanted = glob(source.path());
        List<Listed> files = new ArrayList<>();
        Optional<URI> page = Optional.of(URI.create(settings.endpoint() + "/api/models/" + source.repository()
                + "/tree/" + encoded(source.revision()) + "?recursive=true"));
        for (int pages = 0; page.isPresent() && pages < MOST_PAGES; pages++) {
            URI address = page.get();
            HttpResponse<InputStream> response =
                    send(request(address, limit).GET(), HttpResponse.BodyHandlers.ofInputStream(), limit);
            byte[] body;
            try (InputStream in = response.body()) {
                if (response.statusCode() != 200) {
                    throw refusal(source, response);
                }
                body = in.readNBytes(LONGEST_LISTING);
            }
            JsonNode entries = json.readTree(body);
            for (JsonNode entry : entries) {
                String path = entry.path("path").asText();
                if (entry.path("type").asText().equals("file")
                        && wanted.matcher(path).matches()) {
                    files.add(new Listed(
                            path,
                            entry.path("lfs").path("oid").asText(),
                            entry.path("size").asLong()));
                }
            }
            page = response.headers()
                    .firstValue("Link")
                    .map(NEXT_PAGE::matcher)
                    .filter(Matcher::find)
                    .map(link -> address.resolve(link.group(1)))
                    .filter(next -> sameServer(address, next));
        }
        if (files.isEmpty()) {
            throw new SourceException("no file of the repository matches " + source.path());
        }
        files.sort(Comparator.comparing(Listed::path));
        return files;
    }

    /**
     * Fetches a file into {@code partial}, going on after what is there already, and returns its SHA-256.
     *
     * @param sha256 the sum that it must have, empty to take the hub's word
     * @param most   the number of bytes that it must have, 0 to take the hub's word
     */
    String download(Source.Hub source, String sha256, long most, Path partial, Transfer transfer) throws IOException {
        if (settings.offline()) {
            throw new SourceException("not asked: HF_HUB_OFFLINE is set");
        }
        transfer.begin(Phase.CONNECTING, 0, most, source.toString());
        Announced announced = announced(source);
        if (!sha256.isEmpty()
                && !announced.sha256().isEmpty()
                && !announced.sha256().equals(sha256)) {
            throw new SourceException(
                    "the hub has another file: its SHA-256 is " + announced.sha256() + ", expected " + sha256);
        }
        if (most > 0 && announced.size() > 0 && announced.size() != most) {
            throw new SourceException("the hub has another file: " + announced.size() + " bytes, expected " + most);
        }
        long size = most > 0 ? most : announced.size();
        DiskSpace.check(partial, size);
        Body body = new Body(source, announced, size, partial, transfer);
        int failures = 0;
        while (true) {
            long before = body.done;
            try {
                body.fetch();
                break;
            } catch (SourceException e) {
                throw e;
            } catch (IOException e) {
                failures = body.done > before ? 1 : failures + 1;
                if (failures >= limits.attempts()) {
                    throw new SourceException(
                            "broke " + failures + " times after " + body.done + " bytes: " + reason(e), e);
                }
                pause(limits.pause().multipliedBy(1L << (failures - 1)));
            }
        }
        String found = Digests.hex(body.digest);
        String wanted = sha256.isEmpty() ? announced.sha256() : sha256;
        boolean right = wanted.isEmpty()
                ? !announced.gitSha1().isEmpty() && Digests.gitBlob(partial).equals(announced.gitSha1())
                : wanted.equals(found);
        if (!right) {
            Files.delete(partial);
            throw new SourceException(
                    wanted.isEmpty()
                            ? announced.gitSha1().isEmpty()
                                    ? "the hub announces no sum that the bytes could be held against"
                                    : "the bytes have another git sum than the hub announces"
                            : "the bytes have SHA-256 " + found + ", expected " + wanted);
        }
        return found;
    }

    /** One file on its way: what is there of it, and its sum so far. */
    private final class Body {
        private final Source.Hub source;
        private final Announced announced;
        private final long size;
        private final Path partial;
        private final Path validator;
        private final Transfer transfer;
        private MessageDigest digest = Digests.sha256();
        private long done;

        Body(Source.Hub source, Announced announced, long size, Path partial, Transfer transfer) throws IOException {
            this.source = source;
            this.announced = announced;
            this.size = size;
            this.partial = partial;
            this.validator = partial.resolveSibling(partial.getFileName() + ".etag");
            this.transfer = transfer;
            String identity = announced.sha256() + announced.gitSha1();
            // What is there counts only if it is the beginning of the same file.
            if (Files.exists(partial) && Files.exists(validator) && !identity.isEmpty()) {
                List<String> lines = Files.readAllLines(validator);
                if (!lines.isEmpty() && lines.getFirst().equals(identity)) {
                    Digests.update(digest, partial, transfer);
                    done = Files.size(partial);
                    return;
                }
            }
            Files.deleteIfExists(partial);
            Files.writeString(validator, identity + "\n");
        }

        private void restart() throws IOException {
            digest = Digests.sha256();
            done = 0;
            Files.deleteIfExists(partial);
        }

        void fetch() throws IOException {
            if (size > 0 && done == size) {
                return;
            }
            if (size > 0 && done > size) {
                restart();
            }
            HttpResponse<InputStream> response = open();
            try (InputStream in = response.body()) {
                switch (response.statusCode()) {
                    case 200 -> {
                        if (done > 0) {
                            restart();
                        }
                    }
                    case 206 -> {
                        String range =
                                response.headers().firstValue("Content-Range").orElse("");
                        Matcher matcher = CONTENT_RANGE.matcher(range);
                        if (!matcher.matches() || number(matcher.group(1)) != done) {
                            throw new SourceException("asked for bytes from " + done + " on, got \"" + range + "\"");
                        }
                    }
                    case 416 -> {
                        restart();
                        throw new IOException("the range was refused");
                    }
                    case 429, 500, 502, 503, 504 -> throw new IOException("HTTP status " + response.statusCode());
                    default -> throw refusal(source, response);
                }
                // Only a strong validator may stand in If-Range (RFC 9110, section 13.1.5).
                String tag = response.headers()
                        .firstValue("ETag")
                        .filter(value -> !value.startsWith("W/"))
                        .orElse("");
                Files.writeString(validator, announced.sha256() + announced.gitSha1() + "\n" + tag + "\n");
                copy(in);
            }
            if (size > 0 && done < size) {
                throw new IOException("the connection closed after " + done + " of " + size + " bytes");
            }
            Files.deleteIfExists(validator);
        }

        /** Asks the hub anew each time, since the addresses that it redirects to are good for some minutes only. */
        private HttpResponse<InputStream> open() throws IOException {
            URI address = resolve(source);
            for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
                HttpRequest.Builder request = request(address, limits.answer()).GET();
                if (done > 0) {
                    request.header("Range", "bytes=" + done + "-");
                    List<String> lines = Files.readAllLines(validator);
                    if (lines.size() > 1 && !lines.get(1).isEmpty()) {
                        request.header("If-Range", lines.get(1));
                    }
                }
                HttpResponse<InputStream> response =
                        send(request, HttpResponse.BodyHandlers.ofInputStream(), limits.answer());
                Optional<URI> next = redirect(address, response);
                if (next.isEmpty()) {
                    return response;
                }
                response.body().close();
                address = next.get();
            }
            throw new SourceException("more than " + MOST_REDIRECTS + " redirects");
        }

        private void copy(InputStream in) throws IOException {
            transfer.begin(Phase.DOWNLOADING, done, size, source.toString());
            try (OutputStream out = Files.newOutputStream(
                            partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
                    StallWatch watch = new StallWatch(in, limits.stall())) {
                byte[] buffer = new byte[1 << 16];
                for (int read = watch.read(buffer); read >= 0; read = watch.read(buffer)) {
                    Interruption.check();
                    if (size > 0 && done + read > size) {
                        throw new SourceException("sends more than the " + size + " bytes of the file");
                    }
                    out.write(buffer, 0, read);
                    digest.update(buffer, 0, read);
                    done += read;
                    transfer.advance(Phase.DOWNLOADING, done, size, source.toString());
                }
            }
        }
    }

    private URI resolve(Source.Hub source) {
        StringBuilder path = new StringBuilder();
        for (String segment : source.path().split("/", -1)) {
            path.append('/').append(encoded(segment));
        }
        return URI.create(
                settings.endpoint() + "/" + source.repository() + "/resolve/" + encoded(source.revision()) + path);
    }

    private HttpRequest.Builder request(URI address, Duration limit) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(limit)
                .header("User-Agent", "outcrop")
                .header("Accept-Encoding", "identity");
        if (sameServer(address, settings.endpoint())) {
            settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        }
        return request;
    }

    /** Sends, and gives up after {@code limit} even if it is the look-up of the name that takes longer. */
    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler, Duration limit)
            throws IOException {
        HttpRequest built = request.build();
        String server = built.uri().getScheme() + "://" + built.uri().getAuthority();
        CompletableFuture<HttpResponse<T>> answer = new CompletableFuture<>();
        Thread sender = Thread.startVirtualThread(() -> {
            try {
                answer.complete(client().send(built, handler));
            } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
            } catch (InterruptedException e) {
                answer.cancel(false);
            }
        });
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            sender.interrupt();
            throw Interruption.cancelled();
        } catch (TimeoutException e) {
            sender.interrupt();
            throw new UnreachableException(server + " did not answer within " + limit.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case HttpConnectTimeoutException timeout ->
                    throw new UnreachableException(
                            server + " cannot be reached within "
                                    + limits.connect().toMillis() + " ms",
                            timeout);
                case ConnectException refused ->
                    throw new UnreachableException(server + " cannot be reached: " + reason(refused), refused);
                case UnknownHostException unknown ->
                    throw new UnreachableException(server + " has an unknown name", unknown);
                case HttpTimeoutException timeout ->
                    throw new UnreachableException(
                            server + " did not answer within " + limit.toMillis() + " ms", timeout);
                case IOException broken -> throw broken;
                case Throwable other -> throw new SourceException("cannot be asked: " + reason(other), other);
            }
        }
    }

    /** Asks the hub something, unless it did not answer a moment ago: who waits for one file need not wait for each. */
    private <T> T firstContact(Question<T> question) throws IOException {
        Silence last = silence;
        if (System.nanoTime() - last.untilNanos() < 0) {
            throw new SourceException(last.reason());
        }
        try {
            return question.ask();
        } catch (UnreachableException e) {
            silence = new Silence(
                    e.getMessage(), System.nanoTime() + limits.silence().toNanos());
            throw e;
        }
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask() throws IOException;
    }

    /** Why the hub is not asked, and until when. */
    private record Silence(String reason, long untilNanos) {}

    /** A server does not answer. */
    private static final class UnreachableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnreachableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private SourceException refusal(Source.Hub source, HttpResponse<?> response) {
        String code = response.headers().firstValue("X-Error-Code").orElse("");
        String page = settings.endpoint() + "/" + source.repository();
        return new SourceException(
                switch (response.statusCode()) {
                    case 401, 403 ->
                        code.equals("GatedRepo")
                                ? source.repository() + " is gated: accept its terms at " + page
                                        + " and set HF_TOKEN to a token of the account that did"
                                : settings.token().isPresent()
                                        ? "the hub does not let this token read " + source.repository()
                                                + ": it is private, gated or not there; see " + page
                                        : source.repository()
                                                + " is private, gated or not there: see " + page
                                                + " and set HF_TOKEN to a token that may read it";
                    case 404 ->
                        switch (code) {
                            case "RevisionNotFound" -> source.repository() + " has no revision " + source.revision();
                            case "EntryNotFound" -> source.repository() + " has no file " + source.path();
                            case "RepoNotFound" -> "there is no repository " + source.repository();
                            default -> "HTTP status 404 for " + source.repository() + " " + source.path();
                        };
                    case 429 ->
                        "the hub asks to come back later (HTTP status 429); a token in HF_TOKEN raises its limit";
                    default ->
                        "HTTP status " + response.statusCode()
                                + response.headers()
                                        .firstValue("X-Error-Message")
                                        .map(message -> ": "
                                                + message.lines().findFirst().orElse(""))
                                        .orElse("");
                });
    }

    private static Optional<URI> redirect(URI from, HttpResponse<?> response) {
        return switch (response.statusCode()) {
            case 301, 302, 303, 307, 308 ->
                response.headers().firstValue("Location").map(from::resolve);
            default -> Optional.empty();
        };
    }

    private static boolean sameServer(URI one, URI other) {
        return one.getScheme().equals(other.getScheme()) && one.getAuthority().equalsIgnoreCase(other.getAuthority());
    }

    private static String unquoted(String tag) {
        String strong = tag.startsWith("W/") ? tag.substring(2) : tag;
        return strong.replace("\"", "");
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Pattern glob(String path) {
        StringBuilder pattern = new StringBuilder();
        for (String literal : path.split("\\*", -1)) {
            pattern.append(Pattern.quote(literal)).append("[^/]*");
        }
        pattern.setLength(pattern.length() - "[^/]*".length());
        return Pattern.compile(pattern.toString(), Pattern.CASE_INSENSITIVE);
    }

    private static String reason(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            throw Interruption.cancelled();
        }
    }
}
