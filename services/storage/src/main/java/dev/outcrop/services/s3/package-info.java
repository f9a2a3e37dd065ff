/**
 * Amazon S3: general purpose buckets, objects, versions, uploads in parts. All that is stored is encrypted under keys of
 * the server (SSE-S3); keys of KMS and of customers, object lock, access control lists and what is not overridden answer 501.
 * A bucket answers in whatever region it is asked.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html">Amazon S3 API reference</a>
 */
package dev.outcrop.services.s3;
