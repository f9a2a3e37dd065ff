package dev.outcrop.wire.binding;

import dev.outcrop.shapes.Protocol;
import dev.outcrop.shapes.codec.QueryCodec;
import dev.outcrop.shapes.codec.QueryParameters;
import dev.outcrop.shapes.codec.ReadLimits;
import dev.outcrop.shapes.codec.SerializationFailure;
import dev.outcrop.shapes.codec.ShapeMember;
import dev.outcrop.shapes.codec.StructuredCodec;
import dev.outcrop.shapes.codec.TextValues;
import dev.outcrop.shapes.codec.XmlCodec;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.QueryString;
import dev.outcrop.wire.http.WireRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.TimestampFormatTrait;

/** Reads the shapes of requests. */
final class RequestReader {
    private RequestReader() {}

    /** Sets what labels, query string, but for its fixed parameters, and headers say. */
    static void readHead(
            WireRequest request, Map<String, String> labels, Set<String> fixedParameters, SdkPojo builder) {
        BoundMembers members = BoundMembers.of(builder);
        for (ShapeMember member : members.labels()) {
            String text = labels.get(member.requestName());
            if (text != null) {
                set(builder, member, text, MarshallLocation.PATH);
            }
        }
        for (ShapeMember member : members.query()) {
            readQuery(request.parameters(), member, builder);
        }
        for (ShapeMember member : members.queryMaps()) {
            readQueryMap(request.parameters(), members, fixedParameters, member, builder);
        }
        for (BoundMembers.Bound bound : members.headers()) {
            readHeader(request.headers(), bound, builder);
        }
        for (BoundMembers.Bound bound : members.prefixes()) {
            readPrefix(request.headers(), bound, builder);
        }
    }

    /** Sets what the body says; one that streams is the caller's. */
    static void readBody(Protocol protocol, WireRequest request, InputStream body, SdkPojo builder) throws IOException {
        switch (protocol) {
            case REST_JSON, REST_XML -> readRestBody(protocol, body, builder);
            case JSON -> StructuredCodec.JSON.read(body, builder);
            case JSON_CBOR -> StructuredCodec.AWS_CBOR.read(body, builder);
            case RPC_V2_CBOR -> StructuredCodec.RPC_V2_CBOR.read(body, builder);
            case QUERY -> QueryCodec.QUERY.read(parameters(request, body), builder);
            case EC2_QUERY -> QueryCodec.EC2.read(parameters(request, body), builder);
        }
    }

    private static QueryParameters parameters(WireRequest request, InputStream body) throws IOException {
        byte[] form = body.readAllBytes();
        return QueryParameters.parse(
                form.length > 0 ? form : request.query().getBytes(StandardCharsets.UTF_8), ReadLimits.DEFAULT);
    }

    private static void readRestBody(Protocol protocol, InputStream body, SdkPojo builder) throws IOException {
        BoundMembers members = BoundMembers.of(builder);
        if (members.payload().isPresent()) {
            ShapeMember payload = members.payload().get();
            switch (payload.type()) {
                case SDK_BYTES -> {
                    byte[] bytes = body.readAllBytes();
                    if (bytes.length > 0) {
                        payload.set(builder, SdkBytes.fromByteArrayUnsafe(bytes));
                    }
                }
                case STRING -> {
                    byte[] bytes = body.readAllBytes();
                    if (bytes.length > 0) {
                        payload.set(builder, new String(bytes, StandardCharsets.UTF_8));
                    }
                }
                default -> {
                    if (protocol == Protocol.REST_JSON) {
                        StructuredCodec.JSON.readMember(body, builder, payload);
                    } else {
                        XmlCodec.XML.readMember(body, builder, payload);
                    }
                }
            }
        } else if (members.body()) {
            if (protocol == Protocol.REST_JSON) {
                StructuredCodec.JSON.read(body, builder);
            } else {
                XmlCodec.XML.read(body, builder);
            }
        }
    }

    private static void readQuery(QueryString parameters, ShapeMember member, SdkPojo builder) {
        if (member.type() == MarshallingKnownType.LIST) {
            List<String> texts = parameters.all(member.requestName());
            if (!texts.isEmpty()) {
                List<Object> values = new ArrayList<>(texts.size());
                for (String text : texts) {
                    values.add(value(member, member.element(), text, MarshallLocation.QUERY_PARAM));
                }
                member.set(builder, values);
            }
        } else {
            Optional<String> text = parameters.first(member.requestName());
            if (text.isPresent() && !(text.get().isEmpty() && member.type() != MarshallingKnownType.STRING)) {
                set(builder, member, text.get(), MarshallLocation.QUERY_PARAM);
            }
        }
    }

    /** All parameters that no other member takes, and that say more than which operation is meant. */
    private static void readQueryMap(
            QueryString parameters,
            BoundMembers members,
            Set<String> fixedParameters,
            ShapeMember member,
            SdkPojo builder) {
        Map<String, Object> values = new LinkedHashMap<>();
        boolean lists = member.element().type() == MarshallingKnownType.LIST;
        for (QueryString.Parameter parameter : parameters.parameters()) {
            boolean taken = parameter.name().startsWith("X-Amz-")
                    || fixedParameters.contains(parameter.name())
                    || members.query().stream()
                            .anyMatch(other -> other.requestName().equals(parameter.name()));
            if (!taken) {
                if (lists) {
                    values.putIfAbsent(parameter.name(), parameters.all(parameter.name()));
                } else {
                    values.putIfAbsent(parameter.name(), parameter.value());
                }
            }
        }
        if (!values.isEmpty()) {
            member.set(builder, values);
        }
    }

    private static void readHeader(HttpHeaders headers, BoundMembers.Bound bound, SdkPojo builder) {
        ShapeMember member = bound.member();
        if (member.type() == MarshallingKnownType.LIST) {
            List<Object> values = new ArrayList<>();
            for (String header : headers.all(bound.name())) {
                for (String text : elements(member.element(), header)) {
                    values.add(value(member, member.element(), text, MarshallLocation.HEADER));
                }
            }
            if (!values.isEmpty()) {
                member.set(builder, values);
            }
        } else {
            Optional<String> text = headers.first(bound.name());
            if (text.isPresent()) {
                set(builder, member, text.get(), MarshallLocation.HEADER);
            }
        }
    }

    private static List<String> elements(ShapeMember element, String header) {
        boolean dates = element.type() == MarshallingKnownType.INSTANT
                && element.timestampFormat().orElse(TimestampFormatTrait.Format.RFC_822)
                        == TimestampFormatTrait.Format.RFC_822;
        return dates ? HeaderLists.splitDates(header) : HeaderLists.split(header);
    }

    private static void readPrefix(HttpHeaders headers, BoundMembers.Bound bound, SdkPojo builder) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.startsWith(bound.name())) {
                values.putIfAbsent(name.substring(bound.name().length()).toLowerCase(Locale.ROOT), headers.value(i));
            }
        }
        if (!values.isEmpty()) {
            bound.member().set(builder, values);
        }
    }

    private static void set(SdkPojo builder, ShapeMember member, String text, MarshallLocation location) {
        member.set(builder, value(member, member, text, location));
    }

    private static Object value(ShapeMember holder, ShapeMember member, String text, MarshallLocation location) {
        try {
            return TextValues.read(member, text, location);
        } catch (SerializationFailure failure) {
            throw new SerializationFailure("/" + holder.name(), failure.reason());
        }
    }
}
