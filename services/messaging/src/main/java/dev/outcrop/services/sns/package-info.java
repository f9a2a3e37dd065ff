/**
 * Amazon SNS: standard and FIFO topics, delivered to SQS queues, and of standard topics to HTTP and HTTPS endpoints and
 * e-mail addresses, with
 * filters, retries and dead-letter queues. A published message and all its deliveries are on disk before it is
 * acknowledged, encrypted under the master key and the topic's key of KMS if it has one, and are delivered again after a
 * crash. Answers 501: mobile push, SMS, Lambda and Firehose subscriptions, data protection policies, archives and delivery
 * status logs.
 *
 * <p>Follows the Amazon SNS API Reference and the Amazon SNS Developer Guide.
 */
package dev.outcrop.services.sns;
