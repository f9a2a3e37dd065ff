/**
 * The framing of event streams, {@code application/vnd.amazon.eventstream}, and the messages that shapes become in it.
 */
package dev.outcrop.shapes.eventstream;
