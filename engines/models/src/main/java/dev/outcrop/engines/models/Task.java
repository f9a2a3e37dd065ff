package dev.outcrop.engines.models;

import java.util.List;

/** What a model is for. */
public enum Task {
    TEXT(Modality.TEXT, Modality.TEXT),
    EMBEDDING(Modality.TEXT, Modality.EMBEDDING),
    /** Saying how well passages fit a query; AWS calls the scores text, too. */
    RERANKING(Modality.TEXT, Modality.TEXT),
    OCR(Modality.IMAGE, Modality.TEXT),
    SPEECH_RECOGNITION(Modality.AUDIO, Modality.TEXT),
    SPEECH_SYNTHESIS(Modality.TEXT, Modality.AUDIO),
    SPEAKER_RECOGNITION(Modality.AUDIO, Modality.EMBEDDING);

    /** The tasks that nearly everybody has: a server that starts without a model for one of them fetches it. */
    public static final List<Task> USUAL = List.of(TEXT, EMBEDDING);

    private final Modality input;
    private final Modality output;

    Task(Modality input, Modality output) {
        this.input = input;
        this.output = output;
    }

    /** What a model for this takes in, unless its entry says otherwise. */
    Modality input() {
        return input;
    }

    /** What a model for this gives out, unless its entry says otherwise. */
    Modality output() {
        return output;
    }
}
