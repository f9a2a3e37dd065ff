package dev.outcrop.engines.language.european;

import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;

/** How dates and amounts are written in a language. Every repetition is bounded. */
record Forms(Pattern date, Pattern quantity) {
    private static final String YEAR = "(?:(?:1[5-9]|20)\\d\\d)";
    private static final String DAY = "(?:3[01]|[12]\\d|0?[1-9])";
    private static final String NUMBER =
            "(?:\\d{1,3}(?:[.\\u00A0\\u202F ]\\d{3}){1,6}(?:,\\d{1,6})?|\\d{1,15}(?:[.,]\\d{1,6})?)";
    private static final String SIGNS =
            "%|€|\\$|£|°\\s?[CF]|EUR|USD|CHF|GBP|BRL|R\\$|kg|mg|g|km/h|km|cm|mm|m²|m2|m|ha|ml|cl|l"
                    + "|kWh|MWh|MW|kW|GB|MB|TB|Hz|GHz|°";

    private static final Map<Language, Forms> ALL = new EnumMap<>(Map.of(
            Language.GERMAN,
            of(
                    "Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
                    "(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag)(?:s|abend|morgen|nachmittag)?",
                    "\\.\\s?",
                    "\\s",
                    "heute(?: Morgen| Abend)?|gestern(?: Abend)?|vorgestern|morgen(?= (?:früh|Abend|wieder|um|geht|kommt))|übermorgen"
                            + "|(?:nächste|letzte|vergangene|kommende|diese)[nrsm]? (?:Woche|Monat|Jahr|Jahrhundert|Jahrzehnt|Sommer|Winter|Frühling|Herbst|Wochenende|Quartal)"
                            + "|(?:Frühjahr|Sommer|Herbst|Winter|Ende|Anfang|Mitte) " + YEAR
                            + "|\\d{1,2} Uhr(?: \\d{2})?"
                            + "|\\d{1,2}[:.][0-5]\\d Uhr|vor (?:\\d{1,4}|zwei|drei|vier|fünf|sechs|sieben|acht|zehn|zwanzig|wenigen|einigen) (?:Sekunden|Minuten|Stunden|Tagen|Wochen|Monaten|Jahren)"
                            + "|(?:19|20)?\\d0er Jahre[n]?",
                    "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|fünfzehn|zwanzig|dreißig|vierzig|fünfzig|sechzig|hundert|tausend",
                    "Hundert|Tausend|Millionen|Million|Milliarden|Milliarde|Mio\\.|Mrd\\.|Dutzend",
                    "",
                    "Prozent|Euro|Cent|Dollar|Franken|Pfund|Grad(?: Celsius)?|Sekunden?|Minuten?|Stunden?|Tagen?|Tage|Wochen?|Monaten?|Monate|Jahren?|Jahre"
                            + "|Kilometern?|Metern?|Meter|Zentimeter|Kilo(?:gramm)?|Gramm|Tonnen?|Litern?|Liter|Hektar|Quadratmeter|Mal",
                    "und|oder|der|die|das|den|dem|des|bis|von|auf|mit|für|ist|sind|war|hat|Uhr|aus|nach|vor|über|unter|sowie",
                    "rund|etwa|mehr als|weniger als|fast|über|knapp|mindestens|höchstens"),
            Language.SPANISH,
            of(
                    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre",
                    "(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)",
                    "\\sde\\s",
                    "\\sdel?\\s",
                    "hoy|ayer|anteayer|mañana(?= (?:por|a las|temprano))|anoche"
                            + "|(?:la |el )?(?:próxim[oa]|pasad[oa]|est[ea]) (?:semana|mes|año|siglo|década|verano|invierno|primavera|otoño)"
                            + "|(?:la |el )?(?:semana|mes|año|siglo|década|verano|invierno) (?:próxim[oa]|pasad[oa]|que viene)"
                            + "|(?<=a las )\\d{1,2}(?:[:.][0-5]\\d)?|hace (?:\\d{1,4}|dos|tres|cuatro|cinco|seis|diez|veinte|pocos|pocas|unos|varios) (?:segundos|minutos|horas|días|semanas|meses|años|siglos)"
                            + "|(?:los )?años (?:\\d0|veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa)|siglo [XVI]{1,5}",
                    "dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien|doscient[oa]s|quinient[oa]s",
                    "cien|mil|millones|millón|billones|docenas?",
                    "de ",
                    "por ciento|euros?|céntimos?|dólar(?:es)?|pesos?|libras?|grados?(?: centígrados)?|segundos?|minutos?|horas?|días?|semanas?|meses|mes|años?|siglos?"
                            + "|kilómetros?|metros?(?: cuadrados)?|centímetros?|kilos?|kilogramos?|gramos?|toneladas?|litros?|hectáreas?|veces",
                    "y|o|de|del|el|la|los|las|que|en|con|por|para|a|al|se|es|son|fue|más|entre|sobre|hasta|desde|como|ha|han",
                    "unos|unas|cerca de|más de|menos de|casi|alrededor de|aproximadamente|al menos|hasta"),
            Language.FRENCH,
            of(
                    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
                    "(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?: matin| soir| après-midi)?",
                    "(?:er)?\\s",
                    "\\s",
                    "aujourd['’]hui|hier(?: soir| matin)?|avant-hier|demain(?: matin| soir)?|après-demain"
                            + "|(?:la |l['’]|le |cette |cet |ce )?(?:semaine|mois|année|an|siècle|été|hiver|printemps|automne|week-end) (?:prochaine?|dernière?|dernier|passée?)"
                            + "|cette (?:semaine|année|nuit)|ce (?:mois|soir|matin|printemps|week-end)|cet (?:été|hiver|automne|après-midi)"
                            + "|\\d{1,2}\\s?h(?:\\s?[0-5]\\d)?|\\d{1,2} heures(?: [0-5]\\d)?(?= (?:du|ce|le|demain|hier))|il y a (?:\\d{1,4}|deux|trois|quatre|cinq|six|dix|vingt|quelques) (?:secondes|minutes|heures|jours|semaines|mois|ans|siècles)"
                            + "|(?:les )?années (?:(?:19|20)?\\d0|vingt|trente|quarante|cinquante|soixante|quatre-vingt)|[XVI]{1,5}e siècle",
                    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante|cent",
                    "cents?|mille|millions?|milliards?|milliers?|douzaines?",
                    "(?:de |d['’])",
                    "pour cent|euros?|centimes?|dollars?|francs?|livres?|degrés?|secondes?|minutes?|heures?|jours?|semaines?|mois|ans?|années?|siècles?"
                            + "|kilomètres?|mètres?(?: carrés)?|centimètres?|kilos?|kilogrammes?|grammes?|tonnes?|litres?|hectares?|fois",
                    "et|ou|de|du|des|le|la|les|que|qui|en|avec|par|pour|à|au|aux|se|est|sont|fut|plus|entre|sur|dans|jusque|depuis|comme|ont|a",
                    "environ|près de|plus de|moins de|presque|au moins|jusqu['’]à|quelque"),
            Language.ITALIAN,
            of(
                    "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre",
                    "(?:lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica)(?: mattina| sera| pomeriggio)?",
                    "\\s",
                    "\\s(?:del\\s)?",
                    "oggi|ieri(?: sera| mattina)?|l['’]altro ieri|domani(?: mattina| sera)?|dopodomani|stasera|stamattina|stanotte"
                            + "|(?:la |il |l['’])?(?:settimana|mese|anno|secolo|estate|inverno|primavera|autunno) (?:prossim[oa]|scors[oa]|passat[oa])"
                            + "|quest['’ao]? ?(?:settimana|mese|anno|estate|inverno|primavera|autunno)"
                            + "|(?<=(?:alle|ore) )\\d{1,2}(?:[:.][0-5]\\d)?|(?:\\d{1,4}|due|tre|quattro|cinque|sei|dieci|venti|pochi|alcuni|poche|alcune) (?:secondi|minuti|ore|giorni|settimane|mesi|anni|secoli) fa"
                            + "|anni (?:['’]?\\d0|venti|trenta|quaranta|cinquanta|sessanta|settanta|ottanta|novanta)|[XVI]{1,5} secolo",
                    "due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|quindici|venti|trenta|quaranta|cinquanta|sessanta|settanta|ottanta|novanta|cento|duecento|cinquecento|mille|duemila",
                    "cento|mila|mille|milioni|milione|miliardi|miliardo|migliaia|dozzine?",
                    "di ",
                    "per cento|euro|centesimi|dollari|dollaro|franchi|sterline|gradi|grado|secondi|secondo|minuti|minuto|ore|ora|giorni|giorno|settimane|settimana|mesi|mese|anni|anno|secoli|secolo"
                            + "|chilometri|chilometro|metri(?: quadrati)?|metro|centimetri|chili|chilo|chilogrammi|grammi|tonnellate|litri|litro|ettari|volte",
                    "e|o|di|del|della|dei|delle|il|lo|la|i|gli|le|che|in|con|per|a|al|alla|si|è|sono|fu|più|tra|fra|su|fino|dal|come|ha|hanno",
                    "circa|quasi|più di|oltre|meno di|almeno|fino a|intorno a"),
            Language.PORTUGUESE,
            of(
                    "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro",
                    "(?:(?:segunda|terça|quarta|quinta|sexta)-feira|sábado|domingo)",
                    "(?:º)?\\sde\\s",
                    "\\sde\\s",
                    "hoje|ontem(?: à noite)?|anteontem|amanhã|depois de amanhã"
                            + "|(?:n?a |n?o )?(?:próxim[oa]|passad[oa]|est[ea]|últim[oa]) (?:semana|mês|ano|século|década|verão|inverno|primavera|outono)"
                            + "|(?:n?a |n?o )?(?:semana|mês|ano|século|década|verão|inverno) (?:passad[oa]|que vem|seguinte)"
                            + "|(?<=às )\\d{1,2}(?::[0-5]\\d|h(?:[0-5]\\d)?)?|há (?:\\d{1,4}|dois|duas|três|quatro|cinco|seis|dez|vinte|poucos|alguns|poucas|algumas) (?:segundos|minutos|horas|dias|semanas|meses|anos|séculos)"
                            + "|anos (?:\\d0|vinte|trinta|quarenta|cinquenta|sessenta|setenta|oitenta|noventa)|século [XVI]{1,5}",
                    "dois|duas|três|quatro|cinco|seis|sete|oito|nove|dez|onze|doze|quinze|vinte|trinta|quarenta|cinquenta|sessenta|setenta|oitenta|noventa|cem|duzent[oa]s|quinhent[oa]s",
                    "cem|mil|milhões|milhão|bilhões|bilhão|mil milhões|dúzias?",
                    "de ",
                    "por cento|euros?|cêntimos?|centavos?|dólar(?:es)?|rea(?:is|l)|libras?|graus?|segundos?|minutos?|horas?|dias?|semanas?|meses|mês|anos?|séculos?"
                            + "|quilómetros?|quilômetros?|metros?(?: quadrados)?|centímetros?|quilos?|quilogramas?|gramas?|toneladas?|litros?|hectares?|vezes",
                    "e|ou|de|do|da|dos|das|o|a|os|as|que|em|com|por|para|ao|se|é|são|foi|mais|entre|sobre|até|desde|como|tem|têm",
                    "cerca de|mais de|menos de|quase|aproximadamente|pelo menos|até|uns|umas")));

    static Forms in(Language language) {
        return ALL.get(language);
    }

    /**
     * Forms made of a language's words; all are alternatives of a regular expression.
     *
     * @param toMonth    what stands between a day and its month
     * @param toYear     what stands between a month and its year
     * @param relative   other days and times
     * @param numbers    numbers in words; one is none of them, since it is an article, too
     * @param magnitudes large numbers that other numbers stand before
     * @param of         what stands between a large number and what it counts, with its space
     * @param not        words that no number counts
     * @param about      what makes a number less sure
     */
    private static Forms of(
            String months,
            String weekdays,
            String toMonth,
            String toYear,
            String relative,
            String numbers,
            String magnitudes,
            String of,
            String units,
            String not,
            String about) {
        String month = "(?:" + months + ")";
        String dated = DAY + toMonth + month + "(?:" + toYear + YEAR + ")?";
        Pattern date = Pattern.compile(
                "(?<![\\p{L}\\p{N}.,-])(?:\\d{4}-(?:0[1-9]|1[0-2])-(?:[0-2]\\d|3[01])"
                        + "|" + DAY + "[/.-](?:1[0-2]|0?[1-9])[/.-](?:(?:19|20)\\d\\d|\\d\\d)"
                        + "|(?:" + weekdays + ",?\\s(?:den\\s|le\\s|el\\s|o\\s)?)?" + dated
                        + "|" + month + toYear + YEAR + "|" + weekdays + "|" + relative + "|" + month + "|"
                        + "(?:[01]?\\d|2[0-3]):[0-5]\\d"
                        + "|(?:19|20)\\d\\d(?=[\\s.,;:!?)]|$)(?!\\s(?:%|€|\\p{Ll}*(?:euro|dollar|dólar|metr|kilo|quil|person|pessoa|Euro|Meter|Dollar))))"
                        + "(?![\\p{L}\\p{N}-])",
                Pattern.UNICODE_CASE | (months.contains("Januar") ? 0 : Pattern.CASE_INSENSITIVE));
        String count =
                "(?:(?:" + NUMBER + "|(?:" + numbers + "))(?:\\s(?:" + magnitudes + ")){0,2}|(?:" + magnitudes + "))";
        String joined = of.isEmpty() ? "" : "(?:" + of + ")?";
        Pattern quantity = Pattern.compile(
                "(?<![\\p{L}\\p{N}.,:/-])(?:(?:" + about + ")\\s)?(?:[€$£]\\s?" + NUMBER + "(?:\\s(?:" + magnitudes
                        + "))?"
                        + "|R\\$\\s?" + NUMBER + "|" + count + "(?:\\s?(?:" + SIGNS + ")(?![\\p{L}\\p{N}])|\\s" + joined
                        + "(?:" + units
                        + ")(?![\\p{L}\\p{N}])|\\s" + joined + "(?!(?:" + not + "|" + months
                        + ")(?![\\p{L}]))\\p{L}{3,30}))",
                Pattern.UNICODE_CASE);
        return new Forms(date, quantity);
    }
}
