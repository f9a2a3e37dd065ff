/** Writes ONNX models. */
package dev.outcrop.engines.speech.onnx;
