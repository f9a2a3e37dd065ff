/** Amazon Transcribe. */
package dev.outcrop.services.transcribe;
