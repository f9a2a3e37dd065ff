package dev.outcrop.engines.sources;

import java.util.List;

/** A place with documents. Not for several threads at once. */
public interface DocumentSource extends AutoCloseable {
    /**
     * Everything that is there now. May take as long as the source's settings allow; interrupting the thread ends it.
     *
     * @throws SourceException if the source as a whole cannot be read: it is not reached, refuses the credentials, or has
     *     more than its settings allow
     */
    Listing list();

    /** Gives back what was kept for the documents' contents, which cannot be opened any more. */
    @Override
    void close();

    /**
     * What a source holds.
     *
     * @param documents each with a URI of its own
     * @param failures  documents that are there, or were announced, and cannot be read
     * @param complete  false where a part of the source could not be looked at, so that a document that is not among these
     *                  may still be there and must not be taken for deleted
     */
    record Listing(List<SourceDocument> documents, List<Failure> failures, boolean complete) {
        public Listing {
            documents = List.copyOf(documents);
            failures = List.copyOf(failures);
        }
    }

    /**
     * A document, or a part of the source, that cannot be read.
     *
     * @param uri    the document's, or that of the part
     * @param reason a sentence for the owner of the source, without credentials
     */
    record Failure(String uri, String reason) {}
}
