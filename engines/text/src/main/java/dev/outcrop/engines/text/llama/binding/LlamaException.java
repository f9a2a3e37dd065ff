package dev.outcrop.engines.text.llama.binding;

/** llama.cpp refused or failed. */
public final class LlamaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LlamaException(String message) {
        super(message);
    }

    LlamaException(String message, Throwable cause) {
        super(message, cause);
    }
}
