/**
 * Amazon Comprehend: what texts say and how they feel, for single documents and batches. English throughout; entities,
 * sentiment and personal data in German, Spanish, French, Italian and Portuguese, too, parts of speech and phrases in German and
 * French; the dominant language of any text. What is read nowhere here is an {@code UnsupportedLanguageException}: Arabic,
 * Chinese, Hindi, Japanese, Korean, and parts of speech and phrases of Spanish, Italian and Portuguese, for which there is no
 * openly licensed model in Maven's repository. Personal data is found in four languages more than AWS takes. Images and scanned
 * pages are read by Textract, as the caller or the role of a job. Jobs of all kinds but events, custom classifiers and
 * recognisers of plain texts, endpoints and flywheels are in the packages below; left out there: trainings on semi-structured documents, PDF annotations, and
 * evaluation manifests of flywheels. A key for volumes and a VPC are kept, and make no difference: nothing of a job is on a
 * volume of its own.
 *
 * <p>Source: Amazon Comprehend Developer Guide, docs.aws.amazon.com/comprehend/latest/dg/.
 */
package dev.outcrop.services.comprehend;
