package dev.outcrop.engines.models;

/** What a model is for. */
public enum Task {
    TEXT,
    EMBEDDING
}
