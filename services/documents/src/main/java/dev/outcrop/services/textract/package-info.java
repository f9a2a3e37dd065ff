/**
 * Amazon Textract: text, tables, forms, queries, signatures and layout of documents, invoices and receipts, identity papers, at
 * once and by jobs over S3. What stands on pages is found by {@code engines/ocr} and {@code engines/pages}; a PDF with a text
 * layer that can be trusted is read without a model.
 *
 * <p>Left out: adapters and lending documents (501), human review, whose configuration is checked and kept until there is
 * Augmented AI, and telling handwriting from print. Queries are answered by words that question and document share, signatures
 * are found where a page asks for one.
 *
 * <p>Source: Amazon Textract Developer Guide and API Reference.
 */
package dev.outcrop.services.textract;
