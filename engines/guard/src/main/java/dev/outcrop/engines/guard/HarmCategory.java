package dev.outcrop.engines.guard;

/** The kinds of harmful content that {@link ContentFilter} tells apart. */
public enum HarmCategory {
    /** Discriminates, denounces or dehumanises people for what they are: race, religion, gender, origin, ability. */
    HATE,
    /** Demeans, mocks, bullies or belittles. */
    INSULTS,
    /** Sexual interest, activity or arousal. */
    SEXUAL,
    /** Glorifies, threatens or asks for help with physical harm to a person, group or thing. */
    VIOLENCE,
    /** Seeks or offers help with crime, fraud or taking advantage of others. */
    MISCONDUCT
}
