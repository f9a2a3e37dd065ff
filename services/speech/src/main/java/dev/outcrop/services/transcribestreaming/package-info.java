/**
 * Amazon Transcribe streaming: speech recognised while it is sent, over HTTP/2 or a WebSocket. Speakers are not told apart;
 * call analytics and medical streams are left out.
 *
 * <p>Source: Amazon Transcribe API reference and developer guide.
 */
package dev.outcrop.services.transcribestreaming;
