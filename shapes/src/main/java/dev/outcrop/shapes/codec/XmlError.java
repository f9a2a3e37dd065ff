package dev.outcrop.shapes.codec;

/**
 * An error as XML services tell it.
 *
 * @param code        what clients tell it by, such as {@code NoSuchBucket}
 * @param message     for people, under the name that XML clients look for, {@code Message}
 * @param senderFault whether the client is to blame
 */
public record XmlError(String code, ErrorMessage message, boolean senderFault) {}
