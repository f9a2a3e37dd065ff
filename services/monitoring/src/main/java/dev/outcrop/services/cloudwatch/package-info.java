/**
 * Metrics, and alarms on them.
 *
 * <p>What is measured is in the journal before it is acknowledged, and in blocks of its series in four resolutions, each
 * kept as long as AWS does. Alarms are looked at every ten seconds or every minute. Dashboards and the settings of metric
 * streams are kept; streams deliver nothing, since there is no Firehose, and cannot be started. Contributor Insights rules,
 * images of graphs, and alarms with contributors are left out, as are metrics of linked accounts.
 *
 * <p>Source: the Amazon CloudWatch user guide and API reference.
 */
package dev.outcrop.services.cloudwatch;
