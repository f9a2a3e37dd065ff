package dev.outcrop.services.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class WebCallsTest {
    @Test
    void addressesThatOnlyTheMachinesOwnLinkKnowsAreNotDeliveredTo() throws Exception {
        assertThat(WebCalls.isOutside(URI.create("http://169.254.169.254/latest/meta-data")))
                .isFalse();
        assertThat(WebCalls.isOutside(URI.create("http://[fe80::1]/"))).isFalse();
        assertThat(WebCalls.isOutside(URI.create("http://0.0.0.0/"))).isFalse();
        assertThat(WebCalls.isOutside(URI.create("http://192.0.2.1/"))).isTrue();
    }
}
