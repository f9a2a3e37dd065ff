/**
 * AWS Security Token Service: who a caller is, and temporary credentials of roles, users and federated users, also for
 * people for whom an OpenID Connect or SAML provider vouches. What needs AWS Organizations, delegation requests and outbound
 * federation are left out still.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html">AWS STS API reference</a>
 */
package dev.outcrop.services.sts;
