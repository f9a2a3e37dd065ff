/**
 * AWS Security Token Service: who a caller is, and temporary credentials of roles, users and federated users. Identity
 * providers, codes of a second factor, and encoded authorization messages are left out still.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html">AWS STS API reference</a>
 */
package dev.outcrop.services.sts;
