/**
 * The part of the Jinja template language that chat templates use, as Python's jinja2 3.1 reads it in the sandbox that
 * Hugging Face transformers gives it. Knows where each character of its output came from.
 */
package dev.outcrop.engines.text.template;
