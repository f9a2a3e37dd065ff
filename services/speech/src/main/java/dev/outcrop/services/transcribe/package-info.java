/**
 * Amazon Transcribe: transcription jobs over files in S3, custom vocabularies, vocabulary filters, custom language models of
 * English, which prefer the words and names of the texts that they were given. What is toxic is told by the words alone,
 * passage by passage, and not by how they are said. Speakers are told apart where a model of voices is installed. Call analytics and medical transcription are left out.
 *
 * <p>Source: Amazon Transcribe API reference and developer guide.
 */
package dev.outcrop.services.transcribe;
