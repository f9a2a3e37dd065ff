package dev.outcrop.engines.language.european;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A language besides English that is read here. */
public enum Language {
    GERMAN("de"),
    SPANISH("es"),
    FRENCH("fr"),
    ITALIAN("it"),
    PORTUGUESE("pt");

    private final String code;

    Language(String code) {
        this.code = code;
    }

    /** Its code in ISO 639-1. */
    public String code() {
        return code;
    }

    Locale locale() {
        return Locale.of(code);
    }

    /** The language that a code names, if it is read here. */
    public static Optional<Language> of(String code) {
        return Arrays.stream(values())
                .filter(language -> language.code.equals(code))
                .findFirst();
    }
}
