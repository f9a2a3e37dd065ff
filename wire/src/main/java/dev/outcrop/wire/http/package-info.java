/** A request and a response as plain values, and the encodings of URLs; no server is needed to use them. */
package dev.outcrop.wire.http;
