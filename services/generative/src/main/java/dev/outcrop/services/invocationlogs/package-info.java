/**
 * Model invocation logging: what models were asked and answered, delivered to S3 and to CloudWatch Logs. A call hands its
 * request and answer over and goes on; they are in the journal half a second later, encrypted, and are delivered from there.
 *
 * <p>Beyond AWS's record there is {@code outcropModel}, the installed model that really answered. Left out is audio.
 *
 * <p>Source: "Monitor model invocation using CloudWatch Logs and Amazon S3", Amazon Bedrock user guide.
 */
package dev.outcrop.services.invocationlogs;
