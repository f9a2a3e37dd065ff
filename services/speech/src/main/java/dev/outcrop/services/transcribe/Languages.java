package dev.outcrop.services.transcribe;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.transcribe.model.LanguageCode;

/**
 * AWS's codes of languages with their regions, and the codes without that models know.
 *
 * <p>Source: "Supported languages and language-specific features" of the Amazon Transcribe developer guide.
 */
public final class Languages {
    /** The region that is meant where only the language is known, if not the first of AWS's list. */
    private static final Map<String, String> USUAL = Map.of(
            "en", "en-US",
            "es", "es-US",
            "fr", "fr-FR",
            "de", "de-DE",
            "pt", "pt-BR",
            "ar", "ar-SA",
            "zh", "zh-CN",
            "sw", "sw-KE");

    private Languages() {}

    /** What a model calls the language of {@code code}. */
    public static String spoken(String code) {
        return switch (code) {
            case "zh-HK" -> "yue";
            default -> code.substring(0, code.indexOf('-')).toLowerCase(Locale.ROOT);
        };
    }

    /** What a model calls it, of those that it knows. */
    public static Optional<String> spoken(String code, Collection<String> known) {
        String spoken = spoken(code);
        if (known.contains(spoken)) {
            return Optional.of(spoken);
        }
        return spoken.equals("yue") && known.contains("zh") ? Optional.of("zh") : Optional.empty();
    }

    /** AWS's code for what a model heard: the one of the options, or the usual one. */
    public static Optional<String> code(String spoken, List<String> options) {
        Optional<String> option = options.stream()
                .filter(code -> spoken(code).equals(spoken) || (code.equals("zh-HK") && spoken.equals("zh")))
                .findFirst();
        if (option.isPresent() || !options.isEmpty()) {
            return option;
        }
        String usual = USUAL.get(spoken);
        return usual != null
                ? Optional.of(usual)
                : LanguageCode.knownValues().stream()
                        .map(LanguageCode::toString)
                        .filter(code -> spoken(code).equals(spoken))
                        .sorted()
                        .findFirst();
    }
}
