package dev.outcrop.engines.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReachTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data",
                "http://[fe80::1]/",
                "http://0.0.0.0/",
                "http://[fd00:ec2::254]/latest/meta-data",
                "http://[::ffff:169.254.169.254]/",
                "http://224.0.0.1/"
            })
    void addressesThatOnlyTheMachinesOwnLinkKnowsAreNeverCalled(String target) throws Exception {
        assertThat(Reach.BEYOND_LINK.allows(URI.create(target))).isFalse();
        assertThat(Reach.PUBLIC.and(List.of("*")).allows(URI.create(target))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://localhost/",
                "http://10.1.2.3/",
                "http://172.16.0.1/",
                "http://192.168.1.1/",
                "http://100.64.0.1/",
                "http://198.18.0.1/",
                "http://240.0.0.1/",
                "http://[::1]/",
                "http://[fc00::1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://2130706433/"
            })
    void privateAddressesAreCalledOnlyWhereThatIsAllowed(String target) throws Exception {
        assertThat(Reach.PUBLIC.allows(URI.create(target))).isFalse();
        assertThat(Reach.BEYOND_LINK.allows(URI.create(target))).isTrue();
        assertThat(Reach.PUBLIC.and(List.of(URI.create(target).getHost())).allows(URI.create(target)))
                .isTrue();
    }

    @Test
    void publicAddressesAreCalled() throws Exception {
        assertThat(Reach.PUBLIC.allows(URI.create("http://192.0.2.1/"))).isTrue();
        assertThat(Reach.PUBLIC.allows(URI.create("http://[2001:db8::1]/"))).isTrue();
    }

    @Test
    void aHostThatIsTrustedMakesNoOtherOneTrusted() throws Exception {
        assertThat(Reach.PUBLIC.and(List.of("10.0.0.1")).allows("10.0.0.2")).isFalse();
    }

    @Test
    void aUrlWithoutAHostIsNotCalled() throws Exception {
        assertThat(Reach.BEYOND_LINK.allows(URI.create("mailto:somebody"))).isFalse();
        assertThatThrownBy(() -> Reach.PUBLIC.allows("no-such-host.invalid")).isInstanceOf(UnknownHostException.class);
    }
}
