package dev.outcrop.services.transcribe;

import dev.outcrop.engines.speech.SpeechRecognizer;
import java.util.Optional;

/** The recogniser of the house; one that is not installed is asked for again at the next call. */
@FunctionalInterface
public interface Recognizers {
    /** What is said where none is installed. */
    String MISSING = "No model that recognises speech is installed. Fetch one with: outcrop models pull whisper-base";

    /** The recogniser, if a model is installed; whoever gave it closes it. */
    Optional<SpeechRecognizer> find();
}
