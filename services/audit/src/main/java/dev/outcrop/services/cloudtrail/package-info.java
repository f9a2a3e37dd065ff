/**
 * AWS CloudTrail: the history of calls, trails of files in S3 with digests that can be verified, and event data stores that
 * are asked in SQL.
 *
 * <p>What the calls were is the kernel's record of them, which this only reads. Not here: dashboards, channels for events
 * from elsewhere, federation, organizations, computed Insights, and delivery to CloudWatch Logs and SNS.
 *
 * <p>Source: AWS CloudTrail API reference and user guide.
 */
package dev.outcrop.services.cloudtrail;
