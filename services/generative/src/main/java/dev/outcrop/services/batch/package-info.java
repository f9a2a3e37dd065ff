/**
 * Batch inference: lines of JSON from S3, each of them a request to a model, and back. What is done is kept in records until
 * a job has ended, so that a job that is begun again after a crash does no record twice; then it is put into the bucket at
 * once. Few records are asked at the same time, so that interactive calls find the models free.
 *
 * <p>S3 is read and written as the job's role. Models are invoked by Bedrock itself, as whoever makes a job must be allowed
 * to use its model; through an inference profile they are invoked as the role. Jobs in a VPC answer 501.
 *
 * <p>Source: "Process multiple prompts with batch inference", Amazon Bedrock user guide.
 */
package dev.outcrop.services.batch;
