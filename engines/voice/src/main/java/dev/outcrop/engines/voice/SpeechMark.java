package dev.outcrop.engines.voice;

/**
 * When something of a text is heard.
 *
 * @param millis from the begin of the speech
 * @param start  where it begins in the document; of shapes of the mouth, 0
 * @param end    where it ends
 * @param value  of sentences and words the document's text, else a name
 */
public record SpeechMark(Kind kind, long millis, int start, int end, String value) {
    /** What is heard, in the order of what begins at the same time. */
    public enum Kind {
        SENTENCE,
        BOOKMARK,
        WORD,
        VISEME
    }
}
