/**
 * Amazon Transcribe: transcription jobs over files in S3, custom vocabularies, vocabulary filters. What is toxic is told by
 * the words alone, passage by passage, and not by how they are said. Speakers are not told apart, since there is no model
 * of voices; requests that ask for it are refused. Call analytics, medical transcription and custom language models are
 * left out.
 *
 * <p>Source: Amazon Transcribe API reference and developer guide.
 */
package dev.outcrop.services.transcribe;
