package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.BearerKeys;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Principal;
import dev.outcrop.shapes.Shapes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.iam.model.CreateServiceSpecificCredentialRequest;
import software.amazon.awssdk.services.iam.model.CreateServiceSpecificCredentialResponse;
import software.amazon.awssdk.services.iam.model.DeleteServiceSpecificCredentialRequest;
import software.amazon.awssdk.services.iam.model.DeleteServiceSpecificCredentialResponse;
import software.amazon.awssdk.services.iam.model.ListServiceSpecificCredentialsRequest;
import software.amazon.awssdk.services.iam.model.ListServiceSpecificCredentialsResponse;
import software.amazon.awssdk.services.iam.model.ResetServiceSpecificCredentialRequest;
import software.amazon.awssdk.services.iam.model.ResetServiceSpecificCredentialResponse;
import software.amazon.awssdk.services.iam.model.ServiceSpecificCredential;
import software.amazon.awssdk.services.iam.model.ServiceSpecificCredentialMetadata;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.UpdateServiceSpecificCredentialRequest;
import software.amazon.awssdk.services.iam.model.UpdateServiceSpecificCredentialResponse;

/**
 * Credentials of users for one service each. Those for Amazon Bedrock are API keys, which callers send as bearer tokens;
 * they are good for Amazon Bedrock alone. Safe for concurrent use.
 *
 * <p>Sources: "CreateServiceSpecificCredential" of the IAM API reference; "API keys for Amazon Bedrock" of the Amazon
 * Bedrock user guide.
 */
public final class ServiceCredentials implements BearerKeys {
    /** What the ids of these credentials begin with. */
    static final String ID_PREFIX = "ACCA";

    private static final String BEDROCK = "bedrock.amazonaws.com";
    private static final Set<String> SERVICES = Set.of(BEDROCK, "cassandra.amazonaws.com", "codecommit.amazonaws.com");
    private static final String TOKEN_PREFIX = "ABSK";
    private static final Pattern TOKEN = Pattern.compile("BedrockAPIKey-[A-Za-z0-9]{4}(?:\\+[0-9])?-at-([0-9]{12})");
    private static final int MOST_OF_A_SERVICE = 2;
    private static final int SECRET_BYTES = 33;
    private static final int LONGEST_TOKEN = 1024;

    private final IamDirectory directory;
    private final IamStore store;
    private final Ids ids;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public ServiceCredentials(IamDirectory directory, Ids ids, InstantSource clock) {
        this.directory = directory;
        this.store = directory.store();
        this.ids = ids;
        this.clock = clock;
    }

    /** A Bedrock API key as it is remembered. */
    record ApiKey(Principal principal, String hash, Optional<Instant> expiresAt) {}

    CreateServiceSpecificCredentialResponse createServiceSpecificCredential(
            CreateServiceSpecificCredentialRequest request) {
        String service = request.serviceName();
        if (!SERVICES.contains(service)) {
            throw new AwsError(
                    "NotSupportedService", 404, "No such service " + service + " is supported for this operation");
        }
        String userName = store.users.get(request.userName()).userName();
        List<ServiceSpecificCredential> present = of(userName, service);
        if (present.size() >= MOST_OF_A_SERVICE) {
            throw IamErrors.limit("ServiceSpecificCredentialsPerUser", MOST_OF_A_SERVICE);
        }
        boolean bedrock = service.equals(BEDROCK);
        if (request.credentialAgeDays() != null && !bedrock) {
            throw IamErrors.invalid("CredentialAgeDays is not supported for service " + service);
        }
        Instant now = clock.instant();
        String number = present.isEmpty() ? "" : "+" + present.size();
        String at = number + "-at-" + CallContext.current().account();
        String name = bedrock ? "BedrockAPIKey-" + ids.lowercase(4) + at : userName + at;
        String secret = secret();
        ServiceSpecificCredential credential = ServiceSpecificCredential.builder()
                .serviceSpecificCredentialId(ID_PREFIX + ids.uppercase(17))
                .userName(userName)
                .serviceName(service)
                .serviceUserName(bedrock ? null : name)
                .serviceCredentialAlias(bedrock ? name : null)
                .status(StatusType.ACTIVE)
                .createDate(now)
                .expirationDate(
                        request.credentialAgeDays() == null
                                ? null
                                : now.plus(Duration.ofDays(request.credentialAgeDays())))
                .build();
        store.serviceCredentials.insert(credential.serviceSpecificCredentialId(), withHash(credential, hash(secret)));
        return CreateServiceSpecificCredentialResponse.builder()
                .serviceSpecificCredential(withSecret(credential, secret))
                .build();
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static ServiceSpecificCredential withHash(ServiceSpecificCredential credential, String hash) {
        return credential.toBuilder().servicePassword(hash).build();
    }

    /** The one answer that tells the secret. */
    private static ServiceSpecificCredential withSecret(ServiceSpecificCredential credential, String secret) {
        if (!credential.serviceName().equals(BEDROCK)) {
            return credential.toBuilder().servicePassword(secret).build();
        }
        String token = TOKEN_PREFIX
                + Base64.getEncoder()
                        .encodeToString((credential.serviceCredentialAlias() + ":" + secret)
                                .getBytes(StandardCharsets.US_ASCII));
        return credential.toBuilder()
                .servicePassword(null)
                .serviceCredentialSecret(token)
                .build();
    }

    /** The secrets are random and long: a plain hash keeps them. */
    private static String hash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private List<ServiceSpecificCredential> of(String userName, String service) {
        return store.serviceCredentials
                .list()
                .where(credential -> credential.userName().equals(userName)
                        && (service == null || credential.serviceName().equals(service)))
                .all();
    }

    ListServiceSpecificCredentialsResponse listServiceSpecificCredentials(
            ListServiceSpecificCredentialsRequest request) {
        boolean everybodys = Boolean.TRUE.equals(request.allUsers());
        if (everybodys && request.userName() != null) {
            throw IamErrors.invalid("UserName and AllUsers cannot be given together.");
        }
        List<ServiceSpecificCredential> fitting = everybodys
                ? store.serviceCredentials
                        .list()
                        .where(credential -> request.serviceName() == null
                                || credential.serviceName().equals(request.serviceName()))
                        .all()
                : of(store.users.get(Users.nameOrCaller(request.userName())).userName(), request.serviceName());
        Listed<ServiceSpecificCredential> page = Listed.page(
                fitting, ServiceSpecificCredential::serviceSpecificCredentialId, request.marker(), request.maxItems());
        return ListServiceSpecificCredentialsResponse.builder()
                .serviceSpecificCredentials(page.items().stream()
                        .map(credential -> Shapes.copy(credential, ServiceSpecificCredentialMetadata.builder())
                                .build())
                        .toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    UpdateServiceSpecificCredentialResponse updateServiceSpecificCredential(
            UpdateServiceSpecificCredentialRequest request) {
        String id = credential(request.userName(), request.serviceSpecificCredentialId())
                .serviceSpecificCredentialId();
        StatusType status = UserAccessKeys.settable(request.status(), request.statusAsString());
        store.serviceCredentials.update(
                id, present -> present.toBuilder().status(status).build());
        return UpdateServiceSpecificCredentialResponse.builder().build();
    }

    ResetServiceSpecificCredentialResponse resetServiceSpecificCredential(
            ResetServiceSpecificCredentialRequest request) {
        String id = credential(request.userName(), request.serviceSpecificCredentialId())
                .serviceSpecificCredentialId();
        String secret = secret();
        String hash = hash(secret);
        ServiceSpecificCredential changed = store.serviceCredentials.update(id, present -> withHash(present, hash));
        return ResetServiceSpecificCredentialResponse.builder()
                .serviceSpecificCredential(withSecret(changed, secret))
                .build();
    }

    DeleteServiceSpecificCredentialResponse deleteServiceSpecificCredential(
            DeleteServiceSpecificCredentialRequest request) {
        store.serviceCredentials.delete(credential(request.userName(), request.serviceSpecificCredentialId())
                .serviceSpecificCredentialId());
        return DeleteServiceSpecificCredentialResponse.builder().build();
    }

    private ServiceSpecificCredential credential(String userName, String id) {
        String name = store.users.get(Users.nameOrCaller(userName)).userName();
        return store.serviceCredentials
                .find(id)
                .filter(credential -> credential.userName().equals(name))
                .orElseThrow(() -> IamErrors.noSuchEntity("No such credential " + id + " exists"));
    }

    /** The user whose Bedrock API key {@code bearerToken} is. */
    @Override
    public Optional<Principal> find(String bearerToken) {
        if (!bearerToken.startsWith(TOKEN_PREFIX) || bearerToken.length() > LONGEST_TOKEN) {
            return Optional.empty();
        }
        String[] parts;
        try {
            byte[] decoded = Base64.getDecoder().decode(bearerToken.substring(TOKEN_PREFIX.length()));
            parts = new String(decoded, StandardCharsets.US_ASCII).split(":", 2);
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
        Matcher alias = TOKEN.matcher(parts[0]);
        if (parts.length != 2 || !alias.matches()) {
            return Optional.empty();
        }
        return directory
                .apiKey(parts[0], () -> IamStore.in(alias.group(1), () -> load(parts[0])))
                .filter(key -> MessageDigest.isEqual(
                        key.hash.getBytes(StandardCharsets.US_ASCII),
                        hash(parts[1]).getBytes(StandardCharsets.US_ASCII)))
                .filter(key -> key.expiresAt
                        .filter(end -> !clock.instant().isBefore(end))
                        .isEmpty())
                .map(ApiKey::principal);
    }

    private Optional<ApiKey> load(String alias) {
        return store
                .serviceCredentials
                .list()
                .where(credential ->
                        alias.equals(credential.serviceCredentialAlias()) && credential.status() == StatusType.ACTIVE)
                .all()
                .stream()
                .findFirst()
                .flatMap(credential -> IamDirectory.found(() -> store.users.get(credential.userName()))
                        .map(user -> new ApiKey(
                                new Principal(
                                        Principal.Kind.USER,
                                        user.arn(),
                                        IamDirectory.accountOf(user.arn()),
                                        user.userId(),
                                        Optional.of(credential.serviceSpecificCredentialId())),
                                credential.servicePassword(),
                                Optional.ofNullable(credential.expirationDate()))));
    }
}
