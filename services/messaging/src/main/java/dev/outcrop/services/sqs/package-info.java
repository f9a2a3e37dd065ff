/**
 * Amazon SQS: standard and FIFO queues, all operations. Every message is a record, and every queue that is used an index
 * in memory that is rebuilt from them; what was sent, received or deleted is on disk before it is acknowledged. Servers
 * that share a PostgreSQL serve the same queues: a receive is a change of the message's record that only one of them can
 * make. Left out: the rate quotas of FIFO queues, and the part of fair queues that measures how long consumers take.
 *
 * <p>Follows the Amazon SQS API Reference and the Amazon SQS Developer Guide.
 */
package dev.outcrop.services.sqs;
