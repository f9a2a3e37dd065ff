package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.GenerationEvent;
import java.util.List;

/** Reads answers that are messages to recipients, {@code all} or a tool, whose first start marker the prompt has. */
final class RecipientOutputParser implements OutputParser {
    private static final String EVERYBODY = "all";
    private static final String NAME = "[a-zA-Z0-9_.-]{1,64}";

    private final AnswerEvents events = new AnswerEvents();
    private final StringBuilder pending = new StringBuilder();
    private Place place = Place.RECIPIENT;
    private String recipient = "";
    private JsonObjectStream input = new JsonObjectStream();

    private enum Place {
        RECIPIENT,
        TEXT,
        BEFORE_INPUT,
        INPUT,
        AFTER_INPUT
    }

    @Override
    public List<GenerationEvent> accept(String text) {
        pending.append(text);
        while (step()) {
            // Each step takes one part of what is pending.
        }
        return events.take();
    }

    @Override
    public List<GenerationEvent> finish() {
        String rest = pending.toString();
        pending.setLength(0);
        switch (place) {
            case RECIPIENT -> events.text(rest.isBlank() ? "" : rest);
            case TEXT -> events.text(rest);
            case BEFORE_INPUT -> {
                events.callStarted(recipient);
                events.input("{}");
            }
            case INPUT, AFTER_INPUT -> {
                // What is not there yet never comes.
            }
        }
        return events.take();
    }

    private boolean step() {
        return switch (place) {
            case RECIPIENT -> recipientStep();
            case BEFORE_INPUT -> beforeInputStep();
            case INPUT -> inputStep();
            case TEXT, AFTER_INPUT -> bodyStep();
        };
    }

    private boolean recipientStep() {
        String text = pending.toString();
        int from = text.startsWith(RecipientCalls.START) ? RecipientCalls.START.length() : 0;
        int lineEnd = text.indexOf('\n', from);
        String name = text.substring(from, lineEnd < 0 ? text.length() : lineEnd);
        if (lineEnd < 0 && (name.isEmpty() || name.matches(NAME) || RecipientCalls.START.startsWith(text))) {
            return false;
        }
        if (!name.matches(NAME)) {
            place = Place.TEXT;
            return true;
        }
        pending.delete(0, lineEnd + 1);
        recipient = name;
        place = name.equals(EVERYBODY) ? Place.TEXT : Place.BEFORE_INPUT;
        return true;
    }

    private boolean beforeInputStep() {
        int first = JsonExtent.skipBlanks(pending.toString(), 0);
        if (first == pending.length()) {
            return false;
        }
        if (pending.charAt(first) != '{') {
            events.text(recipient + "\n");
            place = Place.TEXT;
            return true;
        }
        pending.delete(0, first);
        events.callStarted(recipient);
        input = new JsonObjectStream();
        place = Place.INPUT;
        return true;
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

    private boolean bodyStep() {
        String text = pending.toString();
        int next = text.indexOf(RecipientCalls.START);
        int end = next < 0 ? JsonExtent.beforeBegunMarker(text, RecipientCalls.START) : next;
        if (place == Place.TEXT) {
            events.text(text.substring(0, end));
        }
        if (next < 0) {
            pending.delete(0, end);
            return false;
        }
        pending.delete(0, next);
        place = Place.RECIPIENT;
        return true;
    }
}
