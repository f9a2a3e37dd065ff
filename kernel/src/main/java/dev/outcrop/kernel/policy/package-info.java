/**
 * IAM's policies: documents are parsed by AWS's grammar, compiled, and evaluated in AWS's order. Plain Java that knows no
 * service; what policies there are, others tell it.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html">Policy
 *     evaluation logic</a>
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">Grammar of the IAM JSON
 *     policy language</a>
 */
package dev.outcrop.kernel.policy;
