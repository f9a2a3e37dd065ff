package dev.outcrop.bench;

import dev.outcrop.kernel.Access;
import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.AuthorizationDecision;
import dev.outcrop.kernel.AuthorizationRequest;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ConditionContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.policy.CompiledPolicies;
import dev.outcrop.kernel.policy.ResourcePolicy;
import dev.outcrop.kernel.policy.ServiceControlPolicies;
import dev.outcrop.services.iam.IamAccessKeys;
import dev.outcrop.services.iam.IamAuthorization;
import dev.outcrop.services.iam.IamDirectory;
import dev.outcrop.services.iam.IamService;
import dev.outcrop.services.iam.LastUses;
import dev.outcrop.services.iam.MfaDevices;
import dev.outcrop.services.iam.OpenIdProviders;
import dev.outcrop.services.iam.SamlProviders;
import dev.outcrop.services.iam.ServiceCredentials;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Records;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.signature.AuthenticationDialect;
import dev.outcrop.wire.signature.Credentials;
import dev.outcrop.wire.signature.SignatureClaim;
import dev.outcrop.wire.signature.SignatureVerifier;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A user with fifty policies by way of five groups, a question that the last of them answers, and a call that it signs. */
final class AuthorizationSubject implements AutoCloseable {
    private static final int GROUPS = 5;
    private static final int POLICIES_A_GROUP = 10;
    private static final String ACCOUNT = "123456789012";
    private static final List<String> SERVICES =
            List.of("s3", "kms", "iam", "sts", "bedrock", "logs", "lambda", "sqs", "sns", "dynamodb");
    private static final byte[] BODY =
            "Action=GetUser&Version=2010-05-08&UserName=caller".getBytes(StandardCharsets.US_ASCII);

    private final Path path;
    private final DataFolder folder;
    private final Records records;
    private final LastUses uses;
    private final IamAuthorization authorization;
    private final Question question;
    private final SignatureVerifier verifier;
    private final WireRequest signed;
    private final SignatureClaim claim;
    private final String hash;

    /** @param oneService whether all policies are about the service that is asked about, or of ten services */
    AuthorizationSubject(boolean oneService) throws IOException, GeneralSecurityException {
        path = Files.createTempDirectory("outcrop-authorization");
        folder = DataFolder.open(path);
        records = folder.records();
        InstantSource clock = InstantSource.system();
        Ids ids = new Ids();
        ResourceStore store = new ResourceStore(records, new PageTokens(folder.secrets()), clock);
        IamDirectory directory = new IamDirectory(store, records, new CompiledPolicies());
        uses = new LastUses(store, records, clock);
        authorization = new IamAuthorization(directory, ServiceControlPolicies.NONE, uses);
        IamService iam = new IamService(
                directory,
                folder.secrets(),
                uses,
                new MfaDevices(directory, folder.secrets(), clock),
                new OpenIdProviders(directory, clock),
                new SamlProviders(directory, ids, clock),
                new ServiceCredentials(directory, ids, clock),
                new ServiceTables(),
                ids,
                clock);
        String id = CallContext.builder()
                .principal(Principal.root(ACCOUNT, Optional.empty()))
                .requestId("setup")
                .build()
                .call(() -> fill(iam, oneService));
        IamAccessKeys keys = new IamAccessKeys(directory, folder.secrets());
        AccessKey key = keys.find(id).orElseThrow();
        question = new Question(key.principal());
        verifier = new SignatureVerifier(keys, clock, region -> true);
        hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(BODY));
        signed = signed(key);
        claim = ((Credentials.Signed) Credentials.of(signed)).claim();
    }

    private static String fill(IamService iam, boolean oneService) {
        iam.createUser(request -> request.userName("caller"));
        for (int group = 0; group < GROUPS; group++) {
            String name = "group" + group;
            iam.createGroup(request -> request.groupName(name));
            iam.addUserToGroup(request -> request.groupName(name).userName("caller"));
            for (int index = 0; index < POLICIES_A_GROUP; index++) {
                int number = group * POLICIES_A_GROUP + index;
                boolean last = number == GROUPS * POLICIES_A_GROUP - 1;
                String document = policy(number, oneService || last ? "iam" : SERVICES.get(index), last);
                String arn = iam.createPolicy(
                                request -> request.policyName("policy" + number).policyDocument(document))
                        .policy()
                        .arn();
                iam.attachGroupPolicy(request -> request.groupName(name).policyArn(arn));
            }
        }
        return iam.createAccessKey(request -> request.userName("caller"))
                .accessKey()
                .accessKeyId();
    }

    /** Two statements as people write them; only those of the last are about the user who asks. */
    private static String policy(int number, String service, boolean last) {
        String resource = last
                ? "arn:aws:iam::*:user/*"
                : "arn:aws:" + service + "::" + ACCOUNT + ":user/division" + number + "/*";
        return """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Action": ["%1$s:Get*", "%1$s:List*", "%1$s:Describe*"], "Resource": "%2$s",
                   "Condition": {"StringEquals": {"aws:RequestedRegion": ["us-east-1", "eu-central-1"]},
                                 "IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "127.0.0.0/8"]}}},
                  {"Effect": "Deny", "Action": "%1$s:Delete*", "Resource": "*",
                   "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}""".formatted(service, resource);
    }

    private static WireRequest signed(AccessKey key) {
        SdkHttpRequest request = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(AwsCredentialsIdentity.create(key.accessKeyId(), key.secretAccessKey()))
                        .request(SdkHttpRequest.builder()
                                .method(SdkHttpMethod.POST)
                                .uri(URI.create("http://127.0.0.1:4566/"))
                                .putHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                                .putHeader("User-Agent", "aws-sdk-java/2 outcrop-bench")
                                .build())
                        .payload(ContentStreamProvider.fromByteArray(BODY))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "iam")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1"))
                .request();
        HttpHeaders.Builder headers = HttpHeaders.builder();
        request.forEachHeader((name, values) -> values.forEach(value -> headers.add(name, value)));
        return new WireRequest("POST", "/", "", headers.build());
    }

    /** The decision, which is that the user may. */
    AuthorizationDecision decide() {
        return authorization.decide(question);
    }

    /** The signature of a call, verified. */
    Object verify() {
        return verifier.verify(claim, signed, hash, "iam", AuthenticationDialect.QUERY);
    }

    /** Makes sure that what is measured is what it is said to be. */
    void check() {
        if (!decide().equals(AuthorizationDecision.ALLOWED)) {
            throw new IllegalStateException("the user may not: " + decide());
        }
        verify();
    }

    @Override
    public void close() throws IOException {
        uses.close();
        records.close();
        folder.close();
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** May the user read itself? */
    private record Question(Principal principal) implements AuthorizationRequest {
        private static final Map<String, List<String>> CONDITIONS = Map.of(
                "aws:requestedregion", List.of("us-east-1"),
                "aws:sourceip", List.of("127.0.0.1"),
                "aws:securetransport", List.of("true"));

        @Override
        public String account() {
            return ACCOUNT;
        }

        @Override
        public List<Access> accesses() {
            return List.of(new Access("iam:GetUser", principal.arn()));
        }

        @Override
        public ConditionContext conditions(Access access) {
            return key -> Optional.ofNullable(CONDITIONS.get(key.toLowerCase(Locale.ROOT)));
        }

        @Override
        public Optional<ResourcePolicy> resourcePolicy(Access access) {
            return Optional.empty();
        }

        @Override
        public boolean isGranted(Access access) {
            return false;
        }

        @Override
        public String owner(Access access) {
            return ACCOUNT;
        }
    }
}
