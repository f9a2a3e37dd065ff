/**
 * S3 Select: a statement of SQL over the records of one object. Statements are read and evaluated here, record by record,
 * so that results leave while the object is read, memory is bounded by one record, and no text of a caller's reaches
 * native code. The rows of Parquet files are read by DuckDB, which needs a file: the object lies in a temporary one of the
 * server's own meanwhile.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference.html">SQL reference for
 *     Amazon S3 Select</a>
 */
package dev.outcrop.services.s3.select;
