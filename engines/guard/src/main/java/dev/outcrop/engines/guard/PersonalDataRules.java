package dev.outcrop.engines.guard;

import static dev.outcrop.engines.guard.PersonalDataType.ADDRESS;
import static dev.outcrop.engines.guard.PersonalDataType.AGE;
import static dev.outcrop.engines.guard.PersonalDataType.AWS_ACCESS_KEY;
import static dev.outcrop.engines.guard.PersonalDataType.AWS_SECRET_KEY;
import static dev.outcrop.engines.guard.PersonalDataType.CA_HEALTH_NUMBER;
import static dev.outcrop.engines.guard.PersonalDataType.CA_SOCIAL_INSURANCE_NUMBER;
import static dev.outcrop.engines.guard.PersonalDataType.CREDIT_DEBIT_CARD_CVV;
import static dev.outcrop.engines.guard.PersonalDataType.CREDIT_DEBIT_CARD_EXPIRY;
import static dev.outcrop.engines.guard.PersonalDataType.CREDIT_DEBIT_CARD_NUMBER;
import static dev.outcrop.engines.guard.PersonalDataType.DRIVER_ID;
import static dev.outcrop.engines.guard.PersonalDataType.EMAIL;
import static dev.outcrop.engines.guard.PersonalDataType.INTERNATIONAL_BANK_ACCOUNT_NUMBER;
import static dev.outcrop.engines.guard.PersonalDataType.IP_ADDRESS;
import static dev.outcrop.engines.guard.PersonalDataType.LICENSE_PLATE;
import static dev.outcrop.engines.guard.PersonalDataType.MAC_ADDRESS;
import static dev.outcrop.engines.guard.PersonalDataType.PASSWORD;
import static dev.outcrop.engines.guard.PersonalDataType.PHONE;
import static dev.outcrop.engines.guard.PersonalDataType.PIN;
import static dev.outcrop.engines.guard.PersonalDataType.SWIFT_CODE;
import static dev.outcrop.engines.guard.PersonalDataType.UK_NATIONAL_HEALTH_SERVICE_NUMBER;
import static dev.outcrop.engines.guard.PersonalDataType.UK_NATIONAL_INSURANCE_NUMBER;
import static dev.outcrop.engines.guard.PersonalDataType.UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER;
import static dev.outcrop.engines.guard.PersonalDataType.URL;
import static dev.outcrop.engines.guard.PersonalDataType.USERNAME;
import static dev.outcrop.engines.guard.PersonalDataType.US_BANK_ACCOUNT_NUMBER;
import static dev.outcrop.engines.guard.PersonalDataType.US_BANK_ROUTING_NUMBER;
import static dev.outcrop.engines.guard.PersonalDataType.US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER;
import static dev.outcrop.engines.guard.PersonalDataType.US_PASSPORT_NUMBER;
import static dev.outcrop.engines.guard.PersonalDataType.US_SOCIAL_SECURITY_NUMBER;
import static dev.outcrop.engines.guard.PersonalDataType.VEHICLE_IDENTIFICATION_NUMBER;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rules for what has a form. Those that say more stand first: where two findings overlap the surer one stays, and the
 * earlier of two that are as sure. Every repetition is bounded or possessive, so that matching takes time linear in the
 * text.
 *
 * <p>Sources: the issuers' descriptions that {@link Checksums} names; ITU-T E.164 and the North American Numbering Plan
 * for phones; SSA's rules for social security numbers since 2011; HMRC's for national insurance numbers; ISO 9362.
 */
final class PersonalDataRules {
    /** Before the name of a setting, which may be longer: {@code DB_PASSWORD}. */
    private static final String NAMED = "(?i)(?<![\\p{L}\\p{N}])";

    private static final String BEFORE = "(?<![\\p{L}\\p{N}_.-])";
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    /** What is said alike in all languages, with the words for it in English and five others. */
    private static final List<PersonalDataRule> COMMON = List.of(
            PersonalDataRule.of(
                    EMAIL,
                    1,
                    "(?<![\\p{L}\\p{N}._%+-])[\\p{L}\\p{N}_%+](?:[\\p{L}\\p{N}._%+'-]{0,63})@(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,62})\\.){1,6}\\p{L}{2,24}(?![\\p{L}\\p{N}])"),
            PersonalDataRule.of(URL, 0.99, "(?i)(?<![\\p{L}\\p{N}])(?:https?|ftp)://[^\\s<>\"'`]{1,2048}+")
                    .where(PersonalDataRules::isUrl),
            PersonalDataRule.of(
                    URL,
                    0.9,
                    "(?i)(?<![\\p{L}\\p{N}@._/-])(?:www\\.)?(?:[a-z0-9](?:[a-z0-9-]{0,62})\\.){1,5}(?:com|org|net|edu|gov|io|info|biz|co\\.uk|app|dev|me|tv|ai|eu|de|fr|nl|ch|at|it|es|ca|us|uk)(?![\\p{L}\\p{N}@-])(?!\\.\\p{L})(?:/[^\\s<>\"'`]{0,2000}+)?"),
            PersonalDataRule.of(
                    MAC_ADDRESS, 0.99, BEFORE + "(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![:-]?[0-9A-Fa-f])"),
            PersonalDataRule.of(MAC_ADDRESS, 0.98, BEFORE + "(?:[0-9A-Fa-f]{4}\\.){2}[0-9A-Fa-f]{4}(?![.0-9A-Za-z])"),
            PersonalDataRule.of(
                    IP_ADDRESS,
                    0.98,
                    "(?<![\\d.])(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:/\\d{1,2})?(?![\\d])(?!\\.\\d)"),
            PersonalDataRule.of(IP_ADDRESS, 0.98, "(?<![0-9A-Za-z:])[0-9A-Fa-f:]{2,39}+(?![0-9A-Za-z:])")
                    .where(PersonalDataRules::isIpv6),
            PersonalDataRule.of(
                    AWS_ACCESS_KEY, 1, "(?<![A-Za-z0-9])(?:AKIA|ASIA|AROA|AIDA)[A-Z2-7]{16}(?![A-Za-z0-9])"),
            PersonalDataRule.of(AWS_SECRET_KEY, 0.97, "(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}+(?![A-Za-z0-9/+=])")
                    .where(PersonalDataRules::isMixed)
                    .near("secret", "aws", "key", "awssecret"),
            PersonalDataRule.of(
                            INTERNATIONAL_BANK_ACCOUNT_NUMBER,
                            1,
                            "(?<![A-Za-z0-9])[A-Z]{2}\\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![A-Za-z0-9])")
                    .where(Checksums::iban),
            PersonalDataRule.of(
                            INTERNATIONAL_BANK_ACCOUNT_NUMBER,
                            0.9,
                            "(?<![A-Za-z0-9])[A-Z]{2}\\d{2}[A-Z0-9]{11,30}+(?![A-Za-z0-9])")
                    .near("iban"),
            PersonalDataRule.of(
                            CREDIT_DEBIT_CARD_NUMBER,
                            0.99,
                            "(?<![\\w.-])[1-6]\\d{3}(?:[ -]?\\d{4}){2}[ -]?\\d{1,7}(?![\\d])(?!-\\d)")
                    .where(PersonalDataRules::isCard),
            PersonalDataRule.of(
                            CREDIT_DEBIT_CARD_NUMBER,
                            0.99,
                            "(?<![\\w.-])3\\d{3}[ -]?\\d{6}[ -]?\\d{4,5}(?![\\d])(?!-\\d)")
                    .where(PersonalDataRules::isCard),
            PersonalDataRule.of(CREDIT_DEBIT_CARD_NUMBER, 0.98, "(?<![\\w.-])\\d{12,19}+(?![\\d])(?!-\\d)")
                    .where(Checksums::luhn)
                    .near(
                            "card",
                            "cc",
                            "visa",
                            "mastercard",
                            "amex",
                            "maestro",
                            "credit",
                            "debit",
                            "tarjeta",
                            "karte",
                            "kreditkarte",
                            "carte",
                            "carta",
                            "cartão"),
            PersonalDataRule.of(
                            VEHICLE_IDENTIFICATION_NUMBER,
                            0.99,
                            "(?<![A-Za-z0-9])[A-HJ-NPR-Za-hj-npr-z0-9]{17}+(?![A-Za-z0-9])")
                    .where(Checksums::vehicle),
            PersonalDataRule.of(
                            VEHICLE_IDENTIFICATION_NUMBER, 0.9, "(?<![A-Za-z0-9])[A-HJ-NPR-Z0-9]{17}+(?![A-Za-z0-9])")
                    .where(text -> !Checksums.digits(text).isEmpty())
                    .near("vin", "vehicle", "chassis"),
            PersonalDataRule.of(
                    US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER,
                    0.98,
                    "(?<![\\d-])9\\d{2}[- ](?:5\\d|6[0-5]|7\\d|8[0-8]|9[0-2]|9[4-9])[- ]\\d{4}(?![\\d-])"),
            PersonalDataRule.of(
                            US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER,
                            0.9,
                            "(?<![\\d-])9\\d{2}(?:5\\d|6[0-5]|7\\d|8[0-8]|9[0-2]|9[4-9])\\d{4}(?![\\d-])")
                    .near("itin", "taxpayer", "tax id", "individual tax"),
            PersonalDataRule.of(
                    US_SOCIAL_SECURITY_NUMBER,
                    0.97,
                    "(?<![\\d-])(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}(?![\\d])(?!-\\d)"),
            PersonalDataRule.of(
                            US_SOCIAL_SECURITY_NUMBER,
                            0.95,
                            "(?<![\\d-])(?!000|666|9)\\d{3}[ .]?(?!00)\\d{2}[ .]?(?!0000)\\d{4}(?![\\d])(?!-\\d)")
                    .near("ssn", "social security", "ss#", "social-security"),
            PersonalDataRule.of(
                    UK_NATIONAL_INSURANCE_NUMBER,
                    0.97,
                    "(?i)(?<![A-Za-z0-9])(?!bg|gb|kn|nk|nt|tn|zz)[a-ceghj-prstw-z][a-ceghj-nprstw-z] ?\\d{2} ?\\d{2} ?\\d{2} ?[a-d](?![A-Za-z0-9])"),
            PersonalDataRule.of(
                            UK_NATIONAL_HEALTH_SERVICE_NUMBER,
                            0.96,
                            "(?<![\\d-])\\d{3}[ -]?\\d{3}[ -]?\\d{4}(?![\\d])(?!-\\d)")
                    .where(Checksums::nationalHealthService)
                    .near("nhs", "national health", "health service", "patient"),
            PersonalDataRule.of(UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER, 0.97, "(?<![\\d-])\\d{5} ?\\d{5}[kK]?(?![\\d-])")
                    .where(Checksums::uniqueTaxpayerReference)
                    .near("utr", "taxpayer reference", "tax reference", "hmrc", "self assessment", "self-assessment"),
            PersonalDataRule.of(UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER, 0.85, "(?<![\\d-])\\d{5} ?\\d{5}[kK]?(?![\\d-])")
                    .near("utr", "unique taxpayer"),
            PersonalDataRule.of(
                            CA_SOCIAL_INSURANCE_NUMBER, 0.97, "(?<![\\d-])[1-79]\\d{2}[ -]?\\d{3}[ -]?\\d{3}(?![\\d-])")
                    .where(Checksums::luhn)
                    .near("sin", "social insurance", "insurance number", "canad"),
            PersonalDataRule.of(
                            CA_HEALTH_NUMBER,
                            0.96,
                            "(?i)(?<![A-Za-z0-9-])\\d{4}[ -]?\\d{3}[ -]?\\d{3}(?:[ -]?[a-z]{2})?(?![A-Za-z0-9-])")
                    .where(text -> Checksums.digits(text).length() == 10)
                    .near(
                            "ohip",
                            "health card",
                            "health number",
                            "phn",
                            "provincial health",
                            "medicare card",
                            "health insurance card"),
            PersonalDataRule.of(US_BANK_ROUTING_NUMBER, 0.96, "(?<![\\d-])\\d{9}(?![\\d-])")
                    .where(Checksums::routing)
                    .near("routing", "aba", "rtn", "transit"),
            PersonalDataRule.of(US_BANK_ACCOUNT_NUMBER, 0.9, "(?<![\\d-])\\d{8,17}+(?![\\d-])")
                    .near(
                            "bank account",
                            "account number",
                            "checking",
                            "savings account",
                            "acct",
                            "account no",
                            "account #",
                            "bank acc",
                            "account is",
                            "número de cuenta",
                            "kontonummer",
                            "numéro de compte",
                            "numero di conto",
                            "número da conta"),
            PersonalDataRule.of(US_PASSPORT_NUMBER, 0.93, "(?i)(?<![A-Za-z0-9-])(?:[a-z]\\d{8}|\\d{9})(?![A-Za-z0-9-])")
                    .near("passport", "pasaporte", "reisepass", "passeport", "passaporto", "passaporte"),
            PersonalDataRule.of(
                            DRIVER_ID,
                            0.92,
                            "(?<![A-Za-z0-9-])(?:[A-Z]{1,2}[- ]?\\d{3,14}(?:-\\d{2,5}){0,4}|\\d{7,14}|[A-Z]{3,5}\\d{6}[A-Z0-9]{3,7}|[A-Z0-9*]{9,16})(?![A-Za-z0-9-])")
                    .where(text -> Checksums.digits(text).length() >= 3)
                    .near(
                            "driver",
                            "driving licen",
                            "dl number",
                            "dl#",
                            "licence number",
                            "license number",
                            "dl:",
                            "driver's",
                            "carnet de conducir",
                            "permiso de conducir",
                            "führerschein",
                            "permis de conduire",
                            "patente di guida",
                            "carta de condução",
                            "carteira de motorista"),
            PersonalDataRule.of(SWIFT_CODE, 0.95, "(?<![A-Za-z0-9])[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])")
                    .where(text -> COUNTRIES.contains(text.substring(4, 6)))
                    .near("swift", "bic", "bank", "wire", "transfer", "banco", "banca", "banque", "überweis"),
            PersonalDataRule.of(
                            LICENSE_PLATE,
                            0.9,
                            "(?<![A-Za-z0-9-])(?=[A-Z0-9 -]{0,9}\\d)(?=[A-Z0-9 -]{0,9}[A-Z])[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,4}){1,2}(?![A-Za-z0-9-])")
                    .where(text -> text.length() >= 5 && text.length() <= 10)
                    .near("plate", "registration", "number plate", "tag number", "car reg"),
            PersonalDataRule.of(
                            CREDIT_DEBIT_CARD_EXPIRY,
                            0.96,
                            "(?<![\\d/-])(?:0?[1-9]|1[0-2]) ?[/-] ?(?:20)?\\d{2}(?![\\d/-])")
                    .near(
                            "exp",
                            "valid thru",
                            "valid through",
                            "valid until",
                            "card",
                            "good thru",
                            "caduca",
                            "vence",
                            "gültig",
                            "expire",
                            "scade",
                            "validade"),
            PersonalDataRule.of(
                    CREDIT_DEBIT_CARD_EXPIRY,
                    0.9,
                    "(?i)(?:expir(?:y|es|ation)(?: date)?|valid (?:thru|until))[: ]{1,3}(?:is |on |in )?((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.? \\d{2,4})"),
            PersonalDataRule.of(CREDIT_DEBIT_CARD_CVV, 0.96, "(?<![\\d.,/-])\\d{3,4}(?![\\d/-])(?![.,]\\d)")
                    .near(
                            "cvv",
                            "cvc",
                            "cvv2",
                            "security code",
                            "card code",
                            "card verification",
                            "csc",
                            "código de seguridad",
                            "prüfnummer",
                            "code de sécurité",
                            "codice di sicurezza",
                            "código de segurança"),
            PersonalDataRule.of(
                    PIN,
                    0.94,
                    NAMED
                            + "(?:pin|pin code|pin number|personal identification number)(?: number| code)?[\"']?(?:\\s{0,2}(?:is|:|=|was|to|-)){0,2}\\s{0,3}[\"'“]?(\\d{4,8})(?!\\d)"),
            PersonalDataRule.of(
                    PASSWORD,
                    0.95,
                    NAMED + "(?:password|passwd|passphrase|pwd|passcode)" + said("is|was|to", ":=|=>|[:=-]")
                            + "(?!(?:is|was|the|a|an|my|your|not|be|reset|please|you|it|expired|incorrect|wrong|required|changed|and|or|in|on|for|protected)\\b)([^\\s\"'”`,;]{4,64})"),
            PersonalDataRule.of(
                    USERNAME,
                    0.93,
                    NAMED + "(?:user[ _]?name|user[ _]?id|login(?: name)?|screen name|handle|account name)"
                            + said("is|was|as", ":=|=>|[:=]")
                            + "(?!(?:is|was|the|a|an|my|your|not|or|and|taken|required)\\b)(@?[\\p{L}\\p{N}_.-]{2,40}[\\p{L}\\p{N}_])"),
            PersonalDataRule.of(
                    PASSWORD,
                    0.95,
                    "(?i)(?<![\\p{L}\\p{N}-])--(?:password|passwd|pwd)(?:=| {1,3}(?=\\S{0,64}[\\d!@#$%^&*_+]))[\"']?([^\\s\"']{4,64})"),
            PersonalDataRule.of(
                    USERNAME, 0.7, "(?<![\\p{L}\\p{N}_@./])@[A-Za-z_][A-Za-z0-9_]{2,29}(?![A-Za-z0-9_@.]|\\.[a-z])"),
            PersonalDataRule.of(
                    AGE,
                    0.95,
                    "(?i)(?<![\\d.])\\d{1,3}(?:[ -](?:years?|yrs?|months?|weeks?)(?:[ -]olds?|[ -]of[ -]age)|[ -]?(?:y/?o)\\b)"),
            PersonalDataRule.of(
                    AGE,
                    0.93,
                    NAMED + "(?:age|aged)[\"']?(?: of| is|:| at| ?=)?\\s{0,2}(\\d{1,3})(?![\\d.,%/-]*\\d)(?: years)?"),
            PersonalDataRule.of(
                            AGE,
                            0.9,
                            "(?i)\\b(?:i'm|i am|he is|she is|he's|she's|they are|who is|turn|turns|turned|turning|just turned|(?:when|while) (?:he|she|i|they) (?:was|were)|he was|she was|i was|be)(?: only| just| about| already| now)? (\\d{1,3})(?![\\d:,%/-]|\\.\\d| ?(?:%|percent|km|kg|minutes?|hours?|days?|miles?|dollars?|euros?|points?|am|pm|o'clock|and a half|cm|feet|times|out|of|in|people|pounds|th))(?: years old| years)?")
                    .where(PersonalDataRules::isAge),
            PersonalDataRule.of(AGE, 0.75, "(?i)\\bthis (\\d{2}) year"),
            PersonalDataRule.of(
                            PHONE,
                            0.96,
                            "(?<![\\w.+-])(?:\\+|00)[1-9]\\d{0,2}[ .-]?(?:\\(0?\\d{0,4}\\)[ .-]?)?\\d{1,5}(?:[ ./-]?\\d{1,5}){1,5}(?: ?(?:x|ext\\.? ?)\\d{1,6})?(?![\\w])")
                    .where(PersonalDataRules::isPhone),
            PersonalDataRule.of(
                    PHONE,
                    0.95,
                    "(?<![\\w.(+-])(?:\\+?1[ .-])?(?:\\(\\d{3}\\) ?|\\d{3}[.-])\\d{3}[ .-]\\d{4}(?: ?(?:x|ext\\.? ?)\\d{1,6})?(?![\\w])(?!-\\d)"),
            PersonalDataRule.of(
                            PHONE,
                            0.93,
                            "(?<![\\w.+-])\\(0?\\d{1,5}\\)[ .-]?\\d{2,5}(?:[ .-]?\\d{2,5}){1,3}(?: ?(?:x|ext\\.? ?)\\d{1,6})?(?![\\w])")
                    .where(PersonalDataRules::isPhone),
            PersonalDataRule.of(
                            PHONE,
                            0.85,
                            "(?<![\\w.+/(-])\\(?\\d{1,5}\\)?(?:[ .-]?\\d{1,5}){1,5}(?: ?(?:x|ext\\.? ?)\\d{1,6})?(?![\\w])(?![-./]\\d)")
                    .where(PersonalDataRules::isPhone)
                    .near(
                            "phone",
                            "tel",
                            "mobile",
                            "cell",
                            "fax",
                            "call",
                            "desk",
                            "office",
                            "whatsapp",
                            "reach",
                            "contact",
                            "dial",
                            "text me",
                            "answering",
                            "message on",
                            "my number",
                            "number is",
                            "your number",
                            "ring",
                            "telefon",
                            "handy",
                            "mobil",
                            "rufnummer",
                            "teléfono",
                            "móvil",
                            "llám",
                            "llama al",
                            "téléphone",
                            "mon portable",
                            "appelez",
                            "joindre",
                            "cellulare",
                            "chiama",
                            "telefone",
                            "telemóvel",
                            "celular"),
            PersonalDataRule.of(
                    ADDRESS,
                    0.9,
                    "(?i)(?<![\\p{L}\\p{N}])\\d{1,5}[a-z]? (?:[\\p{L}'.]{1,20} ){1,4}(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|square|sq|way|place|pl|terrace|parkway|pkwy|crescent|close)\\b\\.?(?:,? (?:apt|suite|unit|flat|ste)\\.? ?#?\\w{1,6})?(?:, [\\p{L} .]{2,30}){0,2}(?:,? [A-Z]{2})?(?:,? \\d{5}(?:-\\d{4})?)?"),
            PersonalDataRule.of(
                    ADDRESS,
                    0.9,
                    "(?i)(?<![\\p{L}\\p{N}])(?:p\\.? ?o\\.? box|psc|unit|apo|dpo|fpo) \\d{1,6},? ?(?:box \\d{1,6})?(?:\\s{1,3}(?:apo|dpo|fpo) a[aep] \\d{5})?"));

    static final List<PersonalDataRule> ALL = Stream.concat(COMMON.stream(), EuropeanPersonalDataRules.ALL.stream())
            .toList();

    private PersonalDataRules() {}

    /**
     * What stands between a name and what it names, in a sentence, an assignment, JSON or YAML.
     *
     * @param verbs words that do
     * @param signs signs that do
     */
    private static String said(String verbs, String signs) {
        return "[\"']?(?:\\s{1,2}(?:" + verbs + ")\\b|\\s{0,2}(?:" + signs + "))(?: ?(?:is\\b|:|=))?\\s{0,3}[\"'“`]?";
    }

    private static boolean isUrl(String text) {
        return text.indexOf("://") + 3 < text.length();
    }

    private static boolean isIpv6(String text) {
        String[] halves = text.split("::", -1);
        if (halves.length > 2 || text.length() < 3) {
            return false;
        }
        int groups = 0;
        for (String half : halves) {
            if (half.isEmpty()) {
                continue;
            }
            for (String group : half.split(":", -1)) {
                if (group.isEmpty() || group.length() > 4) {
                    return false;
                }
                groups++;
            }
        }
        return halves.length == 2 ? groups >= 2 && groups < 8 : groups == 8;
    }

    /** Secrets have capitals, small letters and digits; forty hexadecimal digits are a commit. */
    private static boolean isMixed(String text) {
        return text.chars().anyMatch(Character::isUpperCase)
                && text.chars().anyMatch(Character::isLowerCase)
                && text.chars().anyMatch(Character::isDigit);
    }

    private static boolean isCard(String text) {
        String digits = Checksums.digits(text);
        int two = Integer.parseInt(digits.substring(0, 2));
        int four = Integer.parseInt(digits.substring(0, 4));
        boolean issued = digits.charAt(0) == '4'
                || (two >= 50 && two <= 69)
                || (four >= 2221 && four <= 2720)
                || Set.of(30, 34, 35, 36, 37, 38, 39).contains(two)
                || four == 2131
                || four == 1800;
        return issued && digits.length() >= 12 && digits.length() <= 19 && Checksums.luhn(digits);
    }

    private static boolean isAge(String text) {
        String digits = Checksums.digits(text);
        return !digits.isEmpty() && Integer.parseInt(digits) <= 120;
    }

    private static boolean isPhone(String text) {
        int extension = text.toLowerCase(Locale.ROOT).indexOf('x');
        String digits = Checksums.digits(extension > 0 ? text.substring(0, extension) : text);
        boolean date = text.matches(
                "(?:19|20)\\d{2}[-./ ]\\d{1,2}[-./ ]\\d{1,2}.*|\\d{1,2}[-./]\\d{1,2}[-./](?:19|20)?\\d{2}");
        return digits.length() >= 7 && digits.length() <= 15 && !date;
    }
}
