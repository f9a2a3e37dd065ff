package dev.outcrop.engines.language;

import java.util.regex.Pattern;

/** What has a form in English: dates and times, amounts, and the names of works, events and products by what stands around them. */
final class Patterns {
    private static final String MONTH =
            "(?:January|February|March|April|May|June|July|August|September|October|November"
                    + "|December|Jan\\.?|Feb\\.?|Mar\\.?|Apr\\.?|Jun\\.?|Jul\\.?|Aug\\.?|Sept?\\.?|Oct\\.?|Nov\\.?|Dec\\.?)";
    private static final String SURE_MONTH =
            "(?:January|February|April|June|July|August|September|October|November" + "|December)";
    private static final String DAY = "(?:(?:3[01]|[12]\\d|0?[1-9])(?:st|nd|rd|th)?)";
    private static final String YEAR = "(?:(?:1[5-9]|20)\\d\\d)";
    private static final String WEEKDAY =
            "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Mon|Tues?|Wed|Thurs?" + "|Fri|Sat|Sun)";
    private static final String CLOCK =
            "(?:(?:[01]?\\d|2[0-3])(?::[0-5]\\d){1,2}(?:\\.\\d{1,6})?\\s?(?:[ap]\\.?m\\.?(?![a-z]))?"
                    + "(?:\\s?(?:UTC|GMT|EST|EDT|PST|PDT|CST|CET|Z))?"
                    + "|(?:1[0-2]|0?[1-9])\\s?[ap]\\.?m\\.?(?![a-zA-Z])|noon|midnight)";
    private static final String NUMBER_WORD =
            "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
                    + "|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
                    + "|hundred|thousand|million|billion|trillion|dozen|hundreds|thousands|millions|billions|dozens)";
    private static final String NUMBER = "(?:\\d{1,3}(?:,\\d{3}){1,8}(?:\\.\\d{1,12})?|\\d{1,15}(?:\\.\\d{1,12})?)";
    private static final String MAGNITUDE =
            "(?:hundred|thousand|million|billion|trillion|dozen|mn|bn|[kKMB](?![a-zA-Z]))";
    private static final String COUNT = "(?:" + NUMBER + "(?:[\\s-]" + MAGNITUDE + "|(?<=\\d)[kKMB](?![a-zA-Z]))?|(?i:"
            + NUMBER_WORD + "(?:[\\s-](?:and\\s)?" + NUMBER_WORD + "){0,6}))";
    private static final String UNIT =
            "(?i:percent|per cent|percentage points?|%|°\\s?[CF]|degrees?(?:\\s(?:celsius|fahrenheit))?"
                    + "|dollars?|euros?|pounds?|cents?|yen|rupees?|pesos?|francs?|bucks?"
                    + "|(?:US|AU|CA)?[DS]?\\$|USD|EUR|GBP|CHF|JPY|INR"
                    + "|seconds?|minutes?|hours?|days?|weeks?|fortnights?|months?|quarters?|years?|decades?|centuries|century"
                    + "|years?[\\s-]old|ms|secs?|mins?|hrs?"
                    + "|[kcm]?m(?![a-zA-Z])|km/h|mph|miles?|kilomet(?:er|re)s?|met(?:er|re)s?|centimet(?:er|re)s?|feet|foot|ft|inch(?:es)?"
                    + "|yards?|acres?|hectares?|kg|kilos?|kilograms?|grams?|mg|tons?|tonnes?|ounces?|oz|lbs?|lit(?:er|re)s?|ml|gallons?"
                    + "|[kmgtp]i?b(?![a-z])|bytes?|bits?|[kmgt]?hz|watts?|[kmg]?wh?(?![a-z])|volts?|calories|people|persons?|times)";

    /** Dates, days, months, years and times. */
    static final Pattern DATE = Pattern.compile("(?<![\\w.-])(?:"
            + "\\d{4}-(?:0[1-9]|1[0-2])-(?:[0-2]\\d|3[01])(?:[T ]" + CLOCK + ")?"
            + "|(?:[0-2]?\\d|3[01])[/.-](?:[0-2]?\\d|3[01])[/.-](?:19|20)?\\d\\d"
            + "|(?:" + WEEKDAY + ",?\\s)?" + MONTH + "\\s" + DAY + "(?:(?:,\\s?|\\s)" + YEAR + ")?(?:,?\\s(?:at\\s)?"
            + CLOCK + ")?"
            + "|(?:" + WEEKDAY + ",?\\s)?" + DAY + "\\s(?:of\\s)?" + MONTH + "(?:,?\\s" + YEAR + ")?(?:,?\\s(?:at\\s)?"
            + CLOCK + ")?"
            + "|(?:early\\s|late\\s|mid-)?" + MONTH + ",?\\s(?:of\\s)?" + YEAR
            + "|(?:(?:next|last|this|every|each)\\s)?(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)s?"
            + "(?:\\s(?:morning|afternoon|evening|night))?(?:\\s(?:at\\s)?" + CLOCK + ")?"
            + "|(?i:(?:next|last|this|past)\\s(?:week|weekend|month|quarter|year|decade|century|spring|summer|autumn|fall|winter"
            + "|morning|afternoon|evening|night))"
            + "|(?i:today|tomorrow|yesterday|tonight|nowadays)(?:\\s(?:morning|afternoon|evening|night))?(?:\\sat\\s"
            + CLOCK + ")?"
            + "|(?:the\\s)?(?:early\\s|late\\s|mid-)?(?:1[5-9]|20)?\\d0s"
            + "|(?:[sS]pring|[sS]ummer|[aA]utumn|[wW]inter|[fF]all)\\s(?:of\\s)?" + YEAR
            + "|(?:(?:early|late|mid|in|since|by|until|during|next|last|this|every)[\\s-])" + YEAR + "(?![\\d%])"
            + "|(?i:(?:" + NUMBER_WORD
            + "|a|an|\\d{1,4}|a few|several|many)\\s(?:seconds?|minutes?|hours?|days?|weeks?|months?"
            + "|years?|decades?|centuries)\\sago)"
            + "|(?:in|since|by|until|during|of|from|through)\\s" + "May(?=[\\s.,;!?]|$)"
            + "|" + SURE_MONTH + "|" + CLOCK
            + "|(?:19|20)\\d\\d(?=[\\s.,;:!?)]|$)"
            + ")(?![\\w-])");

    private static final String ABOUT =
            "(?:(?i:about|around|nearly|almost|over|under|more than|less than|fewer than|at least|up to|approximately)\\s)?";

    /** Amounts of money, and of what has a unit. */
    static final Pattern QUANTITY = Pattern.compile("(?<![\\w.$€£¥-])(?:"
            + "(?:[A-Z]{2,3})?[$€£¥]\\s?" + NUMBER + "(?:[\\s-]?" + MAGNITUDE + ")?(?:\\s(?:an?|per)\\s\\w{1,12})?"
            + "|" + ABOUT + COUNT + "[\\s-]?" + UNIT
            + "(?:\\s(?:an?|per)\\s(?:second|minute|hour|day|night|week|month|year))?"
            + ")(?![\\w])");

    /** Numbers that are amounts if what they count follows. */
    static final Pattern COUNTED =
            Pattern.compile("(?<![\\w.$€£¥:/-])" + ABOUT + "(?:" + COUNT + ")(?:\\sof)?(?= \\p{L})");

    /** Events by their last word, and feasts. */
    static final Pattern EVENT = Pattern.compile("(?:(?:(?:[A-Z][\\w'&.-]{0,30}|\\d{4}|of|the)\\s){0,6}"
            + "(?:Olympics|Olympic Games|World Cup|Super Bowl|Grand Prix|Festival|Conference|Championships?|Summit|Marathon|Expo"
            + "|Tournament|Awards|Carnival|Revolution|Civil War|Paralympics|Oktoberfest)"
            + "|World War (?:I{1,2}|One|Two|[12])|(?:Christmas|Easter|Thanksgiving|Halloween|Ramadan|Hanukkah|Diwali|New Year's"
            + "|Independence|Labor|Memorial|Valentine's|Mother's|Father's)(?:\\s(?:Day|Eve))?|Black Friday|Cyber Monday"
            + "|re:Invent(?:\\s\\d{4})?)(?![\\w])");

    /** Works by the word before them or by their quotes: the group is the name. */
    static final Pattern TITLE = Pattern.compile(
            "(?:(?i:film|movie|novel|book|song|album|series|play|opera|musical|poem|magazine"
                    + "|show|titled|entitled|called|directed|wrote|sang)\\s,?\\s?)?[\"“]"
                    + "((?:The|A|An|[A-Z][\\w'’.-]{0,30})(?:\\s(?:[A-Z0-9][\\w'’.:&-]{0,30}|of|the|and|in|a|an|to|for|with|on|at|from)){0,9})[\"”]");

    /** Products by their names. */
    static final Pattern PRODUCT = Pattern.compile(
            "(?<![\\w])(?:iPhone(?:\\s(?:\\d{1,2}|SE|X[SR]?)(?:\\s(?:Pro|Plus|Max|mini)){0,2})?"
                    + "|iPad(?:\\s(?:Pro|Air|mini))?|iPod|iMac|MacBook(?:\\s(?:Pro|Air))?|Apple Watch|AirPods(?:\\s(?:Pro|Max))?"
                    + "|(?:Samsung\\s)?Galaxy\\s[A-Z]?\\d{1,2}(?:\\s?(?:Ultra|Plus))?|Pixel\\s\\d{1,2}|Kindle(?:\\s(?:Fire|Paperwhite|Oasis))?"
                    + "|Amazon Echo|Echo Dot|Alexa|Chromebook|Chromecast|Xbox(?:\\s(?:One|360|Series [XS]))?|PlayStation(?:\\s?[1-5])?|PS[2-5]"
                    + "|Nintendo Switch|Game Boy|Wii(?:\\sU)?|Windows\\s(?:\\d{1,2}|XP|Vista)|Microsoft Office|Photoshop|ThinkPad|GoPro"
                    + "|Coca-Cola|Diet Coke|Big Mac|Whopper|Nutella|Red Bull|Barbie|Lego|Tylenol|Aspirin|Viagra"
                    + "|Model\\s[3SXY](?=\\W|$)|Prius|Corolla|Civic|Mustang|F-150|Boeing\\s7\\d7|Airbus\\sA\\d{3})(?![\\w])");

    private Patterns() {}
}
