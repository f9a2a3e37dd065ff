/** Scenarios that other people's clients walk against a running server: boto3, the AWS CLI, LangChain, JavaScript. */
package dev.outcrop.conformance.clients;
