package dev.outcrop.engines.text.chat;

/** Reads answers that are messages to recipients, {@code all} or a tool, whose first start marker the prompt has. */
final class RecipientOutputParser extends MessageOutputParser {
    private static final String EVERYBODY = "all";
    private static final String NAME = "[a-zA-Z0-9_.-]{1,64}";

    @Override
    boolean headerStep() {
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

    @Override
    boolean beforeInputStep() {
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
        beginInput();
        return true;
    }

    @Override
    boolean bodyStep() {
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
        place = Place.HEADER;
        return true;
    }
}
