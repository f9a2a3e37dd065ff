package dev.outcrop.wire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class ForwardLookupsTest {
    @Test
    void nobodyIsAskedForTheNameOfAClient() throws Exception {
        // Every system knows the name of this one.
        InetAddress client = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});

        assertThat(new InetSocketAddress(client, 443).getHostName()).isEqualTo("127.0.0.1");
    }

    @Test
    void namesHaveTheirAddresses() throws Exception {
        assertThat(InetAddress.getByName("localhost").isLoopbackAddress()).isTrue();
    }
}
