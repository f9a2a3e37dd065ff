package dev.outcrop.engines.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameChannelTest {
    @TempDir
    Path folder;

    @Test
    void carriesFramesOfAllSizesInOrder() throws Exception {
        try (Pair pair = new Pair(folder)) {
            int[] sizes = {0, 1, 65_526, 65_527, 65_528, 200_000, 3};
            for (int size : sizes) {
                pair.near.write(new Frame(Frame.Kind.ITEM, size, new byte[size]));
            }

            for (int size : sizes) {
                Frame frame = pair.far.read();
                assertThat(frame.call()).isEqualTo(size);
                assertThat(frame.payload()).hasSize(size);
            }
        }
    }

    @Test
    void refusesWhatIsNotAFrame() throws Exception {
        for (byte[] nonsense : new byte[][] {
            ByteBuffer.allocate(9)
                    .putInt(Integer.MAX_VALUE)
                    .put((byte) 6)
                    .putInt(1)
                    .array(),
            ByteBuffer.allocate(9).putInt(-5).put((byte) 6).putInt(1).array(),
            ByteBuffer.allocate(9).putInt(5).put((byte) 99).putInt(1).array()
        }) {
            try (Pair pair = new Pair(folder)) {
                pair.nearSocket.write(ByteBuffer.wrap(nonsense));

                assertThatThrownBy(pair.far::read)
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(EOFException.class);
            }
        }
    }

    @Test
    void seesThatTheOtherSideHasClosed() throws Exception {
        try (Pair pair = new Pair(folder)) {
            pair.near.close();

            assertThatThrownBy(pair.far::read).isInstanceOf(EOFException.class);
        }
    }

    @Property(tries = 100)
    void namesAndWhatFollowsComeBack(
            @ForAll @NumericChars @AlphaChars @StringLength(max = 1000) String name,
            @ForAll @Size(max = 1000) byte[] rest) {
        Frame frame = Frame.named(Frame.Kind.REQUEST, 1, name, rest);

        assertThat(frame.name()).isEqualTo(name);
        assertThat(frame.rest()).isEqualTo(rest);
    }

    private static final class Pair implements AutoCloseable {
        final SocketChannel nearSocket = SocketChannel.open(StandardProtocolFamily.UNIX);
        final FrameChannel near;
        final FrameChannel far;

        Pair(Path folder) throws IOException {
            UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s" + System.nanoTime()));
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(address);
                nearSocket.connect(address);
                far = new FrameChannel(server.accept());
                near = new FrameChannel(nearSocket);
            }
        }

        @Override
        public void close() {
            near.close();
            far.close();
        }
    }
}
