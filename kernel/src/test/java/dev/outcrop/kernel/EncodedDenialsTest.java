package dev.outcrop.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.storage.Secrets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodedDenialsTest {
    private static final Principal ALICE = new Principal(
            Principal.Kind.USER, "arn:aws:iam::123456789012:user/alice", "123456789012", "AIDAALICE", Optional.empty());

    @TempDir
    Path path;

    private static String decoded(EncodedDenials denials, String account, String message) {
        return CallContext.builder()
                .principal(Principal.root(account, Optional.empty()))
                .requestId("1")
                .build()
                .call(() -> denials.decoded(message));
    }

    @Test
    void onlyTheAccountThatWasDeniedReadsWhy() {
        EncodedDenials denials = new EncodedDenials(Secrets.open(path.resolve("key")));
        String message = denials.encoded(
                ALICE,
                new AuthorizationDecision.Denied(
                        new Access("ec2:StopInstances", "arn:aws:ec2:us-east-1:123456789012:instance/i-1"),
                        "with an explicit deny in an identity-based policy"));

        assertThat(message).doesNotContain("alice");
        assertThat(decoded(denials, "123456789012", message))
                .contains(
                        "\"allowed\":false", "\"explicitDeny\":true", "\"action\":\"ec2:StopInstances\"", "user/alice");
        for (String bad : List.of(message.substring(1), "nothing", "", "A".repeat(20_000))) {
            assertThatThrownBy(() -> decoded(denials, "123456789012", bad))
                    .isInstanceOfSatisfying(
                            AwsError.class,
                            error -> assertThat(error.code()).isEqualTo("InvalidAuthorizationMessageException"));
        }
        assertThatThrownBy(() -> decoded(denials, "999999999999", message)).isInstanceOf(AwsError.class);
    }
}
