/**
 * AWS Security Token Service. Serves {@code GetCallerIdentity}; temporary credentials come with IAM.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html">AWS STS API reference</a>
 */
package dev.outcrop.services.sts;
