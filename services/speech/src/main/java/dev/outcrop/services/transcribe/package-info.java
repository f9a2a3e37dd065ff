/**
 * Amazon Transcribe: transcription jobs over files in S3, custom vocabularies, vocabulary filters. Speakers are not told
 * apart and toxicity is not detected, since no model for either is installed; requests that ask for it are refused. Call
 * analytics, medical transcription and custom language models are left out.
 *
 * <p>Source: Amazon Transcribe API reference and developer guide.
 */
package dev.outcrop.services.transcribe;
