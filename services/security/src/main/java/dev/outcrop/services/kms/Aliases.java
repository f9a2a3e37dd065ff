package dev.outcrop.services.kms;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.kms.model.AliasListEntry;
import software.amazon.awssdk.services.kms.model.AlreadyExistsException;
import software.amazon.awssdk.services.kms.model.CreateAliasRequest;
import software.amazon.awssdk.services.kms.model.InvalidAliasNameException;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.LimitExceededException;
import software.amazon.awssdk.services.kms.model.ListAliasesRequest;
import software.amazon.awssdk.services.kms.model.ListAliasesResponse;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.UpdateAliasRequest;

/**
 * Aliases: names for keys, each in one account and region.
 *
 * <p>Source: "Aliases in AWS KMS" of the AWS KMS developer guide.
 */
final class Aliases {
    private static final String PREFIX = "alias/";
    private static final Pattern NAME = Pattern.compile("alias/[a-zA-Z0-9/_-]+");
    private static final int MOST_OF_A_KEY = 50;
    private static final int USUAL_PAGE = 50;

    private final Records records;
    private final KmsKeys keys;
    private final KeyUse use;
    private final Pages pages;
    private final InstantSource clock;

    Aliases(Records records, KmsKeys keys, KeyUse use, Pages pages, InstantSource clock) {
        this.records = records;
        this.keys = keys;
        this.use = use;
        this.pages = pages;
        this.clock = clock;
    }

    void create(CreateAliasRequest request) {
        String name = checked(request.aliasName());
        KmsKey target = use.changeable(keys.identified(request.targetKeyId()), "CreateAlias");
        RecordKey place = KmsKeys.key(KmsKeys.ALIAS, name);
        AliasListEntry entry = KmsKeys.entry(name, target, clock.instant());
        records.write(transaction -> {
            if (transaction.get(place).isPresent()) {
                throw AlreadyExistsException.builder()
                        .message("An alias with the name " + entry.aliasArn() + " already exists")
                        .build();
            }
            insert(transaction, place, target, entry);
            return null;
        });
    }

    private void insert(RecordTransaction transaction, RecordKey place, KmsKey target, AliasListEntry entry) {
        if (KmsKeys.count(transaction, KmsKeys.ALIAS, target, MOST_OF_A_KEY) >= MOST_OF_A_KEY) {
            throw LimitExceededException.builder()
                    .message("The key " + target.arn() + " has " + MOST_OF_A_KEY + " aliases, which is the most that is"
                            + " allowed.")
                    .build();
        }
        transaction.insert(place, target.id(), Optional.empty(), entry.creationDate(), StoredShapes.write(entry));
    }

    /** Has an alias stand for another key, of the same type and use. */
    void update(UpdateAliasRequest request) {
        String name = checked(request.aliasName());
        AliasListEntry present = keys.alias(name).orElseThrow(() -> missing(name));
        KmsKey before = keys.identified(present.targetKeyId());
        KmsKey target = use.changeable(keys.identified(request.targetKeyId()), "UpdateAlias");
        if (before.usage() != target.usage() || isSymmetric(before) != isSymmetric(target)) {
            throw KeyUse.invalidState("Alias " + present.aliasArn() + " cannot be changed from the key " + before.arn()
                    + " to the key " + target.arn() + ", whose type or usage is another.");
        }
        RecordKey place = KmsKeys.key(KmsKeys.ALIAS, name);
        AliasListEntry changed = present.toBuilder()
                .targetKeyId(target.id())
                .lastUpdatedDate(clock.instant())
                .build();
        records.write(transaction -> {
            if (!transaction.delete(place)) {
                throw missing(name);
            }
            insert(transaction, place, target, changed);
            return null;
        });
    }

    private static boolean isSymmetric(KmsKey key) {
        return key.spec() == KeySpec.SYMMETRIC_DEFAULT;
    }

    void delete(String alias) {
        String name = checked(alias);
        RecordKey place = KmsKeys.key(KmsKeys.ALIAS, name);
        if (!records.write(transaction -> transaction.delete(place))) {
            throw missing(name);
        }
    }

    ListAliasesResponse list(ListAliasesRequest request) {
        Pages.Source source = request.keyId() == null
                ? Pages.Source.own(KmsKeys.ALIAS)
                : Pages.Source.of(KmsKeys.ALIAS, use.ofAccount(keys.identified(request.keyId()), "ListAliases"));
        Pages.Slice<AliasListEntry> slice =
                pages.of(source, KmsKeys::readAlias, alias -> true, request.limit(), USUAL_PAGE, request.marker());
        return ListAliasesResponse.builder()
                .aliases(slice.items())
                .nextMarker(slice.next().orElse(null))
                .truncated(slice.next().isPresent())
                .build();
    }

    private static NotFoundException missing(String name) {
        return KmsKeys.missingAlias(Ids.arn("kms", name));
    }

    private static String checked(String name) {
        if (!name.startsWith(PREFIX)) {
            throw AwsError.validation("Invalid identifier: an alias must start with the prefix \"" + PREFIX + "\"");
        }
        if (name.startsWith(KmsKeys.AWS_PREFIX)) {
            throw new AwsError("NotAuthorizedException", 400, "");
        }
        if (!NAME.matcher(name).matches()) {
            throw InvalidAliasNameException.builder()
                    .message(name + " contains invalid characters for an alias")
                    .build();
        }
        return name;
    }
}
