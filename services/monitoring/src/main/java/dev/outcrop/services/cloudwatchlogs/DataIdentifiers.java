package dev.outcrop.services.cloudwatchlogs;

import static java.util.Map.entry;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.outcrop.engines.guard.Guard;
import dev.outcrop.engines.guard.PersonalDataFinder;
import dev.outcrop.engines.guard.PersonalDataType;
import dev.outcrop.kernel.AwsError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What AWS's managed data identifiers stand for, as far as it is found here: by the guard's rules, and keys by what stands
 * around them. Those of a country that the guard does not know are not done.
 *
 * <p>Source: "Types of data that you can protect" of the Amazon CloudWatch Logs user guide.
 */
final class DataIdentifiers {
    /** What the ARNs of managed data identifiers begin with. */
    static final String ARN = "arn:aws:dataprotection::aws:data-identifier/";

    private static final PersonalDataFinder FINDER = new Guard(() -> {
                throw new IllegalStateException("personal data is found without a model");
            })
            .personalData();

    private static final Map<String, Typed> TYPED = Map.ofEntries(
            any("Address", PersonalDataType.ADDRESS),
            any("AwsSecretKey", PersonalDataType.AWS_SECRET_KEY),
            any("BankAccountNumber-US", PersonalDataType.US_BANK_ACCOUNT_NUMBER),
            account("DE"),
            account("ES"),
            account("FR"),
            account("GB"),
            account("IT"),
            any("CreditCardExpiration", PersonalDataType.CREDIT_DEBIT_CARD_EXPIRY),
            any("CreditCardNumber", PersonalDataType.CREDIT_DEBIT_CARD_NUMBER),
            any("CreditCardSecurityCode", PersonalDataType.CREDIT_DEBIT_CARD_CVV),
            any("DriversLicense-US", PersonalDataType.DRIVER_ID),
            any("EmailAddress", PersonalDataType.EMAIL),
            any("IndividualTaxIdentificationNumber-US", PersonalDataType.US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER),
            any("IpAddress", PersonalDataType.IP_ADDRESS),
            any("Name", PersonalDataType.NAME),
            any("NationalInsuranceNumber-GB", PersonalDataType.UK_NATIONAL_INSURANCE_NUMBER),
            any("NhsNumber-GB", PersonalDataType.UK_NATIONAL_HEALTH_SERVICE_NUMBER),
            any("PassportNumber-US", PersonalDataType.US_PASSPORT_NUMBER),
            any("PersonalHealthNumber-CA", PersonalDataType.CA_HEALTH_NUMBER),
            phone("BR", "55"),
            phone("DE", "49"),
            phone("ES", "34"),
            phone("FR", "33"),
            phone("GB", "44"),
            phone("IT", "39"),
            entry(
                    "PhoneNumber-US",
                    new Typed(PersonalDataType.PHONE, number -> !number.startsWith("+") || number.startsWith("+1"))),
            any("SocialInsuranceNumber-CA", PersonalDataType.CA_SOCIAL_INSURANCE_NUMBER),
            any("Ssn-US", PersonalDataType.US_SOCIAL_SECURITY_NUMBER),
            any("TaxId-GB", PersonalDataType.UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER),
            any("VehicleIdentificationNumber", PersonalDataType.VEHICLE_IDENTIFICATION_NUMBER));

    /** The group is what is found where there is one. */
    private static final Map<String, Pattern> KEYS = Map.of(
            "AwsSecretKey",
            Pattern.compile("(?i)(?:secret[_ ]?access[_ ]?key|secret key)[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?"
                    + "([A-Za-z0-9/+]{40})"),
            "OpenSshPrivateKey",
            key("OPENSSH PRIVATE KEY"),
            "PgpPrivateKey",
            key("PGP PRIVATE KEY BLOCK"),
            "PkcsPrivateKey",
            key("(?:RSA |DSA |EC |ENCRYPTED )?PRIVATE KEY"),
            "PuttyPrivateKey",
            Pattern.compile("(?s)PuTTY-User-Key-File-\\d: .+?Private-MAC: [0-9a-f]+"));

    /** Those that AWS has and that nothing here finds. */
    private static final Pattern ELSEWHERE = Pattern.compile("(?:BankAccountNumber|CepCode|Cnpj|CpfCode|DriversLicense"
            + "|DrugEnforcementAgencyNumber|ElectoralRollNumber|HealthcareProcedureCode|HealthInsuranceCardNumber"
            + "|HealthInsuranceClaimNumber|HealthInsuranceNumber|InseeCode|MedicareBeneficiaryNumber|NationalDrugCode"
            + "|NationalIdentificationNumber|NationalProviderId|NieNumber|NifNumber|PassportNumber"
            + "|PermanentResidenceNumber|PhoneNumber|PostalCode|RgNumber|Ssn|TaxId|ZipCode)-[A-Z]{2}|LatLong");

    private DataIdentifiers() {}

    private record Typed(PersonalDataType type, Predicate<String> meant) {}

    /** Data of one kind at a place of a text, in UTF-16 units; the end is exclusive. */
    record Finding(String identifier, int start, int end) {}

    private static Map.Entry<String, Typed> any(String name, PersonalDataType type) {
        return entry(name, new Typed(type, _ -> true));
    }

    private static Map.Entry<String, Typed> account(String country) {
        return entry(
                "BankAccountNumber-" + country,
                new Typed(PersonalDataType.INTERNATIONAL_BANK_ACCOUNT_NUMBER, number -> number.startsWith(country)));
    }

    private static Map.Entry<String, Typed> phone(String country, String code) {
        return entry(
                "PhoneNumber-" + country,
                new Typed(
                        PersonalDataType.PHONE,
                        number -> number.startsWith("+" + code) || number.startsWith("00" + code)));
    }

    private static Pattern key(String label) {
        return Pattern.compile("(?s)-----BEGIN " + label + "-----.+?-----END " + label + "-----");
    }

    /**
     * Makes sure that data of this kind is found.
     *
     * @throws RuntimeException the service's, if there is no such identifier, or it is not done
     */
    static void check(String name) {
        if (TYPED.containsKey(name) || KEYS.containsKey(name)) {
            return;
        }
        if (ELSEWHERE.matches(name)) {
            throw AwsError.notImplemented("logs", "the data identifier " + name);
        }
        throw LogFailures.invalid("The data identifier " + name + " is not a managed data identifier.");
    }

    /** What of the kinds of these names is in a text. */
    static List<Finding> find(String text, Collection<String> names) {
        Set<PersonalDataType> types = EnumSet.noneOf(PersonalDataType.class);
        for (String name : names) {
            Typed typed = TYPED.get(name);
            if (typed != null) {
                types.add(typed.type);
            }
        }
        List<Finding> found = new ArrayList<>();
        List<PersonalDataFinder.Span> spans = types.isEmpty() ? List.of() : FINDER.find(text, types);
        for (String name : names) {
            Typed typed = TYPED.get(name);
            if (typed != null) {
                spans.stream()
                        .filter(span ->
                                span.type() == typed.type && typed.meant.test(text.substring(span.start(), span.end())))
                        .forEach(span -> found.add(new Finding(name, span.start(), span.end())));
            }
            if (KEYS.containsKey(name)) {
                found.addAll(find(text, name, KEYS.get(name)));
            }
        }
        return found;
    }

    /** Where a text fits a pattern, or the only group of one. */
    static List<Finding> find(String text, String name, Pattern pattern) {
        List<Finding> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            int group = matcher.groupCount() == 1 && matcher.start(1) >= 0 ? 1 : 0;
            if (matcher.end(group) > matcher.start(group)) {
                found.add(new Finding(name, matcher.start(group), matcher.end(group)));
            }
        }
        return found;
    }
}
