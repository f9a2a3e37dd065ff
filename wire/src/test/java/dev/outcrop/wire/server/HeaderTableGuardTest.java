package dev.outcrop.wire.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.webserver.CloseConnectionException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HeaderTableGuardTest {
    private final HeaderTableGuard guard = new HeaderTableGuard();

    @Test
    void takesHeadersThatFitIntoTheTable() {
        assertThatCode(() -> guard.check(indexed("a".repeat(10), "v".repeat(4096 - 32 - 10))))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesHeadersThatDoNot() {
        assertThatThrownBy(() -> guard.check(indexed("a".repeat(10), "v".repeat(4096 - 32 - 9))))
                .isInstanceOf(CloseConnectionException.class);
    }

    @Test
    void takesLongHeadersThatStayOutsideTheTable() {
        byte[] list = indexed("a", "v".repeat(9000));
        list[0] = 0x00;

        assertThatCode(() -> guard.check(list)).doesNotThrowAnyException();
    }

    @Test
    void refusesAnyHeaderForATableThatWasMadeSmall() {
        guard.check(new byte[] {0x20});

        assertThatThrownBy(() -> guard.check(indexed("a", "b"))).isInstanceOf(CloseConnectionException.class);
    }

    @Property
    void endsWithAnyBytes(@ForAll byte[] list) {
        try {
            guard.check(list);
        } catch (CloseConnectionException refused) {
            // As good an end as any.
        }
    }

    private static byte[] indexed(String name, String value) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.write(0x40);
        text(list, name);
        text(list, value);
        return list.toByteArray();
    }

    private static void text(ByteArrayOutputStream list, String text) {
        int length = text.length();
        if (length < 127) {
            list.write(length);
        } else {
            list.write(127);
            int rest = length - 127;
            while (rest >= 128) {
                list.write(rest % 128 | 0x80);
                rest /= 128;
            }
            list.write(rest);
        }
        list.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
