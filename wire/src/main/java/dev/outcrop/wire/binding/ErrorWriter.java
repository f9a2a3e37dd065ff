package dev.outcrop.wire.binding;

import dev.outcrop.kernel.HostId;
import dev.outcrop.shapes.Protocol;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.shapes.ShapeModel.ErrorTrait;
import dev.outcrop.shapes.codec.BodyBuffer;
import dev.outcrop.shapes.codec.ErrorMessage;
import dev.outcrop.shapes.codec.StructuredCodec;
import dev.outcrop.shapes.codec.XmlCodec;
import dev.outcrop.shapes.codec.XmlError;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Writes errors as each protocol has them. */
public final class ErrorWriter {
    private static final byte[] NOTHING = new byte[0];
    private static final ConcurrentMap<ServiceKey, Map<String, Modeled>> MODELED = new ConcurrentHashMap<>();

    private ErrorWriter() {}

    static WireResponse write(Optional<ServiceModel> service, Protocol protocol, ErrorAnswer error, String requestId) {
        HttpHeaders.Builder headers = HttpHeaders.builder();
        Optional<Modeled> modeled =
                service.map(ErrorWriter::modeled).flatMap(errors -> Optional.ofNullable(errors.get(error.code())));
        service.ifPresentOrElse(
                known -> RequestIds.add(known, requestId, headers), () -> headers.add("x-amzn-requestid", requestId));
        if (protocol == Protocol.REST_JSON || protocol == Protocol.REST_XML) {
            ResponseWriter.bindHeaders(BoundMembers.of(error.exception()), error.exception(), headers);
        }
        String queryCode = modeled.flatMap(found -> found.trait().queryCode()).orElse(error.code());
        if (service.isPresent() && service.get().summary().queryCompatible()) {
            headers.add("x-amzn-query-error", queryCode + (error.fault() ? ";Receiver" : ";Sender"));
        }
        ErrorMessage message = message(modeled, error);
        BodyBuffer out = new BodyBuffer();
        writeBody(service, protocol, error, queryCode, message, requestId, headers, out);
        return new WireResponse(error.status(), headers.build(), error.bodiless() ? NOTHING : out.toByteArray());
    }

    private static void writeBody(
            Optional<ServiceModel> service,
            Protocol protocol,
            ErrorAnswer error,
            String queryCode,
            ErrorMessage message,
            String requestId,
            HttpHeaders.Builder headers,
            BodyBuffer out) {
        Optional<String> namespace = service.flatMap(known -> known.summary().xmlNamespace());
        String contentType = service.map(known -> ResponseWriter.contentType(known, protocol))
                .orElse(protocol == Protocol.RPC_V2_CBOR ? "application/cbor" : "application/json");
        headers.add("content-type", contentType);
        AwsServiceException exception = error.exception();
        XmlError xml = new XmlError(
                queryCode,
                new ErrorMessage(
                        message.memberName().equals("message") ? "Message" : message.memberName(), message.text()),
                !error.fault());
        switch (protocol) {
            case REST_JSON -> {
                // Some shapes have a member for it, too.
                headers.set("x-amzn-errortype", error.code());
                StructuredCodec.JSON.writeError(error.code(), message, exception, out);
            }
            case JSON -> StructuredCodec.JSON.writeError(error.code(), message, exception, out);
            case JSON_CBOR -> StructuredCodec.AWS_CBOR.writeError(error.code(), message, exception, out);
            case RPC_V2_CBOR -> {
                headers.add("smithy-protocol", "rpc-v2-cbor");
                StructuredCodec.RPC_V2_CBOR.writeError(error.code(), message, exception, out);
            }
            case QUERY -> XmlCodec.XML.writeError(xml, exception, namespace, requestId, out);
            case EC2_QUERY -> XmlCodec.XML.writeEc2Error(xml, requestId, out);
            case REST_XML -> {
                if (service.filter(known -> known.summary().id().equals("s3")).isPresent()) {
                    XmlCodec.XML.writeS3Error(xml, exception, error.details(), requestId, HostId.of(requestId), out);
                } else {
                    XmlCodec.XML.writeError(xml, exception, namespace, requestId, out);
                }
            }
        }
    }

    /** The message of an error of {@code service} under the name that its shape has for it. */
    public static ErrorMessage message(ServiceModel service, ErrorAnswer error) {
        return message(Optional.ofNullable(modeled(service).get(error.code())), error);
    }

    private static ErrorMessage message(Optional<Modeled> modeled, ErrorAnswer error) {
        return new ErrorMessage(modeled.map(Modeled::messageMember).orElse("message"), error.message());
    }

    /** The error shapes of a service by their codes; of the shapes with a code, the first. */
    private static Map<String, Modeled> modeled(ServiceModel service) {
        return MODELED.computeIfAbsent(new ServiceKey(service.summary().id(), service), key -> {
            Map<String, Modeled> errors = new HashMap<>();
            for (ShapeModel shape : service.shapes().values()) {
                if (shape instanceof ShapeModel.Structure structure
                        && structure.error().isPresent()) {
                    ErrorTrait trait = structure.error().get();
                    String member = structure.members().keySet().stream()
                            .filter(name -> name.equalsIgnoreCase("message"))
                            .findFirst()
                            .map(name ->
                                    structure.members().get(name).locationName().orElse(name))
                            .orElse("message");
                    errors.putIfAbsent(trait.code(), new Modeled(trait, member));
                }
            }
            return errors;
        });
    }

    private record Modeled(ErrorTrait trait, String messageMember) {}

    /** A service's model, compared by identity: its own equality would compare all of its shapes. */
    private static final class ServiceKey {
        private final String id;
        private final ServiceModel model;

        ServiceKey(String id, ServiceModel model) {
            this.id = id;
            this.model = model;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // That is the point: see above.
        public boolean equals(Object other) {
            return other instanceof ServiceKey key && key.model == model;
        }

        @Override
        public int hashCode() {
            return id.hashCode();
        }
    }
}
