/**
 * CloudWatch Logs Insights: its query language, translated to SQL for DuckDB, which reads the columns of the stored events
 * through a table function. Of what a user wrote only literals reach the SQL, quoted; names become names of our own.
 *
 * <p>Source: "CloudWatch Logs Insights language query syntax" of the Amazon CloudWatch Logs user guide.
 */
package dev.outcrop.services.cloudwatchlogs.insights;
