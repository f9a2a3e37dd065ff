/**
 * AWS Key Management Service.
 *
 * <p>Here: symmetric, RSA, elliptic-curve, Ed25519, HMAC and ML-DSA keys and everything that is done with them; encryption
 * contexts, data keys, aliases, tags, key policies, grants, rotation, imported material, key states and deletion, and the
 * keys that AWS manages. Material is kept under the master key of the data folder. A ciphertext names its key and the
 * generation of its material, and is authenticated together with that and the encryption context.
 *
 * <p>Key policies and grants are kept, checked and told to IAM by {@link dev.outcrop.kernel.ProtectedResources}; until IAM
 * evaluates them the root of a key's own account is the only one who may use it.
 *
 * <p>Left out so far: custom key stores, replicas of multi-Region keys and their primary Region, each answered with 501, as
 * are attested recipients; SM2, which AWS has in China only; RSAES_PKCS1_V1_5 for imports, which AWS has given up.
 *
 * <p>Follows the AWS KMS API Reference and the AWS KMS Developer Guide.
 */
package dev.outcrop.services.kms;
