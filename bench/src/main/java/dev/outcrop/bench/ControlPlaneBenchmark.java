package dev.outcrop.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Calls of control planes beside Moto server and MiniStack: every connection sends the same mix of IAM, STS, KMS, S3 and
 * Secrets Manager calls in turn, reads and, one call in seven, writes. They are signed by a user, whose rights come from ten
 * managed policies and an inline one; ours decides by them and records every call, the peers do neither.
 */
final class ControlPlaneBenchmark implements Benchmark {
    private static final AwsCredentialsIdentity ROOT = AwsCredentialsIdentity.create("test", "test");
    private static final int CONNECTIONS = 16;
    private static final int POLICIES = 10;
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration MEASURE = Duration.ofSeconds(10);
    private static final Duration MEASURE_EACH = Duration.ofSeconds(2);

    /** What is measured: calls per second, and milliseconds of the server's CPU for each. */
    private record Figures(double perSecond, double cpuMillis) {}

    @Override
    public String name() {
        return "control";
    }

    @Override
    public String description() {
        return "calls of control planes by a user, authorized and recorded, per second, beside Moto and MiniStack";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Map<String, Figures> ours = measure(workplace.startOutcrop(), report);
        Map<String, Figures> moto = measure(CallsBenchmark.moto(workplace), report);
        Map<String, Figures> ministack = measure(CallsBenchmark.ministack(workplace), report);
        ours.forEach((mix, figures) -> {
            report.atLeast(
                    mix + ", beside Moto", figures.perSecond() / moto.get(mix).perSecond(), 50, "×");
            report.atLeast(
                    mix + ", beside MiniStack",
                    figures.perSecond() / ministack.get(mix).perSecond(),
                    15,
                    "×");
            report.atMost(mix + ", Outcrop's CPU a call", figures.cpuMillis(), 0.10, "ms");
        });
    }

    private static Map<String, Figures> measure(ServerProcess server, Report report)
            throws IOException, InterruptedException {
        try (server) {
            Place place = new Place(server.port());
            AwsCredentialsIdentity user = place.prepare();
            List<CapturedRequest> all = new ArrayList<>(place.reads());
            all.addAll(place.writes());
            for (CapturedRequest request : all) {
                // Says what is wrong with a call that is answered badly.
                Place.answer(request, user);
            }
            List<byte[]> reads = bytes(place.reads(), user);
            List<byte[]> mixed = bytes(all, user);
            HttpLoad.runMixed(server.port(), mixed, CONNECTIONS, WARM_UP);
            Map<String, Figures> figures = new LinkedHashMap<>();
            figures.put("reads", measure(server, "reads", reads, report));
            figures.put("reads and writes", measure(server, "reads and writes", mixed, report));
            if (server.name().equals("Outcrop")) {
                eachAlone(server, all, user, report);
            }
            return figures;
        }
    }

    private static Figures measure(ServerProcess server, String mix, List<byte[]> requests, Report report)
            throws IOException {
        double cpuBefore = server.cpuSeconds();
        HttpLoad.Result result = HttpLoad.runMixed(server.port(), requests, CONNECTIONS, MEASURE);
        double cpuMillis = (server.cpuSeconds() - cpuBefore) * 1000 / result.calls();
        String what = server.name() + ": " + mix;
        report.figure(what, result.callsPerSecond(), "/s");
        report.figure(what + ", p99", result.p99Millis(), "ms");
        report.figure(what + ", server CPU a call", cpuMillis, "ms");
        return new Figures(result.callsPerSecond(), cpuMillis);
    }

    /** Which calls are dear. */
    private static void eachAlone(
            ServerProcess server, List<CapturedRequest> requests, AwsCredentialsIdentity user, Report report)
            throws IOException {
        for (CapturedRequest request : requests) {
            double cpuBefore = server.cpuSeconds();
            HttpLoad.Result result = HttpLoad.run(server.port(), request.bytes(user), CONNECTIONS, MEASURE_EACH);
            double cpuMillis = (server.cpuSeconds() - cpuBefore) * 1000 / result.calls();
            report.figure("Outcrop: " + request.service() + " " + operation(request), result.callsPerSecond(), "/s");
            report.figure("Outcrop: " + request.service() + " " + operation(request) + ", CPU", cpuMillis, "ms");
        }
    }

    /** What a request asks for: its target, its action, or else its method and path. */
    private static String operation(CapturedRequest request) {
        Matcher action = Pattern.compile("Action=([A-Za-z]+)").matcher(new String(request.body(), UTF_8));
        return request.head()
                .firstMatchingHeader("X-Amz-Target")
                .or(() -> action.find() ? Optional.of(action.group(1)) : Optional.empty())
                .orElseGet(() -> request.head().method() + " " + request.head().encodedPath() + " "
                        + request.head().encodedQueryParameters().orElse(""));
    }

    private static List<byte[]> bytes(List<CapturedRequest> requests, AwsCredentialsIdentity key) {
        return requests.stream().map(request -> request.bytes(key)).toList();
    }

    /** What is called about, on the server at {@code port}. */
    private record Place(int port) {
        private static final String TRUST = """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                 "Principal": {"Service": "ec2.amazonaws.com"}}}""";

        /** Makes all that is called about; gives the key of the user that calls. */
        AwsCredentialsIdentity prepare() throws IOException, InterruptedException {
            answer(iam(iam -> iam.createUser(request -> request.userName("operator"))));
            for (int i = 0; i < POLICIES; i++) {
                String name = "operating-" + i;
                String policy = policy(i);
                String made = answer(iam(iam ->
                        iam.createPolicy(request -> request.policyName(name).policyDocument(policy))));
                String arn = found(made, "<Arn>([^<]+)</Arn>");
                answer(iam(iam -> iam.attachUserPolicy(
                        request -> request.userName("operator").policyArn(arn))));
            }
            answer(iam(iam -> iam.putUserPolicy(
                    request -> request.userName("operator").policyName("own").policyDocument(policy(POLICIES)))));
            answer(iam(iam ->
                    iam.createRole(request -> request.roleName("operated").assumeRolePolicyDocument(TRUST))));
            String key = found(
                    answer(kms(kms -> kms.createKey(request -> request.description("operated")))),
                    "\"KeyId\": ?\"([0-9a-f-]{36})\"");
            answer(kms(kms -> kms.createAlias(
                    request -> request.aliasName("alias/operated").targetKeyId(key))));
            answer(s3(s3 -> s3.createBucket(request -> request.bucket("operated"))));
            answer(secrets(secrets ->
                    secrets.createSecret(request -> request.name("operated").secretString("a secret"))));
            String made = answer(iam(iam -> iam.createAccessKey(request -> request.userName("operator"))));
            return AwsCredentialsIdentity.create(
                    found(made, "<AccessKeyId>([^<]+)</AccessKeyId>"),
                    found(made, "<SecretAccessKey>([^<]+)</SecretAccessKey>"));
        }

        /** Each policy gives a part of the rights, and much that is not asked for. */
        private static String policy(int number) {
            String[] services = {"iam", "kms", "s3", "secretsmanager", "sts"};
            String service = services[number % services.length];
            return """
                    {"Version": "2012-10-17", "Statement": [
                     {"Effect": "Allow", "Action": ["%1$s:Get*", "%1$s:List*", "%1$s:Describe*"], "Resource": "*",
                      "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.%2$d/32"}}},
                     {"Effect": "Allow", "Action": ["%1$s:Tag*", "%1$s:Update*"], "Resource": "*"},
                     {"Effect": "Allow", "Action": "dynamodb:*",
                      "Resource": "arn:aws:dynamodb:*:*:table/team-%2$d-*"},
                     {"Effect": "Deny", "Action": "%1$s:Delete*", "Resource": "*"}]}""".formatted(service, number);
        }

        List<CapturedRequest> reads() {
            return List.of(
                    CapturedRequest.capture("sts", port, StsClient.builder(), StsClient::getCallerIdentity),
                    iam(iam -> iam.getUser(request -> request.userName("operator"))),
                    kms(kms -> kms.describeKey(request -> request.keyId("alias/operated"))),
                    secrets(secrets -> secrets.describeSecret(request -> request.secretId("operated"))),
                    s3(s3 -> s3.getBucketVersioning(request -> request.bucket("operated"))),
                    iam(iam -> iam.getRole(request -> request.roleName("operated"))),
                    kms(KmsClient::listAliases),
                    secrets(secrets -> secrets.getSecretValue(request -> request.secretId("operated"))),
                    s3(S3Client::listBuckets),
                    iam(iam -> iam.listAttachedUserPolicies(request -> request.userName("operator"))),
                    kms(KmsClient::listKeys),
                    s3(s3 -> s3.getBucketLocation(request -> request.bucket("operated"))));
        }

        List<CapturedRequest> writes() {
            return List.of(
                    iam(iam -> iam.tagRole(request -> request.roleName("operated")
                            .tags(Tag.builder().key("state").value("good").build()))),
                    secrets(secrets -> secrets.updateSecret(
                            request -> request.secretId("operated").description("operated on"))));
        }

        private CapturedRequest iam(Consumer<IamClient> call) {
            return CapturedRequest.capture("iam", port, IamClient.builder(), call);
        }

        private CapturedRequest kms(Consumer<KmsClient> call) {
            return CapturedRequest.capture("kms", port, KmsClient.builder(), call);
        }

        private CapturedRequest s3(Consumer<S3Client> call) {
            return CapturedRequest.capture("s3", port, S3Client.builder().forcePathStyle(true), call);
        }

        private CapturedRequest secrets(Consumer<SecretsManagerClient> call) {
            return CapturedRequest.capture("secretsmanager", port, SecretsManagerClient.builder(), call);
        }

        private static String answer(CapturedRequest request) throws IOException, InterruptedException {
            return answer(request, ROOT);
        }

        private static String answer(CapturedRequest request, AwsCredentialsIdentity key)
                throws IOException, InterruptedException {
            byte[] body = request.framing().apply(request.body());
            return SignedRequest.answer(SignedRequest.signed(request.head(), body, request.service(), key), body);
        }

        private static String found(String answer, String pattern) throws IOException {
            Matcher matcher = Pattern.compile(pattern).matcher(answer);
            if (!matcher.find()) {
                throw new IOException("there is no " + pattern + " in " + answer);
            }
            return matcher.group(1);
        }
    }
}
