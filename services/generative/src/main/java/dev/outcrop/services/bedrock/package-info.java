/**
 * Amazon Bedrock's control plane.
 *
 * <p>Here: which foundation models there are (those that AWS published, by their ids, and those installed here, by
 * theirs), whether one is to be had, agreements to the licence of the model that answers, system-defined and application
 * inference profiles, guardrails (in a package of their own), and tags.
 *
 * <p>Left out so far, and answered with 501: invocation logging, automated reasoning, customization, import,
 * evaluation and batch jobs, provisioned throughput, prompt routers and marketplace endpoints.
 *
 * <p>Follows the Amazon Bedrock API Reference and, in the Amazon Bedrock User Guide, "Supported foundation models",
 * "Model lifecycle", "Supported Regions and models for inference profiles" and "Set up a model invocation resource using
 * inference profiles".
 */
package dev.outcrop.services.bedrock;
