package dev.outcrop.engines.vectors.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.remote.FieldMapping;
import dev.outcrop.engines.vectors.remote.Samples;
import dev.outcrop.engines.vectors.remote.StoreContract;
import dev.outcrop.engines.web.Reach;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisVectorStoreTest extends StoreContract {
    private static final FieldMapping FIELDS = FieldMapping.of("my-vector", "text", "metadata");
    private static final Reach LOOPBACK = Reach.PUBLIC.and(List.of("localhost"));

    private PlayedRedis redis;

    @BeforeEach
    void start() {
        redis = new PlayedRedis(DIMENSION);
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    @Override
    protected VectorStore open() {
        return RedisVectorStore.open(settings(redis.port(), "kb", "password", FIELDS, LOOPBACK), DIMENSION);
    }

    private static RedisSettings settings(int port, String index, String password, FieldMapping fields, Reach reach) {
        return new RedisSettings("localhost", port, index, "user", password, fields, Optional.empty(), reach);
    }

    @Test
    void keywordsFindTextsWithAnyOfThemAndAreNoSyntax() {
        try (VectorStore store = open()) {
            float[] vector = new Samples(1).vector(DIMENSION);
            store.put(List.of(
                    new VectorEntry("1", vector, "the brown fox", Map.of()),
                    new VectorEntry("2", vector, "a quick fox", Map.of()),
                    new VectorEntry("3", vector, "nothing", Map.of())));

            assertThat(store.keywords("quick) | -fox* @metadata:{x}", 10, Optional.empty()))
                    .extracting(Match::key)
                    .containsExactly("2", "1");
            assertThat(store.keywords("*-()", 10, Optional.empty())).isEmpty();
        }
    }

    @Test
    void anIndexThatIsNotAsItMustBeIsRefusedWithTheReason() {
        assertThatThrownBy(() -> RedisVectorStore.open(settings(redis.port(), "kb", "password", FIELDS, LOOPBACK), 16))
                .isInstanceOf(VectorStoreException.class)
                .hasMessageContaining("does not take vectors of 16 dimensions");
        assertThatThrownBy(() -> RedisVectorStore.open(settings(redis.port(), "no", "password", FIELDS, LOOPBACK), 8))
                .hasMessage("Redis refused: Unknown index name");
        FieldMapping other = FieldMapping.of("other", "text", "metadata");
        assertThatThrownBy(() -> RedisVectorStore.open(settings(redis.port(), "kb", "password", other, LOOPBACK), 8))
                .hasMessage("The index kb has no field other of type VECTOR");
    }

    @Test
    void aServerThatRefusesOrIsNotThereOrMayNotBeCalledSaysSo() {
        assertThatThrownBy(() -> RedisVectorStore.open(settings(redis.port(), "kb", "wrong", FIELDS, LOOPBACK), 8))
                .isInstanceOf(VectorStoreException.class)
                .hasMessageContaining("WRONGPASS");
        assertThatThrownBy(() -> RedisVectorStore.open(settings(1, "kb", "password", FIELDS, LOOPBACK), 8))
                .isInstanceOf(VectorStoreException.class)
                .hasMessageContaining("cannot be reached");
        assertThatThrownBy(
                        () -> RedisVectorStore.open(settings(redis.port(), "kb", "password", FIELDS, Reach.PUBLIC), 8))
                .isInstanceOf(VectorStoreException.class)
                .hasMessageContaining("may not be called");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1 400 Bad Request\r\n\r\n", "$99999999999\r\n", "*99999999\r\n", "$5\r\nab", ":x\r\n"})
    void whatDoesNotSpeakTheProtocolIsLeft(String said) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = listener.accept()) {
                    socket.getInputStream().read();
                    socket.getOutputStream().write(said.getBytes(UTF_8));
                } catch (IOException gone) {
                    // The store has hung up.
                }
            });
            assertThatThrownBy(() ->
                            RedisVectorStore.open(settings(listener.getLocalPort(), "kb", "p", FIELDS, LOOPBACK), 8))
                    .isInstanceOf(VectorStoreException.class);
        }
    }
}
