package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.GenerationEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads answers whose reasoning and tool calls stand between markers. */
final class MarkedOutputParser implements OutputParser {
    private final Optional<ReasoningSyntax> reasoning;
    private final Optional<ToolSyntax> calls;
    private final ToolInputs inputs;
    private final AnswerEvents events = new AnswerEvents();
    private final StringBuilder pending = new StringBuilder();
    private Part part;
    /** Whether text was given out since the answer began. */
    private boolean said;
    /** Whether blanks at the beginning of {@code pending} only separate it from a marker. */
    private boolean afterMarker;
    /** The marker that began the call being read, with blanks before it; blank for one without. */
    private String callMarker = "";

    private Optional<CallReader> reader = Optional.empty();

    private enum Part {
        REASONING,
        TEXT,
        CALL
    }

    /**
     * A parser.
     *
     * @param reasoningBegun whether the prompt ends within reasoning
     * @param calls          the syntax of calls; absent when there are no tools
     */
    MarkedOutputParser(
            Optional<ReasoningSyntax> reasoning,
            boolean reasoningBegun,
            Optional<ToolSyntax> calls,
            ToolInputs inputs) {
        this.reasoning = reasoning;
        this.calls = calls;
        this.inputs = inputs;
        part = reasoningBegun ? Part.REASONING : Part.TEXT;
        afterMarker = reasoningBegun;
    }

    @Override
    public List<GenerationEvent> accept(String text) {
        pending.append(text);
        while (step(false)) {
            // Each step takes one part of what is pending.
        }
        return events.take();
    }

    @Override
    public List<GenerationEvent> finish() {
        while (step(true)) {
            // Each step takes one part of what is pending.
        }
        String rest = pending.toString();
        pending.setLength(0);
        switch (part) {
            case REASONING -> events.reasoning(rest.stripTrailing());
            case TEXT -> text(afterMarker && rest.isBlank() ? "" : rest);
            case CALL -> {
                if (!reader.orElseThrow().begun()) {
                    text(callMarker + rest);
                }
            }
        }
        return events.take();
    }

    /** Takes one part of what is pending; false when it has to wait for more. */
    private boolean step(boolean ended) {
        dropBlanksAfterMarker();
        if (pending.isEmpty()) {
            return false;
        }
        return switch (part) {
            case REASONING -> reasoningStep();
            case TEXT -> textStep(ended);
            case CALL -> callStep(ended);
        };
    }

    private void dropBlanksAfterMarker() {
        if (afterMarker && part != Part.CALL) {
            int blanks = JsonExtent.skipBlanks(pending.toString(), 0);
            pending.delete(0, blanks);
            afterMarker = pending.isEmpty();
        }
    }

    private boolean reasoningStep() {
        ReasoningSyntax syntax = reasoning.orElseThrow();
        // Some models repeat the marker that the prompt ended with.
        String text = pending.toString();
        if (text.startsWith(syntax.open())) {
            pending.delete(0, syntax.open().length());
            afterMarker = true;
            return true;
        }
        int close = text.indexOf(syntax.close());
        if (close >= 0) {
            events.reasoning(text.substring(0, close).stripTrailing());
            pending.delete(0, close + syntax.close().length());
            part = Part.TEXT;
            afterMarker = true;
            return true;
        }
        int safe = certain(text, List.of(syntax.close(), syntax.open()));
        events.reasoning(text.substring(0, safe));
        pending.delete(0, safe);
        return false;
    }

    private boolean textStep(boolean ended) {
        String text = pending.toString();
        if (!said && calls.filter(ToolSyntax::bare).isPresent()) {
            int first = JsonExtent.skipBlanks(text, 0);
            if (first < text.length() && JsonCallReader.mayBeBare(text.substring(first))) {
                pending.delete(0, first);
                beginCall(text.substring(0, first), true);
                return true;
            }
        }
        List<String> markers = markers(text);
        Optional<String> found = Optional.empty();
        int at = text.length();
        for (String marker : markers) {
            int index = text.indexOf(marker);
            if (index >= 0
                    && (index < at
                            || (index == at
                                    && marker.length() > found.orElse("").length()))) {
                at = index;
                found = Optional.of(marker);
            }
        }
        if (found.isEmpty()) {
            int safe = ended ? 0 : certain(text, markers);
            text(text.substring(0, safe));
            pending.delete(0, safe);
            return false;
        }
        String before = text.substring(0, at).stripTrailing();
        text(before);
        pending.delete(0, at + found.get().length());
        begin(found.get(), text.substring(before.length(), at));
        return true;
    }

    private void begin(String marker, String blanksBefore) {
        afterMarker = true;
        if (reasoning.isPresent() && marker.equals(reasoning.get().open())) {
            part = Part.REASONING;
        } else if (calls.isPresent() && calls.get().starts().contains(marker)) {
            beginCall(blanksBefore + marker, false);
        }
    }

    private void beginCall(String marker, boolean bare) {
        part = Part.CALL;
        callMarker = marker;
        reader = Optional.of(calls.orElseThrow().reader(inputs, bare));
    }

    private List<String> markers(String text) {
        List<String> markers = new ArrayList<>();
        int first = JsonExtent.skipBlanks(text, 0);
        reasoning
                .map(ReasoningSyntax::open)
                .filter(open -> !said && (text.startsWith(open, first) || JsonExtent.begins(text, first, open)))
                .ifPresent(markers::add);
        calls.ifPresent(syntax -> {
            markers.addAll(syntax.starts());
            markers.addAll(syntax.brackets());
        });
        return markers;
    }

    private boolean callStep(boolean ended) {
        return switch (reader.orElseThrow().read(pending, ended, events)) {
            case WAITING -> false;
            case NO_CALL -> noCall();
            case ENDED -> {
                part = Part.TEXT;
                afterMarker = true;
                yield true;
            }
        };
    }

    /** What began like a call is text; it is given out so far that it is not taken for a call again. */
    private boolean noCall() {
        String shown = callMarker;
        if (callMarker.isBlank()) {
            shown += pending.charAt(0);
            pending.deleteCharAt(0);
        }
        text(shown);
        part = Part.TEXT;
        afterMarker = false;
        return true;
    }

    private void text(String text) {
        if (!text.isEmpty()) {
            events.text(text);
            said = true;
            afterMarker = false;
        }
    }

    /**
     * How much of {@code text} can be given out: not blanks at its end, which would be dropped before a marker, and not
     * what may be the beginning of a marker.
     */
    private static int certain(String text, List<String> markers) {
        int safe = text.length();
        for (String marker : markers) {
            safe = Math.min(safe, JsonExtent.beforeBegunMarker(text, marker));
        }
        while (safe > 0 && Character.isWhitespace(text.charAt(safe - 1))) {
            safe--;
        }
        return safe;
    }
}
