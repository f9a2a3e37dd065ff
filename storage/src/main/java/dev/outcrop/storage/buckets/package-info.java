/**
 * Buckets of objects with versions, as records: what a bucket holds, in the order of its keys, and which contents belong to
 * it. A page of a listing costs the same however many keys a bucket has. What may be done with it is for the service above
 * to say.
 */
package dev.outcrop.storage.buckets;
