package dev.outcrop.shapes.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;

class QueryCodecTest {
    @Test
    void readsStructuresAndListsInTheOrderOfTheirNumbers() {
        AssumeRoleRequest request = read("Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws+x&DurationSeconds=900"
                + "&PolicyArns.member.10.arn=ten&PolicyArns.member.2.arn=two&PolicyArns.member.x.arn=no"
                + "&Tags.member.1.Key=k%C3%A9&Tags.member.1.Value=&Unknown.member.1=1");

        assertThat(request.roleArn()).isEqualTo("arn:aws x");
        assertThat(request.durationSeconds()).isEqualTo(900);
        assertThat(request.policyArns()).extracting(policy -> policy.arn()).containsExactly("two", "ten");
        assertThat(request.tags().getFirst().key()).isEqualTo("ké");
        assertThat(request.tags().getFirst().value()).isEmpty();
        assertThat(request.hasTransitiveTagKeys()).isFalse();
    }

    @Test
    void anEmptyParameterIsAnEmptyList() {
        AssumeRoleRequest request = read("Tags=");

        assertThat(request.hasTags()).isTrue();
        assertThat(request.tags()).isEmpty();
    }

    @Test
    void saysWhichParameterIsWrong() {
        SerializationFailure failure =
                catchThrowableOfType(SerializationFailure.class, () -> read("DurationSeconds=15m"));

        assertThat(failure).hasMessage("\"15m\" can not be converted to an Integer (at /DurationSeconds)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RoleArn=%", "RoleArn=%4", "RoleArn=%zz", "DurationSeconds=", "DurationSeconds=0x10"})
    void refusesMalformedParameters(String form) {
        assertThatExceptionOfType(SerializationFailure.class).isThrownBy(() -> read(form));
    }

    @Test
    void keepsToItsLimits() {
        ReadLimits limits = new ReadLimits(1000, 5, 10, 20, 10);

        for (String form :
                new String[] {"a.b.c.d.e.f=1", "a=" + "x".repeat(21), "a&".repeat(11), "a=" + "%41".repeat(400)}) {
            assertThatExceptionOfType(SerializationFailure.class)
                    .as(form)
                    .isThrownBy(() -> QueryParameters.parse(form.getBytes(StandardCharsets.UTF_8), limits));
        }
    }

    private static AssumeRoleRequest read(String form) {
        return QueryCodec.QUERY
                .read(QueryParameters.parse(form), AssumeRoleRequest.builder())
                .build();
    }
}
