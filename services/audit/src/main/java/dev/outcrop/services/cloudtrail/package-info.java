/**
 * AWS CloudTrail: the history of calls; trails of files in S3 with digests that can be verified, sent to CloudWatch Logs and
 * told to topics of Amazon SNS; event data stores that files are imported into and that are asked in SQL.
 *
 * <p>What the calls were is the kernel's record of them, which this only reads. Not here: dashboards and the queries behind
 * them, channels for events from elsewhere, federation, organizations, and computed Insights.
 *
 * <p>Source: AWS CloudTrail API reference and user guide.
 */
package dev.outcrop.services.cloudtrail;
