/** Queues: standard and FIFO. */
package dev.outcrop.services.sqs;
