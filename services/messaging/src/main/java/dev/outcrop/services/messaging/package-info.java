/** What SQS and SNS have in common: FIFO order and deduplication, and the statements that their permissions add to policies. */
package dev.outcrop.services.messaging;
