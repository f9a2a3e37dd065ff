/**
 * AWS Key Management Service.
 *
 * <p>Here: symmetric, RSA, elliptic-curve, Ed25519, HMAC and ML-DSA keys and everything that is done with them; encryption
 * contexts, data keys, aliases, tags, key policies and grants, across accounts, too; rotation, imported material, key states
 * and deletion, multi-Region keys, the keys that AWS manages, and custom key stores on PKCS #11 modules. Material is kept
 * under the master key of the data folder. A ciphertext names its key and the generation of its material, and is
 * authenticated together with that and the encryption context.
 *
 * <p>Who may do what IAM decides, by what {@link dev.outcrop.services.kms.KeyAccess} tells it.
 *
 * <p>Left out so far, and answered with 501: external key stores, and attested recipients. SM2 is refused, which AWS has in
 * China only, and RSAES_PKCS1_V1_5 for imports, which AWS has given up. Grants work at once, so that the grant tokens of a
 * request are not looked at.
 *
 * <p>Follows the AWS KMS API Reference and the AWS KMS Developer Guide.
 */
package dev.outcrop.services.kms;
