package dev.outcrop.wire.server;

import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.shapes.ShapeModel.Location;
import dev.outcrop.shapes.ShapeModel.Member;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Members of an input that travel in headers, where a client can send none: a WebSocket's URL has them among its
 * parameters, by the header's name without the beginning that names the service. {@code x-amzn-transcribe-language-code}
 * is {@code language-code} there.
 *
 * <p>Source: Amazon Transcribe Developer Guide, "Setting up a WebSocket stream", and the names that AWS's SDK for
 * JavaScript gives the parameters of its WebSocket clients. No description says what is left out; it is what all of an
 * operation's {@code x-amz} headers have in common up to a hyphen, or if there is but one, up to the service's word. The
 * header's whole name is understood, too.
 */
final class HeaderParameters {
    private HeaderParameters() {}

    /** {@code request} with the headers that its parameters stand for; those that it has stay as they are. */
    static WireRequest asHeaders(WireRequest request, ServiceModel service, OperationModel operation) {
        List<String> names = names(service, operation);
        if (names.isEmpty()) {
            return request;
        }
        int prefix = prefix(names);
        HttpHeaders.Builder headers = request.headers().toBuilder();
        for (String name : names) {
            Optional<String> value = request.parameters()
                    .first(name)
                    .or(() -> request.parameters().first(name.substring(name.startsWith("x-amz") ? prefix : 0)));
            if (value.isPresent() && !request.headers().has(name)) {
                headers.add(name, value.get());
            }
        }
        return new WireRequest(request.method(), request.path(), request.query(), headers.build());
    }

    private static List<String> names(ServiceModel service, OperationModel operation) {
        List<String> names = new ArrayList<>();
        if (operation.input().isPresent()
                && service.shape(operation.input().get()) instanceof ShapeModel.Structure input) {
            for (Map.Entry<String, Member> member : input.members().entrySet()) {
                if (member.getValue().location() == Location.HEADER) {
                    names.add(member.getValue()
                            .locationName()
                            .orElse(member.getKey())
                            .toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }

    /** How much of the names that begin in {@code x-amz} their parameters leave out. */
    private static int prefix(List<String> names) {
        List<String> own =
                names.stream().filter(name -> name.startsWith("x-amz")).toList();
        if (own.isEmpty()) {
            return 0;
        }
        String first = own.getFirst();
        if (own.size() == 1) {
            int product = first.indexOf('-', first.indexOf('-') + 1);
            int word = first.indexOf('-', product + 1);
            return word < 0 ? product + 1 : word + 1;
        }
        int common = first.length();
        for (String name : own) {
            int same = 0;
            while (same < Math.min(common, name.length()) && name.charAt(same) == first.charAt(same)) {
                same++;
            }
            common = same;
        }
        return first.lastIndexOf('-', common - 1) + 1;
    }
}
