package dev.outcrop.engines.vectors.redis;

import dev.outcrop.engines.vectors.remote.FieldMapping;
import dev.outcrop.engines.web.Reach;
import java.util.Optional;

/**
 * Where an index of Redis' search module is, and what the fields of its hashes are for.
 *
 * @param user     empty for the default user
 * @param password empty where none is needed
 * @param tls      how the two sides prove who they are; without it, nothing is encrypted
 */
public record RedisSettings(
        String host,
        int port,
        String index,
        String user,
        String password,
        FieldMapping fields,
        Optional<Tls> tls,
        Reach reach) {

    /**
     * PEM texts, as Bedrock's secret holds them under {@code serverCertificate}, {@code clientCertificate} and
     * {@code clientPrivateKey}.
     *
     * @param serverCertificate what the server's certificate must be, or be signed by; empty for those that the JVM trusts
     * @param clientCertificate empty where the server asks for none
     * @param clientKey         in PKCS #8
     */
    public record Tls(String serverCertificate, String clientCertificate, String clientKey) {
        @Override
        public String toString() {
            return "TLS";
        }
    }

    @Override
    public String toString() {
        return index + " at " + host + ":" + port;
    }
}
