package dev.outcrop.shapes;

import dev.outcrop.shapes.OperationModel.Authentication;
import dev.outcrop.shapes.OperationModel.Pagination;
import dev.outcrop.shapes.ShapeModel.ErrorTrait;
import dev.outcrop.shapes.ShapeModel.Location;
import dev.outcrop.shapes.ShapeModel.Member;
import dev.outcrop.shapes.ShapeModel.NumberType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one service's table. Written without lambdas, whose linking is most of the time of a cold start. */
final class ServiceTable {
    private static final char NAME_SEPARATOR = ',';
    private static final char VALUE_SEPARATOR = '\u001f';

    private final TableReader line;
    private final Map<String, OperationModel> operations = new LinkedHashMap<>();
    private final Map<String, ShapeModel> shapes = new LinkedHashMap<>();

    ServiceTable(TableReader line) {
        this.line = line;
    }

    ServiceModel read(ServiceSummary summary) {
        while (line.nextLine()) {
            String kind = line.field(0);
            String name = line.field(1);
            line.optionsAfter(positions(kind));
            if (kind.equals("operation")) {
                operations.put(name, operation(name));
            } else {
                shapes.put(name, shape(kind, name));
            }
        }
        return new ServiceModel(summary, operations, shapes);
    }

    /** How many fields come before the options. */
    private static int positions(String kind) {
        return switch (kind) {
            case "operation" -> 5;
            case "map" -> 4;
            case "list" -> 3;
            default -> 2;
        };
    }

    private OperationModel operation(String name) {
        return new OperationModel(
                name,
                line.field(2),
                line.field(3),
                Integer.parseInt(line.field(4)),
                line.option("input"),
                line.option("output"),
                line.option("wrapper"),
                names("errors"),
                authentications(),
                line.option("host"),
                line.flag("inputStream"),
                line.flag("outputStream"),
                pagination());
    }

    private Optional<Pagination> pagination() {
        List<String> results = names("pageResult");
        List<String> inputTokens = names("pageInput");
        if (results.isEmpty() && inputTokens.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Pagination(inputTokens, names("pageOutput"), line.option("pageLimit"), results));
    }

    private List<String> names(String option) {
        return line.options(option, NAME_SEPARATOR);
    }

    private List<Authentication> authentications() {
        List<Authentication> kinds = new ArrayList<>();
        for (String kind : names("auth")) {
            kinds.add(authentication(kind));
        }
        return kinds;
    }

    private static Authentication authentication(String kind) {
        return switch (kind) {
            case "v4" -> Authentication.SIGNATURE_V4;
            case "v4a" -> Authentication.SIGNATURE_V4A;
            case "bearer" -> Authentication.BEARER;
            case "none" -> Authentication.NONE;
            default -> throw new IllegalStateException("no authentication is called \"" + kind + "\"");
        };
    }

    private ShapeModel shape(String kind, String name) {
        boolean sensitive = line.flag("sensitive");
        return switch (kind) {
            case "structure" -> structure(name, sensitive);
            case "list" ->
                new ShapeModel.ListOf(
                        name,
                        element(line.field(2), "name"),
                        line.wholeOption("min"),
                        line.wholeOption("max"),
                        line.flag("flattened"),
                        sensitive);
            case "map" ->
                new ShapeModel.MapOf(
                        name,
                        element(line.field(2), "keyName"),
                        element(line.field(3), "valueName"),
                        line.wholeOption("min"),
                        line.wholeOption("max"),
                        line.flag("flattened"),
                        sensitive);
            case "string" ->
                new ShapeModel.Text(
                        name,
                        line.wholeOption("min"),
                        line.wholeOption("max"),
                        line.option("pattern"),
                        line.options("values", VALUE_SEPARATOR),
                        sensitive);
            case "integer" -> numeric(name, NumberType.INTEGER, sensitive);
            case "long" -> numeric(name, NumberType.LONG, sensitive);
            case "float" -> numeric(name, NumberType.FLOAT, sensitive);
            case "double" -> numeric(name, NumberType.DOUBLE, sensitive);
            case "boolean" -> new ShapeModel.Bool(name, sensitive);
            case "timestamp" -> new ShapeModel.Timestamp(name, sensitive);
            case "blob" ->
                new ShapeModel.Blob(
                        name, line.wholeOption("min"), line.wholeOption("max"), line.flag("streaming"), sensitive);
            default -> throw new IllegalStateException("no kind of shape is called \"" + kind + "\"");
        };
    }

    private ShapeModel numeric(String name, NumberType type, boolean sensitive) {
        return new ShapeModel.Numeric(name, type, line.numberOption("min"), line.numberOption("max"), sensitive);
    }

    private Member element(String shape, String nameOption) {
        return new Member(shape, false, false, line.option(nameOption), false, Location.BODY);
    }

    private ShapeModel structure(String name, boolean sensitive) {
        boolean union = line.flag("union");
        boolean eventStream = line.flag("eventStream");
        boolean document = line.flag("document");
        Optional<ErrorTrait> error = error();
        Optional<String> payload = line.option("payload");
        Optional<String> elementName = line.option("name");
        Map<String, Member> members = new LinkedHashMap<>();
        while (line.nextLineBelongs()) {
            line.nextLine();
            line.optionsAfter(3);
            members.put(line.field(1), member());
        }
        return new ShapeModel.Structure(
                name, members, union, error, eventStream, payload, document, elementName, sensitive);
    }

    private Optional<ErrorTrait> error() {
        Optional<String> code = line.option("error");
        if (code.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ErrorTrait(
                code.get(),
                line.option("queryCode"),
                Integer.parseInt(line.option("status").orElseThrow()),
                line.flag("fault"),
                line.flag("retryable"),
                line.flag("throttling")));
    }

    private Member member() {
        return new Member(
                line.field(2),
                line.flag("required"),
                line.flag("token"),
                line.option("name"),
                line.flag("host"),
                location(line.option("in").orElse("body")));
    }

    private static Location location(String name) {
        return switch (name) {
            case "body" -> Location.BODY;
            case "header" -> Location.HEADER;
            case "headers" -> Location.PREFIX_HEADERS;
            case "query" -> Location.QUERY;
            case "label" -> Location.LABEL;
            case "status" -> Location.STATUS;
            case "eventHeader" -> Location.EVENT_HEADER;
            case "eventPayload" -> Location.EVENT_PAYLOAD;
            default -> throw new IllegalStateException("no location is called \"" + name + "\"");
        };
    }
}
