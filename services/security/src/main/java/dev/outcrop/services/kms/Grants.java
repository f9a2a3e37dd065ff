package dev.outcrop.services.kms;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Session;
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
import software.amazon.awssdk.core.SdkRequest;
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
    private static final int MOST_OF_A_KEY = 50_000;
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
                .issuingAccount("arn:aws:iam::" + CallContext.current().account() + ":root")
                .operations(request.operations())
                .constraints(request.constraints())
                .build();
        RecordKey place = place(key, grant.grantId());
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

    /** What a token names. */
    private record Named(String keyArn, String grantId) {}

    private Optional<Named> opened(String token) {
        try {
            byte[] name = secrets.decrypt(Base64.getUrlDecoder().decode(token), "kms grant token");
            String[] parts = new String(name, StandardCharsets.UTF_8).split(" ", 2);
            return Optional.of(new Named(parts[0], parts[1]));
        } catch (GeneralSecurityException | IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    /** The ARN of the key that the grant of a token is for, if it is one of ours. */
    Optional<String> keyOfToken(String token) {
        return opened(token).map(Named::keyArn);
    }

    /** The grant that is to be retired, if there is one. */
    private Optional<GrantListEntry> retired(RetireGrantRequest request) {
        if (request.grantToken() != null) {
            return opened(request.grantToken()).flatMap(named -> at(named.keyArn(), named.grantId()));
        }
        return Optional.ofNullable(request.keyId())
                .flatMap(keys::arnOf)
                .flatMap(key -> at(key, String.valueOf(request.grantId())));
    }

    private Optional<GrantListEntry> at(String keyArn, String grantId) {
        return keys.atArn(keyArn)
                .flatMap(key -> records.get(place(key, grantId)))
                .map(Grants::read)
                .filter(grant -> grant.keyId().equals(keyArn));
    }

    private static RecordKey place(KmsKey key, String grantId) {
        return new RecordKey(KmsKeys.GRANT, key.account(), key.region(), grantId);
    }

    private GrantListEntry find(KmsKey key, String grantId) {
        return at(key.arn(), grantId).orElseThrow(() -> missing(grantId));
    }

    private static NotFoundException missing(String grantId) {
        return NotFoundException.builder()
                .message("Grant ID " + grantId + " not found")
                .build();
    }

    private static GrantListEntry read(StoredRecord record) {
        return StoredShapes.read(record.body(), GrantListEntry::builder);
    }

    /** All grants of a key. */
    private List<GrantListEntry> of(KmsKey key) {
        return pages.all(KmsKeys.GRANT, key, Grants::read);
    }

    ListGrantsResponse list(ListGrantsRequest request) {
        KmsKey key = keys.identified(request.keyId());
        if (request.grantId() != null) {
            find(key, request.grantId());
        }
        return listed(pages.of(
                Pages.Source.of(KmsKeys.GRANT, key),
                Grants::read,
                grant -> (request.grantId() == null || grant.grantId().equals(request.grantId()))
                        && (request.granteePrincipal() == null
                                || grant.granteePrincipal().equals(request.granteePrincipal())),
                request.limit(),
                50,
                request.marker()));
    }

    /** The grants that a principal of the caller's account may retire, for keys of whatever account. */
    ListRetirableGrantsResponse listRetirable(ListRetirableGrantsRequest request) {
        String account = CallContext.current().account();
        boolean own = request.retiringPrincipal().equals(account)
                || request.retiringPrincipal().contains("::" + account + ":");
        if (!own) {
            throw AwsError.accessDenied(
                    "The principal " + request.retiringPrincipal() + " is not in account " + account + ".");
        }
        ListGrantsResponse grants = listed(pages.of(
                Pages.Source.everybodys(KmsKeys.GRANT),
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

    /** Who may retire a grant, the grant itself says, and not the key's policy. */
    void retire(RetireGrantRequest request) {
        if (request.grantToken() == null && (request.keyId() == null || request.grantId() == null)) {
            throw AwsError.validation("Either a grant token, or both a key id and a grant id must be specified.");
        }
        if (request.grantToken() != null && keyOfToken(request.grantToken()).isEmpty()) {
            throw InvalidGrantTokenException.builder()
                    .message("The grant token is invalid.")
                    .build();
        }
        GrantListEntry grant = retired(request).orElseThrow(() -> missing(String.valueOf(request.grantId())));
        KmsKey key = use.kept(keys.identified(grant.keyId()));
        Principal principal = CallContext.current().principal();
        boolean root = principal.kind() == Principal.Kind.ROOT
                && (principal.account().equals(key.account()) || principal.arn().equals(grant.issuingAccount()));
        if (!root && !mayRetire(grant, principal)) {
            throw KeyUse.refused(key, "RetireGrant");
        }
        KeyUse.stopIfDry(request.dryRun());
        delete(key, grant);
    }

    private static boolean mayRetire(GrantListEntry grant, Principal principal) {
        boolean retiring = grant.retiringPrincipal() != null && isMeant(grant.retiringPrincipal(), principal);
        return retiring
                || (grant.operations().contains(GrantOperation.RETIRE_GRANT)
                        && isMeant(grant.granteePrincipal(), principal));
    }

    void revoke(RevokeGrantRequest request) {
        KmsKey key = keys.identified(request.keyId());
        GrantListEntry grant = find(key, request.grantId());
        use.kept(key);
        KeyUse.stopIfDry(request.dryRun());
        delete(key, grant);
    }

    private void delete(KmsKey key, GrantListEntry grant) {
        RecordKey place = place(key, grant.grantId());
        records.write(transaction -> transaction.delete(place));
    }

    /**
     * Whether a grant of {@code key} lets a principal do something.
     *
     * @param action  such as {@code kms:Decrypt}
     * @param request of which the encryption context, or the grant that is to be made, is looked at
     */
    boolean allow(KmsKey key, Principal principal, String action, SdkRequest request) {
        if (request instanceof RetireGrantRequest retire) {
            return retired(retire).filter(grant -> mayRetire(grant, principal)).isPresent();
        }
        return of(key).stream()
                .anyMatch(grant -> isMeant(grant.granteePrincipal(), principal)
                        && grant.operations().stream().anyMatch(operation -> action.equals("kms:" + operation))
                        && GrantLimits.hold(grant, action, request));
    }

    /** Whether a grant's principal is the caller, or the role or user that the caller is a session of. */
    private static boolean isMeant(String named, Principal principal) {
        String issuer = principal.session().map(Session::issuer).orElse(principal.arn());
        boolean root = principal.kind() == Principal.Kind.ROOT && named.equals(principal.account());
        return root || named.equals(principal.arn()) || named.equals(issuer);
    }
}
