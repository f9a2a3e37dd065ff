/**
 * Finds in the words, lines and pixels of a page its layout, tables, forms, boxes to tick, signatures, answers to questions, and
 * what invoices, receipts and identity papers say.
 *
 * <p>Boxes are in the pixels of the upright page. Everything is geometry and words: no model is asked, and what a page says in
 * no such way is not found.
 *
 * <p>Quality (F1) on generated pages of seeds that no rule was made on, by their text layer: cells of tables 1.00, labels with
 * values 1.00, summaries of invoices and receipts .99, their line items 1.00, fields of driving licences and passports 1.00,
 * parts of the layout 1.00, signatures .97; .98 of the questions about forms and invoices are answered rightly. The pages are
 * simpler than what people scan. {@code ./outcrop bench pages} prints all of it, and the same of pages read as pictures.
 */
package dev.outcrop.engines.pages;
