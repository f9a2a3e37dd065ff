/**
 * EventBridge: buses that take events, rules that choose among them, targets that they are delivered to, schedules, archives
 * and replays. Services publish to the default buses by {@link dev.outcrop.kernel.events.ServiceEvents}.
 *
 * <p>An event that a rule wants for a target is a record in the transaction that accepts it, and stays one until it has been
 * delivered or given up, so that it survives the server; one that nobody wants costs no write at all.
 *
 * <p>Not served: partner event sources, global endpoints, keys of KMS for connections, private
 * connectivity, and targets of services that are not served here: their events go to the dead-letter queue.
 *
 * <p>Source: the Amazon EventBridge API reference and user guide.
 */
package dev.outcrop.services.eventbridge;
