package dev.outcrop.engines.text.chat;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads gpt-oss's answers: messages on channels, {@code <|channel|>analysis<|message|>…<|end|>}.
 *
 * <p>Source: OpenAI, "OpenAI harmony response format".
 */
final class HarmonyOutputParser extends MessageOutputParser {
    private static final String MESSAGE = "<|message|>";
    private static final List<String> ENDS = List.of("<|end|>", "<|call|>", "<|return|>", "<|start|>");
    private static final Pattern CHANNEL = Pattern.compile("<\\|channel\\|>\\s*(\\w+)");
    private static final Pattern RECIPIENT = Pattern.compile("to=(?:functions\\.)?([^\\s<]+)");

    private boolean analysis;

    @Override
    boolean headerStep() {
        String text = pending.toString();
        int message = text.indexOf(MESSAGE);
        if (message < 0) {
            if (mayBeHeader(text)) {
                return false;
            }
            analysis = false;
            place = Place.TEXT;
            return true;
        }
        String header = text.substring(0, message);
        Matcher channel = CHANNEL.matcher(header);
        Matcher to = RECIPIENT.matcher(header);
        analysis = channel.find() && channel.group(1).equals("analysis");
        place = Place.TEXT;
        if (to.find()) {
            recipient = to.group(1);
            place = Place.BEFORE_INPUT;
        }
        pending.delete(0, message + MESSAGE.length());
        return true;
    }

    private static boolean mayBeHeader(String text) {
        String start = text.stripLeading();
        return List.of("<|start|>", "<|channel|>", "<|constrain|>", "to=", "assistant").stream()
                .anyMatch(begin -> start.startsWith(begin) || begin.startsWith(start));
    }

    @Override
    boolean beforeInputStep() {
        String text = pending.toString().stripLeading();
        if (text.startsWith("{")) {
            pending.delete(0, pending.length() - text.length());
            beginInput();
            return true;
        }
        if (ENDS.stream().anyMatch(text::startsWith)) {
            emptyCall();
            place = Place.AFTER_INPUT;
            return true;
        }
        if (ENDS.stream().anyMatch(marker -> marker.startsWith(text))) {
            return false;
        }
        analysis = false;
        place = Place.TEXT;
        return true;
    }

    @Override
    boolean bodyStep() {
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
            said(text.substring(0, end));
            pending.delete(0, end + found.get().length());
            place = Place.HEADER;
            return true;
        }
        int bracket = text.lastIndexOf('<');
        boolean begun = bracket >= 0 && ENDS.stream().anyMatch(marker -> marker.startsWith(text.substring(bracket)));
        int safe = begun ? bracket : text.length();
        said(text.substring(0, safe));
        pending.delete(0, safe);
        return false;
    }

    @Override
    void said(String text) {
        if (place == Place.AFTER_INPUT) {
            return;
        }
        if (analysis) {
            events.reasoning(text);
        } else {
            super.said(text);
        }
    }
}
