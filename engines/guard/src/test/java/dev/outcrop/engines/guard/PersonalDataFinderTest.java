package dev.outcrop.engines.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.guard.PersonalDataFinder.Span;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PersonalDataFinderTest {
    private static final Set<PersonalDataType> ALL = EnumSet.allOf(PersonalDataType.class);

    private final PersonalDataFinder finder = RuledPersonalDataFinder.english();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ADDRESS | Send it to 100 Main Street, please. | 100 Main Street
                    AGE | My brother is 61 years old today. | 61 years old
                    AWS_ACCESS_KEY | The key AKIAIOSFODNN7EXAMPLE was leaked. | AKIAIOSFODNN7EXAMPLE
                    AWS_SECRET_KEY | Its secret is wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY. | wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
                    CA_HEALTH_NUMBER | My Ontario health card number is 1234-567-890-AB. | 1234-567-890-AB
                    CA_SOCIAL_INSURANCE_NUMBER | Her social insurance number is 130 692 544. | 130 692 544
                    CREDIT_DEBIT_CARD_CVV | The CVV on the back is 737. | 737
                    CREDIT_DEBIT_CARD_EXPIRY | The card expires 11/29, I think. | 11/29
                    CREDIT_DEBIT_CARD_NUMBER | Charge 4111 1111 1111 1111 please. | 4111 1111 1111 1111
                    DRIVER_ID | My driver's license number is U62928788557186. | U62928788557186
                    EMAIL | Write to ann.lee+news@example.co.uk today. | ann.lee+news@example.co.uk
                    INTERNATIONAL_BANK_ACCOUNT_NUMBER | Pay to GB82 WEST 1234 5698 7654 32 now. | GB82 WEST 1234 5698 7654 32
                    IP_ADDRESS | It came from 192.0.2.17 again. | 192.0.2.17
                    IP_ADDRESS | It came from 2001:db8::ff00:42:8329 again. | 2001:db8::ff00:42:8329
                    LICENSE_PLATE | The car's license plate is 7ABC123. | 7ABC123
                    MAC_ADDRESS | The card is 00:1A:2b:3C:4d:5E here. | 00:1A:2b:3C:4d:5E
                    NAME | My name is John Smith. | John Smith
                    PASSWORD | The password is hunter2!x and nobody knows. | hunter2!x
                    PHONE | Call me at (212) 555-0143 tonight. | (212) 555-0143
                    PHONE | Call +44 20 7946 0958 tonight. | +44 20 7946 0958
                    PIN | My PIN is 4821. | 4821
                    SWIFT_CODE | The bank's SWIFT code is DEUTDEFF500. | DEUTDEFF500
                    UK_NATIONAL_HEALTH_SERVICE_NUMBER | His NHS number is 943 476 5919. | 943 476 5919
                    UK_NATIONAL_INSURANCE_NUMBER | Mine is AB 12 34 56 C by law. | AB 12 34 56 C
                    UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER | The UTR 1123456789 is on the letter. | 1123456789
                    URL | See https://example.org/a?b=c. It is good. | https://example.org/a?b=c
                    USERNAME | My username is night_owl42 there. | night_owl42
                    US_BANK_ACCOUNT_NUMBER | My bank account number is 000123456789. | 000123456789
                    US_BANK_ROUTING_NUMBER | The routing number is 021000021. | 021000021
                    US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER | My ITIN is 912-72-1234. | 912-72-1234
                    US_PASSPORT_NUMBER | My passport number is 340020013. | 340020013
                    US_SOCIAL_SECURITY_NUMBER | My SSN is 078-05-1120. | 078-05-1120
                    VEHICLE_IDENTIFICATION_NUMBER | The Honda is 1HGCM82633A004352. | 1HGCM82633A004352
                    """)
    void findsDataOfEveryType(PersonalDataType type, String text, String data) {
        List<Span> found = finder.find(text, ALL);

        assertThat(found)
                .extracting(Span::type, span -> text.substring(span.start(), span.end()))
                .contains(org.assertj.core.groups.Tuple.tuple(type, data));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    AWS_SECRET_KEY | AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY | wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
                    AWS_SECRET_KEY | {"SecretAccessKey":"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"} | wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
                    AWS_SECRET_KEY | awsSecretKey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY | wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
                    AWS_ACCESS_KEY | export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE | AKIAIOSFODNN7EXAMPLE
                    PASSWORD | DB_PASSWORD=hunter2!x | hunter2!x
                    PASSWORD | {"password": "hunter2!x"} | hunter2!x
                    PASSWORD | password = hunter2!x | hunter2!x
                    PASSWORD | mysql --user ann --password hunter2!x | hunter2!x
                    USERNAME | DB_USERNAME=night_owl42 | night_owl42
                    USERNAME | {"user_name":"night_owl42"} | night_owl42
                    PIN | CARD_PIN=4821 | 4821
                    PIN | {"pin": 4821} | 4821
                    AGE | {"age": 61} | 61
                    AGE | age=61 | 61
                    CREDIT_DEBIT_CARD_CVV | cvv=737 | 737
                    CREDIT_DEBIT_CARD_NUMBER | card_number=4111111111111111 | 4111111111111111
                    US_SOCIAL_SECURITY_NUMBER | ssn=078-05-1120 | 078-05-1120
                    PHONE | {"phone":"212-555-0143"} | 212-555-0143
                    EMAIL | email=ann.lee@example.co.uk | ann.lee@example.co.uk
                    IP_ADDRESS | HOST=192.0.2.17 | 192.0.2.17
                    """)
    void findsDataInSettingsAndJson(PersonalDataType type, String text, String data) {
        List<Span> found = finder.find(text, ALL);

        assertThat(found)
                .extracting(Span::type, span -> text.substring(span.start(), span.end()))
                .contains(org.assertj.core.groups.Tuple.tuple(type, data));
    }

    static Stream<String> harmlessTexts() {
        return Stream.of(
                "The card 4111 1111 1111 1112 does not check.",
                "Version 1.2.3 of the library came out in 2024.",
                "The meeting is from 10:30 to 12:45 on 2024-11-23.",
                "It costs 1,299.00 dollars, or 25% less.",
                "The commit 356a192b7913b04c54574d18c28d46e6395428ab broke it.",
                "Please reset my password, it is expired.",
                "The password is to be changed, and password-protected files are not.",
                "What does the option --password do?",
                "The ratio is 16:9 and the answer is 42.");
    }

    @ParameterizedTest
    @MethodSource("harmlessTexts")
    void findsNothingInNumbersThatAreNoPersonalData(String text) {
        assertThat(finder.find(text, ALL)).isEmpty();
    }

    @Test
    void findsOnlyWhatIsAskedFor() {
        String text = "John Smith, john@example.org, 078-05-1120";

        assertThat(finder.find(text, Set.of(PersonalDataType.EMAIL)))
                .extracting(Span::type)
                .containsExactly(PersonalDataType.EMAIL);
    }

    @Test
    void countsPlacesInUtf16() {
        String text = "😀😀 john@example.org";

        Span span = finder.find(text, ALL).getFirst();

        assertThat(text.substring(span.start(), span.end())).isEqualTo("john@example.org");
    }

    @Property(tries = 200)
    void neverReportsOverlappingSpansOrPlacesOutside(@ForAll String text) {
        int end = 0;
        for (Span span : finder.find(text + " 078-05-1120 a@b.org " + text, ALL)) {
            assertThat(span.start()).isGreaterThanOrEqualTo(end);
            assertThat(span.end()).isGreaterThan(span.start());
            end = span.end();
        }
        assertThat(end).isLessThanOrEqualTo(2 * text.length() + 30);
    }

    @ParameterizedTest
    @Timeout(300)
    @CsvSource({"a", "1", "1 ", "@", "a@", "a.", "(1) ", "1-", "':'", "A1", "x1 street "})
    void takesTimeLinearInRepetitions(String repeated) {
        String text = repeated.repeat(20_000 / repeated.length()) + " phone card iban passport";

        assertThat(finder.find(text, ALL)).isNotNull();
    }

    @Test
    void takesEnglishWordsForNoAddressesOfOtherLanguages() {
        for (String text : List.of(
                "We met in Spring 2024 and talked about Engineering 101.",
                "Fly via Heathrow Terminal 5.",
                "The plaza was busy and 300 people came.",
                "It has 2 place settings and a portable charger.")) {
            assertThat(finder.find(text, EnumSet.of(PersonalDataType.ADDRESS)))
                    .as(text)
                    .isEmpty();
        }
    }
}
