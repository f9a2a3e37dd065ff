/**
 * Whisper on ONNX Runtime: reads the weights as CTranslate2 stores them, writes graphs for ONNX Runtime from them, and
 * decodes.
 *
 * <p>Source: Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2022.
 */
package dev.outcrop.engines.speech.whisper;
