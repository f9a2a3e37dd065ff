package dev.outcrop.services.kms;

import dev.outcrop.kernel.Access;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.Tags;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.kms.model.CreateGrantRequest;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.GrantConstraints;
import software.amazon.awssdk.services.kms.model.MultiRegionKeyType;
import software.amazon.awssdk.services.kms.model.ReEncryptRequest;
import software.amazon.awssdk.services.kms.model.RetireGrantRequest;
import software.amazon.awssdk.services.kms.model.UpdatePrimaryRegionRequest;

/**
 * What IAM is told of keys: which one a request means, its policy, its grants, and what conditions ask for.
 *
 * <p>Source: "Condition keys for AWS KMS" and "Determining access to AWS KMS keys" of the AWS KMS developer guide.
 */
final class KeyAccess implements ProtectedResources {
    private static final String ENCRYPTION_CONTEXT = "kms:encryptioncontext:";
    private static final String ALIAS = ":alias/";

    private final KmsKeys keys;
    private final Grants grants;
    private final Pages pages;
    private final Tags tags;

    KeyAccess(KmsKeys keys, Grants grants, Pages pages, Tags tags) {
        this.keys = keys;
        this.grants = grants;
        this.pages = pages;
        this.tags = tags;
    }

    /**
     * Keys instead of the aliases that name them, the keys of a ciphertext and of a grant token, and of a primary key that
     * is to be replaced both; aliases only where they are changed.
     */
    @Override
    public List<String> resources(String operation, SdkRequest request, List<String> named) {
        if (operation.endsWith("Alias")) {
            return named;
        }
        if (request instanceof UpdatePrimaryRegionRequest update) {
            return named.stream()
                    .flatMap(arn -> Stream.of(arn, elsewhere(arn, update.primaryRegion())))
                    .distinct()
                    .toList();
        }
        return named.stream().map(arn -> keyArn(request, arn)).toList();
    }

    private static String elsewhere(String arn, String region) {
        String[] parts = arn.split(":", 6);
        parts[3] = region;
        return String.join(":", parts);
    }

    private String keyArn(SdkRequest request, String arn) {
        if (arn.contains(ALIAS)) {
            return keys.targetOf(arn).orElse(arn);
        }
        return arn.endsWith("/*") ? hidden(request).orElse(arn) : arn;
    }

    /** The key that a request names without saying so. */
    private Optional<String> hidden(SdkRequest request) {
        return switch (request) {
            case DecryptRequest decrypt -> ofCiphertext(decrypt.ciphertextBlob());
            case ReEncryptRequest reEncrypt -> ofCiphertext(reEncrypt.ciphertextBlob());
            case RetireGrantRequest retire ->
                Optional.ofNullable(retire.grantToken()).flatMap(grants::keyOfToken);
            default -> Optional.empty();
        };
    }

    private static Optional<String> ofCiphertext(SdkBytes blob) {
        return Optional.ofNullable(blob)
                .flatMap(bytes -> SymmetricCiphertext.read(bytes.asByteArray()))
                .map(ciphertext -> "arn:aws:kms:" + CallContext.current().region() + ":" + ciphertext.account()
                        + ":key/" + ciphertext.keyId());
    }

    @Override
    public Map<String, String> tags(String arn) {
        return tags.of(arn);
    }

    @Override
    public Optional<List<String>> condition(String key, Access access, SdkRequest request) {
        Optional<List<String>> ofRequest = switch (request) {
            case ReEncryptRequest reEncrypt -> condition(key, access.action(), reEncrypt);
            case CreateGrantRequest create
            when key.equals("kms:grantconstrainttype") ->
                Optional.ofNullable(create.constraints()).flatMap(KeyAccess::constraintType);
            default -> Optional.empty();
        };
        if (key.equals("kms:grantisforawsresource")) {
            return access.action().endsWith("Grant") || access.action().endsWith("Grants")
                    ? Optional.of(List.of(Boolean.toString(
                            CallContext.current().callingService().isPresent())))
                    : Optional.empty();
        }
        if (key.equals("kms:requestalias")) {
            return requestAlias(request);
        }
        return ofRequest.or(() -> condition(key, access.resource()));
    }

    /** The name of the alias that a request names by its ARN; one that stands there by name, IAM sees itself. */
    private static Optional<List<String>> requestAlias(SdkRequest request) {
        return request.getValueForField("KeyId", String.class)
                .filter(name -> name.contains(ALIAS))
                .map(name -> List.of(name.substring(name.indexOf(ALIAS) + 1)));
    }

    private static Optional<List<String>> constraintType(GrantConstraints constraints) {
        List<String> types = Stream.of(
                        constraints.hasEncryptionContextEquals() ? "EncryptionContextEquals" : "",
                        constraints.hasEncryptionContextSubset() ? "EncryptionContextSubset" : "")
                .filter(type -> !type.isEmpty())
                .toList();
        return Optional.of(types).filter(some -> !some.isEmpty());
    }

    /** ReEncrypt has two contexts and two algorithms, one for each of its actions. */
    private Optional<List<String>> condition(String key, String action, ReEncryptRequest request) {
        boolean from = action.equals("kms:ReEncryptFrom");
        Map<String, String> context = from ? request.sourceEncryptionContext() : request.destinationEncryptionContext();
        if (key.startsWith(ENCRYPTION_CONTEXT)) {
            return present(context.entrySet().stream()
                    .filter(pair ->
                            pair.getKey().toLowerCase(Locale.ROOT).equals(key.substring(ENCRYPTION_CONTEXT.length())))
                    .map(Map.Entry::getValue)
                    .toList());
        }
        return switch (key) {
            case "kms:encryptioncontextkeys" -> present(List.copyOf(context.keySet()));
            case "kms:encryptionalgorithm" ->
                Optional.of(List.of(Optional.ofNullable(
                                from
                                        ? request.sourceEncryptionAlgorithmAsString()
                                        : request.destinationEncryptionAlgorithmAsString())
                        .orElse("SYMMETRIC_DEFAULT")));
            case "kms:reencryptonsamekey" -> Optional.of(List.of(Boolean.toString(isSameKey(request))));
            default -> Optional.empty();
        };
    }

    private boolean isSameKey(ReEncryptRequest request) {
        return ofCiphertext(request.ciphertextBlob())
                .or(() -> Optional.ofNullable(request.sourceKeyId()).flatMap(keys::arnOf))
                .filter(source -> keys.arnOf(request.destinationKeyId()).equals(Optional.of(source)))
                .isPresent();
    }

    private static Optional<List<String>> present(List<String> values) {
        return Optional.of(values).filter(some -> !some.isEmpty());
    }

    @Override
    public Optional<List<String>> condition(String key, String arn) {
        CallContext call = CallContext.current();
        return switch (key) {
            case "kms:calleraccount" -> Optional.of(List.of(call.principal().account()));
            case "kms:viaservice" -> call.callingService().map(KeyPolicies::via).map(List::of);
            case "kms:keyspec" ->
                keys.atArn(arn).map(known -> List.of(known.spec().toString()));
            case "kms:keyusage" ->
                keys.atArn(arn).map(known -> List.of(known.usage().toString()));
            case "kms:keyorigin" ->
                keys.atArn(arn).map(known -> List.of(known.origin().toString()));
            case "kms:multiregion" -> keys.atArn(arn).map(known -> List.of(Boolean.toString(known.multiRegion())));
            case "kms:multiregionkeytype" ->
                keys.atArn(arn)
                        .filter(KmsKey::multiRegion)
                        .map(known -> List.of(
                                (known.leads() ? MultiRegionKeyType.PRIMARY : MultiRegionKeyType.REPLICA).toString()));
            case "kms:resourcealiases" -> keys.atArn(arn).map(this::aliasesOf).filter(names -> !names.isEmpty());
            default -> Optional.empty();
        };
    }

    private List<String> aliasesOf(KmsKey key) {
        return pages.all(KmsKeys.ALIAS, key, record -> record.key().id());
    }

    @Override
    public Optional<String> policy(String arn) {
        return keys.atArn(arn).map(KmsKey::policy);
    }

    @Override
    public boolean grants(Principal principal, Access access, SdkRequest request) {
        return keys.atArn(access.resource())
                .filter(key -> grants.allow(key, principal, access.action(), request))
                .isPresent();
    }
}
