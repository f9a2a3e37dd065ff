/**
 * Filter patterns: which events are meant, and what is extracted from them.
 *
 * <p>Source: "Filter pattern syntax for metric filters, subscription filters, filter log events, and Live Tail" of the
 * Amazon CloudWatch Logs user guide.
 */
package dev.outcrop.services.cloudwatchlogs.filter;
