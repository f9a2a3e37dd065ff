/**
 * Amazon CloudWatch Logs: groups, streams and their events, filters, and Logs Insights.
 *
 * <p>Deliveries of other services' logs, anomaly detectors, transformers, integrations and account policies are not done.
 * Source: Amazon CloudWatch Logs API reference and user guide.
 */
package dev.outcrop.services.cloudwatchlogs;
