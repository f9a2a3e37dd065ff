/**
 * What provisioned throughput means here. A model unit is one answer at a time: of the answers that the installed model
 * writes at once, one is kept free for each unit. Calls by the ARN of a provisioned model may be as many at once as it has
 * units, and are throttled beyond; on-demand calls share the rest and wait for it. Limits hold on each server by itself.
 *
 * <p>Source: "Increase model invocation capacity with Provisioned Throughput in Amazon Bedrock", Amazon Bedrock user guide,
 * which leaves open what a unit is worth.
 */
package dev.outcrop.services.modelunits;
