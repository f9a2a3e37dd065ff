package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.template.JsonText;
import dev.outcrop.engines.text.template.Text;

/** Reads calls whose arguments stand between tags of their own; gives out each as it is written. */
final class TaggedCallReader implements CallReader {
    private final TaggedCalls syntax;
    private final ToolInputs inputs;
    private String tool = "";
    private String property = "";
    private Place place = Place.NAME;
    private boolean someArguments;
    private boolean valueBegun;

    private enum Place {
        NAME,
        BETWEEN_ARGUMENTS,
        /** In a value that has to be known to its end. */
        VALUE,
        /** In a text that is given out as it is written. */
        TEXT,
        AFTER_CALL,
        NO_CALL
    }

    TaggedCallReader(TaggedCalls syntax, ToolInputs inputs) {
        this.syntax = syntax;
        this.inputs = inputs;
    }

    @Override
    public Progress read(StringBuilder pending, boolean ended, AnswerEvents events) {
        while (step(pending, events)) {
            // Each step takes one part of what is pending.
        }
        return switch (place) {
            case NO_CALL -> Progress.NO_CALL;
            case AFTER_CALL -> Progress.ENDED;
            case NAME -> ended ? Progress.NO_CALL : Progress.WAITING;
            case BETWEEN_ARGUMENTS, VALUE, TEXT -> ended ? Progress.ENDED : Progress.WAITING;
        };
    }

    private boolean step(StringBuilder pending, AnswerEvents events) {
        return switch (place) {
            case NAME -> name(pending, events);
            case BETWEEN_ARGUMENTS -> argumentOrEnd(pending, events);
            case VALUE -> value(pending, events);
            case TEXT -> text(pending, events);
            case AFTER_CALL, NO_CALL -> false;
        };
    }

    private boolean name(StringBuilder pending, AnswerEvents events) {
        int stop = nameStop(pending);
        if (stop < 0) {
            return false;
        }
        tool = pending.substring(0, stop).strip();
        if (tool.isEmpty()) {
            place = Place.NO_CALL;
            return false;
        }
        events.callStarted(tool);
        events.input("{");
        pending.delete(0, stop + syntax.nameEnd().length());
        place = Place.BETWEEN_ARGUMENTS;
        return true;
    }

    private boolean argumentOrEnd(StringBuilder pending, AnswerEvents events) {
        int close = pending.indexOf(syntax.close());
        int argument = pending.indexOf(syntax.argumentOpen());
        if (close < 0 || (argument >= 0 && argument < close)) {
            return argument >= 0 && argument(pending, argument, events);
        }
        events.input("}");
        pending.delete(0, close + syntax.close().length());
        place = Place.AFTER_CALL;
        return true;
    }

    @Override
    public boolean begun() {
        return place != Place.NAME && place != Place.NO_CALL;
    }

    private int nameStop(StringBuilder pending) {
        if (!syntax.nameEnd().isEmpty()) {
            return pending.indexOf(syntax.nameEnd());
        }
        int argument = pending.indexOf(syntax.argumentOpen());
        int close = pending.indexOf(syntax.close());
        return argument < 0 || close < 0 ? Math.max(argument, close) : Math.min(argument, close);
    }

    private boolean argument(StringBuilder pending, int argument, AnswerEvents events) {
        int keyStart = argument + syntax.argumentOpen().length();
        int keyEnd = pending.indexOf(syntax.argumentNamed(), keyStart);
        if (keyEnd < 0) {
            return false;
        }
        int valueStart = keyEnd + syntax.argumentNamed().length();
        if (!syntax.valueOpen().isEmpty()) {
            int open = pending.indexOf(syntax.valueOpen(), valueStart);
            if (open < 0) {
                return false;
            }
            valueStart = open + syntax.valueOpen().length();
        }
        property = key(pending.substring(keyStart, keyEnd));
        pending.delete(0, valueStart);
        events.input((someArguments ? ", " : "") + json(property) + ": ");
        someArguments = true;
        valueBegun = false;
        place = inputs.isPlainText(tool, property) ? Place.TEXT : Place.VALUE;
        return true;
    }

    /** An argument's name, without attributes that follow it. */
    private static String key(String header) {
        int quote = header.indexOf('"');
        return (quote < 0 ? header : header.substring(0, quote)).strip();
    }

    private boolean value(StringBuilder pending, AnswerEvents events) {
        int end = pending.indexOf(syntax.argumentClose());
        if (end < 0) {
            return false;
        }
        String written = pending.substring(0, end);
        // Many models put line ends around a value.
        int from = written.startsWith("\n") ? 1 : 0;
        int to = written.length() > from && written.endsWith("\n") ? written.length() - 1 : written.length();
        events.input(inputs.json(tool, property, written.substring(from, to)));
        pending.delete(0, end + syntax.argumentClose().length());
        place = Place.BETWEEN_ARGUMENTS;
        return true;
    }

    private boolean text(StringBuilder pending, AnswerEvents events) {
        if (!valueBegun) {
            if (pending.isEmpty()) {
                return false;
            }
            if (pending.charAt(0) == '\n') {
                pending.deleteCharAt(0);
            }
            events.input("\"");
            valueBegun = true;
        }
        int end = pending.indexOf(syntax.argumentClose());
        int certain = end >= 0 ? end : JsonExtent.beforeBegunMarker(pending.toString(), syntax.argumentClose());
        // The line end before the closing tag belongs to the tag.
        int shown = certain > 0 && pending.charAt(certain - 1) == '\n' ? certain - 1 : certain;
        if (shown > 0 && end < 0 && Character.isHighSurrogate(pending.charAt(shown - 1))) {
            shown--;
        }
        String quoted = json(pending.substring(0, shown));
        events.input(quoted.substring(1, quoted.length() - 1));
        if (end < 0) {
            pending.delete(0, shown);
            return false;
        }
        events.input("\"");
        pending.delete(0, end + syntax.argumentClose().length());
        place = Place.BETWEEN_ARGUMENTS;
        return true;
    }

    private static String json(String text) {
        return JsonText.write(Text.of(text)).value();
    }
}
