/** Reads the lines and words of images and of pages of PDF. */
package dev.outcrop.engines.ocr;
