package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import dev.outcrop.shapes.Shapes;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import software.amazon.awssdk.services.iam.model.DeleteSshPublicKeyRequest;
import software.amazon.awssdk.services.iam.model.DeleteSshPublicKeyResponse;
import software.amazon.awssdk.services.iam.model.GetSshPublicKeyRequest;
import software.amazon.awssdk.services.iam.model.GetSshPublicKeyResponse;
import software.amazon.awssdk.services.iam.model.ListSshPublicKeysRequest;
import software.amazon.awssdk.services.iam.model.ListSshPublicKeysResponse;
import software.amazon.awssdk.services.iam.model.SSHPublicKey;
import software.amazon.awssdk.services.iam.model.SSHPublicKeyMetadata;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.UpdateSshPublicKeyRequest;
import software.amazon.awssdk.services.iam.model.UpdateSshPublicKeyResponse;
import software.amazon.awssdk.services.iam.model.UploadSshPublicKeyRequest;
import software.amazon.awssdk.services.iam.model.UploadSshPublicKeyResponse;

/**
 * SSH public keys of users. Only RSA keys of at least 2048 bits are taken, as AWS does, in either encoding.
 *
 * <p>Sources: "UploadSSHPublicKey" of the IAM API reference; RFC 4253, section 6.6, for the encoding of SSH.
 */
final class SshKeys {
    private static final int MOST_OF_A_USER = 5;
    private static final int LEAST_BITS = 2048;
    private static final int MOST_BITS = 16_384;
    private static final String ALGORITHM = "ssh-rsa";
    private static final String PEM_BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String PEM_END = "-----END PUBLIC KEY-----";

    private final IamStore store;
    private final Ids ids;
    private final InstantSource clock;

    SshKeys(IamStore store, Ids ids, InstantSource clock) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
    }

    UploadSshPublicKeyResponse uploadSshPublicKey(UploadSshPublicKeyRequest request) {
        String userName = store.users.get(request.userName()).userName();
        RSAPublicKey key = read(request.sshPublicKeyBody().strip());
        String fingerprint = fingerprint(key);
        List<SSHPublicKey> present = of(userName);
        if (present.stream().anyMatch(known -> known.fingerprint().equals(fingerprint))) {
            throw new AwsError(
                    "DuplicateSSHPublicKey", 400, "The SSH public key is already associated with the specified user.");
        }
        if (present.size() >= MOST_OF_A_USER) {
            throw IamErrors.limit("SSHPublicKeysPerUser", MOST_OF_A_USER);
        }
        SSHPublicKey uploaded = SSHPublicKey.builder()
                .userName(userName)
                .sshPublicKeyId("APKA" + ids.uppercase(16))
                .fingerprint(fingerprint)
                .sshPublicKeyBody(request.sshPublicKeyBody())
                .status(StatusType.ACTIVE)
                .uploadDate(clock.instant())
                .build();
        store.sshKeys.insert(uploaded.sshPublicKeyId(), uploaded);
        return UploadSshPublicKeyResponse.builder().sshPublicKey(uploaded).build();
    }

    private List<SSHPublicKey> of(String userName) {
        return store.sshKeys
                .list()
                .where(key -> key.userName().equals(userName))
                .all();
    }

    GetSshPublicKeyResponse getSshPublicKey(GetSshPublicKeyRequest request) {
        SSHPublicKey key = key(request.userName(), request.sshPublicKeyId());
        RSAPublicKey read = read(key.sshPublicKeyBody().strip());
        String body = switch (request.encoding()) {
            case SSH -> ALGORITHM + " " + Base64.getEncoder().encodeToString(encoded(read));
            case PEM ->
                PEM_BEGIN + "\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(read.getEncoded()) + "\n"
                        + PEM_END;
            case UNKNOWN_TO_SDK_VERSION ->
                throw new AwsError(
                        "UnrecognizedPublicKeyEncoding",
                        400,
                        "The encoding must be SSH or PEM, but is " + request.encodingAsString());
        };
        return GetSshPublicKeyResponse.builder()
                .sshPublicKey(key.toBuilder().sshPublicKeyBody(body).build())
                .build();
    }

    ListSshPublicKeysResponse listSshPublicKeys(ListSshPublicKeysRequest request) {
        String userName =
                store.users.get(Users.nameOrCaller(request.userName())).userName();
        Listed<SSHPublicKey> page =
                Listed.page(of(userName), SSHPublicKey::sshPublicKeyId, request.marker(), request.maxItems());
        return ListSshPublicKeysResponse.builder()
                .sshPublicKeys(page.items().stream()
                        .map(key ->
                                Shapes.copy(key, SSHPublicKeyMetadata.builder()).build())
                        .toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    UpdateSshPublicKeyResponse updateSshPublicKey(UpdateSshPublicKeyRequest request) {
        SSHPublicKey key = key(request.userName(), request.sshPublicKeyId());
        StatusType status = UserAccessKeys.settable(request.status(), request.statusAsString());
        store.sshKeys.update(
                key.sshPublicKeyId(),
                present -> present.toBuilder().status(status).build());
        return UpdateSshPublicKeyResponse.builder().build();
    }

    DeleteSshPublicKeyResponse deleteSshPublicKey(DeleteSshPublicKeyRequest request) {
        store.sshKeys.delete(key(request.userName(), request.sshPublicKeyId()).sshPublicKeyId());
        return DeleteSshPublicKeyResponse.builder().build();
    }

    private SSHPublicKey key(String userName, String id) {
        String name = store.users.get(userName).userName();
        return store.sshKeys
                .find(id)
                .filter(key -> key.userName().equals(name))
                .orElseThrow(() -> IamErrors.noSuchEntity("The Public Key with id " + id + " cannot be found."));
    }

    private static RSAPublicKey read(String body) {
        try {
            RSAPublicKey key;
            if (body.startsWith(PEM_BEGIN) && body.endsWith(PEM_END)) {
                String base64 = body.substring(PEM_BEGIN.length(), body.length() - PEM_END.length());
                key = (RSAPublicKey) KeyFactory.getInstance("RSA")
                        .generatePublic(
                                new X509EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
            } else {
                String[] fields = body.split("\\s+", 3);
                if (fields.length < 2 || !fields[0].equals(ALGORITHM)) {
                    throw invalid();
                }
                key = decoded(ByteBuffer.wrap(Base64.getDecoder().decode(fields[1])));
            }
            int bits = key.getModulus().bitLength();
            if (bits < LEAST_BITS || bits > MOST_BITS) {
                throw invalid();
            }
            return key;
        } catch (GeneralSecurityException | IllegalArgumentException | BufferUnderflowException malformed) {
            throw invalid();
        }
    }

    private static RSAPublicKey decoded(ByteBuffer encoded) throws GeneralSecurityException {
        String algorithm = new String(field(encoded), StandardCharsets.US_ASCII);
        BigInteger exponent = new BigInteger(field(encoded));
        BigInteger modulus = new BigInteger(field(encoded));
        if (!algorithm.equals(ALGORITHM) || encoded.hasRemaining()) {
            throw invalid();
        }
        return (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    }

    private static byte[] field(ByteBuffer encoded) {
        int length = encoded.getInt();
        if (length < 1 || length > encoded.remaining()) {
            throw invalid();
        }
        byte[] field = new byte[length];
        encoded.get(field);
        return field;
    }

    private static byte[] encoded(RSAPublicKey key) {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        for (byte[] field : List.of(
                ALGORITHM.getBytes(StandardCharsets.US_ASCII),
                key.getPublicExponent().toByteArray(),
                key.getModulus().toByteArray())) {
            encoded.writeBytes(ByteBuffer.allocate(4).putInt(field.length).array());
            encoded.writeBytes(field);
        }
        return encoded.toByteArray();
    }

    /** What AWS shows: MD5 tells keys apart here, and protects nothing. */
    private static String fingerprint(RSAPublicKey key) {
        try {
            return HexFormat.ofDelimiter(":")
                    .formatHex(MessageDigest.getInstance("MD5").digest(encoded(key)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static AwsError invalid() {
        return new AwsError("InvalidPublicKey", 400, "The public key is malformed or otherwise invalid.");
    }
}
