/**
 * AWS Identity and Access Management: users, groups, roles, instance profiles, policies and access keys, and the decision
 * about every call, which {@link dev.outcrop.services.iam.IamAuthorization} makes by them. SAML and OpenID Connect
 * providers, server and signing certificates, SSH keys, MFA devices, service-linked roles and reports are left out still.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html">IAM API reference</a>
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html">IAM and STS quotas</a>
 */
package dev.outcrop.services.iam;

/**
 * AWS Identity and Access Management: users, groups, roles, instance profiles, policies and access keys, and the decision
 * about every call, which {@link dev.outcrop.services.iam.IamAuthorization} makes by them. SAML and OpenID Connect
 * providers, server and signing certificates, SSH keys, MFA devices, service-linked roles and reports are left out still.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html">IAM API reference</a>
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html">IAM and STS quotas</a>
 */
