package dev.outcrop.wire.binding;

import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.Protocol;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.shapes.codec.BodyBuffer;
import dev.outcrop.shapes.codec.ShapeFields;
import dev.outcrop.shapes.codec.ShapeMember;
import dev.outcrop.shapes.codec.StructuredCodec;
import dev.outcrop.shapes.codec.TextValues;
import dev.outcrop.shapes.codec.XmlCodec;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;

/** Writes the shapes of responses. */
final class ResponseWriter {
    private static final byte[] NOTHING = new byte[0];
    private static final int NO_CONTENT = 204;
    private static final int PARTIAL_CONTENT = 206;

    private final ServiceModel service;
    private final OperationModel operation;
    private final Protocol protocol;
    private final String contentType;
    private final String rootElement;

    ResponseWriter(ServiceModel service, OperationModel operation, Protocol protocol) {
        this.service = service;
        this.operation = operation;
        this.protocol = protocol;
        contentType = contentType(service, protocol);
        String described = operation
                .output()
                .map(service::shape)
                .map(shape -> shape instanceof ShapeModel.Structure structure
                        ? structure.elementName().orElse(structure.name())
                        : shape.name())
                .orElse(operation.name() + "Response");
        rootElement =
                service.summary().id().equals("s3") ? ObjectStoreElements.root(operation.name(), described) : described;
    }

    /** The media type of a protocol's bodies. */
    static String contentType(ServiceModel service, Protocol protocol) {
        return switch (protocol) {
            case REST_JSON -> "application/json";
            case JSON ->
                "application/x-amz-json-" + service.summary().jsonVersion().orElse("1.1");
            case JSON_CBOR -> StructuredCodec.AWS_CBOR.mediaType();
            case REST_XML -> "application/xml";
            case QUERY -> "text/xml";
            case EC2_QUERY -> "text/xml;charset=UTF-8";
            case RPC_V2_CBOR -> StructuredCodec.RPC_V2_CBOR.mediaType();
        };
    }

    /** Status and headers, for responses whose body streams. */
    WireResponse head(SdkPojo response, String requestId) {
        HttpHeaders.Builder headers = HttpHeaders.builder();
        RequestIds.add(service, requestId, headers);
        int status = bind(response, headers);
        return new WireResponse(status, headers.build(), NOTHING);
    }

    /** The whole response. */
    WireResponse write(SdkPojo response, String requestId) {
        HttpHeaders.Builder headers = HttpHeaders.builder();
        RequestIds.add(service, requestId, headers);
        int status = bind(response, headers);
        if (protocol == Protocol.RPC_V2_CBOR) {
            headers.add("smithy-protocol", "rpc-v2-cbor");
        }
        byte[] body = body(response, requestId, headers);
        return new WireResponse(status, headers.build(), status == NO_CONTENT ? NOTHING : body);
    }

    private int bind(SdkPojo response, HttpHeaders.Builder headers) {
        boolean rest = protocol == Protocol.REST_JSON || protocol == Protocol.REST_XML;
        if (!rest) {
            return operation.status();
        }
        BoundMembers members = BoundMembers.of(response);
        bindHeaders(members, response, headers);
        return members.status()
                .flatMap(member -> member.get(response))
                .map(value -> ((Number) value).intValue())
                .orElseGet(() -> headers.has("content-range") ? PARTIAL_CONTENT : operation.status());
    }

    /** Adds the headers that members of {@code shape} are bound to. */
    static void bindHeaders(BoundMembers members, SdkPojo shape, HttpHeaders.Builder headers) {
        for (BoundMembers.Bound bound : members.headers()) {
            bound.member().get(shape).ifPresent(value -> {
                String text = headerText(bound.member(), value);
                if (!text.isEmpty()) {
                    headers.add(bound.name(), text);
                }
            });
        }
        for (BoundMembers.Bound bound : members.prefixes()) {
            bound.member()
                    .get(shape)
                    .ifPresent(value -> ((Map<?, ?>) value)
                            .forEach((name, text) -> headers.add(bound.name() + name, (String) text)));
        }
    }

    private static String headerText(ShapeMember member, Object value) {
        if (member.type() != MarshallingKnownType.LIST) {
            return TextValues.write(member, value, MarshallLocation.HEADER);
        }
        ShapeMember element = member.element();
        boolean texts = element.type() == MarshallingKnownType.STRING;
        return ((List<?>) value)
                .stream()
                        .map(each -> TextValues.write(element, each, MarshallLocation.HEADER))
                        .map(text -> texts ? HeaderLists.quoted(text) : text)
                        .collect(Collectors.joining(", "));
    }

    private byte[] body(SdkPojo response, String requestId, HttpHeaders.Builder headers) {
        Optional<String> namespace = service.summary().xmlNamespace();
        BodyBuffer out = new BodyBuffer();
        switch (protocol) {
            case JSON -> writeBody(StructuredCodec.JSON, response, headers, out);
            case JSON_CBOR -> writeBody(StructuredCodec.AWS_CBOR, response, headers, out);
            case RPC_V2_CBOR -> writeBody(StructuredCodec.RPC_V2_CBOR, response, headers, out);
            case QUERY -> {
                headers.add("content-type", contentType);
                XmlCodec.XML.writeQueryResponse(
                        response, operation.name(), operation.resultWrapper(), namespace, requestId, out);
            }
            case EC2_QUERY -> {
                headers.add("content-type", contentType);
                XmlCodec.XML.writeEc2Response(response, operation.name(), namespace, requestId, out);
            }
            case REST_JSON, REST_XML -> {
                return restBody(response, namespace, headers, out);
            }
        }
        return out.toByteArray();
    }

    private void writeBody(StructuredCodec codec, SdkPojo response, HttpHeaders.Builder headers, BodyBuffer out) {
        headers.add("content-type", contentType);
        codec.write(response, out);
    }

    private byte[] restBody(SdkPojo response, Optional<String> namespace, HttpHeaders.Builder headers, BodyBuffer out) {
        BoundMembers members = BoundMembers.of(response);
        if (isBareText()) {
            ShapeMember member = ShapeFields.of(response).members().getFirst();
            addContentType(headers, contentType);
            String text = member.get(response).map(String.class::cast).orElse("");
            XmlCodec.XML.writeText(text, member.responseName(), namespace, out);
            return out.toByteArray();
        }
        if (members.payload().isPresent()) {
            return payload(response, members.payload().get(), namespace, headers, out);
        }
        if (protocol == Protocol.REST_JSON) {
            if (operation.output().isEmpty()) {
                return NOTHING;
            }
            addContentType(headers, contentType);
            StructuredCodec.JSON.write(response, out);
        } else if (members.body()) {
            addContentType(headers, contentType);
            XmlCodec.XML.write(response, rootElement, namespace, out);
        }
        return out.toByteArray();
    }

    /** Whether the response is an element with its one member's text, which no description says of this operation alone. */
    private boolean isBareText() {
        return service.summary().id().equals("s3") && operation.name().equals("GetBucketLocation");
    }

    private byte[] payload(
            SdkPojo response,
            ShapeMember payload,
            Optional<String> namespace,
            HttpHeaders.Builder headers,
            BodyBuffer out) {
        Optional<Object> value = payload.get(response);
        return switch (payload.type()) {
            case SDK_BYTES -> {
                addContentType(headers, "application/octet-stream");
                yield value.map(bytes -> ((SdkBytes) bytes).asByteArrayUnsafe()).orElse(NOTHING);
            }
            case STRING -> {
                addContentType(headers, "text/plain");
                yield value.map(text -> ((String) text).getBytes(StandardCharsets.UTF_8))
                        .orElse(NOTHING);
            }
            default -> {
                addContentType(headers, contentType);
                if (protocol == Protocol.REST_JSON) {
                    StructuredCodec.JSON.writeMember(response, payload, out);
                } else {
                    XmlCodec.XML.writeMember(response, payload, namespace, out);
                }
                yield out.toByteArray();
            }
        };
    }

    private static void addContentType(HttpHeaders.Builder headers, String type) {
        if (!headers.has("content-type")) {
            headers.add("content-type", type);
        }
    }
}
