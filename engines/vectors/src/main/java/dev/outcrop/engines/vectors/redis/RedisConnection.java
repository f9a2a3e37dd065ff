package dev.outcrop.engines.vectors.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.vectors.VectorStoreException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * One connection to a Redis server, by its protocol's second version; made anew after a failure. Commands of several callers
 * take turns. Replies are strings (bytes), numbers, and lists of these, within limits of size and depth.
 */
final class RedisConnection implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int LARGEST_STRING = 1 << 26;
    private static final int LONGEST_LIST = 1 << 20;
    private static final int LONGEST_LINE = 1 << 16;
    private static final int DEEPEST = 16;

    private final RedisSettings settings;
    private final ReentrantLock turn = new ReentrantLock();
    private Socket socket;
    private DataInputStream in;
    private OutputStream out;

    RedisConnection(RedisSettings settings) {
        this.settings = settings;
    }

    /** What Redis says. */
    sealed interface Reply {
        record Bytes(byte[] value) implements Reply {
            String text() {
                return new String(value, UTF_8);
            }
        }

        record Whole(long value) implements Reply {}

        record Many(List<Reply> values) implements Reply {}

        record Nothing() implements Reply {}

        record Refusal(String reason) implements Reply {}
    }

    /** The words of a command: texts and bytes. */
    static List<byte[]> command(Object... words) {
        List<byte[]> command = new ArrayList<>();
        for (Object word : words) {
            command.add(
                    word instanceof byte[] bytes ? bytes : String.valueOf(word).getBytes(UTF_8));
        }
        return command;
    }

    /**
     * The reply to a command.
     *
     * @throws VectorStoreException if Redis refuses it, or cannot be reached
     */
    Reply call(Object... words) {
        return call(List.of(command(words))).getFirst();
    }

    /** The replies to commands that are sent together. */
    List<Reply> call(Collection<List<byte[]>> commands) {
        turn.lock();
        try {
            if (socket == null) {
                connect();
            }
            return exchange(commands);
        } catch (IOException | GeneralSecurityException failure) {
            drop();
            throw new VectorStoreException(
                    "Redis at " + settings.host() + ":" + settings.port() + " cannot be reached: "
                            + failure.getMessage(),
                    failure);
        } finally {
            turn.unlock();
        }
    }

    private List<Reply> exchange(Collection<List<byte[]>> commands) throws IOException {
        for (List<byte[]> command : commands) {
            out.write(("*" + command.size() + "\r\n").getBytes(ISO_8859_1));
            for (byte[] word : command) {
                out.write(("$" + word.length + "\r\n").getBytes(ISO_8859_1));
                out.write(word);
                out.write('\r');
                out.write('\n');
            }
        }
        out.flush();
        List<Reply> replies = new ArrayList<>();
        Reply.Refusal refused = null;
        for (int i = 0; i < commands.size(); i++) {
            Reply reply = read(0);
            refused = refused == null && reply instanceof Reply.Refusal refusal ? refusal : refused;
            replies.add(reply);
        }
        if (refused != null) {
            throw new VectorStoreException("Redis refused: " + refused.reason());
        }
        return replies;
    }

    private Reply read(int depth) throws IOException {
        String line = line();
        String rest = line.isEmpty() ? "" : line.substring(1);
        return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
            case '+' -> new Reply.Bytes(rest.getBytes(UTF_8));
            case '-' -> new Reply.Refusal(rest);
            case ':' -> new Reply.Whole(number(rest));
            case '$' -> string(number(rest));
            case '*' -> list(number(rest), depth);
            default -> throw new IOException("what answers does not speak Redis' protocol");
        };
    }

    private Reply string(long length) throws IOException {
        if (length < 0) {
            return new Reply.Nothing();
        }
        if (length > LARGEST_STRING) {
            throw new IOException("a reply of " + length + " bytes is too large");
        }
        byte[] value = in.readNBytes((int) length);
        if (value.length < length || in.read() != '\r' || in.read() != '\n') {
            throw new IOException("a reply broke off");
        }
        return new Reply.Bytes(value);
    }

    private Reply list(long length, int depth) throws IOException {
        if (length < 0) {
            return new Reply.Nothing();
        }
        if (length > LONGEST_LIST || depth >= DEEPEST) {
            throw new IOException("a reply is too long or too deep");
        }
        List<Reply> values = new ArrayList<>();
        for (long i = 0; i < length; i++) {
            values.add(read(depth + 1));
        }
        return new Reply.Many(values);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int value = in.read(); value != '\r'; value = in.read()) {
            if (value < 0 || line.size() >= LONGEST_LINE) {
                throw new IOException("a reply broke off");
            }
            line.write(value);
        }
        if (in.read() != '\n') {
            throw new IOException("a reply broke off");
        }
        return line.toString(UTF_8);
    }

    private static long number(String text) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException none) {
            throw new IOException("what answers does not speak Redis' protocol", none);
        }
    }

    private void connect() throws IOException, GeneralSecurityException {
        if (!settings.reach().allows(settings.host())) {
            throw new IOException("it is at an address that may not be called");
        }
        Socket plain = new Socket();
        plain.setSoTimeout((int) ANSWER.toMillis());
        plain.connect(new InetSocketAddress(settings.host(), settings.port()), (int) CONNECT.toMillis());
        socket = plain;
        if (settings.tls().isPresent()) {
            socket = secured(plain, settings.tls().get());
        }
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = new BufferedOutputStream(socket.getOutputStream());
        if (!settings.password().isEmpty()) {
            try {
                exchange(List.of(
                        settings.user().isEmpty()
                                ? command("AUTH", settings.password())
                                : command("AUTH", settings.user(), settings.password())));
            } catch (VectorStoreException refused) {
                drop();
                throw refused;
            }
        }
    }

    private Socket secured(Socket plain, RedisSettings.Tls tls) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                tls.clientCertificate().isBlank() ? null : keys(tls).getKeyManagers(),
                tls.serverCertificate().isBlank() ? null : trusted(tls).getTrustManagers(),
                null);
        SSLSocket secured =
                (SSLSocket) context.getSocketFactory().createSocket(plain, settings.host(), settings.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private static TrustManagerFactory trusted(RedisSettings.Tls tls) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates(tls.serverCertificate())) {
            store.setCertificateEntry("trusted" + number++, certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private static KeyManagerFactory keys(RedisSettings.Tls tls) throws IOException, GeneralSecurityException {
        Certificate[] chain = certificates(tls.clientCertificate()).toArray(new Certificate[0]);
        byte[] encoded = Base64.getMimeDecoder().decode(tls.clientKey().replaceAll("-----[A-Z ]+-----", ""));
        PrivateKey key = KeyFactory.getInstance(chain[0].getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        char[] none = new char[0];
        store.setKeyEntry("client", key, none, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, none);
        return factory;
    }

    private static Collection<? extends Certificate> certificates(String pem) throws GeneralSecurityException {
        Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(UTF_8)));
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("the secret holds no certificate where one must be");
        }
        return certificates;
    }

    private void drop() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException alreadyGone) {
                // It is not used any more, either way.
            }
        }
        socket = null;
    }

    @Override
    public void close() {
        turn.lock();
        try {
            drop();
        } finally {
            turn.unlock();
        }
    }
}
