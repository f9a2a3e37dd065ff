/** What every call leaves: an audit event, a usage entry with its price, and figures for monitoring. */
package dev.outcrop.kernel.record;
