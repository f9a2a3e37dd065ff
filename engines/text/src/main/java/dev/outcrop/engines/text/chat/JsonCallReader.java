package dev.outcrop.engines.text.chat;

import java.util.List;
import java.util.Optional;

/** Reads calls whose input is written as a JSON object, and gives the input out as it is written. */
final class JsonCallReader implements CallReader {
    private static final List<String> FIRST_KEYS = List.of("\"name\"", "\"type\"", "\"function\"");

    private final JsonInputSyntax syntax;
    private final ToolInputs inputs;
    private final boolean bare;
    private Optional<JsonInputSyntax.Header.Input> header = Optional.empty();
    private JsonObjectStream input = new JsonObjectStream();
    private boolean begun;

    /**
     * A reader.
     *
     * @param bare whether the call stands without a marker, so that it is one only if it names a tool
     */
    JsonCallReader(JsonInputSyntax syntax, ToolInputs inputs, boolean bare) {
        this.syntax = syntax;
        this.inputs = inputs;
        this.bare = bare;
    }

    /** Whether {@code text} may begin a call without a marker: a JSON object whose first key is one of a call's. */
    static boolean mayBeBare(String text) {
        if (text.charAt(0) != '{') {
            return false;
        }
        String rest = text.substring(JsonExtent.skipBlanks(text, 1));
        return FIRST_KEYS.stream().anyMatch(wanted -> rest.startsWith(wanted) || wanted.startsWith(rest));
    }

    @Override
    public Progress read(StringBuilder pending, boolean ended, AnswerEvents events) {
        while (true) {
            if (header.isEmpty()) {
                Optional<Progress> progress = header(pending, ended, events);
                if (progress.isPresent()) {
                    return progress.get();
                }
            }
            if (!input.ended()) {
                StringBuilder certain = new StringBuilder();
                pending.delete(0, input.accept(pending, certain));
                events.input(certain.toString());
                if (!input.ended()) {
                    return input.broken() || ended ? Progress.ENDED : Progress.WAITING;
                }
            }
            JsonInputSyntax.Tail tail = syntax.tail(pending.toString(), ended, header.orElseThrow());
            pending.delete(0, tail.consumed());
            switch (tail) {
                case JsonInputSyntax.Tail.Incomplete _ -> {
                    return Progress.WAITING;
                }
                case JsonInputSyntax.Tail.End _ -> {
                    return Progress.ENDED;
                }
                case JsonInputSyntax.Tail.Next _ -> {
                    header = Optional.empty();
                    input = new JsonObjectStream();
                }
            }
        }
    }

    @Override
    public boolean begun() {
        return begun;
    }

    /** Reads up to the input; empty once it follows. */
    private Optional<Progress> header(StringBuilder pending, boolean ended, AnswerEvents events) {
        Progress none = begun ? Progress.ENDED : Progress.NO_CALL;
        return switch (syntax.header(pending.toString(), ended)) {
            case JsonInputSyntax.Header.Incomplete _ ->
                Optional.of(bare && !begun && !mayBeBare(pending.toString()) ? none : Progress.WAITING);
            case JsonInputSyntax.Header.NoCall _ -> Optional.of(none);
            case JsonInputSyntax.Header.Whole(List<JsonInputSyntax.Call> calls, int consumed) -> {
                if (bare && !calls.stream().allMatch(call -> inputs.knows(call.name()))) {
                    yield Optional.of(none);
                }
                for (JsonInputSyntax.Call call : calls) {
                    events.callStarted(call.name());
                    events.input(call.input());
                }
                pending.delete(0, consumed);
                begun = true;
                yield Optional.of(Progress.ENDED);
            }
            case JsonInputSyntax.Header.Input found -> {
                if (bare && !inputs.knows(found.name())) {
                    yield Optional.of(none);
                }
                events.callStarted(found.name());
                pending.delete(0, found.inputStart());
                header = Optional.of(found);
                begun = true;
                yield Optional.empty();
            }
        };
    }
}
