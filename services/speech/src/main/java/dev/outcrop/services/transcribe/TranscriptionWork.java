package dev.outcrop.services.transcribe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.audio.AudioDecoder;
import dev.outcrop.engines.audio.AudioFormat;
import dev.outcrop.engines.audio.AudioLimits;
import dev.outcrop.engines.audio.SoundStream;
import dev.outcrop.engines.audio.UnreadableAudioException;
import dev.outcrop.engines.guard.Guard;
import dev.outcrop.engines.guard.ToxicityClassifier;
import dev.outcrop.engines.speech.RecognitionOptions;
import dev.outcrop.engines.speech.RecognitionOptions.BoostedPhrase;
import dev.outcrop.engines.speech.SpeechException;
import dev.outcrop.engines.speech.SpeechRecognizer;
import dev.outcrop.engines.speech.SpeechRecognizer.DetectedLanguage;
import dev.outcrop.engines.speech.speakers.Voiceprints;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobInterrupted;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.JobStopped;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.services.transcribe.TranscriptJson.LanguageScore;
import dev.outcrop.services.transcribe.TranscriptJson.Whole;
import dev.outcrop.shapes.codec.StoredShapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.transcribe.model.LanguageCode;
import software.amazon.awssdk.services.transcribe.model.LanguageCodeItem;
import software.amazon.awssdk.services.transcribe.model.LanguageIdSettings;
import software.amazon.awssdk.services.transcribe.model.MediaFormat;
import software.amazon.awssdk.services.transcribe.model.ModelSettings;
import software.amazon.awssdk.services.transcribe.model.RedactionOutput;
import software.amazon.awssdk.services.transcribe.model.Settings;
import software.amazon.awssdk.services.transcribe.model.StartTranscriptionJobRequest;
import software.amazon.awssdk.services.transcribe.model.SubtitleFormat;
import software.amazon.awssdk.services.transcribe.model.Transcript;
import software.amazon.awssdk.services.transcribe.model.TranscriptionJob;
import software.amazon.awssdk.services.transcribe.model.TranscriptionJobStatus;
import software.amazon.awssdk.services.transcribe.model.VocabularyFilterMethod;

/**
 * Transcribes a file: fetches it, decodes and recognises it piece by piece, and writes what was asked for. Each piece is a
 * checkpoint; a job that was killed fetches the file again and goes on behind its last piece.
 */
final class TranscriptionWork implements Work {
    /** The kind of its jobs. */
    static final String KIND = "transcribe:transcription";
    /** What URIs of files in Transcribe's own bucket begin with in records. */
    static final String OWN = "own:";

    private static final AudioLimits LIMITS = new AudioLimits(2L << 30, Duration.ofHours(4), 2);
    private static final int LOWEST_RATE = 8_000;
    private static final int HIGHEST_RATE = 48_000;
    private static final int PIECE_SECONDS = 300;
    /** Where languages change, a piece is as long as a sentence or a few. */
    private static final int LANGUAGE_PIECE_SECONDS = 20;

    private static final int ATTEMPTS = 5;
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final TranscriptionJobs jobs;
    private final Recognizers recognizers;
    private final Supplier<Guard> guard;
    private final Vocabularies vocabularies;
    private final VocabularyFilters filters;
    private final LanguageModels models;
    private final S3Files files;
    private final ServiceBucket bucket;
    private final Path folder;
    private final JobMetrics metrics;
    private final JobEvents events;
    private final InstantSource clock;

    TranscriptionWork(
            TranscriptionJobs jobs,
            Recognizers recognizers,
            Supplier<Guard> guard,
            Vocabularies vocabularies,
            VocabularyFilters filters,
            LanguageModels models,
            S3Files files,
            ServiceBucket bucket,
            Path folder,
            JobMetrics metrics,
            JobEvents events,
            InstantSource clock) {
        this.jobs = jobs;
        this.recognizers = recognizers;
        this.guard = guard;
        this.vocabularies = vocabularies;
        this.filters = filters;
        this.models = models;
        this.files = files;
        this.bucket = bucket;
        this.folder = folder;
        this.metrics = metrics;
        this.events = events;
        this.clock = clock;
    }

    private static StartTranscriptionJobRequest request(Job job) {
        return StoredShapes.read(job.input(), StartTranscriptionJobRequest::builder);
    }

    @Override
    public void run(JobRun run) throws IOException {
        StartTranscriptionJobRequest request = request(run.job());
        String name = request.transcriptionJobName();
        Optional<TranscriptionJob> begun = jobs.change(
                name,
                run.job().id(),
                job -> job.copy(running -> running.transcriptionJobStatus(TranscriptionJobStatus.IN_PROGRESS)
                        .startTime(
                                job.startTime() == null
                                        ? clock.instant().truncatedTo(ChronoUnit.MILLIS)
                                        : job.startTime())));
        if (begun.isEmpty()) {
            return;
        }
        metrics.begun();
        try {
            transcribe(run, request);
        } catch (JobStopped | JobInterrupted ended) {
            throw ended;
        } catch (AwsServiceException | AwsError refused) {
            metrics.failed(true);
            throw refused;
        } catch (IOException | RuntimeException failure) {
            metrics.failed(false);
            throw failure;
        } finally {
            metrics.ended();
        }
    }

    private void transcribe(JobRun run, StartTranscriptionJobRequest request) throws IOException {
        SpeechRecognizer recognizer = recognizers.find().orElseThrow(() -> Failures.badRequest(Recognizers.MISSING));
        Files.createDirectories(folder);
        Path media = Files.createTempFile(folder, "media", "");
        try {
            files.copy(
                    S3Files.Place.of(request.media().mediaFileUri()),
                    JobRules.role(request),
                    TranscriptionJobs.arn(request.transcriptionJobName()),
                    media,
                    run::proceed);
            transcribe(run, request, recognizer, media);
        } catch (UnreadableAudioException unreadable) {
            throw Failures.badRequest(reason(unreadable));
        } finally {
            Files.deleteIfExists(media);
        }
    }

    private static String reason(UnreadableAudioException unreadable) {
        return switch (unreadable.category()) {
            case UNSUPPORTED -> "Unsupported media format: " + unreadable.getMessage() + ".";
            case DAMAGED -> "The media file couldn't be read: " + unreadable.getMessage() + ".";
            case TOO_LONG -> "Invalid file size: file size too large. Your audio file must be no longer than 4 hours.";
            case TOO_LARGE ->
                unreadable.getMessage().contains("channels")
                        ? "Invalid number of channels: number of channels too large. Your audio can have at most two"
                                + " channels."
                        : "Invalid file size: file size too large. Your audio file must be no larger than 2 GB.";
        };
    }

    private void transcribe(JobRun run, StartTranscriptionJobRequest request, SpeechRecognizer recognizer, Path media) {
        AudioFormat format = AudioDecoder.format(media)
                .orElseThrow(
                        () -> Failures.badRequest("Unsupported media format: the file is of no format that is known."));
        if (request.mediaFormat() != null && !matches(request.mediaFormat(), format)) {
            throw Failures.badRequest("The media format provided does not match the detected media format.");
        }
        boolean apart = request.settings() != null
                && Boolean.TRUE.equals(request.settings().channelIdentification());
        try (SoundStream sound = AudioDecoder.open(media, LIMITS)) {
            int rate = sound.sampleRate();
            if (rate < LOWEST_RATE || rate > HIGHEST_RATE) {
                throw Failures.badRequest(
                        "Invalid sample rate for audio file. The sample rate must be between 8,000 and"
                                + " 48,000 Hz, but is " + rate + " Hz.");
            }
            if (request.mediaSampleRateHertz() != null && request.mediaSampleRateHertz() != rate && !isOpus(format)) {
                throw Failures.badRequest("The sample rate provided does not match the detected sample rate.");
            }
            int seconds = JobRules.identifiesSeveral(request) ? LANGUAGE_PIECE_SECONDS : PIECE_SECONDS;
            SoundPieces pieces = new SoundPieces(sound, apart, seconds);
            HeardSoFar heard = run.checkpoint()
                    .map(HeardSoFar::read)
                    .orElseGet(() -> HeardSoFar.begin(Optional.ofNullable(request.languageCodeAsString())));
            for (Optional<SoundPieces.Piece> piece = pieces.next(); piece.isPresent(); piece = pieces.next()) {
                run.proceed();
                if (piece.get().end() > heard.samples()) {
                    heard = hear(run, request, recognizer, piece.get(), heard);
                    run.progress(0, heard.write());
                }
            }
            metrics.heard((double) heard.samples() / SpeechRecognizer.SAMPLE_RATE, heard.language());
            List<Passage> passages =
                    JobRules.partitions(request) ? bySpeaker(run, request, heard.passages(), media) : heard.passages();
            finish(run, request, heard, passages, format, rate, apart ? pieces.channels() : 0);
        }
    }

    /** The passages, of one speaker each: the file is heard a second time, by what knows voices. */
    private List<Passage> bySpeaker(
            JobRun run, StartTranscriptionJobRequest request, List<Passage> passages, Path media) {
        Voiceprints voices = recognizers
                .voices()
                .orElseThrow(
                        () -> Failures.badRequest("The speakers couldn't be told apart: " + Recognizers.NO_VOICES));
        SpeakersOfPassages speakers = new SpeakersOfPassages(passages);
        try (SoundStream sound = AudioDecoder.open(media, LIMITS)) {
            SoundPieces pieces = new SoundPieces(sound, false, PIECE_SECONDS);
            for (Optional<SoundPieces.Piece> piece = pieces.next(); piece.isPresent(); piece = pieces.next()) {
                run.proceed();
                SoundPieces.Piece next = piece.get();
                patiently(run, () -> speakers.hear(next, voices));
            }
        }
        return speakers.apart(request.settings().maxSpeakerLabels());
    }

    /** Opus has no rate of its own. */
    private static boolean isOpus(AudioFormat format) {
        return format == AudioFormat.OGG || format == AudioFormat.WEBM;
    }

    private static boolean matches(MediaFormat said, AudioFormat found) {
        return switch (said) {
            case WAV -> found == AudioFormat.WAV;
            case FLAC -> found == AudioFormat.FLAC;
            case OGG -> found == AudioFormat.OGG;
            case WEBM -> found == AudioFormat.WEBM;
            case MP3 -> found == AudioFormat.MP3;
            case MP4, M4_A -> found == AudioFormat.MP4;
            case AMR -> found == AudioFormat.AMR;
            case UNKNOWN_TO_SDK_VERSION -> false;
        };
    }

    private HeardSoFar hear(
            JobRun run,
            StartTranscriptionJobRequest request,
            SpeechRecognizer recognizer,
            SoundPieces.Piece piece,
            HeardSoFar before) {
        HeardSoFar heard = before;
        boolean several = JobRules.identifiesSeveral(request);
        List<String> options =
                request.languageOptions().stream().map(LanguageCode::toString).toList();
        if (heard.language().isEmpty() || several) {
            List<LanguageScore> scores = identified(run, recognizer, piece, options);
            if (!scores.isEmpty()) {
                heard = heard.identified(scores.getFirst().code(), scores);
            }
        }
        if (heard.language().isEmpty()) {
            // Nobody has spoken yet.
            return heard.and(piece.end(), List.of(), Map.of());
        }
        String language = heard.language();
        RecognitionOptions recognition = options(request, recognizer, language);
        List<Passage> passages = new ArrayList<>();
        for (int channel = 0; channel < piece.channels().length; channel++) {
            float[] samples = piece.channels()[channel];
            dev.outcrop.engines.speech.Transcript transcript =
                    patiently(run, () -> recognizer.transcribe(samples, recognition));
            for (dev.outcrop.engines.speech.Transcript.Segment segment : transcript.segments()) {
                passages.add(Passage.of(segment, channel, language, piece.seconds()));
            }
        }
        passages.removeIf(passage -> passage.items().isEmpty());
        passages.sort(Comparator.comparingDouble(Passage::start));
        Map<String, Double> seconds = new HashMap<>();
        if (several) {
            passages.forEach(passage -> seconds.merge(language, passage.end() - passage.start(), Double::sum));
        }
        return heard.and(piece.end(), passages, seconds);
    }

    /** How probable languages are, of the options if there are any, most probable first. */
    private static List<LanguageScore> identified(
            JobRun run, SpeechRecognizer recognizer, SoundPieces.Piece piece, List<String> options) {
        List<LanguageScore> scores = new ArrayList<>();
        double sum = 0;
        for (DetectedLanguage language : patiently(run, () -> recognizer.identify(piece.channels()[0]))) {
            Optional<String> code = Languages.code(language.code(), options);
            if (code.isPresent()) {
                scores.add(new LanguageScore(code.get(), language.score()));
                sum += language.score();
            }
        }
        double all = options.isEmpty() || sum == 0 ? 1 : sum;
        return scores.stream()
                .sorted(Comparator.comparingDouble(LanguageScore::score).reversed())
                .limit(5)
                .map(score -> new LanguageScore(score.code(), score.score() / all))
                .toList();
    }

    private RecognitionOptions options(
            StartTranscriptionJobRequest request, SpeechRecognizer recognizer, String language) {
        RecognitionOptions options =
                RecognitionOptions.DEFAULT.withLanguage(Languages.spoken(language, recognizer.languages())
                        .orElseThrow(() -> Failures.badRequest("The language code " + language
                                + " isn't supported by the installed model " + recognizer.model() + ".")));
        Settings settings = request.settings();
        if (settings != null && Boolean.TRUE.equals(settings.showAlternatives())) {
            options = options.withAlternatives(settings.maxAlternatives() - 1);
        }
        List<BoostedPhrase> preferred =
                new ArrayList<>(vocabulary(request, language).boosted());
        languageModel(request, language).ifPresent(name -> preferred.addAll(models.usable(name, language)));
        return options.withBoostedPhrases(preferred);
    }

    private static Optional<String> languageModel(StartTranscriptionJobRequest request, String language) {
        return Optional.ofNullable(request.languageIdSettings().get(LanguageCode.fromValue(language)))
                .map(LanguageIdSettings::languageModelName)
                .or(() -> Optional.ofNullable(request.modelSettings()).map(ModelSettings::languageModelName));
    }

    private VocabularyEntries vocabulary(StartTranscriptionJobRequest request, String language) {
        return words(request, language, Settings::vocabularyName, LanguageIdSettings::vocabularyName)
                .map(name -> vocabularies.usable(name, Optional.of(language)))
                .orElse(VocabularyEntries.NONE);
    }

    private interface Of<S> {
        String name(S settings);
    }

    private static Optional<String> words(
            StartTranscriptionJobRequest request, String language, Of<Settings> whole, Of<LanguageIdSettings> each) {
        return Optional.ofNullable(request.languageIdSettings().get(LanguageCode.fromValue(language)))
                .map(each::name)
                .or(() -> request.languageCode() == null
                        ? Optional.empty()
                        : Optional.ofNullable(request.settings()).map(whole::name));
    }

    private interface Attempt<T> {
        T get();
    }

    /** Tries again where the recogniser was restarted or has too much to do. */
    private static <T> T patiently(JobRun run, Attempt<T> attempt) {
        for (int left = ATTEMPTS; ; left--) {
            try {
                return attempt.get();
            } catch (SpeechException failure) {
                boolean passing = switch (failure.category()) {
                    case OVERLOADED, UNAVAILABLE -> true;
                    case INVALID, MODEL, TIMED_OUT -> false;
                };
                if (!passing || left == 1) {
                    throw Failures.badRequest("The speech couldn't be recognised: " + failure.getMessage());
                }
                run.proceed();
                sleep();
            }
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish(
            JobRun run,
            StartTranscriptionJobRequest request,
            HeardSoFar heard,
            List<Passage> apart,
            AudioFormat format,
            int rate,
            int channels) {
        List<Passage> passages = written(request, apart);
        OutputNames names = OutputNames.of(request);
        Output output = new Output(request, run.job().id());
        boolean redacts = request.contentRedaction() != null;
        boolean plain =
                !redacts || request.contentRedaction().redactionOutput() == RedactionOutput.REDACTED_AND_UNREDACTED;
        List<SubtitleFormat> formats =
                request.subtitles() == null ? List.of() : request.subtitles().formats();
        int startIndex = request.subtitles() == null || request.subtitles().outputStartIndex() == null
                ? 0
                : request.subtitles().outputStartIndex();
        Transcript.Builder transcript = Transcript.builder();
        List<String> subtitles = new ArrayList<>();
        if (plain) {
            transcript.transcriptFileUri(output.write(
                    names.transcript(),
                    TranscriptJson.write(
                            whole(request, heard, channels, false), passages, toxicity(request, passages))));
            for (SubtitleFormat each : formats) {
                subtitles.add(output.write(
                        names.subtitles(each, false),
                        Subtitles.write(passages, each, startIndex).getBytes(UTF_8)));
            }
        }
        if (redacts) {
            Redaction redaction = new Redaction(
                    guard.get().personalData(), request.contentRedaction().piiEntityTypesAsStrings());
            List<Passage> redacted = passages.stream()
                    .map(passage -> passage.with(redaction::applied))
                    .toList();
            transcript.redactedTranscriptFileUri(output.write(
                    names.redacted(),
                    TranscriptJson.write(
                            whole(request, heard, channels, true), redacted, toxicity(request, redacted))));
            for (SubtitleFormat each : formats) {
                subtitles.add(output.write(
                        names.subtitles(each, true),
                        Subtitles.write(redacted, each, startIndex).getBytes(UTF_8)));
            }
        }
        jobs.change(
                request.transcriptionJobName(),
                run.job().id(),
                job -> job.copy(done -> {
                    done.transcriptionJobStatus(TranscriptionJobStatus.COMPLETED)
                            .completionTime(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                            .mediaSampleRateHertz(rate)
                            .mediaFormat(job.mediaFormat() == null ? format(format) : job.mediaFormat())
                            .transcript(transcript.build());
                    if (job.subtitles() != null) {
                        done.subtitles(job.subtitles().copy(told -> told.subtitleFileUris(subtitles)));
                    }
                    if (JobRules.identifies(request) && !heard.language().isEmpty()) {
                        done.languageCode(heard.language());
                        heard.scores().stream()
                                .findFirst()
                                .ifPresent(score -> done.identifiedLanguageScore((float) score.score()));
                    }
                    if (JobRules.identifiesSeveral(request)) {
                        done.languageCodes(heard.durations().entrySet().stream()
                                .map(each -> LanguageCodeItem.builder()
                                        .languageCode(each.getKey())
                                        .durationInSeconds(each.getValue().floatValue())
                                        .build())
                                .toList());
                    }
                }));
    }

    /** What was heard, as the vocabulary writes it and the filter lets it through. */
    private List<Passage> written(StartTranscriptionJobRequest request, List<Passage> heard) {
        Map<String, VocabularyEntries> entries = new HashMap<>();
        Map<String, Optional<FilterWords>> words = new HashMap<>();
        VocabularyFilterMethod method =
                request.settings() == null || request.settings().vocabularyFilterMethod() == null
                        ? VocabularyFilterMethod.MASK
                        : request.settings().vocabularyFilterMethod();
        return heard.stream()
                .map(passage -> {
                    VocabularyEntries vocabulary =
                            entries.computeIfAbsent(passage.language(), language -> vocabulary(request, language));
                    Optional<FilterWords> filter = words.computeIfAbsent(
                            passage.language(),
                            language -> words(
                                            request,
                                            language,
                                            Settings::vocabularyFilterName,
                                            LanguageIdSettings::vocabularyFilterName)
                                    .map(name -> filters.usable(name, Optional.of(language))));
                    return passage.with(items -> {
                        List<Item> shown = vocabulary.applied(items);
                        return filter.isPresent() ? filter.get().applied(shown, method) : shown;
                    });
                })
                .filter(passage -> !passage.items().isEmpty())
                .toList();
    }

    private static Whole whole(StartTranscriptionJobRequest request, HeardSoFar heard, int channels, boolean redacted) {
        Settings settings = request.settings();
        boolean alternatives = settings != null && Boolean.TRUE.equals(settings.showAlternatives());
        boolean several = JobRules.identifiesSeveral(request);
        return new Whole(
                request.transcriptionJobName(),
                CallContext.current().account(),
                JobRules.identifies(request) && !heard.language().isEmpty()
                        ? Optional.of(heard.language())
                        : Optional.empty(),
                heard.scores(),
                several ? new LinkedHashMap<>(heard.durations()) : Map.of(),
                channels,
                JobRules.partitions(request),
                alternatives,
                alternatives ? settings.maxAlternatives() : 1,
                redacted);
    }

    /** How toxic each passage is, if that was asked for. */
    private List<Map<ToxicityClassifier.Kind, Double>> toxicity(
            StartTranscriptionJobRequest request, List<Passage> passages) {
        if (!JobRules.detectsToxicity(request)) {
            return List.of();
        }
        ToxicityClassifier classifier = guard.get().toxicity();
        return passages.stream()
                .map(passage -> classifier.classify(passage.text()))
                .toList();
    }

    private static MediaFormat format(AudioFormat found) {
        return switch (found) {
            case WAV -> MediaFormat.WAV;
            case FLAC -> MediaFormat.FLAC;
            case OGG -> MediaFormat.OGG;
            case WEBM -> MediaFormat.WEBM;
            case MP3 -> MediaFormat.MP3;
            case MP4 -> MediaFormat.MP4;
            case AMR -> MediaFormat.AMR;
            case ADTS -> null;
        };
    }

    /** Where a job writes. */
    private final class Output {
        private final StartTranscriptionJobRequest request;
        private final String own;

        Output(StartTranscriptionJobRequest request, String workId) {
            this.request = request;
            own = "transcription-job/" + workId + "/";
        }

        /** Writes a file and tells its URI. */
        String write(String key, byte[] content) {
            if (request.outputBucketName() == null) {
                bucket.write(own + key, content);
                return OWN + own + key;
            }
            S3Files.Place place = new S3Files.Place(request.outputBucketName(), key);
            files.write(
                    place,
                    content,
                    key.endsWith(".json") ? "application/json" : "text/plain; charset=utf-8",
                    Optional.ofNullable(request.outputEncryptionKMSKeyId()),
                    request.kmsEncryptionContext(),
                    JobRules.role(request),
                    TranscriptionJobs.arn(request.transcriptionJobName()));
            return place.url(CallContext.current().region());
        }
    }

    @Override
    public void ended(Job ended) {
        String reason = ended.status() == Job.Status.STOPPED
                ? "The job was stopped."
                : ended.reason().orElse("Internal failure.");
        jobs.change(
                        request(ended).transcriptionJobName(),
                        ended.id(),
                        job -> TranscriptionJobs.isEnded(job)
                                ? job
                                : job.copy(failed -> failed.transcriptionJobStatus(TranscriptionJobStatus.FAILED)
                                        .completionTime(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                                        .failureReason(reason)))
                .ifPresent(events::ended);
    }
}
