package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.GenerationEvent;
import java.util.List;

/** Reads answers that are messages one after another, each with a header that tells whether it is text or a tool's input. */
abstract class MessageOutputParser implements OutputParser {
    final AnswerEvents events = new AnswerEvents();
    /** What has come and is not read yet. */
    final StringBuilder pending = new StringBuilder();

    Place place = Place.HEADER;
    /** The tool that the message in hand is for. */
    String recipient = "";

    private JsonObjectStream input = new JsonObjectStream();

    enum Place {
        HEADER,
        /** Where a tool's input is to begin. */
        BEFORE_INPUT,
        INPUT,
        AFTER_INPUT,
        TEXT
    }

    @Override
    public final List<GenerationEvent> accept(String text) {
        pending.append(text);
        readOn();
        return events.take();
    }

    @Override
    public final List<GenerationEvent> finish() {
        readOn();
        String rest = pending.toString();
        pending.setLength(0);
        switch (place) {
            case HEADER -> events.text(rest.isBlank() ? "" : rest);
            case BEFORE_INPUT -> emptyCall();
            case INPUT, AFTER_INPUT -> {
                // What is not there yet never comes.
            }
            case TEXT -> said(rest);
        }
        return events.take();
    }

    private void readOn() {
        boolean more = true;
        while (more) {
            more = switch (place) {
                case HEADER -> headerStep();
                case BEFORE_INPUT -> beforeInputStep();
                case INPUT -> inputStep();
                case AFTER_INPUT, TEXT -> bodyStep();
            };
        }
    }

    /** Reads a header; each step takes one part of what is pending, and says whether another may follow. */
    abstract boolean headerStep();

    abstract boolean beforeInputStep();

    /** Reads text, or what stands behind an input, up to the message's end. */
    abstract boolean bodyStep();

    /** Passes text on. */
    void said(String text) {
        events.text(text);
    }

    /** Begins a call whose input is what is pending. */
    final void beginInput() {
        events.callStarted(recipient);
        input = new JsonObjectStream();
        place = Place.INPUT;
    }

    final void emptyCall() {
        events.callStarted(recipient);
        events.input("{}");
    }

    private boolean inputStep() {
        StringBuilder certain = new StringBuilder();
        pending.delete(0, input.accept(pending, certain));
        events.input(certain.toString());
        if (input.ended() || input.broken()) {
            place = Place.AFTER_INPUT;
            return true;
        }
        return false;
    }
}
