package dev.outcrop.bench;

import dev.outcrop.shapes.codec.StructuredCodec;
import dev.outcrop.shapes.eventstream.HeaderValue;
import dev.outcrop.shapes.eventstream.Message;
import dev.outcrop.shapes.eventstream.MessageEncoder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsRequest;

/** Requests in the protocols and forms that no plain client of the SDK for Java sends. */
final class WrittenRequests {
    private static final String BEARER = "Bearer test";

    private static final byte[] EVENT = "{\"bytes\":\"eyJldmVudCI6e319\"}".getBytes(StandardCharsets.UTF_8);

    private WrittenRequests() {}

    static List<CapturedRequest> all(int port) {
        return List.of(
                json11(port),
                cbor(port),
                stream(port),
                events("events in, in whole messages", port, EVENT, WrittenRequests::message),
                events("events in, in any bytes", port, message(EVENT), UnaryOperator.identity()),
                chunks(port));
    }

    /** The Java client of Kinesis speaks CBOR; others speak JSON to it. */
    private static CapturedRequest json11(int port) {
        SdkHttpRequest head = post(port, "/")
                .putHeader("Content-Type", "application/x-amz-json-1.1")
                .putHeader("X-Amz-Target", "Kinesis_20131202.PutRecord")
                .build();
        byte[] body = "{\"StreamName\":\"waves\",\"PartitionKey\":\"north\",\"Data\":\"MTIgbQ==\"}"
                .getBytes(StandardCharsets.UTF_8);
        return new CapturedRequest("JSON 1.1", "kinesis", head, body);
    }

    private static SdkHttpFullRequest.Builder post(int port, String path) {
        return SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create("http://127.0.0.1:" + port + path));
    }

    /** The Java client of CloudWatch speaks Query; others speak RPC v2 CBOR to it. */
    private static CapturedRequest cbor(int port) {
        SdkHttpRequest head = post(port, "/service/GraniteServiceVersion20100801/operation/GetMetricStatistics")
                .putHeader("Content-Type", "application/cbor")
                .putHeader("Accept", "application/cbor")
                .putHeader("Smithy-Protocol", "rpc-v2-cbor")
                .build();
        byte[] body = StructuredCodec.RPC_V2_CBOR.write(GetMetricStatisticsRequest.builder()
                .namespace("AWS/Bedrock")
                .metricName("Invocations")
                .startTime(Instant.ofEpochSecond(1_760_000_000))
                .endTime(Instant.ofEpochSecond(1_760_003_600))
                .period(60)
                .build());
        return new CapturedRequest("RPC v2 CBOR", "monitoring", head, body);
    }

    /** The sync clients have no event streams. */
    private static CapturedRequest stream(int port) {
        SdkHttpRequest head = post(port, "/model/amazon.nova-lite-v1%3A0/converse-stream")
                .putHeader("Content-Type", "application/json")
                .build();
        byte[] body = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Why do ships float?\"}]}]}"
                .getBytes(StandardCharsets.UTF_8);
        return new CapturedRequest("event stream", "bedrock", head, body);
    }

    /** A token stands for the signature, which every event would need, too. */
    private static CapturedRequest events(String protocol, int port, byte[] body, UnaryOperator<byte[]> framing) {
        SdkHttpRequest head = post(port, "/model/amazon.nova-sonic-v1%3A0/invoke-with-bidirectional-stream")
                .putHeader("Content-Type", "application/vnd.amazon.eventstream")
                .putHeader("Authorization", BEARER)
                .build();
        return new CapturedRequest(protocol, "bedrock", head, body, framing);
    }

    private static byte[] message(byte[] payload) {
        return MessageEncoder.encode(new Message(
                Map.of(
                        Message.MESSAGE_TYPE,
                        new HeaderValue.OfString("event"),
                        Message.EVENT_TYPE,
                        new HeaderValue.OfString("chunk")),
                payload));
    }

    /** An upload in chunks with a checksum behind them. */
    private static CapturedRequest chunks(int port) {
        SdkHttpRequest head = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.PUT)
                .uri(URI.create("http://127.0.0.1:" + port + "/letters/one"))
                .putHeader("Host", "s3.us-east-1.amazonaws.com")
                .putHeader("Authorization", BEARER)
                .putHeader("Content-Encoding", "aws-chunked")
                .putHeader("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
                .putHeader("x-amz-decoded-content-length", "11")
                .putHeader("x-amz-trailer", "x-amz-checksum-crc32")
                .build();
        byte[] body = "b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n".getBytes(StandardCharsets.UTF_8);
        return new CapturedRequest("REST-XML in chunks", "s3", head, body);
    }
}
