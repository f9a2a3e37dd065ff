package dev.outcrop.engines.documents;

/**
 * A piece of a document that is embedded and found as one.
 *
 * @param text       its text; tables are Markdown
 * @param firstPage  the page it begins on, from 1; 0 where there are no pages, or the document was not cut
 * @param lastPage   the page its last block begins on; 0 as {@code firstPage}
 * @param parent     which parent it was cut from, from 0; -1 where there are no parents
 * @param parentText the parent's text; "" where there are no parents
 */
public record Chunk(String text, int firstPage, int lastPage, int parent, String parentText) {}
