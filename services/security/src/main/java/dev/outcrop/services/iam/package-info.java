/**
 * AWS Identity and Access Management: users, groups, roles, service-linked ones too, instance profiles, policies, the
 * credentials of users, OpenID Connect and SAML providers, second factors, reports; and the decision about every call, which
 * {@link dev.outcrop.services.iam.IamAuthorization} makes by them. What needs AWS Organizations, delegation requests,
 * outbound federation, last uses of single actions, and encrypted assertions are left out still.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html">IAM API reference</a>
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html">IAM and STS quotas</a>
 */
package dev.outcrop.services.iam;
