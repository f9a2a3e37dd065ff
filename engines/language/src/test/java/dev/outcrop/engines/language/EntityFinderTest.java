package dev.outcrop.engines.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntityFinderTest {
    private final EntityFinder finder = new EntityFinder();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "We met on March 5, 2024 at 8:30 a.m. | DATE March 5, 2024 at 8:30 a.m.",
                "It was built in 1987. | DATE 1987",
                "She leaves next Tuesday. | DATE next Tuesday",
                "The invoice of 2024-03-05 is paid. | DATE 2024-03-05",
                "They left three years ago. | DATE three years ago",
                "It costs $3.5 million. | QUANTITY $3.5 million",
                "About 25% of them agreed. | QUANTITY About 25%",
                "The box weighs 12 kg. | QUANTITY 12 kg",
                "We hired twenty-five people. | QUANTITY twenty-five people",
                "I bought an iPhone 12 Pro. | COMMERCIAL_ITEM iPhone 12 Pro",
                "He fought in World War II. | EVENT World War II",
                "I read the novel \"The Old Man and the Sea\" again. | TITLE The Old Man and the Sea",
                "My name is Sarah Miller. | PERSON Sarah Miller",
                "I live in Germany. | LOCATION Germany"
            })
    void findsOneOfEachKind(String text, String wanted) {
        List<String> found = finder.find(text).stream()
                .map(entity -> entity.type() + " " + text.substring(entity.start(), entity.end()))
                .toList();

        assertThat(found).containsExactly(wanted);
    }

    @Property(tries = 300)
    void neverOverlapsAndNeverLeavesTheText(@ForAll String text) {
        int at = 0;
        for (EntityFinder.Entity entity : finder.find(text)) {
            assertThat(entity.start()).isGreaterThanOrEqualTo(at);
            assertThat(entity.end()).isGreaterThan(entity.start()).isLessThanOrEqualTo(text.length());
            at = entity.end();
        }
    }
}
