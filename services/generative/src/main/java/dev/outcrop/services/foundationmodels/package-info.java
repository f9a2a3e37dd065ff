/**
 * What AWS published about the foundation models of Amazon Bedrock, what is installed here, and which cross-Region
 * inference profiles there are. Facts only: which model answers is decided by {@code bedrockruntime.ModelRouting}.
 */
package dev.outcrop.services.foundationmodels;
