package dev.outcrop.services.transcribe;

import dev.outcrop.engines.speech.SpeechRecognizer;
import dev.outcrop.engines.speech.speakers.Voiceprints;
import java.util.Optional;

/** The models of the house that hear; one that is not installed is asked for again at the next call. */
@FunctionalInterface
public interface Recognizers {
    /** What is said where none that recognises speech is installed. */
    String MISSING = "No model that recognises speech is installed. Fetch one with: outcrop models pull whisper-base";

    /** What is said where none is installed that tells speakers apart. */
    String NO_VOICES = "no model that tells speakers apart is installed. Fetch one with: outcrop models pull"
            + " resemblyzer-voices";

    /** The recogniser, if a model is installed; whoever gave it closes it. */
    Optional<SpeechRecognizer> find();

    /** What hears voices, if a model is installed; whoever gave it closes it. */
    default Optional<Voiceprints> voices() {
        return Optional.empty();
    }
}
