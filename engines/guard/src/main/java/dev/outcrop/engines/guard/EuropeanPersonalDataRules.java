package dev.outcrop.engines.guard;

import static dev.outcrop.engines.guard.PersonalDataType.ADDRESS;
import static dev.outcrop.engines.guard.PersonalDataType.AGE;
import static dev.outcrop.engines.guard.PersonalDataType.PASSWORD;
import static dev.outcrop.engines.guard.PersonalDataType.PIN;
import static dev.outcrop.engines.guard.PersonalDataType.USERNAME;
import static dev.outcrop.engines.guard.PersonalDataType.US_PASSPORT_NUMBER;

import java.util.List;

/**
 * What is written in other ways in German, Spanish, French, Italian and Portuguese: addresses, ages, passports and secrets.
 * Every repetition is bounded.
 */
final class EuropeanPersonalDataRules {
    private static final String BEFORE = "(?<![\\p{L}\\p{N}])";
    private static final String AFTER = "(?![\\p{L}\\p{N}])";
    private static final String IS = "(?:\\s(?:es|ist|lautet|est|è|é)\\s?:?|\\s?:)\\s{0,3}[\"'«“„]?";
    private static final String TOWN = "(?:,?\\s(?:\\d{4,5}(?:-\\d{3})?)(?:\\s\\p{Lu}[\\p{L}'’-]{1,30}){0,3})?";
    private static final String JOIN = "(?:de|del|la|las|los|da|do|dos|das|di|dei|della|delle|degli|e|y)";
    private static final String CAPITAL = "\\p{Lu}[\\p{L}'’.-]{0,24}";
    private static final String NAMED =
            "(?:" + JOIN + "\\s){0,2}" + CAPITAL + "(?:\\s(?:" + JOIN + "\\s){0,2}" + CAPITAL + "){0,4}";

    static final List<PersonalDataRule> ALL = List.of(
            PersonalDataRule.of(
                    ADDRESS,
                    0.92,
                    BEFORE
                            + "(?:[Cc]alle|C/|[Aa]venida|Avda\\.?|Av\\.|[Pp]laza|[Pp]aseo|Camino|Ronda|Carretera"
                            + "|Via|[Vv]iale|[Pp]iazza|Corso|Largo|Vicolo|[Rr]ua|[Tt]ravessa|[Pp]raça|Estrada|Alameda)\\s?"
                            + NAMED + "(?:,\\s?|\\s)(?:n[.º°o]{0,2}\\s?)?\\d{1,4}" + AFTER + TOWN),
            PersonalDataRule.of(
                    ADDRESS,
                    0.92,
                    BEFORE
                            + "\\d{1,4}(?:\\s?(?:bis|ter))?,?\\s(?:rue|avenue|boulevard|bd|place|chemin|allée|impasse|quai|route|cours)"
                            + "\\s(?:(?:de la|de l['’]|des|du|de|d['’])\\s?)?(?:\\p{Lu}[\\p{L}'’-]{1,24}\\s?){1,4}"
                            + TOWN),
            PersonalDataRule.of(
                    ADDRESS,
                    0.92,
                    BEFORE
                            + "\\p{Lu}[\\p{L}-]{0,25}(?:straße|strasse|str\\.|weg|platz|allee|gasse|damm|ufer|\\s(?:Straße|Weg|Platz|Allee))"
                            + "\\s\\d{1,4}\\s?[a-f]?" + AFTER + TOWN),
            PersonalDataRule.of(
                    AGE,
                    0.93,
                    BEFORE
                            + "(?:[Tt]engo|[Tt]iene|[Cc]umpl[eií]\\p{L}{0,4}|[Jj]['’]ai|(?:[Ii]l|[Ee]lle) a|[Ââ]gée? de|[Hh]o|[Hh]a|[Tt]enho|[Tt]em)"
                            + "\\s(\\d{1,3}\\s(?:años|ans|anni|anos))" + AFTER),
            PersonalDataRule.of(
                    AGE,
                    0.93,
                    BEFORE
                            + "\\d{1,3}(?:\\sJahre alt|-jährigen?r?|\\saños de edad|\\sans d['’]âge|\\sanni di età|\\sanos de idade)"
                            + AFTER),
            PersonalDataRule.of(
                            US_PASSPORT_NUMBER,
                            0.93,
                            BEFORE + "(?:[A-Z]{1,3}\\d{6,7}|\\d{2}[A-Z]{2}\\d{5}|[CFGHJK][A-Z0-9]{8})" + AFTER)
                    .near("pasaporte", "reisepass", "passeport", "passaporto", "passaporte"),
            PersonalDataRule.of(
                    PASSWORD,
                    0.94,
                    "(?i)" + BEFORE
                            + "(?:contraseña|passwort|kennwort|mot de passe|parola d['’]ordine|senha|palavra-passe)"
                            + IS
                            + "([^\\s\"'»”“]{4,64})"),
            PersonalDataRule.of(
                    USERNAME,
                    0.92,
                    "(?i)" + BEFORE
                            + "(?:nombre de usuario|usuario|benutzername|nom d['’]utilisateur|identifiant|nome utente|nome de usuário|nome de utilizador)"
                            + IS + "([\\p{L}\\p{N}._@-]{3,64})"),
            PersonalDataRule.of(
                    PIN,
                    0.93,
                    "(?i)" + BEFORE + "(?:pin|código pin|code pin|codice pin|geheimzahl)" + IS + "(\\d{4,8})(?!\\d)"));

    private EuropeanPersonalDataRules() {}
}
