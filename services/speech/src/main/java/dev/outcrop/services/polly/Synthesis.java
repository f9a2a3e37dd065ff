package dev.outcrop.services.polly;

import dev.outcrop.engines.voice.Voice;
import dev.outcrop.engines.voice.VoiceException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.polly.model.SynthesizeSpeechRequest;
import software.amazon.awssdk.services.polly.model.SynthesizeSpeechResponse;

/** Speaks while the caller listens. */
final class Synthesis {
    private static final String MODEL_HEADER = "x-outcrop-model";

    private final InstalledVoice installed;
    private final Lexicons lexicons;

    Synthesis(InstalledVoice installed, Lexicons lexicons) {
        this.installed = installed;
        this.lexicons = lexicons;
    }

    <T> T synthesize(SynthesizeSpeechRequest request, ResponseTransformer<SynthesizeSpeechResponse, T> transformer) {
        Order order = Order.of(request, installed);
        try (SpeechStream speech = speak(order)) {
            SynthesizeSpeechResponse response = SynthesizeSpeechResponse.builder()
                    .contentType(order.contentType())
                    .requestCharacters(order.characters())
                    .build();
            return transformer.transform(response, AbortableInputStream.create(speech));
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException("the speech could not be handed out", failure);
        }
    }

    /** The speech of an order; says whose voice it is. */
    SpeechStream speak(Order order) {
        InstalledVoice.Files files = installed.files().orElseThrow(Failures::noVoice);
        CallContext call = CallContext.current();
        call.metering().model(order.voice().id().toString(), files.id());
        call.metering().add("Characters", order.characters());
        call.addResponseHeader(MODEL_HEADER, files.id());
        try {
            Voice voice = installed.voice(files);
            return new SpeechStream(
                    order,
                    installed
                            .speaker(voice)
                            .speak(
                                    order.speech(),
                                    lexicons.applied(
                                            order.lexicons(),
                                            order.voice().language().toString())),
                    voice.sampleRate());
        } catch (VoiceException failure) {
            throw failure(failure);
        }
    }

    private static RuntimeException failure(VoiceException failure) {
        return switch (failure.category()) {
            case OVERLOADED -> AwsError.throttling(failure.getMessage());
            case INVALID, UNAVAILABLE, FAILED -> Failures.failed(failure.getMessage());
        };
    }
}
