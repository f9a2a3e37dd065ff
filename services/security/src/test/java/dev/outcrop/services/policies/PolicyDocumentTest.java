package dev.outcrop.services.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.services.policies.PolicyDocument.MalformedException;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyDocumentTest {
    private static final String ACCOUNT = "000000000000";

    private static PolicyDocument allowing(String action) throws MalformedException {
        return PolicyDocument.ofResource("""
                {"Statement":{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"%s","Resource":"*"}}""".formatted(action), "kms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "kms:*", "kms:Put*", "KMS:putkeypolicy", "kms:*Key*", "kms:P?tKeyPolicy", "kms:**y"})
    void wildcardsStandForAnything(String action) throws Exception {
        assertThat(allowing(action).mayAllow("kms:PutKeyPolicy", "nobody", ACCOUNT))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kms:Put", "kms:?PutKeyPolicy", "kms:*x", "kms:PutKeyPolicy?"})
    void otherActionsAreNotMeant(String action) throws Exception {
        assertThat(allowing(action).mayAllow("kms:PutKeyPolicy", "nobody", ACCOUNT))
                .isFalse();
    }

    @Test
    void manyWildcardsCostNoTime() throws Exception {
        PolicyDocument policy = allowing("kms:" + "*a".repeat(10_000));

        long start = System.nanoTime();
        boolean allowed = policy.mayAllow("kms:PutKeyPolicy", "nobody", ACCOUNT);

        assertThat(allowed).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    @Property(tries = 500)
    void whatIsNoPolicyIsRefused(@ForAll String text) {
        assertThatThrownBy(() -> PolicyDocument.ofResource(text, "kms")).isInstanceOf(MalformedException.class);
    }

    @Test
    void deepJsonIsRefused() {
        String deep = "{\"Statement\":" + "[".repeat(100_000);

        assertThatThrownBy(() -> PolicyDocument.ofResource(deep, "kms")).isInstanceOf(MalformedException.class);
    }
}
