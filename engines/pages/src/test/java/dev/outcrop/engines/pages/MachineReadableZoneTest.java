package dev.outcrop.engines.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MachineReadableZoneTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);
    private static final String FIRST = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
    private static final String SECOND = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

    private static MachineReadableZone read(String second) {
        return MachineReadableZone.read(FIRST, second, List.of(), TODAY);
    }

    @Test
    void theSampleOfTheStandardIsRight() {
        MachineReadableZone zone = read(SECOND);

        assertThat(zone.valid()).isTrue();
        assertThat(zone.number()).isEqualTo("L898902C3");
        assertThat(zone.lastName()).isEqualTo("ERIKSSON");
        assertThat(zone.givenNames()).isEqualTo("ANNA MARIA");
        assertThat(zone.birth()).contains(LocalDate.of(1974, 8, 12));
        assertThat(zone.expiry()).contains(LocalDate.of(2012, 4, 15));
        assertThat(zone.sex()).isEqualTo("F");
    }

    @Test
    void lettersReadForDigitsArePutRight() {
        MachineReadableZone zone = read(SECOND.replace("7408122", "74O8IZ2"));

        assertThat(zone.valid()).isTrue();
        assertThat(zone.birth()).contains(LocalDate.of(1974, 8, 12));
    }

    @Test
    void aWrongDigitIsNoticed() {
        assertThat(read(SECOND.replace("L898902C3", "L898902C4")).valid()).isFalse();
        assertThat(read(SECOND.replace("1204159", "1304159")).valid()).isFalse();
    }

    @Test
    void whatIsNoDateIsNone() {
        assertThat(read(SECOND.replace("740812", "749912")).birth()).isEqualTo(Optional.empty());
    }
}
