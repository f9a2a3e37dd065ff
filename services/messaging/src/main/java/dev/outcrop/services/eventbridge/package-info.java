/** Buses that events come in on, and rules that say where they go. */
package dev.outcrop.services.eventbridge;
