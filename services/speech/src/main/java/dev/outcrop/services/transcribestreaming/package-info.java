/** Amazon Transcribe, streaming. */
package dev.outcrop.services.transcribestreaming;
