package dev.outcrop.engines.voice.english;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextNormalizerTest {
    private static final PronunciationDictionary WORDS = PronunciationDictionary.shipped();

    private static String spoken(List<SpokenWord> words) {
        return words.stream()
                .map(word -> word.spelled() ? word.text().toUpperCase(java.util.Locale.ROOT) : word.text())
                .collect(Collectors.joining(" "));
    }

    private static String read(String text) {
        return TextNormalizer.tokens(text, WORDS::contains).stream()
                .map(token -> switch (token) {
                    case Token.Words words -> spoken(words.words());
                    case Token.Stop stop -> stop.ends() ? stop.mark() + "|" : String.valueOf(stop.mark());
                })
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1,234 and 56; one thousand two hundred thirty four and fifty six",
                "0; zero",
                "1000000; one million",
                "3.14; three point one four",
                "-5 degrees; minus five degrees",
                "007; zero zero seven",
                "in 1999 and 2024; in nineteen ninety nine and twenty twenty four",
                "1905; nineteen oh five",
                "2007; two thousand seven",
                "the 1990s; the nineteen nineties",
                "the 21st; the twenty first",
                "the 100th; the one hundredth",
                "$5; five dollars",
                "$1; one dollar",
                "$3.50; three dollars and fifty cents",
                "£0.05; five pence",
                "$2.5 million; two point five million dollars",
                "50%; fifty percent",
                "5 km; five kilometers",
                "1 kg; one kilogram",
                "10mph; ten miles per hour",
                "20°C; twenty degrees celsius",
                "6 ft; six feet",
                "January 5, 2024; january fifth twenty twenty four",
                "5 March 1998; march fifth nineteen ninety eight",
                "2024-02-29; february twenty ninth twenty twenty four",
                "12/25/99; december twenty fifth nineteen ninety nine",
                "3:05 pm; three oh five P M",
                "at 10:30; at ten thirty",
                "7 a.m.; seven A M .|",
                "8:00; eight o'clock",
                "1/2 cup; one half cup",
                "2 3/4; two and three quarters",
                "1½; one and a half",
                "555-1234; five five five , one two three four",
                "(206) 555-0123; two zero six , five five five , zero one two three",
                "www.example.com; W W W dot example dot com",
                "me@example.org; M E at example dot org",
                "Dr. Smith; doctor smith",
                "St. Paul; saint paul",
                "Elm St. and Oak Ave.; elm street and oak avenue .|",
                "cats, dogs, etc.; cats , dogs , et cetera .|",
                "e.g. this; for example this",
                "the FBI and NASA; the F B I and nasa",
                "U.S. troops; U S troops",
                "two PCs; two P Cs",
                "MP3; M P three",
                "COVID-19; covid nineteen",
                "R&D; R and D",
                "Chapter IV; chapter four",
                "5-10 minutes; five to ten minutes",
                "version 1.2.3; version one point two point three",
                "well-known; well known",
                "don’t; don't",
                "#1; number one"
            })
    void readsWhatIsWrittenAsItIsSaid(String written, String said) {
        assertThat(read(written)).isEqualTo(said);
    }

    @Test
    void endsSentencesWhereTheyEnd() {
        assertThat(read("Is it? Yes! Mr. X left at 5 p.m. He paid $3.50. ok"))
                .isEqualTo("is it ?| yes !| mister X left at five P M .| he paid three dollars and fifty cents . ok");
        assertThat(read("One\n\ntwo (three) – four…")).isEqualTo("one .| two , three , , four .|");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "characters;; ab1; A B one",
                "cardinal;; 1,234; one thousand two hundred thirty four",
                "ordinal;; 1234; one thousand two hundred thirty fourth",
                "digits;; 1234; one two three four",
                "fraction;; 2/9; two ninths",
                "fraction;; 1 1/2; one and a half",
                "unit;; 1/2inch; one half inch",
                "unit;; 5km; five kilometers",
                "date; mdy; 12-31-1900; december thirty first nineteen hundred",
                "date; dmy; 31.12.1900; december thirty first nineteen hundred",
                "date; ym; 2012-05; may twenty twelve",
                "date;; 20240229; february twenty ninth twenty twenty four",
                "time;; 1'21\"; one minute twenty one seconds",
                "telephone;; 2025551212; two zero two , five five five , one two one two",
                "telephone;; 2025551212x345; two zero two , five five five , one two one two , extension three four five",
                "address;; 150th CT; one hundred fiftieth C T",
                "cardinal;; many; many",
                "date; mdy; never; never"
            })
    void readsWhatItIsSaidToBe(String kind, String format, String written, String said) {
        assertThat(spoken(SayAs.read(written, kind, format == null ? "" : format, WORDS::contains)))
                .isEqualTo(said);
    }

    @Property(tries = 400)
    void readsAnything(@ForAll @StringLength(max = 200) String text) {
        int last = 0;
        for (Token token : TextNormalizer.tokens(text, WORDS::contains)) {
            assertThat(token.start()).isGreaterThanOrEqualTo(last);
            assertThat(token.end()).isBetween(token.start(), text.length());
            last = token.end();
        }
    }

    @Test
    void isDoneWithLongTextsSoon() {
        for (String piece : List.of("1", "1,", "a.", "$1 ", "1/", "-", "1:2", "www.", "a@", "…", "(", "é", "A", "1-")) {
            assertThat(TextNormalizer.tokens(piece.repeat(20_000 / piece.length()), WORDS::contains))
                    .isNotNull();
        }
    }
}
