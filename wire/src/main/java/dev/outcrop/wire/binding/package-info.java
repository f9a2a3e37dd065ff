/**
 * SDK shapes as HTTP messages, in all six protocols: what travels in headers, labels and query strings, with the codec
 * for what travels in bodies. Works on plain values; no server is needed.
 */
package dev.outcrop.wire.binding;
