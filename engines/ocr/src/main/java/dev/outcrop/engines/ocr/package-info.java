/**
 * Reads the lines and words of images and of pages of PDF, by PP-OCRv4 (Apache-2.0) on ONNX Runtime.
 *
 * <p>Printed Latin writing and Chinese. The model knows few accented letters (à, ä, é, è, ü, É and some more; not ç, ñ, ö,
 * ê, ô, î, ß); handwriting is not told from print, and JPEG 2000 inside PDFs is not read. Polygons follow AWS's page
 * "Locating Items on a Document Page".
 */
package dev.outcrop.engines.ocr;
