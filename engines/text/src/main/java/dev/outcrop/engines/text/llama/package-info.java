/**
 * Models in GGUF files, run by llama.cpp in worker processes.
 *
 * <p>{@link dev.outcrop.engines.text.llama.LlamaTextModel} is the server's side: it writes conversations by the model's
 * chat template, sends the text to the worker and reads tool calls and reasoning from the answer. The worker's side is
 * {@code LlamaService}: tokens, batches and sampling.
 */
package dev.outcrop.engines.text.llama;
