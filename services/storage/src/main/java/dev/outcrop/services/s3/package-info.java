/**
 * Amazon S3: general purpose buckets, objects, versions, uploads in parts. Who may do what is decided by IAM with what
 * {@code S3Resources} tells it: policies of buckets, access control lists, Block Public Access. All that is stored is
 * encrypted under keys of the server (SSE-S3), and, where that is asked for, under data keys of KMS or keys of customers
 * below that; of what is under keys of customers only what was put in one piece is replicated. Lifecycle rules, replication, access logs and the deletion of what
 * nobody refers to are chores. Restoring an archive takes no time here, since its bytes are at hand. Queues, topics
 * and EventBridge are told of what happens to objects, at least once; functions are not. Metrics, analytics, inventories
 * and acceleration are configurations that nothing acts upon yet. What is not overridden answers 501. A bucket answers in
 * whatever region it is asked.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html">Amazon S3 API reference</a>
 */
package dev.outcrop.services.s3;
