/** Pages with known words, to train and to measure what reads them. */
package dev.outcrop.engines.ocr.training;
