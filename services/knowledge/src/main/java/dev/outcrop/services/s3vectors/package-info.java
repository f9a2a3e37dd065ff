/**
 * Amazon S3 Vectors: vector buckets and their policies, indexes, vectors by key and by nearness, with filters over their
 * metadata. Vectors are in embedded stores under the data folder, one an index, so servers that share a database do not
 * share them. Everything is here; the rates of requests are not limited as AWS limits them.
 *
 * <p>Source: "Working with S3 Vectors and vector buckets" of the Amazon S3 user guide, and the Amazon S3 API Reference.
 */
package dev.outcrop.services.s3vectors;
