package dev.outcrop.services.kms;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.ConditionContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Principal;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.kms.model.CreateGrantRequest;
import software.amazon.awssdk.services.kms.model.CreateGrantResponse;
import software.amazon.awssdk.services.kms.model.GrantConstraints;
import software.amazon.awssdk.services.kms.model.GrantListEntry;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.InvalidArnException;
import software.amazon.awssdk.services.kms.model.InvalidGrantTokenException;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.LimitExceededException;
import software.amazon.awssdk.services.kms.model.ListGrantsRequest;
import software.amazon.awssdk.services.kms.model.ListGrantsResponse;
import software.amazon.awssdk.services.kms.model.ListRetirableGrantsRequest;
import software.amazon.awssdk.services.kms.model.ListRetirableGrantsResponse;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.RetireGrantRequest;
import software.amazon.awssdk.services.kms.model.RevokeGrantRequest;

/**
 * Grants: rights to use one key, given by who has them without a policy being changed. A grant works from the moment that
 * it is made; its token therefore only names it.
 *
 * <p>Source: "Grants in AWS KMS" of the AWS KMS developer guide.
 */
final class Grants {
    private static final int MOST_OF_A_KEY = 1000;
    /** What a key can be asked for by its use; the rest can be granted for any key. */
    private static final Map<KeyUsageType, Set<GrantOperation>> BY_USAGE = Map.of(
            KeyUsageType.ENCRYPT_DECRYPT,
            Set.of(
                    GrantOperation.DECRYPT,
                    GrantOperation.ENCRYPT,
                    GrantOperation.RE_ENCRYPT_FROM,
                    GrantOperation.RE_ENCRYPT_TO,
                    GrantOperation.GENERATE_DATA_KEY,
                    GrantOperation.GENERATE_DATA_KEY_WITHOUT_PLAINTEXT,
                    GrantOperation.GENERATE_DATA_KEY_PAIR,
                    GrantOperation.GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT),
            KeyUsageType.SIGN_VERIFY,
            Set.of(GrantOperation.SIGN, GrantOperation.VERIFY),
            KeyUsageType.GENERATE_VERIFY_MAC,
            Set.of(GrantOperation.GENERATE_MAC, GrantOperation.VERIFY_MAC),
            KeyUsageType.KEY_AGREEMENT,
            Set.of(GrantOperation.DERIVE_SHARED_SECRET));

    private static final Set<GrantOperation> ALWAYS =
            Set.of(GrantOperation.DESCRIBE_KEY, GrantOperation.CREATE_GRANT, GrantOperation.RETIRE_GRANT);
    private static final Set<GrantOperation> DATA_KEYS = Set.of(
            GrantOperation.GENERATE_DATA_KEY,
            GrantOperation.GENERATE_DATA_KEY_WITHOUT_PLAINTEXT,
            GrantOperation.GENERATE_DATA_KEY_PAIR,
            GrantOperation.GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT);

    private final Records records;
    private final Secrets secrets;
    private final KmsKeys keys;
    private final KeyUse use;
    private final Pages pages;
    private final Ids ids;
    private final InstantSource clock;

    Grants(Records records, Secrets secrets, KmsKeys keys, KeyUse use, Pages pages, Ids ids, InstantSource clock) {
        this.records = records;
        this.secrets = secrets;
        this.keys = keys;
        this.use = use;
        this.pages = pages;
        this.ids = ids;
        this.clock = clock;
    }

    /** Makes a grant; the same request with the same name gives the grant that it gave before. */
    CreateGrantResponse create(CreateGrantRequest request) {
        KmsKey key = use.usable(keys.identified(request.keyId()));
        checkOperations(key, request);
        checkPrincipal(request.granteePrincipal());
        Optional.ofNullable(request.retiringPrincipal()).ifPresent(Grants::checkPrincipal);
        KeyUse.stopIfDry(request.dryRun());
        GrantListEntry grant = GrantListEntry.builder()
                .keyId(key.arn())
                .grantId(ids.hexadecimal(64))
                .name(request.name())
                .creationDate(clock.instant())
                .granteePrincipal(request.granteePrincipal())
                .retiringPrincipal(request.retiringPrincipal())
                .issuingAccount("arn:aws:iam::" + key.account() + ":root")
                .operations(request.operations())
                .constraints(request.constraints())
                .build();
        RecordKey place = KmsKeys.key(KmsKeys.GRANT, grant.grantId());
        List<GrantListEntry> alike = request.name() == null ? List.of() : of(key);
        GrantListEntry made = alike.stream()
                .filter(present -> isSame(present, grant))
                .findFirst()
                .orElseGet(() -> records.write(transaction -> {
                    if (KmsKeys.count(transaction, KmsKeys.GRANT, key, MOST_OF_A_KEY) >= MOST_OF_A_KEY) {
                        throw LimitExceededException.builder()
                                .message("The key " + key.arn() + " has " + MOST_OF_A_KEY
                                        + " grants, which is the most that is allowed.")
                                .build();
                    }
                    transaction.insert(place, key.id(), Optional.empty(), clock.instant(), StoredShapes.write(grant));
                    return grant;
                }));
        return CreateGrantResponse.builder()
                .grantId(made.grantId())
                .grantToken(token(made))
                .build();
    }

    private static boolean isSame(GrantListEntry present, GrantListEntry asked) {
        return present.toBuilder()
                .grantId(asked.grantId())
                .creationDate(asked.creationDate())
                .build()
                .equals(asked);
    }

    private static void checkOperations(KmsKey key, CreateGrantRequest request) {
        boolean symmetric = key.spec() == KeySpec.SYMMETRIC_DEFAULT;
        boolean asymmetric =
                key.current().map(material -> material.publicKey().length > 0).orElse(false);
        for (GrantOperation operation : request.operations()) {
            boolean fits = ALWAYS.contains(operation)
                    || (BY_USAGE.get(key.usage()).contains(operation) && (symmetric || !DATA_KEYS.contains(operation)))
                    || (operation == GrantOperation.GET_PUBLIC_KEY && asymmetric);
            if (!fits) {
                throw AwsError.validation("Operation " + operation + " is not supported for key " + key.arn()
                        + " with key spec " + key.spec() + " and key usage " + key.usage() + ".");
            }
        }
        GrantConstraints constraints = request.constraints();
        if (constraints != null && !symmetric) {
            throw AwsError.validation("Grant constraints are supported for symmetric encryption keys only.");
        }
        if (constraints != null
                && constraints.hasEncryptionContextEquals()
                && constraints.hasEncryptionContextSubset()) {
            throw AwsError.validation("Specify either EncryptionContextEquals or EncryptionContextSubset.");
        }
    }

    private static void checkPrincipal(String principal) {
        if (!principal.matches("arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:.+|[0-9]{12}|[a-z0-9.-]+\\.amazonaws\\.com")) {
            throw InvalidArnException.builder()
                    .message("Invalid principal ARN " + principal)
                    .build();
        }
    }

    private String token(GrantListEntry grant) {
        byte[] name = (grant.keyId() + " " + grant.grantId()).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secrets.encrypt(name, "kms grant token"));
    }

    private GrantListEntry ofToken(String token) {
        try {
            byte[] name = secrets.decrypt(Base64.getUrlDecoder().decode(token), "kms grant token");
            String[] parts = new String(name, StandardCharsets.UTF_8).split(" ", 2);
            return find(keys.identified(parts[0]), parts[1]);
        } catch (GeneralSecurityException | IllegalArgumentException foreign) {
            throw InvalidGrantTokenException.builder()
                    .message("The grant token is invalid.")
                    .build();
        }
    }

    private GrantListEntry find(KmsKey key, String grantId) {
        return records.get(KmsKeys.key(KmsKeys.GRANT, grantId))
                .map(Grants::read)
                .filter(grant -> grant.keyId().equals(key.arn()))
                .orElseThrow(() -> NotFoundException.builder()
                        .message("Grant ID " + grantId + " not found")
                        .build());
    }

    private static GrantListEntry read(StoredRecord record) {
        return StoredShapes.read(record.body(), GrantListEntry::builder);
    }

    /** All grants of a key. */
    private List<GrantListEntry> of(KmsKey key) {
        return pages.of(
                        KmsKeys.GRANT,
                        Optional.of(key.id()),
                        Grants::read,
                        grant -> true,
                        MOST_OF_A_KEY,
                        MOST_OF_A_KEY,
                        null)
                .items();
    }

    ListGrantsResponse list(ListGrantsRequest request) {
        KmsKey key = keys.identified(request.keyId());
        if (request.grantId() != null) {
            find(key, request.grantId());
        }
        return listed(pages.of(
                KmsKeys.GRANT,
                Optional.of(key.id()),
                Grants::read,
                grant -> (request.grantId() == null || grant.grantId().equals(request.grantId()))
                        && (request.granteePrincipal() == null
                                || grant.granteePrincipal().equals(request.granteePrincipal())),
                request.limit(),
                50,
                request.marker()));
    }

    ListRetirableGrantsResponse listRetirable(ListRetirableGrantsRequest request) {
        ListGrantsResponse grants = listed(pages.of(
                KmsKeys.GRANT,
                Optional.empty(),
                Grants::read,
                grant -> request.retiringPrincipal().equals(grant.retiringPrincipal()),
                request.limit(),
                50,
                request.marker()));
        return Shapes.copy(grants, ListRetirableGrantsResponse.builder()).build();
    }

    private static ListGrantsResponse listed(Pages.Slice<GrantListEntry> slice) {
        return ListGrantsResponse.builder()
                .grants(slice.items())
                .nextMarker(slice.next().orElse(null))
                .truncated(slice.next().isPresent())
                .build();
    }

    void retire(RetireGrantRequest request) {
        GrantListEntry grant;
        if (request.grantToken() != null) {
            grant = ofToken(request.grantToken());
        } else if (request.keyId() != null && request.grantId() != null) {
            grant = find(keys.identified(request.keyId()), request.grantId());
        } else {
            throw AwsError.validation("Either a grant token, or both a key id and a grant id must be specified.");
        }
        use.kept(keys.identified(grant.keyId()));
        KeyUse.stopIfDry(request.dryRun());
        delete(grant);
    }

    void revoke(RevokeGrantRequest request) {
        KmsKey key = keys.identified(request.keyId());
        GrantListEntry grant = find(key, request.grantId());
        use.kept(key);
        KeyUse.stopIfDry(request.dryRun());
        delete(grant);
    }

    private void delete(GrantListEntry grant) {
        RecordKey place = KmsKeys.key(KmsKeys.GRANT, grant.grantId());
        records.write(transaction -> transaction.delete(place));
    }

    /**
     * Whether a grant of {@code key} lets a principal do something.
     *
     * @param action     such as {@code kms:Decrypt}
     * @param conditions the condition keys of the call, of which the encryption context is looked at
     */
    boolean allow(KmsKey key, Principal principal, String action, ConditionContext conditions) {
        return of(key).stream()
                .anyMatch(grant -> isGrantee(grant.granteePrincipal(), principal)
                        && grant.operations().stream().anyMatch(operation -> action.equals("kms:" + operation))
                        && meets(grant.constraints(), conditions));
    }

    private static boolean isGrantee(String grantee, Principal principal) {
        String issuer = principal.session().map(session -> session.issuer()).orElse(principal.arn());
        return grantee.equals(principal.arn())
                || grantee.equals(issuer)
                || grantee.equals(principal.account())
                || grantee.equals("arn:aws:iam::" + principal.account() + ":root");
    }

    private static boolean meets(GrantConstraints constraints, ConditionContext conditions) {
        if (constraints == null) {
            return true;
        }
        Map<String, String> wanted = constraints.hasEncryptionContextEquals()
                ? constraints.encryptionContextEquals()
                : constraints.encryptionContextSubset();
        boolean all = wanted.entrySet().stream()
                .allMatch(pair -> conditions
                        .values("kms:EncryptionContext:" + pair.getKey())
                        .filter(values -> values.equals(List.of(pair.getValue())))
                        .isPresent());
        int given =
                conditions.values("kms:EncryptionContextKeys").map(List::size).orElse(0);
        return all && (!constraints.hasEncryptionContextEquals() || given == wanted.size());
    }
}
