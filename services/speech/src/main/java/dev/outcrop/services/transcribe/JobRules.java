package dev.outcrop.services.transcribe;

import static dev.outcrop.services.transcribe.Failures.badRequest;

import dev.outcrop.engines.embedding.EmbeddingException;
import dev.outcrop.engines.guard.Guard;
import dev.outcrop.engines.speech.SpeechRecognizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.transcribe.model.LanguageCode;
import software.amazon.awssdk.services.transcribe.model.LanguageIdSettings;
import software.amazon.awssdk.services.transcribe.model.Settings;
import software.amazon.awssdk.services.transcribe.model.StartTranscriptionJobRequest;

/**
 * Which requests for transcription jobs are taken.
 *
 * <p>Source: StartTranscriptionJob and its data types in the Amazon Transcribe API reference.
 */
final class JobRules {
    private static final Set<String> REDACTED_LANGUAGES = Set.of("en-US", "en-AU", "en-GB", "es-US");
    private static final int MOST_OPTIONS = 5;

    private final Recognizers recognizers;
    private final Vocabularies vocabularies;
    private final VocabularyFilters filters;
    private final LanguageModels models;
    private final S3Files files;
    private final Supplier<Guard> guard;

    JobRules(
            Recognizers recognizers,
            Vocabularies vocabularies,
            VocabularyFilters filters,
            LanguageModels models,
            S3Files files,
            Supplier<Guard> guard) {
        this.recognizers = recognizers;
        this.vocabularies = vocabularies;
        this.filters = filters;
        this.models = models;
        this.files = files;
        this.guard = guard;
    }

    static Optional<String> role(StartTranscriptionJobRequest request) {
        return Optional.ofNullable(request.jobExecutionSettings()).map(settings -> settings.dataAccessRoleArn());
    }

    /** Whether speakers are to be told apart. */
    static boolean partitions(StartTranscriptionJobRequest request) {
        return request.settings() != null
                && Boolean.TRUE.equals(request.settings().showSpeakerLabels());
    }

    /** Whether one language is to be identified. */
    static boolean identifies(StartTranscriptionJobRequest request) {
        return Boolean.TRUE.equals(request.identifyLanguage());
    }

    /** Whether several languages are. */
    static boolean identifiesSeveral(StartTranscriptionJobRequest request) {
        return Boolean.TRUE.equals(request.identifyMultipleLanguages());
    }

    void check(StartTranscriptionJobRequest request) {
        if (request.media().mediaFileUri() == null) {
            throw badRequest("You must specify MediaFileUri.");
        }
        if (request.media().redactedMediaFileUri() != null) {
            throw badRequest("RedactedMediaFileUri is for call analytics jobs only.");
        }
        checkLanguages(request);
        checkSettings(request);
        checkRedaction(request);
        checkToxicity(request);
        checkLanguageModel(request);
        checkPlaces(request);
        checkModel(request);
    }

    private static void checkLanguages(StartTranscriptionJobRequest request) {
        int chosen = (request.languageCode() == null ? 0 : 1)
                + (identifies(request) ? 1 : 0)
                + (identifiesSeveral(request) ? 1 : 0);
        if (chosen != 1) {
            throw badRequest(
                    "You must specify exactly one of LanguageCode, IdentifyLanguage and IdentifyMultipleLanguages.");
        }
        if (request.languageCode() == LanguageCode.UNKNOWN_TO_SDK_VERSION) {
            throw badRequest("The language code " + request.languageCodeAsString() + " isn't supported.");
        }
        List<LanguageCode> options = request.languageOptions();
        if (request.hasLanguageOptions() && !options.isEmpty()) {
            if (request.languageCode() != null) {
                throw badRequest("You can't specify LanguageOptions together with LanguageCode.");
            }
            if (identifies(request) && options.size() < 2) {
                throw badRequest("You must specify at least two language codes in LanguageOptions.");
            }
            if (options.size() > MOST_OPTIONS && identifiesSeveral(request)) {
                throw badRequest("You can specify at most " + MOST_OPTIONS + " language codes in LanguageOptions.");
            }
            long languages = options.stream()
                    .map(code -> Languages.spoken(code.toString()))
                    .distinct()
                    .count();
            if (languages < options.size()) {
                throw badRequest("You can only include one dialect of a language in LanguageOptions.");
            }
        }
        if (request.hasLanguageIdSettings() && !request.languageIdSettings().isEmpty()) {
            if (request.languageCode() != null) {
                throw badRequest("LanguageIdSettings can only be specified when a language is identified.");
            }
            if (!options.containsAll(request.languageIdSettings().keySet())) {
                throw badRequest("The languages of LanguageIdSettings must be among LanguageOptions.");
            }
        }
    }

    private void checkSettings(StartTranscriptionJobRequest request) {
        Settings settings = request.settings();
        if (settings != null) {
            boolean alternatives = Boolean.TRUE.equals(settings.showAlternatives());
            if (alternatives != (settings.maxAlternatives() != null)) {
                throw badRequest(
                        "If you set ShowAlternatives to true, you must also set MaxAlternatives, and only then.");
            }
            boolean speakers = Boolean.TRUE.equals(settings.showSpeakerLabels());
            if (speakers != (settings.maxSpeakerLabels() != null)) {
                throw badRequest(
                        "If you set ShowSpeakerLabels to true, you must also set MaxSpeakerLabels, and only then.");
            }
            if (speakers && Boolean.TRUE.equals(settings.channelIdentification())) {
                throw badRequest("You can't specify ShowSpeakerLabels and ChannelIdentification in one request.");
            }
            if (speakers && recognizers.voices().isEmpty()) {
                throw badRequest("ShowSpeakerLabels isn't available: " + Recognizers.NO_VOICES);
            }
            if ((settings.vocabularyFilterName() == null) != (settings.vocabularyFilterMethod() == null)) {
                throw badRequest("You must specify VocabularyFilterName and VocabularyFilterMethod together.");
            }
            checkWords(
                    Optional.ofNullable(settings.vocabularyName()),
                    Optional.ofNullable(settings.vocabularyFilterName()),
                    Optional.ofNullable(request.languageCodeAsString()));
        }
        for (Map.Entry<LanguageCode, LanguageIdSettings> each :
                request.languageIdSettings().entrySet()) {
            checkWords(
                    Optional.ofNullable(each.getValue().vocabularyName()),
                    Optional.ofNullable(each.getValue().vocabularyFilterName()),
                    Optional.of(each.getKey().toString()));
            if (each.getValue().languageModelName() != null) {
                models.usable(each.getValue().languageModelName(), each.getKey().toString());
            }
        }
    }

    private void checkWords(Optional<String> vocabulary, Optional<String> filter, Optional<String> language) {
        vocabulary.ifPresent(name -> vocabularies.usable(name, language));
        filter.ifPresent(name -> filters.usable(name, language));
    }

    private static void checkRedaction(StartTranscriptionJobRequest request) {
        if (request.contentRedaction() == null) {
            return;
        }
        List<String> languages = request.languageCode() != null
                ? List.of(request.languageCodeAsString())
                : request.languageOptions().stream().map(LanguageCode::toString).toList();
        if (!REDACTED_LANGUAGES.containsAll(languages)) {
            throw badRequest("Content redaction isn't supported for the language that you specified. It's supported for"
                    + " en-AU, en-GB, en-US and es-US.");
        }
    }

    private void checkLanguageModel(StartTranscriptionJobRequest request) {
        if (request.modelSettings() == null || request.modelSettings().languageModelName() == null) {
            return;
        }
        if (request.languageCode() == null) {
            throw badRequest(
                    "ModelSettings can only be specified together with LanguageCode. Where a language is identified,"
                            + " specify LanguageIdSettings.");
        }
        models.usable(request.modelSettings().languageModelName(), request.languageCodeAsString());
    }

    /** Whether what is toxic is to be told. */
    static boolean detectsToxicity(StartTranscriptionJobRequest request) {
        return request.hasToxicityDetection() && !request.toxicityDetection().isEmpty();
    }

    private void checkToxicity(StartTranscriptionJobRequest request) {
        if (!detectsToxicity(request)) {
            return;
        }
        if (request.languageCode() != LanguageCode.EN_US) {
            throw badRequest(
                    "Toxicity detection isn't supported for the language that you specified. It's supported for"
                            + " en-US.");
        }
        try {
            guard.get().toxicity().classify("Is it there?");
        } catch (EmbeddingException missing) {
            throw badRequest("Toxicity detection isn't available: " + missing.getMessage()
                    + ". Install it with: outcrop models pull all-minilm-l6-v2");
        }
    }

    private void checkPlaces(StartTranscriptionJobRequest request) {
        if (request.outputKey() != null && request.outputBucketName() == null) {
            throw badRequest("If you specify OutputKey, you must also specify OutputBucketName.");
        }
        if (request.outputEncryptionKMSKeyId() != null && request.outputBucketName() == null) {
            throw badRequest("If you specify OutputEncryptionKMSKeyId, you must also specify OutputBucketName.");
        }
        if (request.hasKmsEncryptionContext() && request.outputEncryptionKMSKeyId() == null) {
            throw badRequest("If you specify KMSEncryptionContext, you must also specify OutputEncryptionKMSKeyId.");
        }
        boolean deferred = request.jobExecutionSettings() != null
                && Boolean.TRUE.equals(request.jobExecutionSettings().allowDeferredExecution());
        if (deferred && role(request).isEmpty()) {
            throw badRequest("If you specify AllowDeferredExecution, you must also specify DataAccessRoleArn.");
        }
        String arn = TranscriptionJobs.arn(request.transcriptionJobName());
        files.check(S3Files.Place.of(request.media().mediaFileUri()), role(request), arn);
        if (request.outputBucketName() != null) {
            files.checkBucket(
                    request.outputBucketName(), OutputNames.of(request).transcript(), role(request), arn);
        }
    }

    private void checkModel(StartTranscriptionJobRequest request) {
        SpeechRecognizer recognizer = recognizers.find().orElseThrow(() -> badRequest(Recognizers.MISSING));
        List<String> codes = request.languageCode() != null
                ? List.of(request.languageCodeAsString())
                : request.languageOptions().stream().map(LanguageCode::toString).toList();
        for (String code : codes) {
            if (Languages.spoken(code, recognizer.languages()).isEmpty()) {
                throw badRequest("The language code " + code + " isn't supported by the installed model "
                        + recognizer.model() + ".");
            }
        }
    }
}
