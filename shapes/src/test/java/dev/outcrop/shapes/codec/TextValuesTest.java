package dev.outcrop.shapes.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

class TextValuesTest {
    private static final ShapeMember DATE = member(GetObjectResponse.builder(), "LastModified");
    private static final ShapeMember LENGTH = member(GetObjectResponse.builder(), "ContentLength");
    private static final ShapeMember FLAG = member(CopyObjectRequest.builder(), "BucketKeyEnabled");

    @Test
    void timestampsLookAsTheirPlaceAsks() {
        Instant time = Instant.ofEpochMilli(1_398_796_238_000L);

        assertThat(TextValues.write(DATE, time, MarshallLocation.HEADER)).isEqualTo("Tue, 29 Apr 2014 18:30:38 GMT");
        assertThat(TextValues.write(DATE, time, MarshallLocation.QUERY_PARAM)).isEqualTo("2014-04-29T18:30:38Z");
        assertThat(TextValues.read(DATE, "Tue, 29 Apr 2014 18:30:38 GMT", MarshallLocation.HEADER))
                .isEqualTo(time);
    }

    @ParameterizedTest
    @CsvSource({
        "2014-04-29T18:30:38Z,2014-04-29T18:30:38Z",
        "2014-04-29T18:30:38.5z,2014-04-29T18:30:38.500Z",
        "2014-04-29T18:30:38+01:00,2014-04-29T17:30:38Z",
        "2014-04-29T18:30:38+0000,2014-04-29T18:30:38Z"
    })
    void readsDatesWithAnyOffset(String text, Instant expected) {
        assertThat(TextValues.read(DATE, text, MarshallLocation.PAYLOAD)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "now", "2014-04-29", "1398796238", "Tue, 29 Apr 2014 18:30:38 GMT"})
    void refusesOtherDates(String text) {
        assertThatExceptionOfType(SerializationFailure.class)
                .isThrownBy(() -> TextValues.read(DATE, text, MarshallLocation.PAYLOAD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.5", "1e3", "9223372036854775808", "0x1", "1_000", "ten"})
    void refusesWhatIsNoWholeNumber(String text) {
        assertThatExceptionOfType(SerializationFailure.class)
                .isThrownBy(() -> TextValues.read(LENGTH, text, MarshallLocation.HEADER));
    }

    @Test
    void readsNumbersAndBooleans() {
        assertThat(TextValues.read(LENGTH, " -5 ", MarshallLocation.HEADER)).isEqualTo(-5L);
        assertThat(TextValues.read(FLAG, "True", MarshallLocation.HEADER)).isEqualTo(true);
        assertThatExceptionOfType(SerializationFailure.class)
                .isThrownBy(() -> TextValues.read(FLAG, "yes", MarshallLocation.HEADER))
                .withMessage("\"yes\" can not be converted to a Boolean");
    }

    @Test
    void mapsAreNoSimpleValues() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        TextValues.read(member(GetObjectResponse.builder(), "Metadata"), "x", MarshallLocation.HEADER));
    }

    private static ShapeMember member(SdkPojo builder, String name) {
        return ShapeFields.of(builder).member(name).orElseThrow();
    }
}
