package dev.outcrop.services.polly;

import dev.outcrop.engines.voice.markup.MarkupException;
import software.amazon.awssdk.services.polly.model.EngineNotSupportedException;
import software.amazon.awssdk.services.polly.model.InvalidLexiconException;
import software.amazon.awssdk.services.polly.model.InvalidSampleRateException;
import software.amazon.awssdk.services.polly.model.InvalidSsmlException;
import software.amazon.awssdk.services.polly.model.LanguageNotSupportedException;
import software.amazon.awssdk.services.polly.model.LexiconNotFoundException;
import software.amazon.awssdk.services.polly.model.LexiconSizeExceededException;
import software.amazon.awssdk.services.polly.model.MarksNotSupportedForFormatException;
import software.amazon.awssdk.services.polly.model.MaxLexemeLengthExceededException;
import software.amazon.awssdk.services.polly.model.MaxLexiconsNumberExceededException;
import software.amazon.awssdk.services.polly.model.PollyException;
import software.amazon.awssdk.services.polly.model.ServiceFailureException;
import software.amazon.awssdk.services.polly.model.SsmlMarksNotSupportedForTextTypeException;
import software.amazon.awssdk.services.polly.model.SynthesisTaskNotFoundException;
import software.amazon.awssdk.services.polly.model.TextLengthExceededException;
import software.amazon.awssdk.services.polly.model.UnsupportedPlsAlphabetException;
import software.amazon.awssdk.services.polly.model.UnsupportedPlsLanguageException;

/** The service's errors in its own words. */
final class Failures {
    /** The voice to install where there is none. */
    private static final String USUAL_VOICE = "piper-en-us-joe-medium";

    private Failures() {}

    static PollyException noVoice() {
        return EngineNotSupportedException.builder()
                .message("No voice is installed. Run 'outcrop models pull " + USUAL_VOICE + "' to install one.")
                .build();
    }

    static PollyException otherLanguage(String voiceId, String installed) {
        return LanguageNotSupportedException.builder()
                .message("No voice is installed for the language of " + voiceId + "; the one that is speaks "
                        + installed + ".")
                .build();
    }

    static PollyException language() {
        return LanguageNotSupportedException.builder()
                .message("This voice does not support the selected language.")
                .build();
    }

    static PollyException engine() {
        return EngineNotSupportedException.builder()
                .message("This voice does not support the selected engine")
                .build();
    }

    static PollyException sampleRate() {
        return InvalidSampleRateException.builder()
                .message("The specified sample rate is not valid.")
                .build();
    }

    static PollyException marksForFormat() {
        return MarksNotSupportedForFormatException.builder()
                .message("Speech marks are not supported for the given output format. Only json is supported.")
                .build();
    }

    static PollyException ssmlMarks() {
        return SsmlMarksNotSupportedForTextTypeException.builder()
                .message("SSML speech marks are not supported for plain text-type input.")
                .build();
    }

    static PollyException tooLong() {
        return TextLengthExceededException.builder()
                .message("Maximum text length has been exceeded")
                .build();
    }

    static PollyException ssml(MarkupException failure) {
        return InvalidSsmlException.builder()
                .message(
                        failure.category() == MarkupException.Category.UNSUPPORTED
                                ? "This voice does not support one of the used SSML features: " + failure.getMessage()
                                : "Invalid SSML request: " + failure.getMessage())
                .build();
    }

    static PollyException lexicon(MarkupException failure) {
        return switch (failure.category()) {
            case ALPHABET ->
                UnsupportedPlsAlphabetException.builder()
                        .message("The alphabet specified by the lexicon is not a supported alphabet. Valid values are"
                                + " x-sampa and ipa.")
                        .build();
            case ENTRY_TOO_LONG ->
                MaxLexemeLengthExceededException.builder()
                        .message("The maximum size of the lexeme would be exceeded by this operation.")
                        .build();
            case INVALID, UNSUPPORTED ->
                InvalidLexiconException.builder()
                        .message("Lexicon content is not valid: " + failure.getMessage())
                        .build();
        };
    }

    static PollyException lexiconLanguage() {
        return UnsupportedPlsLanguageException.builder()
                .message("The language specified in the lexicon is unsupported.")
                .build();
    }

    static PollyException lexiconSize() {
        return LexiconSizeExceededException.builder()
                .message("The maximum size of the specified lexicon would be exceeded by this operation.")
                .build();
    }

    static PollyException lexicons() {
        return MaxLexiconsNumberExceededException.builder()
                .message("The maximum number of lexicons would be exceeded by this operation.")
                .build();
    }

    static PollyException noLexicon(String name) {
        return LexiconNotFoundException.builder()
                .message("Lexicon not found: " + name)
                .build();
    }

    static PollyException noTask() {
        return SynthesisTaskNotFoundException.builder()
                .message("The Speech Synthesis task with requested Task ID cannot be found.")
                .build();
    }

    static PollyException failed(String message) {
        return ServiceFailureException.builder().message(message).build();
    }
}
