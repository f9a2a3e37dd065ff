/**
 * Guardrails of Amazon Bedrock: their definitions, for Amazon Bedrock's control plane, and their use, for Amazon Bedrock
 * Runtime. Both read the same records, so that a guardrail is applied without a call that its user would have to be
 * allowed.
 *
 * <p>What is said about a text is said by {@code engines/guard}; here is what AWS makes of it: which policies look at
 * which texts, what is blocked, masked or only reported, how it is traced, counted and measured.
 *
 * <p>How this differs from AWS: the classic and the standard tier are served by the same classifiers, so that a guardrail
 * profile leads nowhere else; both tiers know the languages that the classifiers know. Images are not looked at: a filter
 * with the modality IMAGE is refused, and images count as not guarded. Automated reasoning policies and enforced
 * configurations are answered with 501.
 *
 * <p>Follows "Detect and filter harmful content by using Amazon Bedrock Guardrails" of the Amazon Bedrock User Guide, and
 * the API reference.
 */
package dev.outcrop.services.guardrails;
