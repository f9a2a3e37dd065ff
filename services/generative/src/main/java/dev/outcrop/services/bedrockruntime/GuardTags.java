package dev.outcrop.services.bedrockruntime;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tags by which a request says which parts of its texts are what, such as {@code
 * <amazon-bedrock-guardrails-guardContent_SUFFIX>}. Tags with another suffix are text.
 */
final class GuardTags {
    private final Pattern tag;

    /** What a part is tagged as. */
    enum Kind {
        UNTAGGED,
        GUARDED,
        SOURCE,
        QUERY;

        private static Kind of(String name) {
            return switch (name) {
                case "guardContent" -> GUARDED;
                case "groundingSource" -> SOURCE;
                default -> QUERY;
            };
        }
    }

    /** A part of a text, without tags. */
    record Part(Kind kind, String text) {
        /** Whether it is judged, where any text of the request is tagged or none is. */
        boolean isJudged(boolean marked) {
            return kind == Kind.GUARDED || (!marked && kind == Kind.UNTAGGED);
        }
    }

    /** A text in parts. */
    record Tagged(List<Part> parts) {
        boolean hasTags() {
            return parts.stream().anyMatch(part -> part.kind() != Kind.UNTAGGED);
        }
    }

    /** The tags with {@code suffix}. */
    GuardTags(String suffix) {
        this.tag = Pattern.compile(
                "<(/?)amazon-bedrock-guardrails-(guardContent|groundingSource|query)_" + Pattern.quote(suffix) + ">");
    }

    /** A text without tags. */
    static Tagged untagged(String text) {
        return new Tagged(List.of(new Part(Kind.UNTAGGED, text)));
    }

    /** The parts of {@code text}; where its tags do not match, all of it counts as guarded. */
    Tagged read(String text) {
        List<Part> parts = new ArrayList<>();
        Kind open = Kind.UNTAGGED;
        int at = 0;
        boolean matching = true;
        Matcher tags = tag.matcher(text);
        while (tags.find()) {
            if (tags.start() > at) {
                parts.add(new Part(open, text.substring(at, tags.start())));
            }
            Kind kind = Kind.of(tags.group(2));
            boolean closes = !tags.group(1).isEmpty();
            matching &= closes ? open == kind : open == Kind.UNTAGGED;
            open = closes ? Kind.UNTAGGED : kind;
            at = tags.end();
        }
        if (at < text.length()) {
            parts.add(new Part(open, text.substring(at)));
        }
        if (matching && open == Kind.UNTAGGED) {
            return new Tagged(parts);
        }
        return new Tagged(
                parts.stream().map(part -> new Part(Kind.GUARDED, part.text())).toList());
    }
}
