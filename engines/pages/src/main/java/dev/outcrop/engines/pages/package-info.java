/**
 * Finds in the words, lines and pixels of a page its layout, tables, forms, boxes to tick, signatures, answers to questions, and
 * what invoices, receipts and identity papers say.
 *
 * <p>Boxes are in the pixels of the upright page. Everything is geometry and words: no model is asked, and what a page says in
 * no such way is not found.
 */
package dev.outcrop.engines.pages;
