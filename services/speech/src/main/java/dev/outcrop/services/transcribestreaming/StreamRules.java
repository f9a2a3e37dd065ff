package dev.outcrop.services.transcribestreaming;

import static dev.outcrop.services.transcribestreaming.Failures.badRequest;

import dev.outcrop.engines.speech.SpeechRecognizer;
import dev.outcrop.services.transcribe.FilterWords;
import dev.outcrop.services.transcribe.Languages;
import dev.outcrop.services.transcribe.Vocabularies;
import dev.outcrop.services.transcribe.VocabularyEntries;
import dev.outcrop.services.transcribe.VocabularyFilters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.transcribestreaming.model.LanguageCode;
import software.amazon.awssdk.services.transcribestreaming.model.MediaEncoding;
import software.amazon.awssdk.services.transcribestreaming.model.StartStreamTranscriptionRequest;

/**
 * Which requests for streams are taken, and what they come to.
 *
 * <p>Source: StartStreamTranscription of the Amazon Transcribe API reference.
 */
final class StreamRules {
    private static final Set<String> PII_LANGUAGES = Set.of("en-US", "en-AU", "en-GB", "es-US");
    private static final Set<String> PII_TYPES = Set.of(
            "BANK_ACCOUNT_NUMBER",
            "BANK_ROUTING",
            "CREDIT_DEBIT_NUMBER",
            "CREDIT_DEBIT_CVV",
            "CREDIT_DEBIT_EXPIRY",
            "PIN",
            "EMAIL",
            "ADDRESS",
            "NAME",
            "PHONE",
            "SSN",
            "ALL");

    private StreamRules() {}

    /**
     * What a request comes to.
     *
     * @param language     AWS's code; empty where it is identified
     * @param several      whether the language may change
     * @param options      AWS's codes of the languages that may be spoken, where one is identified
     * @param vocabularies by AWS's code of the language
     * @param filters      by AWS's code of the language
     */
    record Wanted(
            StartStreamTranscriptionRequest request,
            Optional<String> language,
            boolean several,
            List<String> options,
            Map<String, VocabularyEntries> vocabularies,
            Map<String, FilterWords> filters,
            List<String> personalData) {
        boolean stabilizes() {
            return Boolean.TRUE.equals(request.enablePartialResultsStabilization());
        }

        boolean keepsChannelsApart() {
            return Boolean.TRUE.equals(request.enableChannelIdentification());
        }

        boolean redacts() {
            return request.contentRedactionType() != null;
        }

        boolean identifiesPersonalData() {
            return request.contentIdentificationType() != null;
        }

        /** What a model calls AWS's language. */
        String spoken(String code, SpeechRecognizer recognizer) {
            return Languages.spoken(code, recognizer.languages())
                    .orElseThrow(() -> badRequest("The language code " + code
                            + " isn't supported by the installed model " + recognizer.model() + "."));
        }
    }

    static Wanted check(
            StartStreamTranscriptionRequest request,
            SpeechRecognizer recognizer,
            Vocabularies vocabularies,
            VocabularyFilters filters) {
        boolean identifies = Boolean.TRUE.equals(request.identifyLanguage());
        boolean several = Boolean.TRUE.equals(request.identifyMultipleLanguages());
        int chosen = (request.languageCode() == null ? 0 : 1) + (identifies ? 1 : 0) + (several ? 1 : 0);
        if (chosen != 1) {
            throw badRequest(
                    "You must specify exactly one of LanguageCode, IdentifyLanguage and IdentifyMultipleLanguages.");
        }
        Optional<String> language = Optional.ofNullable(request.languageCodeAsString());
        List<String> options = list(request.languageOptions());
        if (language.isPresent() ? !options.isEmpty() : options.size() < 2) {
            throw badRequest(
                    "LanguageOptions must name two languages or more where a language is identified, and can't be"
                            + " specified together with LanguageCode.");
        }
        for (String code : options) {
            if (LanguageCode.fromValue(code) == LanguageCode.UNKNOWN_TO_SDK_VERSION) {
                throw badRequest("The language code " + code + " in LanguageOptions isn't supported.");
            }
        }
        if (options.stream().map(Languages::spoken).distinct().count() < options.size()) {
            throw badRequest("You can only include one dialect of a language in LanguageOptions.");
        }
        if (request.preferredLanguage() != null && !options.contains(request.preferredLanguageAsString())) {
            throw badRequest("PreferredLanguage must be among LanguageOptions.");
        }
        checkChannels(request);
        List<String> personal = personalData(request, language, options);
        if (request.languageModelName() != null) {
            throw badRequest("The requested language model couldn't be found. Check the model name and try your request"
                    + " again.");
        }
        Wanted wanted = new Wanted(
                request,
                language,
                several,
                options,
                words(
                        language,
                        options,
                        Optional.ofNullable(request.vocabularyName()),
                        list(request.vocabularyNames()),
                        vocabularies::usable),
                words(
                        language,
                        options,
                        Optional.ofNullable(request.vocabularyFilterName()),
                        list(request.vocabularyFilterNames()),
                        filters::usable),
                personal);
        language.ifPresent(code -> wanted.spoken(code, recognizer));
        options.forEach(code -> wanted.spoken(code, recognizer));
        return wanted;
    }

    private static void checkChannels(StartStreamTranscriptionRequest request) {
        boolean apart = Boolean.TRUE.equals(request.enableChannelIdentification());
        if (apart != (request.numberOfChannels() != null)) {
            throw badRequest("You must specify EnableChannelIdentification and NumberOfChannels together.");
        }
        if (request.numberOfChannels() != null && request.numberOfChannels() != 2) {
            throw badRequest("NumberOfChannels must be 2.");
        }
        if (Boolean.TRUE.equals(request.showSpeakerLabel())) {
            throw badRequest("ShowSpeakerLabel isn't available: speakers are told apart in transcription jobs, not in"
                    + " streams.");
        }
        if (request.mediaEncoding() == MediaEncoding.UNKNOWN_TO_SDK_VERSION) {
            throw badRequest("The media encoding " + request.mediaEncodingAsString() + " isn't supported.");
        }
    }

    private static List<String> personalData(
            StartStreamTranscriptionRequest request, Optional<String> language, List<String> options) {
        boolean identifies = request.contentIdentificationType() != null;
        boolean redacts = request.contentRedactionType() != null;
        if (identifies && redacts) {
            throw badRequest("You can't specify ContentIdentificationType and ContentRedactionType in one request.");
        }
        List<String> types = list(request.piiEntityTypes());
        if (!types.isEmpty() && !identifies && !redacts) {
            throw badRequest(
                    "To include PiiEntityTypes, you must specify ContentIdentificationType or ContentRedactionType.");
        }
        for (String type : types) {
            if (!PII_TYPES.contains(type)) {
                throw badRequest("The PII entity type " + type + " isn't supported.");
            }
        }
        if ((identifies || redacts)
                && !PII_LANGUAGES.containsAll(language.map(List::of).orElse(options))) {
            throw badRequest("Personal data is identified for en-AU, en-GB, en-US and es-US only.");
        }
        return types;
    }

    private static List<String> list(String value) {
        return value == null
                ? List.of()
                : Arrays.stream(value.split(","))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .toList();
    }

    /** What was named for each language: one where the language is known, else each for the one that it is of. */
    private static <T> Map<String, T> words(
            Optional<String> language,
            List<String> options,
            Optional<String> name,
            List<String> names,
            BiFunction<String, Optional<String>, T> usable) {
        if (language.isPresent() ? !names.isEmpty() : name.isPresent()) {
            throw badRequest("Name one vocabulary or filter where LanguageCode is specified, and a list of them where a"
                    + " language is identified.");
        }
        Map<String, T> words = new HashMap<>();
        try {
            if (language.isPresent() && name.isPresent()) {
                words.put(language.get(), usable.apply(name.get(), language));
            }
            for (String each : names) {
                words.putAll(ofOne(each, options, usable));
            }
        } catch (AwsServiceException refusal) {
            throw badRequest(
                    refusal.awsErrorDetails() == null
                            ? refusal.getMessage()
                            : Optional.ofNullable(refusal.awsErrorDetails().errorMessage())
                                    .orElse(refusal.getMessage()));
        }
        return words;
    }

    private static <T> Map<String, T> ofOne(
            String name, List<String> options, BiFunction<String, Optional<String>, T> usable) {
        List<AwsServiceException> refusals = new ArrayList<>();
        for (String code : options) {
            try {
                return Map.of(code, usable.apply(name, Optional.of(code)));
            } catch (AwsServiceException otherLanguage) {
                refusals.add(otherLanguage);
            }
        }
        throw refusals.getLast();
    }
}
