package dev.outcrop.engines.text.template;

/** A template cannot be read, cannot be rendered with what it was given, or refuses it by {@code raise_exception}. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean raised;

    TemplateException(String message) {
        this(message, false);
    }

    TemplateException(String message, boolean raised) {
        super(message);
        this.raised = raised;
    }

    /** Whether the template itself refused, so that the message is its author's. */
    public boolean raised() {
        return raised;
    }
}
