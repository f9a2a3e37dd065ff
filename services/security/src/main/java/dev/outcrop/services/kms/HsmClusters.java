package dev.outcrop.services.kms;

import dev.outcrop.storage.Pkcs11Token;
import dev.outcrop.storage.StorageException;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.security.auth.login.LoginException;
import software.amazon.awssdk.services.kms.model.ConnectionErrorCodeType;

/** The PKCS #11 modules that stand for the clusters of AWS CloudHSM, by the clusters' ids, and who is logged in to them. */
final class HsmClusters implements AutoCloseable {
    private final Map<String, Pkcs11Token.Module> modules;
    private final ConcurrentMap<String, Connection> connections = new ConcurrentHashMap<>();

    HsmClusters(Map<String, Pkcs11Token.Module> modules) {
        this.modules = Map.copyOf(modules);
    }

    boolean has(String cluster) {
        return modules.containsKey(cluster);
    }

    /** Logs in anew; says what stood in the way. */
    synchronized Optional<ConnectionErrorCodeType> connect(String cluster, String password) {
        disconnect(cluster);
        try {
            connections.put(cluster, opened(cluster, password));
            return Optional.empty();
        } catch (LoginException wrong) {
            return Optional.of(ConnectionErrorCodeType.INVALID_CREDENTIALS);
        } catch (StorageException unusable) {
            return Optional.of(
                    has(cluster) ? ConnectionErrorCodeType.NETWORK_ERRORS : ConnectionErrorCodeType.CLUSTER_NOT_FOUND);
        }
    }

    private Connection opened(String cluster, String password) throws LoginException {
        Pkcs11Token.Module module = modules.get(cluster);
        if (module == null) {
            throw new StorageException("no PKCS #11 module stands for the cluster " + cluster);
        }
        return new Connection(Pkcs11Token.open(module, password.toCharArray()));
    }

    /** Logs out. */
    void disconnect(String cluster) {
        Optional.ofNullable(connections.remove(cluster)).ifPresent(Connection::close);
    }

    /** The connection to a cluster, if there is one. */
    Optional<Connection> connection(String cluster) {
        return Optional.ofNullable(connections.get(cluster));
    }

    @Override
    public void close() {
        connections.keySet().forEach(this::disconnect);
    }

    /** What is done in one module. */
    record Connection(Pkcs11Token token) {
        /** Makes the key called {@code label}. */
        void create(String label) throws GeneralSecurityException {
            token.create(label);
        }

        /** Has the key called {@code label} encrypt or decrypt. */
        Cipher cipher(String label, int mode, GCMParameterSpec parameters) throws GeneralSecurityException {
            SecretKey key =
                    token.find(label).orElseThrow(() -> new ProviderException("the module has no key called " + label));
            Cipher cipher = token.gcm();
            cipher.init(mode, key, parameters);
            return cipher;
        }

        byte[] random(int count) throws GeneralSecurityException {
            return token.random(count);
        }

        /** Removes the key called {@code label}; what cannot be removed is left to the module's owner, as AWS does. */
        void delete(String label) {
            try {
                token.delete(label);
            } catch (GeneralSecurityException | ProviderException left) {
                System.getLogger(HsmClusters.class.getName())
                        .log(System.Logger.Level.WARNING, "the key {0} is left in its module", label);
            }
        }

        void close() {
            token.close();
        }
    }
}
