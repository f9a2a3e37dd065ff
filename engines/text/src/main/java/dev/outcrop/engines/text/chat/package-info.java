/** Conversations as a model's chat template writes them, and a model's output as events: text, reasoning, tool calls. */
package dev.outcrop.engines.text.chat;
