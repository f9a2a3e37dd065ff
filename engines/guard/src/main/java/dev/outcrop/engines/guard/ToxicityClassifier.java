package dev.outcrop.engines.guard;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How toxic an English text is, in seven kinds. Four of them ({@link Kind#HATE_SPEECH}, {@link Kind#INSULT}, {@link
 * Kind#SEXUAL}, {@link Kind#VIOLENCE_OR_THREAT}) are what {@link ContentFilter} was trained to tell. For the other three
 * there are no labelled texts, and they are worked out: profanity is a word of a list; harassment is an insult, a threat
 * or hate that speaks to somebody; graphic is what is sexual or violent in words for bodies and wounds. Safe for
 * concurrent use.
 */
public final class ToxicityClassifier {
    private static final Set<String> ADDRESSED =
            Set.of("you", "your", "yours", "yourself", "u", "ur", "youre", "you're");
    private static final Set<String> GRAPHIC = Set.of(
            "blood",
            "bloody",
            "bleed",
            "bleeding",
            "gore",
            "gut",
            "guts",
            "gutted",
            "intestines",
            "corpse",
            "corpses",
            "skull",
            "brains",
            "flesh",
            "wound",
            "wounds",
            "stab",
            "stabbed",
            "stabbing",
            "slit",
            "sliced",
            "severed",
            "beheaded",
            "decapitated",
            "dismember",
            "dismembered",
            "mutilated",
            "torn",
            "crushed",
            "burned",
            "choke",
            "strangle",
            "throat",
            "naked",
            "nude",
            "breasts",
            "tits",
            "cock",
            "dick",
            "pussy",
            "cum",
            "penis",
            "vagina",
            "ass",
            "anal",
            "orgasm",
            "erection",
            "nipples");

    private final ContentFilter content;

    /** The kinds of toxic content. */
    public enum Kind {
        /** Speaks of bodies and wounds in detail that disgusts or arouses. */
        GRAPHIC,
        /** Goes against the person spoken to. */
        HARASSMENT_OR_ABUSE,
        /** Goes against people for what they are. */
        HATE_SPEECH,
        /** Demeans or belittles. */
        INSULT,
        /** Has words that are not for polite company. */
        PROFANITY,
        /** Sexual interest, activity or arousal. */
        SEXUAL,
        /** Threatens, or wishes somebody harm. */
        VIOLENCE_OR_THREAT
    }

    ToxicityClassifier(ContentFilter content) {
        this.content = content;
    }

    /** How probable each kind is in a text, 0 to 1. */
    public Map<Kind, Double> classify(String text) {
        Map<HarmCategory, Double> harm = content.probabilities(text);
        List<String> words = PlainText.of(text).tokens();
        double insult = harm.get(HarmCategory.INSULTS);
        double hate = harm.get(HarmCategory.HATE);
        double sexual = harm.get(HarmCategory.SEXUAL);
        double violence = harm.get(HarmCategory.VIOLENCE);
        boolean addressed = words.stream().anyMatch(ADDRESSED::contains);
        long graphic = words.stream().filter(GRAPHIC::contains).count();
        long profane = words.stream().filter(Profanities.WORDS::contains).count();
        double worst = Math.max(Math.max(insult, hate), violence);
        Map<Kind, Double> kinds = new EnumMap<>(Kind.class);
        kinds.put(Kind.HATE_SPEECH, hate);
        kinds.put(Kind.INSULT, insult);
        kinds.put(Kind.SEXUAL, sexual);
        kinds.put(Kind.VIOLENCE_OR_THREAT, violence);
        kinds.put(Kind.HARASSMENT_OR_ABUSE, worst * (addressed ? 0.9 : 0.35));
        kinds.put(Kind.GRAPHIC, Math.max(sexual, violence) * Math.min(0.95, 0.15 + 0.4 * graphic));
        kinds.put(Kind.PROFANITY, profane > 0 ? Math.min(0.99, 0.85 + 0.05 * profane) : 0.3 * Math.max(worst, sexual));
        return kinds;
    }
}
