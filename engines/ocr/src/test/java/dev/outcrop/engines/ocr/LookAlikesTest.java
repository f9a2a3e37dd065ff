package dev.outcrop.engines.ocr;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LookAlikesTest {
    @ParameterizedTest
    @CsvSource({
        "1O5.OO, 105.00",
        "2l/05/2O24, 21/05/2024",
        "He1lo, Hello",
        "C0MPANY, COMPANY",
        "aIso, also",
        "TlTLE, TITLE",
        "tinaI, tinal"
    })
    void settlesWhatNeighboursLeaveNoDoubtOf(String read, String settled) {
        assertThat(LookAlikes.settled(read)).isEqualTo(settled);
    }

    @ParameterizedTest
    @CsvSource({
        "N08401",
        "INV0AB12",
        "A4",
        "Co2",
        "10x",
        "1st",
        "I",
        "Ill",
        "III",
        "x1",
        "B0",
        "WiFi6",
        "2x1l",
        "mp3",
        "item1",
        "Room0"
    })
    void leavesWhatMayBeMeant(String word) {
        assertThat(LookAlikes.settled(word)).isEqualTo(word);
    }
}
