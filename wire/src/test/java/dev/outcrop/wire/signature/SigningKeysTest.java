package dev.outcrop.wire.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SigningKeysTest {
    @Test
    void keepsAKeyForItsSecretDayRegionAndServiceAlone() {
        SigningKeys keys = new SigningKeys();
        SignatureClaim claim = claim("20260301", "us-east-1", "s3");
        SigningKey key = SigningKey.derive("secret", "20260301", "us-east-1", "s3");

        keys.keep("secret", claim, key);

        assertThat(keys.find("secret", claim("20260301", "us-east-1", "s3"))).containsSame(key);
        assertThat(keys.find("other", claim)).isEmpty();
        assertThat(keys.find("secret", claim("20260302", "us-east-1", "s3"))).isEmpty();
        assertThat(keys.find("secret", claim("20260301", "us-west-2", "s3"))).isEmpty();
        assertThat(keys.find("secret", claim("20260301", "us-east-1", "sts"))).isEmpty();
    }

    @Test
    void keepsOnlySoManyKeys() {
        SigningKeys keys = new SigningKeys();
        SignatureClaim claim = claim("20260301", "us-east-1", "s3");
        SigningKey key = SigningKey.derive("secret", "20260301", "us-east-1", "s3");

        for (int i = 0; i < SigningKeys.MOST * 2 + 10; i++) {
            keys.keep("secret " + i, claim, key);

            assertThat(keys.size()).isLessThanOrEqualTo(SigningKeys.MOST);
        }
        assertThat(keys.size()).isPositive();
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
