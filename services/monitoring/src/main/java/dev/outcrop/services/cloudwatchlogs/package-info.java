/**
 * Amazon CloudWatch Logs: groups, streams and their events, filters, and Logs Insights.
 *
 * <p>Events are in files of the server that took them: of servers that share a database each tells only what came to it, so
 * a group is read where it is written. Subscription filters reach Lambda functions, where there are any; streams and logical
 * destinations are refused as those that are not there. Deliveries of other services' logs, anomaly detectors, transformers,
 * field indexes, integrations and account policies are not done.
 *
 * Source: Amazon CloudWatch Logs API reference and user guide.
 */
package dev.outcrop.services.cloudwatchlogs;
