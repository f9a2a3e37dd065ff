package dev.outcrop.services.transcribestreaming;

import dev.outcrop.engines.guard.PersonalDataFinder;
import dev.outcrop.engines.speech.SpeechRecognizer;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.EventStreams;
import dev.outcrop.services.transcribe.Recognizers;
import dev.outcrop.services.transcribe.TranscribeService;
import dev.outcrop.services.transcribestreaming.StreamRules.Wanted;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import software.amazon.awssdk.services.transcribestreaming.TranscribeStreamingAsyncClient;
import software.amazon.awssdk.services.transcribestreaming.model.AudioStream;
import software.amazon.awssdk.services.transcribestreaming.model.StartStreamTranscriptionRequest;
import software.amazon.awssdk.services.transcribestreaming.model.StartStreamTranscriptionResponse;
import software.amazon.awssdk.services.transcribestreaming.model.StartStreamTranscriptionResponseHandler;

/** The streams of Amazon Transcribe. */
public final class TranscribeStreams implements TranscribeStreamingAsyncClient {
    private static final int MOST_AT_ONCE = 25;

    private final Supplier<TranscribeService> transcribe;
    private final Recognizers recognizers;
    private final Supplier<PersonalDataFinder> personalData;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);

    /**
     * Streams; does no work.
     *
     * @param transcribe has the vocabularies and filters
     */
    public TranscribeStreams(
            Supplier<TranscribeService> transcribe,
            Recognizers recognizers,
            Supplier<PersonalDataFinder> personalData) {
        this.transcribe = transcribe;
        this.recognizers = recognizers;
        this.personalData = personalData;
    }

    @Override
    public CompletableFuture<Void> startStreamTranscription(
            StartStreamTranscriptionRequest request,
            Publisher<AudioStream> audio,
            StartStreamTranscriptionResponseHandler handler) {
        SpeechRecognizer recognizer = recognizers.find().orElseThrow(() -> Failures.badRequest(Recognizers.MISSING));
        TranscribeService service = transcribe.get();
        Wanted wanted = StreamRules.check(request, recognizer, service.vocabularies(), service.vocabularyFilters());
        if (!free.tryAcquire()) {
            throw Failures.limit("You have reached your limit of concurrent streams. Wait until one of your streams has"
                    + " ended and try your request again.");
        }
        try {
            StreamResults results = new StreamResults(wanted, personalData);
            TranscriptionStream stream = new TranscriptionStream(wanted, recognizer, results);
            return EventStreams.publish(handler, response(request), sink -> stream.run(audio, sink));
        } finally {
            free.release();
        }
    }

    private static StartStreamTranscriptionResponse response(StartStreamTranscriptionRequest request) {
        return StartStreamTranscriptionResponse.builder()
                .requestId(CallContext.current().requestId())
                .sessionId(Optional.ofNullable(request.sessionId())
                        .orElseGet(() -> UUID.randomUUID().toString()))
                .languageCode(request.languageCode())
                .mediaSampleRateHertz(request.mediaSampleRateHertz())
                .mediaEncoding(request.mediaEncoding())
                .vocabularyName(request.vocabularyName())
                .vocabularyFilterName(request.vocabularyFilterName())
                .vocabularyFilterMethod(request.vocabularyFilterMethod())
                .showSpeakerLabel(request.showSpeakerLabel())
                .enableChannelIdentification(request.enableChannelIdentification())
                .numberOfChannels(request.numberOfChannels())
                .enablePartialResultsStabilization(request.enablePartialResultsStabilization())
                .partialResultsStability(request.partialResultsStability())
                .contentIdentificationType(request.contentIdentificationType())
                .contentRedactionType(request.contentRedactionType())
                .piiEntityTypes(request.piiEntityTypes())
                .languageModelName(request.languageModelName())
                .identifyLanguage(request.identifyLanguage())
                .languageOptions(request.languageOptions())
                .preferredLanguage(request.preferredLanguage())
                .identifyMultipleLanguages(request.identifyMultipleLanguages())
                .vocabularyNames(request.vocabularyNames())
                .vocabularyFilterNames(request.vocabularyFilterNames())
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
