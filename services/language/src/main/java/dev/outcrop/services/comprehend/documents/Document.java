package dev.outcrop.services.comprehend.documents;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A document of a job.
 *
 * @param file    name of its file
 * @param fileNumber of the file among those of the job
 * @param line    its number in the file, from 0, where each line is a document
 * @param text    empty if it cannot be analysed
 * @param read    what was read, where it is more than text
 * @param problem why, if so
 */
public record Document(
        String file,
        int fileNumber,
        OptionalInt line,
        String text,
        Optional<ReadDocument> read,
        Optional<Problem> problem) {
    /** A plain text. */
    static Document of(String file, int fileNumber, OptionalInt line, String text) {
        return new Document(file, fileNumber, line, text, Optional.empty(), Optional.empty());
    }

    static Document wrong(String file, int fileNumber, OptionalInt line, Problem problem) {
        return new Document(file, fileNumber, line, "", Optional.empty(), Optional.of(problem));
    }

    /**
     * Why a document cannot be analysed.
     *
     * @param code such as {@code DOCUMENT_SIZE_EXCEEDED}
     */
    public record Problem(String code, String message) {}
}
