/**
 * Reads documents of many formats with their layout, and cuts them into chunks.
 *
 * <p>{@link dev.outcrop.engines.documents.DocumentParser} makes a {@link dev.outcrop.engines.documents.Document} of a file:
 * headings, paragraphs, lists and tables in reading order, each with the page it begins on. {@link
 * dev.outcrop.engines.documents.Chunking} cuts that. PDFs are read by PDFBox letter by letter, and the layout is understood
 * here; Office's formats by Tika, HTML by jsoup, all else here.
 *
 * <p>Measured on 16 made PDFs of five pages each, one and two columns, tables with and without lines, ragged and justified,
 * words divided or not, with running headers and page numbers ({@code outcrop bench documents}; the test of the benchmarks
 * holds it): all words are read and nothing else (F1 1.00; pypdf, pdfminer.six and pdfplumber .97), .999 of neighbouring
 * words stay neighbours (pypdf .97, pdfplumber .88), the relations of tables' cells have an F1 of .993 (pdfplumber .62),
 * headings .99. Such PDFs are cleaner than scanned or badly made ones, on which nothing was measured.
 *
 * <p>Not read: pages that are images (a warning says so), text in another direction than most of its page, the right-to-left
 * order of Arabic and Hebrew in PDFs, cells of tables that span rows or columns other than as one cell and empty ones.
 */
package dev.outcrop.engines.documents;
