package dev.outcrop.services.polly;

import dev.outcrop.engines.audio.encoding.Mp3Encoder;
import dev.outcrop.engines.audio.encoding.OggOpusEncoder;
import dev.outcrop.engines.audio.encoding.Pcm;
import dev.outcrop.engines.audio.encoding.SoundEncoder;
import dev.outcrop.engines.voice.markup.MarkupException;
import dev.outcrop.engines.voice.markup.Speech;
import dev.outcrop.engines.voice.markup.Ssml;
import dev.outcrop.kernel.AwsError;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.polly.model.Engine;
import software.amazon.awssdk.services.polly.model.OutputFormat;
import software.amazon.awssdk.services.polly.model.SpeechMarkType;
import software.amazon.awssdk.services.polly.model.StartSpeechSynthesisTaskRequest;
import software.amazon.awssdk.services.polly.model.SynthesizeSpeechRequest;
import software.amazon.awssdk.services.polly.model.TextType;

/**
 * What shall be spoken, and how, checked as AWS checks it.
 *
 * @param characters how many are billed: those that are spoken
 */
record Order(
        Speech speech,
        VoiceIds.Known voice,
        Engine engine,
        OutputFormat format,
        int sampleRate,
        Set<SpeechMarkType> marks,
        List<String> lexicons,
        int characters) {

    private static final Set<Integer> COMPRESSED_RATES = Set.of(8000, 16_000, 22_050, 24_000, 44_100, 48_000);
    private static final Set<Integer> PCM_RATES = Set.of(8000, 16_000);

    /** How long texts may be: in all, and what of them is spoken. */
    private enum Limit {
        CALL(6000, 3000),
        TASK(200_000, 100_000);

        private final int all;
        private final int spoken;

        Limit(int all, int spoken) {
            this.all = all;
            this.spoken = spoken;
        }
    }

    static Order of(SynthesizeSpeechRequest request, InstalledVoice installed) {
        return of(request, Limit.CALL, installed);
    }

    static Order of(StartSpeechSynthesisTaskRequest request, InstalledVoice installed) {
        return of(call(request), Limit.TASK, installed);
    }

    private static SynthesizeSpeechRequest call(StartSpeechSynthesisTaskRequest request) {
        return SynthesizeSpeechRequest.builder()
                .engine(request.engine())
                .languageCode(request.languageCode())
                .lexiconNames(request.lexiconNames())
                .outputFormat(request.outputFormat())
                .sampleRate(request.sampleRate())
                .speechMarkTypes(request.speechMarkTypes())
                .text(request.text())
                .textType(request.textType())
                .voiceId(request.voiceId())
                .build();
    }

    private static Order of(SynthesizeSpeechRequest request, Limit limit, InstalledVoice installed) {
        Set<SpeechMarkType> marks = marks(request);
        Engine engine = request.engine() == null ? Engine.STANDARD : request.engine();
        int sampleRate = sampleRate(request.outputFormat(), request.sampleRate(), engine);
        boolean ssml = request.textType() == TextType.SSML;
        if (characters(request.text()) > limit.all) {
            throw Failures.tooLong();
        }
        InstalledVoice.Files files = installed.files().orElseThrow(Failures::noVoice);
        VoiceIds.Known voice = VoiceIds.find(request.voiceId())
                .filter(known -> known.language().toString().equals(files.language()))
                .orElseThrow(() -> Failures.otherLanguage(request.voiceIdAsString(), files.language()));
        if (!voice.engines().contains(engine)) {
            throw Failures.engine();
        }
        if (request.languageCode() != null && request.languageCode() != voice.language()) {
            throw Failures.language();
        }
        try {
            int spoken = ssml ? Ssml.spokenCharacters(request.text()) : characters(request.text());
            if (spoken > limit.spoken) {
                throw Failures.tooLong();
            }
            Set<Ssml.Feature> features =
                    engine == Engine.STANDARD ? EnumSet.allOf(Ssml.Feature.class) : EnumSet.noneOf(Ssml.Feature.class);
            Speech speech = ssml ? Ssml.read(request.text(), features) : Speech.of(request.text());
            return new Order(
                    speech,
                    voice,
                    engine,
                    request.outputFormat(),
                    sampleRate,
                    marks,
                    List.copyOf(request.lexiconNames()),
                    spoken);
        } catch (MarkupException failure) {
            throw Failures.ssml(failure);
        }
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    private static Set<SpeechMarkType> marks(SynthesizeSpeechRequest request) {
        Set<SpeechMarkType> marks = EnumSet.noneOf(SpeechMarkType.class);
        marks.addAll(request.speechMarkTypes());
        boolean json = request.outputFormat() == OutputFormat.JSON;
        if (!json && !marks.isEmpty()) {
            throw Failures.marksForFormat();
        }
        if (json && marks.isEmpty()) {
            throw AwsError.validation("At least one speech mark type must be specified for the output format json.");
        }
        if (marks.contains(SpeechMarkType.SSML) && request.textType() != TextType.SSML) {
            throw Failures.ssmlMarks();
        }
        return marks;
    }

    private static int sampleRate(OutputFormat format, String wanted, Engine engine) {
        if (format == OutputFormat.OGG_VORBIS) {
            throw AwsError.notImplemented("polly", "SynthesizeSpeech with the output format ogg_vorbis");
        }
        if (wanted == null) {
            return switch (format) {
                case PCM -> 16_000;
                case OGG_OPUS -> OggOpusEncoder.SAMPLE_RATE;
                default -> engine == Engine.STANDARD ? 22_050 : 24_000;
            };
        }
        int rate;
        try {
            rate = Integer.parseInt(wanted);
        } catch (NumberFormatException none) {
            throw Failures.sampleRate();
        }
        boolean allowed = switch (format) {
            case PCM -> PCM_RATES.contains(rate);
            case OGG_OPUS -> rate == OggOpusEncoder.SAMPLE_RATE;
            default -> COMPRESSED_RATES.contains(rate);
        };
        if (!allowed) {
            throw Failures.sampleRate();
        }
        return rate;
    }

    boolean wantsMarks() {
        return format == OutputFormat.JSON;
    }

    SoundEncoder encoder() {
        return switch (format) {
            case PCM, JSON -> new Pcm();
            case OGG_OPUS -> new OggOpusEncoder();
            default -> new Mp3Encoder(sampleRate);
        };
    }

    String contentType() {
        return switch (format) {
            case PCM -> "audio/pcm";
            case OGG_OPUS, OGG_VORBIS -> "audio/ogg";
            case JSON -> "application/x-json-stream";
            default -> "audio/mpeg";
        };
    }

    /** How files of the format end. */
    String suffix() {
        return switch (format) {
            case PCM -> ".pcm";
            case OGG_OPUS, OGG_VORBIS -> ".ogg";
            case JSON -> ".marks";
            default -> ".mp3";
        };
    }
}
