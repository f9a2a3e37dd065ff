/**
 * AWS Secrets Manager.
 *
 * <p>Here: secrets with versions and staging labels, values encrypted under data keys of KMS and bound to secret and
 * version, idempotency tokens, lists with filters, deletion with its recovery window, random passwords, tags, resource
 * policies, and rotation by a Lambda function once that service is there.
 *
 * <p>Regions to replicate to are kept as settings, and their status says that nothing is copied. Left out so far, and
 * answered with 501: StopReplicationToReplica, schedules by {@code cron(…)}, and secrets of partners.
 *
 * <p>Follows the AWS Secrets Manager API Reference and User Guide.
 */
package dev.outcrop.services.secretsmanager;
