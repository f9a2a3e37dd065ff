package dev.outcrop.engines.models;

/** What a model takes in or gives out. */
public enum Modality {
    TEXT,
    IMAGE,
    AUDIO,
    VIDEO,
    EMBEDDING
}
