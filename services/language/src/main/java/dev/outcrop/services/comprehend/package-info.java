/**
 * Amazon Comprehend: what texts say and how they feel, for single documents and batches. English throughout; the dominant
 * language of any text, and personal data that has a form in Spanish, too. Left out: images and scanned pages among the
 * documents sent as bytes, and the places ({@code Blocks}) of what was read of them.
 *
 * <p>Source: Amazon Comprehend Developer Guide, docs.aws.amazon.com/comprehend/latest/dg/.
 */
package dev.outcrop.services.comprehend;
