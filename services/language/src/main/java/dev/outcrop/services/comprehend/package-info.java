/**
 * Amazon Comprehend: what texts say and how they feel, for single documents and batches. English throughout; the dominant
 * language of any text, and personal data that has a form in Spanish, too. Left out: images and scanned pages among the
 * documents sent as bytes, and the places ({@code Blocks}) of what was read of them. Jobs of all kinds but events, custom
 * classifiers and recognisers of plain texts, endpoints and flywheels are in the packages below; left out there: jobs and
 * trainings on semi-structured documents, PDF annotations, and evaluation manifests of flywheels. A key for volumes and a
 * VPC are kept, and make no difference: nothing of a job is on a volume of its own.
 *
 * <p>Source: Amazon Comprehend Developer Guide, docs.aws.amazon.com/comprehend/latest/dg/.
 */
package dev.outcrop.services.comprehend;
