/**
 * AWS Signature Version 4 as a server checks it: headers, presigned URLs, chunked payloads with their trailers and
 * checksums, and the messages of signed event streams.
 *
 * <p>Source: AWS, "AWS Signature Version 4 for API requests", IAM User Guide, and "Authenticating Requests (AWS Signature
 * Version 4)", Amazon S3 API Reference.
 */
package dev.outcrop.wire.signature;
