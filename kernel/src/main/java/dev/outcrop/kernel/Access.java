package dev.outcrop.kernel;

/**
 * Something that a call needs to be allowed.
 *
 * @param action   such as {@code bedrock:InvokeModel}
 * @param resource an ARN, or {@code *} where the action is about no resource
 */
public record Access(String action, String resource) {}
