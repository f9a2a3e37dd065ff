package dev.outcrop.services.polly;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.polly.model.Engine;
import software.amazon.awssdk.services.polly.model.Gender;
import software.amazon.awssdk.services.polly.model.LanguageCode;
import software.amazon.awssdk.services.polly.model.VoiceId;

/**
 * The voice ids of AWS in the languages that voices can be installed for.
 *
 * <p>Source: "Available voices" of the Amazon Polly developer guide.
 */
final class VoiceIds {
    /** The engines that an installed voice answers for. */
    static final List<Engine> ENGINES = List.of(Engine.NEURAL, Engine.STANDARD);

    private static final Map<VoiceId, Known> VOICES = Map.ofEntries(
            known(VoiceId.DANIELLE, Gender.FEMALE, Engine.NEURAL),
            known(VoiceId.GREGORY, Gender.MALE, Engine.NEURAL),
            known(VoiceId.IVY, Gender.FEMALE, Engine.NEURAL, Engine.STANDARD),
            known(VoiceId.JOANNA, Gender.FEMALE, Engine.NEURAL, Engine.STANDARD),
            known(VoiceId.JOEY, Gender.MALE, Engine.NEURAL, Engine.STANDARD),
            known(VoiceId.JUSTIN, Gender.MALE, Engine.NEURAL, Engine.STANDARD),
            known(VoiceId.KENDRA, Gender.FEMALE, Engine.NEURAL, Engine.STANDARD),
            known(VoiceId.KEVIN, Gender.MALE, Engine.NEURAL),
            known(VoiceId.KIMBERLY, Gender.FEMALE, Engine.NEURAL, Engine.STANDARD),
            known(VoiceId.MATTHEW, Gender.MALE, Engine.NEURAL, Engine.STANDARD),
            known(VoiceId.RUTH, Gender.FEMALE, Engine.NEURAL),
            known(VoiceId.SALLI, Gender.FEMALE, Engine.NEURAL, Engine.STANDARD),
            known(VoiceId.STEPHEN, Gender.MALE, Engine.NEURAL));

    private VoiceIds() {}

    /** What AWS says of a voice. */
    record Known(VoiceId id, Gender gender, LanguageCode language, List<Engine> engines) {
        String languageName() {
            return "US English";
        }
    }

    private static Map.Entry<VoiceId, Known> known(VoiceId id, Gender gender, Engine... engines) {
        return Map.entry(
                id,
                new Known(id, gender, LanguageCode.EN_US, Arrays.stream(engines).toList()));
    }

    /** What is known of a voice; nothing of voices of other languages. */
    static Optional<Known> find(VoiceId id) {
        return Optional.ofNullable(VOICES.get(id));
    }

    /** The voices of a language, by their names. */
    static List<Known> of(String language) {
        return VOICES.values().stream()
                .filter(voice -> voice.language.toString().equals(language))
                .sorted((one, other) -> one.id.toString().compareTo(other.id.toString()))
                .toList();
    }
}
