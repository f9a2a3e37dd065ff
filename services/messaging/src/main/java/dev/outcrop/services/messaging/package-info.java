/**
 * What the services of messaging have in common: FIFO order and deduplication, the statements that permissions add to
 * policies, and calls of web servers out there.
 */
package dev.outcrop.services.messaging;
