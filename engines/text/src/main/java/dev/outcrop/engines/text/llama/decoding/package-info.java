/**
 * Continuous batching over one context of llama.cpp: many generations share its steps, each with its own sampling,
 * constraint and end. Runs in the worker process.
 *
 * <p>Scheduling follows Yu et al., "Orca: A Distributed Serving System for Transformer-Based Generative Models", 2022
 * (iteration-level batching), and Agrawal et al., "Taming Throughput-Latency Tradeoff in LLM Inference with
 * Sarathi-Serve", 2024 (prompts in chunks between the tokens of others).
 */
package dev.outcrop.engines.text.llama.decoding;
