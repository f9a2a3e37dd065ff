package dev.outcrop.services.kms;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StoredRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.kms.model.CloudHsmClusterInUseException;
import software.amazon.awssdk.services.kms.model.CloudHsmClusterNotFoundException;
import software.amazon.awssdk.services.kms.model.ConnectCustomKeyStoreRequest;
import software.amazon.awssdk.services.kms.model.ConnectionErrorCodeType;
import software.amazon.awssdk.services.kms.model.ConnectionStateType;
import software.amazon.awssdk.services.kms.model.CreateCustomKeyStoreRequest;
import software.amazon.awssdk.services.kms.model.CreateCustomKeyStoreResponse;
import software.amazon.awssdk.services.kms.model.CustomKeyStoreHasCmKsException;
import software.amazon.awssdk.services.kms.model.CustomKeyStoreInvalidStateException;
import software.amazon.awssdk.services.kms.model.CustomKeyStoreNameInUseException;
import software.amazon.awssdk.services.kms.model.CustomKeyStoreNotFoundException;
import software.amazon.awssdk.services.kms.model.CustomKeyStoreType;
import software.amazon.awssdk.services.kms.model.CustomKeyStoresListEntry;
import software.amazon.awssdk.services.kms.model.DeleteCustomKeyStoreRequest;
import software.amazon.awssdk.services.kms.model.DescribeCustomKeyStoresRequest;
import software.amazon.awssdk.services.kms.model.DescribeCustomKeyStoresResponse;
import software.amazon.awssdk.services.kms.model.DisconnectCustomKeyStoreRequest;
import software.amazon.awssdk.services.kms.model.IncorrectTrustAnchorException;
import software.amazon.awssdk.services.kms.model.KmsInternalException;
import software.amazon.awssdk.services.kms.model.LimitExceededException;
import software.amazon.awssdk.services.kms.model.UpdateCustomKeyStoreRequest;

/**
 * Custom key stores: keys that are made and used in a hardware security module of the owner's. What AWS CloudHSM is to AWS,
 * PKCS #11 modules are here: the configuration gives each one the id of a cluster. The key store password is the PIN of the
 * module's user. External key stores, which are reached through a proxy, are not there.
 *
 * <p>Source: "AWS CloudHSM key stores" of the AWS KMS developer guide.
 */
final class CustomKeyStores {
    private static final String TYPE = "kms:custom-key-store";
    private static final int MOST = 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Records records;
    private final Secrets secrets;
    private final HsmClusters clusters;
    private final Ids ids;
    private final InstantSource clock;

    CustomKeyStores(Records records, Secrets secrets, HsmClusters clusters, Ids ids, InstantSource clock) {
        this.records = records;
        this.secrets = secrets;
        this.clusters = clusters;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * A key store as it is kept.
     *
     * @param password encrypted
     * @param state    whether it is to be used, by the SDK's name
     * @param error    why it could not be connected, by the SDK's name, or the empty string
     */
    record KeyStore(
            String id,
            String name,
            String cluster,
            String trustAnchor,
            byte[] password,
            long createdAt,
            ConnectionStateType state,
            String error) {
        KeyStore being(ConnectionStateType newState, String newError) {
            return new KeyStore(id, name, cluster, trustAnchor, password, createdAt, newState, newError);
        }

        CustomKeyStoresListEntry entry() {
            return CustomKeyStoresListEntry.builder()
                    .customKeyStoreId(id)
                    .customKeyStoreName(name)
                    .customKeyStoreType(CustomKeyStoreType.AWS_CLOUDHSM)
                    .cloudHsmClusterId(cluster)
                    .trustAnchorCertificate(trustAnchor)
                    .connectionState(state)
                    .connectionErrorCode(error.isEmpty() ? null : error)
                    .creationDate(Instant.ofEpochMilli(createdAt))
                    .build();
        }
    }

    CreateCustomKeyStoreResponse create(CreateCustomKeyStoreRequest request) {
        if (request.customKeyStoreType() == CustomKeyStoreType.EXTERNAL_KEY_STORE) {
            throw AwsError.notImplemented("kms", "CreateCustomKeyStore of the type EXTERNAL_KEY_STORE");
        }
        if (request.cloudHsmClusterId() == null
                || request.trustAnchorCertificate() == null
                || request.keyStorePassword() == null) {
            throw AwsError.validation(
                    "CloudHsmClusterId, TrustAnchorCertificate and KeyStorePassword are required for a"
                            + " custom key store of the type AWS_CLOUDHSM.");
        }
        checkCluster(request.cloudHsmClusterId());
        checkCertificate(request.trustAnchorCertificate());
        String id = "cks-" + ids.hexadecimal(17);
        KeyStore made = new KeyStore(
                id,
                request.customKeyStoreName(),
                request.cloudHsmClusterId(),
                request.trustAnchorCertificate(),
                password(id, request.keyStorePassword()),
                clock.millis(),
                ConnectionStateType.DISCONNECTED,
                "");
        RecordKey place = KmsKeys.key(TYPE, id);
        CallContext call = CallContext.current();
        records.write(transaction -> call.call(() -> {
            if (all(transaction).size() >= MOST) {
                throw LimitExceededException.builder()
                        .message("An account may have " + MOST + " custom key stores in a Region.")
                        .build();
            }
            checkUnused(transaction, made);
            transaction.insert(place, "", Optional.empty(), clock.instant(), write(made));
            return null;
        }));
        return CreateCustomKeyStoreResponse.builder().customKeyStoreId(id).build();
    }

    private byte[] password(String id, String password) {
        return secrets.encrypt(password.getBytes(StandardCharsets.UTF_8), passwordScope(id));
    }

    private static String passwordScope(String id) {
        return "kms key store password " + id;
    }

    private void checkCluster(String cluster) {
        if (!clusters.has(cluster)) {
            throw CloudHsmClusterNotFoundException.builder()
                    .message("The AWS CloudHSM cluster " + cluster
                            + " does not exist; the setting hsm names a PKCS #11 module for each cluster.")
                    .build();
        }
    }

    private static void checkCertificate(String pem) {
        try {
            CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
        } catch (CertificateException malformed) {
            throw IncorrectTrustAnchorException.builder()
                    .message("The trust anchor certificate in the request is not a certificate.")
                    .build();
        }
    }

    /** Names are an account's; a cluster is one key store's in the whole house, since a module knows one login only. */
    private static void checkUnused(RecordTransaction transaction, KeyStore wanted) {
        boolean named = all(transaction).stream()
                .anyMatch(
                        other -> !other.id().equals(wanted.id()) && other.name().equals(wanted.name()));
        if (named) {
            throw CustomKeyStoreNameInUseException.builder()
                    .message("The custom key store name " + wanted.name() + " is in use.")
                    .build();
        }
        boolean associated = transaction.list(RecordQuery.all(TYPE, RecordQuery.MAXIMUM_LIMIT)).stream()
                .map(CustomKeyStores::read)
                .anyMatch(other ->
                        !other.id().equals(wanted.id()) && other.cluster().equals(wanted.cluster()));
        if (associated) {
            throw CloudHsmClusterInUseException.builder()
                    .message("The AWS CloudHSM cluster " + wanted.cluster()
                            + " is associated with another custom key store.")
                    .build();
        }
    }

    DescribeCustomKeyStoresResponse describe(DescribeCustomKeyStoresRequest request) {
        if (request.customKeyStoreId() != null && request.customKeyStoreName() != null) {
            throw AwsError.validation("Specify either CustomKeyStoreId or CustomKeyStoreName.");
        }
        List<CustomKeyStoresListEntry> found = all().stream()
                .filter(store ->
                        request.customKeyStoreId() == null || store.id().equals(request.customKeyStoreId()))
                .filter(store ->
                        request.customKeyStoreName() == null || store.name().equals(request.customKeyStoreName()))
                .map(KeyStore::entry)
                .toList();
        boolean one = request.customKeyStoreId() != null || request.customKeyStoreName() != null;
        if (one && found.isEmpty()) {
            throw missing(Optional.ofNullable(request.customKeyStoreId()).orElse(request.customKeyStoreName()));
        }
        Pages.Slice<CustomKeyStoresListEntry> slice = Pages.of(found, request.limit(), request.marker());
        return DescribeCustomKeyStoresResponse.builder()
                .customKeyStores(slice.items())
                .nextMarker(slice.next().orElse(null))
                .truncated(slice.next().isPresent())
                .build();
    }

    /** What comes of it, DescribeCustomKeyStores tells. */
    void connect(ConnectCustomKeyStoreRequest request) {
        KeyStore store = get(request.customKeyStoreId());
        if (store.state() == ConnectionStateType.CONNECTED) {
            throw invalidState(store);
        }
        Optional<ConnectionErrorCodeType> problem = clusters.connect(store.cluster(), password(store));
        change(
                store,
                present -> present.being(
                        problem.isEmpty() ? ConnectionStateType.CONNECTED : ConnectionStateType.FAILED,
                        problem.map(ConnectionErrorCodeType::toString).orElse("")));
    }

    private String password(KeyStore store) {
        try {
            return new String(secrets.decrypt(store.password(), passwordScope(store.id())), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("the password of " + store.id() + " was not encrypted here", damaged);
        }
    }

    void disconnect(DisconnectCustomKeyStoreRequest request) {
        KeyStore store = get(request.customKeyStoreId());
        if (store.state() == ConnectionStateType.DISCONNECTED) {
            throw invalidState(store);
        }
        change(store, present -> present.being(ConnectionStateType.DISCONNECTED, ""));
        clusters.disconnect(store.cluster());
    }

    void update(UpdateCustomKeyStoreRequest request) {
        KeyStore store = get(request.customKeyStoreId());
        Optional.ofNullable(request.cloudHsmClusterId()).ifPresent(this::checkCluster);
        change(store, present -> {
            checkDisconnected(present);
            return new KeyStore(
                    present.id(),
                    Optional.ofNullable(request.newCustomKeyStoreName()).orElse(present.name()),
                    Optional.ofNullable(request.cloudHsmClusterId()).orElse(present.cluster()),
                    present.trustAnchor(),
                    Optional.ofNullable(request.keyStorePassword())
                            .map(password -> password(present.id(), password))
                            .orElse(present.password()),
                    present.createdAt(),
                    present.state(),
                    present.error());
        });
    }

    void delete(DeleteCustomKeyStoreRequest request) {
        KeyStore store = get(request.customKeyStoreId());
        CallContext call = CallContext.current();
        RecordKey place = KmsKeys.key(TYPE, store.id());
        records.write(transaction -> call.call(() -> {
            KeyStore present = transaction.get(place).map(CustomKeyStores::read).orElseThrow(() -> missing(store.id()));
            checkDisconnected(present);
            if (hasKeys(transaction, store.id())) {
                throw CustomKeyStoreHasCmKsException.builder()
                        .message("The custom key store " + store.id() + " contains KMS keys.")
                        .build();
            }
            transaction.delete(place);
            return null;
        }));
    }

    private static boolean hasKeys(RecordTransaction transaction, String id) {
        Optional<RecordQuery.Cursor> place = Optional.empty();
        List<StoredRecord> batch;
        do {
            batch = transaction.list(query(KmsKeys.KEY, place));
            if (batch.stream()
                    .anyMatch(record -> KmsKeys.read(record).keyStoreId().equals(id))) {
                return true;
            }
            place = batch.isEmpty() ? place : Optional.of(RecordQuery.Cursor.behind(batch.getLast()));
        } while (!batch.isEmpty());
        return false;
    }

    private static RecordQuery query(String type, Optional<RecordQuery.Cursor> place) {
        CallContext call = CallContext.current();
        return new RecordQuery(
                type,
                Optional.of(call.account()),
                Optional.of(call.region()),
                Optional.empty(),
                RecordQuery.Order.ID,
                place,
                1000);
    }

    private void change(KeyStore store, UnaryOperator<KeyStore> change) {
        CallContext call = CallContext.current();
        RecordKey place = KmsKeys.key(TYPE, store.id());
        records.write(transaction -> call.call(() -> {
            StoredRecord present = transaction.get(place).orElseThrow(() -> missing(store.id()));
            KeyStore changed = change.apply(read(present));
            checkUnused(transaction, changed);
            transaction.update(place, present.version(), Optional.empty(), clock.instant(), write(changed));
            return null;
        }));
    }

    private static void checkDisconnected(KeyStore store) {
        if (store.state() == ConnectionStateType.CONNECTED) {
            throw invalidState(store);
        }
    }

    /**
     * The key store that a new key is to be in.
     *
     * @throws CustomKeyStoreNotFoundException if there is none
     * @throws CustomKeyStoreInvalidStateException if it is not connected
     */
    KeyStore connected(String id) {
        KeyStore store = get(id);
        if (store.state() != ConnectionStateType.CONNECTED) {
            throw invalidState(store);
        }
        return store;
    }

    private static CustomKeyStoreInvalidStateException invalidState(KeyStore store) {
        return CustomKeyStoreInvalidStateException.builder()
                .message("The custom key store " + store.id() + " is " + store.state()
                        + ", which is not valid for this operation.")
                .build();
    }

    private KeyStore get(String id) {
        return find(CallContext.current().account(), CallContext.current().region(), id)
                .orElseThrow(() -> missing(id));
    }

    private Optional<KeyStore> find(String account, String region, String id) {
        return records.get(new RecordKey(TYPE, account, region, id)).map(CustomKeyStores::read);
    }

    private static CustomKeyStoreNotFoundException missing(String id) {
        return CustomKeyStoreNotFoundException.builder()
                .message("Custom key store " + id + " does not exist.")
                .build();
    }

    /** The id of the cluster that a key is in, whether or not that is connected. */
    Optional<String> cluster(KmsKey key) {
        return find(key.account(), key.region(), key.keyStoreId()).map(KeyStore::cluster);
    }

    /**
     * The module that a key is in, logged in to.
     *
     * @return empty if its key store is not connected, or the module does not answer
     */
    Optional<HsmClusters.Connection> connection(KmsKey key) {
        return find(key.account(), key.region(), key.keyStoreId())
                .filter(store -> store.state() == ConnectionStateType.CONNECTED)
                .flatMap(store -> connection(store, new RecordKey(TYPE, key.account(), key.region(), store.id())));
    }

    /** The module of one of the caller's key stores, logged in to. */
    private Optional<HsmClusters.Connection> connection(KeyStore store) {
        return connection(store, KmsKeys.key(TYPE, store.id()));
    }

    /** After a restart the login is made anew; one that fails is not tried again, lest the module lock its user out. */
    private Optional<HsmClusters.Connection> connection(KeyStore store, RecordKey place) {
        Optional<HsmClusters.Connection> present = clusters.connection(store.cluster());
        if (present.isPresent()) {
            return present;
        }
        Optional<ConnectionErrorCodeType> problem = clusters.connect(store.cluster(), password(store));
        if (problem.equals(Optional.of(ConnectionErrorCodeType.INVALID_CREDENTIALS))) {
            records.write(transaction -> {
                transaction
                        .get(place)
                        .ifPresent(record -> transaction.update(
                                place,
                                record.version(),
                                Optional.empty(),
                                clock.instant(),
                                write(read(record)
                                        .being(
                                                ConnectionStateType.FAILED,
                                                problem.get().toString()))));
                return null;
            });
        }
        return clusters.connection(store.cluster());
    }

    /** Random numbers of a key store's own. */
    byte[] random(String id, int count) {
        KeyStore store = connected(id);
        try {
            return connection(store).orElseThrow(() -> invalidState(store)).random(count);
        } catch (GeneralSecurityException | ProviderException failure) {
            throw KmsInternalException.builder()
                    .message("The custom key store " + id + " gives no random numbers.")
                    .build();
        }
    }

    /** Makes the key of a KMS key in its key store. */
    void createKey(KmsKey key) {
        KeyStore store = connected(key.keyStoreId());
        try {
            connection(store).orElseThrow(() -> invalidState(store)).create(key.label());
        } catch (GeneralSecurityException | ProviderException failure) {
            throw KmsInternalException.builder()
                    .message("The custom key store " + store.id() + " makes no key: " + failure.getMessage())
                    .build();
        }
    }

    /** Forgets the login to the module of a key. */
    void lost(KmsKey key) {
        cluster(key).ifPresent(clusters::disconnect);
    }

    /** Whether a key can be used as far as its key store goes. */
    boolean isAvailable(KmsKey key) {
        return key.keyStoreId().isEmpty() || connection(key).isPresent();
    }

    private List<KeyStore> all() {
        return records.list(query(TYPE, Optional.empty())).stream()
                .map(CustomKeyStores::read)
                .toList();
    }

    private static List<KeyStore> all(RecordTransaction transaction) {
        return transaction.list(query(TYPE, Optional.empty())).stream()
                .map(CustomKeyStores::read)
                .toList();
    }

    private static KeyStore read(StoredRecord record) {
        try {
            return JSON.readValue(record.body(), KeyStore.class);
        } catch (IOException damaged) {
            throw new UncheckedIOException("the key store " + record.key().id() + " cannot be read", damaged);
        }
    }

    private static byte[] write(KeyStore store) {
        try {
            return JSON.writeValueAsBytes(store);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
