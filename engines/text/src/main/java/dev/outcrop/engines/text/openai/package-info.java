/**
 * Models behind OpenAI-compatible endpoints: vLLM, Ollama, llama-server, OpenAI itself.
 *
 * <p>Speaks <a href="https://platform.openai.com/docs/api-reference/chat">chat completions</a> and, for raw text, <a
 * href="https://platform.openai.com/docs/api-reference/completions">completions</a>, always streaming.
 */
package dev.outcrop.engines.text.openai;
