package dev.outcrop.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Requests of every protocol with bytes changed, dropped, doubled and cut off. Sent with a bearer key, so that they get
 * past the signature to what reads them. {@code -Doutcrop.fuzz.requests} says how many of each kind there are.
 */
class FuzzTest {
    private static final int REQUESTS = Integer.getInteger("outcrop.fuzz.requests", 300);

    private static final Map<String, String> EXAMPLES = Map.of(
            "JSON",
            request(
                    "POST",
                    "/",
                    "X-Amz-Target: DynamoDB_20120810.GetItem\r\nContent-Type: application/x-amz-json-1.0\r\n",
                    "{\"TableName\":\"t\",\"Key\":{\"id\":{\"S\":\"x\"},\"b\":{\"B\":\"aGk=\"},\"l\":{\"L\":[{\"N\":\"1\"}]}}}"),
            "Query",
            request(
                    "POST",
                    "/",
                    "Content-Type: application/x-www-form-urlencoded\r\nHost: sts.us-east-1.amazonaws.com\r\n",
                    "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fx&RoleSessionName=me&WebIdentityToken=token&PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2Fx"),
            "REST-JSON",
            request(
                    "POST",
                    "/model/amazon.titan/converse-stream?x=%20y",
                    "Content-Type: application/json\r\n",
                    "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}],\"inferenceConfig\":{\"maxTokens\":5}}"),
            "REST-XML",
            request(
                    "POST",
                    "/bucket?delete",
                    "Host: s3.us-east-1.amazonaws.com\r\nContent-Type: application/xml\r\n",
                    "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a</Key></Object></Delete>"),
            "EC2",
            request(
                    "POST",
                    "/",
                    "Content-Type: application/x-www-form-urlencoded\r\nHost: ec2.us-east-1.amazonaws.com\r\n",
                    "Action=DescribeRegions&Version=2016-11-15&RegionName.1=eu-west-1&Filter.1.Name=x&Filter.1.Value.1=y"),
            "CBOR",
            request(
                    "POST",
                    "/service/GraniteServiceVersion20100801/operation/GetMetricStatistics",
                    "smithy-protocol: rpc-v2-cbor\r\nContent-Type: application/cbor\r\n",
                    "\u00bfiNamespaceaxjMetricNameamfPeriod\30<iStartTime\u00c1\32e\0\0\0\u00ff"));

    @Test
    @Timeout(300)
    void answersMutatedRequestsWithModeledErrorsAlone() throws Exception {
        Random random = new Random(20261122);
        List<String> wrong = new ArrayList<>();
        try (House house = House.open()) {
            for (Map.Entry<String, String> example : new TreeMap<>(EXAMPLES).entrySet()) {
                for (int i = 0; i < REQUESTS; i++) {
                    byte[] mutated = mutated(example.getValue().getBytes(StandardCharsets.ISO_8859_1), random);
                    String answer = answer(house.port(), mutated);
                    if (!isFine(answer)) {
                        wrong.add(example.getKey() + " " + i + ": " + answer + " to "
                                + new String(mutated, StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    private static boolean isFine(String answer) {
        return answer.isEmpty()
                || answer.startsWith("HTTP/1.1 2")
                || answer.startsWith("HTTP/1.1 4")
                || answer.startsWith("HTTP/1.1 505")
                || (answer.startsWith("HTTP/1.1 501") && answer.contains("NotImplementedException"));
    }

    private static String request(String method, String target, String headers, String body) {
        String host = headers.contains("Host:") ? "" : "Host: localhost\r\n";
        return method + " " + target + " HTTP/1.1\r\n" + host + headers + "Authorization: Bearer " + House.TOKEN
                + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static byte[] mutated(byte[] original, Random random) {
        byte[] bytes = original.clone();
        int changes = 1 + random.nextInt(4);
        // Most changes go to the body and the target: the rest is Helidon's to read, and rarely gets past it.
        int body = new String(original, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(3) == 0
                    ? random.nextInt(bytes.length)
                    : Math.min(bytes.length - 1, body + random.nextInt(bytes.length - body));
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 ->
                    bytes[at] = "{}[]<>&=%\"',.:0-9\0\\/?".getBytes(StandardCharsets.ISO_8859_1)[random.nextInt(20)];
                default -> {
                    int from = body + random.nextInt(bytes.length - body);
                    int length = Math.min(bytes.length - Math.max(at, from), 1 + random.nextInt(16));
                    System.arraycopy(bytes, from, bytes, at, Math.max(0, length));
                }
            }
        }
        return random.nextInt(20) == 0 ? Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length)) : bytes;
    }

    private static String answer(int port, byte[] bytes) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(10_000);
            try {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
                InputStream in = socket.getInputStream();
                return new String(in.readNBytes(2000), StandardCharsets.ISO_8859_1);
            } catch (SocketTimeoutException hang) {
                return "no answer within ten seconds";
            } catch (SocketException reset) {
                return "";
            }
        }
    }
}
