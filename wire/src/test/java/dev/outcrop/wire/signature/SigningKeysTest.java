package dev.outcrop.wire.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SigningKeysTest {
    @Test
    void keepsAKeyForOneSecretDayRegionAndService() {
        SigningKeys keys = new SigningKeys();

        SigningKey first = keys.of("secret", claim("20260301", "us-east-1", "s3"));

        assertThat(keys.of("secret", claim("20260301", "us-east-1", "s3"))).isSameAs(first);
        assertThat(keys.of("other", claim("20260301", "us-east-1", "s3"))).isNotSameAs(first);
        assertThat(keys.of("secret", claim("20260302", "us-east-1", "s3"))).isNotSameAs(first);
        assertThat(keys.of("secret", claim("20260301", "us-west-2", "s3"))).isNotSameAs(first);
        assertThat(keys.of("secret", claim("20260301", "us-east-1", "sts"))).isNotSameAs(first);
        assertThat(keys.size()).isEqualTo(5);
    }

    @Test
    void keepsOnlySoManyKeys() {
        SigningKeys keys = new SigningKeys();

        for (int i = 0; i < SigningKeys.MOST * 2 + 10; i++) {
            keys.of("secret " + i, claim("20260301", "us-east-1", "s3"));
            if (keys.size() > SigningKeys.MOST) {
                break;
            }
        }

        assertThat(keys.size()).isBetween(1, SigningKeys.MOST);
    }

    private static SignatureClaim claim(String date, String region, String service) {
        return new SignatureClaim(
                false,
                "AKIDEXAMPLE/" + date + "/" + region + "/" + service + "/aws4_request",
                "host",
                "",
                date + "T000000Z",
                "",
                Optional.empty(),
                "");
    }
}
