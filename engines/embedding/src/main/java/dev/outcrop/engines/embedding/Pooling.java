package dev.outcrop.engines.embedding;

/** How the vectors of a text's tokens become one. */
public enum Pooling {
    /** Their mean, as Reimers and Gurevych, "Sentence-BERT", 2019. */
    MEAN,
    /** The vector of the first token, which was trained to stand for the whole. */
    CLS
}
