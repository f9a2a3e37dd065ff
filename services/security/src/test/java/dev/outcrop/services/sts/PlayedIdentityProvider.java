package dev.outcrop.services.sts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.outcrop.services.iam.SelfSigned;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An OpenID Connect provider over HTTPS on the loopback address, with a certificate that it signed itself. */
final class PlayedIdentityProvider implements AutoCloseable {
    private final HttpsServer server;
    private final SelfSigned certificate;
    private final KeyPair keys;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String body;

    PlayedIdentityProvider(Path folder) throws Exception {
        certificate = SelfSigned.of(folder, "localhost");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(certificate.store(), SelfSigned.PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        publishKeys();
        server.createContext("/.well-known/openid-configuration", exchange -> {
            asked.incrementAndGet();
            answer(exchange, "{\"issuer\":\"" + url() + "\",\"jwks_uri\":\"" + url() + "/keys\"}");
        });
        server.createContext("/keys", exchange -> answer(exchange, body));
        server.start();
    }

    private static String published(RSAPublicKey key, String id) {
        return "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"},{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"" + id
                + "\",\"n\":\""
                + base64(key.getModulus().toByteArray()) + "\",\"e\":\""
                + base64(key.getPublicExponent().toByteArray()) + "\"}]}";
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    void publishKeys() {
        publish(published((RSAPublicKey) keys.getPublic(), "one"));
    }

    /** What it answers from now on in place of its keys. */
    void publish(String text) {
        body = text;
    }

    /** How often it was asked for its description. */
    int asked() {
        return asked.get();
    }

    String url() {
        return "https://localhost:" + server.getAddress().getPort();
    }

    String thumbprint() throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-1")
                        .digest(certificate.certificate().getEncoded()));
    }

    PublicKey publicKey() {
        return keys.getPublic();
    }

    /** A token with these claims, single quotes standing for double ones. */
    String token(String claims) throws Exception {
        return token("{'alg':'RS256','kid':'one'}", claims);
    }

    String token(String header, String claims) throws Exception {
        String signed = base64(header.replace('\'', '"').getBytes(StandardCharsets.UTF_8)) + "."
                + base64(claims.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64(signature.sign());
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
