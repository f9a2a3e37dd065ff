package dev.outcrop.shapes.codec;

/**
 * What an error says to people.
 *
 * @param memberName the name of the error shape's message member, {@code message} or {@code Message}
 * @param text       the message
 */
public record ErrorMessage(String memberName, String text) {
    /** A message under the usual name. */
    public static ErrorMessage of(String text) {
        return new ErrorMessage("message", text);
    }
}
