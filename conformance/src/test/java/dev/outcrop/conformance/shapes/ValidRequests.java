package dev.outcrop.conformance.shapes;

import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.shapes.ShapeModel.Member;
import dev.outcrop.shapes.codec.ShapeFields;
import dev.outcrop.shapes.codec.ShapeMember;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * Requests that pass validation: their texts fit the patterns of the description, too. What they name is not there, and
 * what they say together may make no sense.
 */
final class ValidRequests {
    private static final int DEEPEST = 4;
    private static final String POLICY = """
            {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}""";

    /** Texts of which one fits most patterns of AWS's; ARNs first where a member's name asks for one. */
    private static final List<String> TEXTS = List.of(
            "sample",
            "samples1",
            "sample-one",
            "123456",
            "123456789012",
            "us-east-1",
            "/sample/",
            "1",
            "v1",
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            "AKIAIOSFODNN7EXAMPLE",
            "abcdefghijklmnopqrstuvwx",
            "https://sample.example.com/sample",
            "s3://sample/sample",
            "sample@example.com",
            "alias/sample",
            "amazon.titan-text-express-v1:0",
            "secret",
            "a1b2c3d4e5f6",
            "ABCDEFGHIJ",
            "2026-11-22",
            "12:00",
            "20260101T000000Z",
            "rate(10 days)");

    private static final List<String> ARNS = List.of(
            "arn:aws:iam::000000000000:role/sample",
            "arn:aws:iam::000000000000:policy/sample",
            "arn:aws:iam::000000000000:mfa/sample",
            "arn:aws:iam::000000000000:oidc-provider/sample.example.com",
            "arn:aws:iam::000000000000:saml-provider/sample",
            "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:secretsmanager:us-east-1:000000000000:secret:sample-a1b2c3",
            "arn:aws:comprehend:us-east-1:000000000000:document-classifier-endpoint/sample",
            "arn:aws:comprehend:us-east-1:000000000000:entity-recognizer-endpoint/sample",
            "arn:aws:comprehend:us-east-1:000000000000:document-classifier/sample",
            "arn:aws:comprehend:us-east-1:000000000000:entity-recognizer/sample",
            "arn:aws:comprehend:us-east-1:000000000000:flywheel/sample",
            "arn:aws:comprehend:us-east-1:000000000000:flywheel/sample/dataset/sample",
            "arn:aws:lambda:us-east-1:000000000000:function:sample",
            "arn:aws:s3:::sample",
            "arn:aws:bedrock:us-east-1:000000000000:guardrail/a1b2c3d4e5f6",
            "arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/a1b2c3d4e5f6",
            "arn:aws:bedrock:us-east-1:000000000000:custom-model/a1b2c3.d4/a1b2c3d4e5f6",
            "arn:aws:bedrock:us-east-1:000000000000:provisioned-model/a1b2c3d4e5f6",
            "arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/a1b2c3d4e5f6",
            "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-text-express-v1",
            "arn:aws:bedrock:us-east-1:000000000000:knowledge-base/ABCDEFGHIJ",
            "arn:aws:bedrock:us-east-1:000000000000:session/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:sagemaker:us-east-1:000000000000:endpoint/sample",
            "arn:aws:cloudtrail:us-east-1:000000000000:trail/sample",
            "arn:aws:sns:us-east-1:000000000000:sample",
            "arn:aws:sqs:us-east-1:000000000000:sample",
            "arn:aws:events:us-east-1:000000000000:event-bus/sample",
            "arn:aws:events:us-east-1:000000000000:connection/sample/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:vpc-lattice:us-east-1:000000000000:resourceconfiguration/rcfg-1234abcd1234abcd1",
            "arn:aws:bedrock:us-east-1:000000000000:guardrail-profile/us.guardrail.v1:0",
            "arn:aws:bedrock:us-east-1:000000000000:automated-reasoning-policy/a1b2c3d4e5f6",
            "arn:aws:transcribe:us-east-1:000000000000:transcription-job/sample");

    private final ServiceModel model;
    private final boolean optional;

    /** @param optional whether members are set that need not be */
    ValidRequests(ServiceModel model, boolean optional) {
        this.model = model;
        this.optional = optional;
    }

    /** A request of {@code operation}, made with {@code builder}. */
    SdkPojo request(OperationModel operation, SdkPojo builder) {
        operation.input().ifPresent(shape -> fill(builder, (ShapeModel.Structure) model.shape(shape), 0));
        return (SdkPojo) ((Buildable) builder).build();
    }

    private void fill(SdkPojo builder, ShapeModel.Structure structure, int depth) {
        boolean one = structure.union();
        for (ShapeMember member : ShapeFields.of(builder).members()) {
            Member described = structure.members().get(member.name());
            if (described == null) {
                described = structure.members().get(member.requestName());
            }
            boolean wanted = described != null
                    && !SampleShapes.isClients(member)
                    // A wrong checksum is refused before IAM is asked.
                    && !member.name().equals("ContentMD5")
                    && (described.required() || one || (optional && depth == 0));
            if (wanted) {
                Object value = value(member, described, depth);
                if (value != null) {
                    member.set(builder, value);
                    if (one) {
                        return;
                    }
                }
            }
        }
    }

    /** A value, or null where it would go too deep or none is known. */
    private Object value(ShapeMember member, Member described, int depth) {
        ShapeModel shape = model.shape(described.shape());
        return switch (member.type()) {
            case STRING -> text(member, described, shape);
            case INTEGER -> (int) whole(shape);
            case LONG -> whole(shape);
            case SHORT -> (short) whole(shape);
            case BYTE -> (byte) whole(shape);
            case FLOAT -> (float) whole(shape);
            case DOUBLE -> (double) whole(shape);
            case BIG_DECIMAL -> null;
            case BOOLEAN -> false;
            case INSTANT -> Instant.parse("2030-01-01T00:00:00Z");
            case SDK_BYTES -> SdkBytes.fromUtf8String("sample sample sample");
            case DOCUMENT -> Document.fromString("sample");
            case SDK_POJO -> {
                if (depth >= DEEPEST) {
                    yield null;
                }
                SdkPojo builder = member.newBuilder();
                fill(builder, (ShapeModel.Structure) shape, depth + 1);
                yield ((Buildable) builder).build();
            }
            case LIST -> {
                ShapeModel.ListOf list = (ShapeModel.ListOf) shape;
                // The elements of a list have no name to tell what they are.
                Object element = member.element().type() == MarshallingKnownType.STRING
                        ? text(member, list.member(), model.shape(list.member().shape()))
                        : value(member.element(), list.member(), depth);
                yield element == null || list.minimumSize().orElse(0) > 1 ? null : List.of(element);
            }
            case MAP -> {
                ShapeModel.MapOf map = (ShapeModel.MapOf) shape;
                Object key = text(member, map.key(), model.shape(map.key().shape()));
                Object element = value(member.element(), map.value(), depth);
                yield key == null || element == null ? null : Map.of(key, element);
            }
            case NULL -> null;
        };
    }

    private static long whole(ShapeModel shape) {
        if (!(shape instanceof ShapeModel.Numeric numeric)) {
            return 1;
        }
        long least = (long) numeric.minimum().orElse(1);
        long most = (long) numeric.maximum().orElse(Integer.MAX_VALUE);
        return Math.clamp(1, least, most);
    }

    private String text(ShapeMember member, Member described, ShapeModel shape) {
        if (described.hostLabel()) {
            return "123456789012";
        }
        if (!(shape instanceof ShapeModel.Text text)) {
            return "sample";
        }
        if (!text.values().isEmpty()) {
            return text.values().getFirst();
        }
        for (String candidate : candidates(member.name() + " " + text.name())) {
            String fitting = longEnough(candidate, text.minimumLength());
            boolean fits = fitting.length() <= text.maximumLength().orElse(Long.MAX_VALUE)
                    && text.pattern().map(fitting::matches).orElse(true);
            if (fits) {
                return fitting;
            }
        }
        return null;
    }

    private static List<String> candidates(String name) {
        List<String> candidates = new ArrayList<>();
        if (name.contains("Policy") && (name.contains("Document") || name.matches("Policy .*|.*InputList.*"))) {
            candidates.add(POLICY);
        }
        if (name.matches("(?i).*\\b(\\w*arn|\\w*serialNumber|role|resourceId|resourceIdList)\\b.*")) {
            candidates.addAll(ARNS);
        }
        candidates.addAll(TEXTS);
        candidates.addAll(ARNS);
        return candidates;
    }

    private static String longEnough(String text, OptionalLong minimum) {
        StringBuilder longer = new StringBuilder(text);
        while (longer.length() < minimum.orElse(0)) {
            longer.append(text);
        }
        return longer.toString();
    }
}
