package dev.outcrop.engines.text.chat;

/** Where a JSON object or array that is being written ends. */
final class JsonExtent {
    private JsonExtent() {}

    /** The position after the object or array that begins at {@code start}, or −1 if it has not ended yet. */
    static int end(String text, int start) {
        int depth = 0;
        boolean inString = false;
        for (int position = start; position < text.length(); position++) {
            char character = text.charAt(position);
            if (inString) {
                if (character == '\\') {
                    position++;
                } else if (character == '"') {
                    inString = false;
                }
                continue;
            }
            switch (character) {
                case '"' -> inString = true;
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (--depth == 0) {
                        return position + 1;
                    }
                }
                default -> {
                    // Inside a value.
                }
            }
        }
        return -1;
    }

    /** The first position from {@code start} on that is no blank. */
    static int skipBlanks(String text, int start) {
        int position = start;
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
        return position;
    }

    /** The position up to which no {@code marker} has begun at the end of {@code text}. */
    static int beforeBegunMarker(String text, String marker) {
        for (int length = Math.min(marker.length() - 1, text.length()); length > 0; length--) {
            if (text.endsWith(marker.substring(0, length))) {
                return text.length() - length;
            }
        }
        return text.length();
    }

    /** Whether {@code text} from {@code start} on is shorter than {@code marker} but begins it. */
    static boolean begins(String text, int start, String marker) {
        return text.length() - start < marker.length() && marker.startsWith(text.substring(start));
    }
}
