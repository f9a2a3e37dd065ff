package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.GenerationEvent;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads gpt-oss's answers: messages on channels, {@code <|channel|>analysis<|message|>…<|end|>}.
 *
 * <p>Source: OpenAI, "OpenAI harmony response format".
 */
final class HarmonyOutputParser implements OutputParser {
    private static final String MESSAGE = "<|message|>";
    private static final List<String> ENDS = List.of("<|end|>", "<|call|>", "<|return|>", "<|start|>");
    private static final Pattern CHANNEL = Pattern.compile("<\\|channel\\|>\\s*(\\w+)");
    private static final Pattern RECIPIENT = Pattern.compile("to=(?:functions\\.)?([^\\s<]+)");

    private final AnswerEvents events = new AnswerEvents();
    private final StringBuilder pending = new StringBuilder();
    private boolean inHeader = true;
    private boolean analysis;
    private Optional<String> recipient = Optional.empty();

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
        while (step()) {
            // Each step takes one part of what is pending.
        }
        String rest = pending.toString();
        pending.setLength(0);
        if (inHeader) {
            events.text(rest.isBlank() ? "" : rest);
        } else {
            body(rest);
        }
        return events.take();
    }

    private boolean step() {
        return inHeader ? headerStep() : bodyStep();
    }

    private boolean headerStep() {
        String text = pending.toString();
        int message = text.indexOf(MESSAGE);
        if (message < 0) {
            if (mayBeHeader(text)) {
                return false;
            }
            inHeader = false;
            analysis = false;
            recipient = Optional.empty();
            return true;
        }
        String header = text.substring(0, message);
        Matcher channel = CHANNEL.matcher(header);
        Matcher to = RECIPIENT.matcher(header);
        analysis = channel.find() && channel.group(1).equals("analysis");
        recipient = to.find() ? Optional.of(to.group(1)) : Optional.empty();
        pending.delete(0, message + MESSAGE.length());
        inHeader = false;
        return true;
    }

    private static boolean mayBeHeader(String text) {
        String start = text.stripLeading();
        return List.of("<|start|>", "<|channel|>", "<|constrain|>", "to=", "assistant").stream()
                .anyMatch(begin -> start.startsWith(begin) || begin.startsWith(start));
    }

    private boolean bodyStep() {
        String text = pending.toString();
        int end = text.length();
        Optional<String> found = Optional.empty();
        for (String marker : ENDS) {
            int index = text.indexOf(marker);
            if (index >= 0 && index < end) {
                end = index;
                found = Optional.of(marker);
            }
        }
        if (found.isPresent()) {
            body(text.substring(0, end));
            pending.delete(0, end + found.get().length());
            inHeader = true;
            recipient = Optional.empty();
            return true;
        }
        if (recipient.isEmpty()) {
            int safe = text.length();
            int bracket = text.lastIndexOf('<');
            if (bracket >= 0 && ENDS.stream().anyMatch(marker -> marker.startsWith(text.substring(bracket)))) {
                safe = bracket;
            }
            body(text.substring(0, safe));
            pending.delete(0, safe);
        }
        return false;
    }

    private void body(String text) {
        if (recipient.isPresent()) {
            String input = text.isBlank() ? "{}" : text.strip();
            if (ToolInputs.value(input).isPresent()) {
                events.call(new ToolSyntax.Call(recipient.get(), input));
            } else {
                events.text(text);
            }
        } else if (analysis) {
            events.reasoning(text);
        } else {
            events.text(text);
        }
    }
}
