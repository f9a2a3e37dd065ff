package dev.outcrop.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.conformance.shapes.SampleHouse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MutatedFramesTest {
    @Test
    @Timeout(400)
    void neitherHangNorBreakTheServer() throws Exception {
        try (SampleHouse house = SampleHouse.open(0)) {

            MutatedFrames.Result result = new MutatedFrames(house.port()).send(420, System.nanoTime());

            assertThat(result.samples()).isEmpty();
            assertThat(result.sent()).isEqualTo(420);
            HttpLoad.once(house.port(), SignedRequest.getCallerIdentity(house.port()));
        }
    }
}
