/**
 * Amazon Comprehend: what texts say and how they feel, for single documents and batches. English throughout; the dominant
 * language of any text, and personal data that has a form in Spanish, too. Images and scanned pages are read by Textract, as
 * the caller or the role of a job. Jobs of all kinds but events, custom classifiers and recognisers of plain texts, endpoints
 * and flywheels are in the packages below; left out there: trainings on semi-structured documents, PDF annotations, and
 * evaluation manifests of flywheels. A key for volumes and a VPC are kept, and make no difference: nothing of a job is on a
 * volume of its own.
 *
 * <p>Source: Amazon Comprehend Developer Guide, docs.aws.amazon.com/comprehend/latest/dg/.
 */
package dev.outcrop.services.comprehend;
