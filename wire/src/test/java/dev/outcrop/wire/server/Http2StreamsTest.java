package dev.outcrop.wire.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.common.socket.PeerInfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.Principal;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Helidon waits for ever for the rest of a request that is answered already, unless it is interrupted. */
class Http2StreamsTest {
    private final StallGuard guard = new StallGuard(Duration.ofSeconds(2), Duration.ofSeconds(2));
    private final Http2Streams streams = new Http2Streams(new Client(), guard);

    @AfterEach
    void close() {
        guard.close();
    }

    @Test
    void nobodyWaitsForTheBodyOfAResetStream() throws Exception {
        Serving first = new Serving(1, false);
        Serving other = new Serving(3, false);

        streams.reset(1);

        assertThat(first.isInterruptedWithin(Duration.ofSeconds(1))).isTrue();
        assertThat(other.isInterruptedWithin(Duration.ofMillis(50))).isFalse();
    }

    @Test
    void nobodyWaitsForABodyWhenTheConnectionHasEnded() throws Exception {
        Serving before = new Serving(1, false);

        streams.close();

        Serving after = new Serving(3, false);
        assertThat(before.isInterruptedWithin(Duration.ofSeconds(1))).isTrue();
        assertThat(after.isInterruptedWithin(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void nobodyWaitsForABodyThatStalls() throws Exception {
        Serving serving = new Serving(1, false);

        assertThat(serving.isInterruptedWithin(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void threadsThatHaveReadAllAreLeftAlone() throws Exception {
        Serving serving = new Serving(1, true);

        streams.close();

        assertThat(serving.isInterruptedWithin(Duration.ofMillis(50))).isFalse();
    }

    /** A stream's thread, which goes on waiting once its exchange has ended. */
    private final class Serving {
        private final CountDownLatch ended = new CountDownLatch(1);
        private final CountDownLatch interrupted = new CountDownLatch(1);

        Serving(int stream, boolean readToTheEnd) throws InterruptedException {
            streams.begin(stream, new Departure(_ -> {}));
            Thread.startVirtualThread(() -> {
                streams.end(stream, readToTheEnd);
                ended.countDown();
                try {
                    TimeUnit.SECONDS.sleep(20);
                } catch (InterruptedException asHoped) {
                    interrupted.countDown();
                }
            });
            assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
        }

        boolean isInterruptedWithin(Duration limit) throws InterruptedException {
            return interrupted.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static final class Client implements PeerInfo {
        @Override
        public SocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        }

        @Override
        public String host() {
            return "127.0.0.1";
        }

        @Override
        public int port() {
            return 1;
        }

        @Override
        public Optional<Principal> tlsPrincipal() {
            return Optional.empty();
        }

        @Override
        public Optional<Certificate[]> tlsCertificates() {
            return Optional.empty();
        }
    }
}
