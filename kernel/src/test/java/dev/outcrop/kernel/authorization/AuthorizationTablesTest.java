package dev.outcrop.kernel.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.shapes.ShapeModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables against the services' descriptions: what they name exists, and they name everything. */
class AuthorizationTablesTest {
    private static final ServiceTables MODELS = new ServiceTables();

    /** Members that only the SDK's requests have, in place of the copy source. */
    private static final Set<String> SDK_MEMBERS = Set.of("SourceBucket", "SourceKey", "SourceVersionId");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sts",
                "iam",
                "s3",
                "s3control",
                "s3vectors",
                "transcribe",
                "transcribe-streaming",
                "kms",
                "secretsmanager",
                "cloudtrail",
                "sns",
                "sqs",
                "events",
                "cloudwatch",
                "logs",
                "bedrock",
                "bedrock-runtime",
                "bedrock-agent-runtime",
                "bedrock-agent",
                "polly"
            })
    void everyOperationIsNamedAndEveryMemberExists(String id) {
        ServiceModel service = MODELS.find(id).orElseThrow();
        AuthorizationTable table = AuthorizationTable.of(service);

        assertThat(table.rules().keySet())
                .containsExactlyInAnyOrderElementsOf(service.operations().keySet());
        List<String> missing = new ArrayList<>();
        table.rules().forEach((name, rules) -> rules.forEach(rule -> check(service, name, rule, missing)));
        table.keys().forEach(key -> check(service, key, missing));
        assertThat(missing).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "cloudwatch,               PutMetricData,   cloudwatch:PutMetricData",
        "mturk,                    CreateHIT,       mechanicalturk:CreateHIT",
        "resourcegroupstaggingapi, GetResources,    tag:GetResources",
        "lexv2-models,             CreateBot,       lex:CreateBot",
        "bedrock-agent-runtime,    InvokeAgent,     bedrock:InvokeAgent",
        "stepfunctions,            StartExecution,  states:StartExecution",
        "sagemaker-runtime,        InvokeEndpoint,  sagemaker:InvokeEndpoint",
        "s3control,                PutPublicAccessBlock, s3:PutAccountPublicAccessBlock"
    })
    void actionsCarryThePrefixThatIamHasForTheService(String id, String operation, String action) {
        ServiceModel service = MODELS.find(id).orElseThrow();

        OperationAccess access = AuthorizationTable.of(service)
                .operation(service.operation(operation).orElseThrow());

        assertThat(access.actions()).containsExactly(action);
    }

    /** Of S3's two operations on notifications the older one, which the SDK has not, names roles. */
    @ParameterizedTest
    @ValueSource(strings = {"s3", "s3control", "kms", "secretsmanager", "bedrock", "bedrock-runtime"})
    void whoeverGivesAServiceARoleMustBeAllowedToPassIt(String id) {
        ServiceModel service = MODELS.find(id).orElseThrow();
        AuthorizationTable table = AuthorizationTable.of(service);

        assertThat(service.operations().values().stream()
                        .filter(operation -> !operation.name().equals("PutBucketNotification"))
                        .filter(operation -> operation
                                .input()
                                .filter(shape -> namesRole(service, shape, 0))
                                .isPresent())
                        .filter(operation ->
                                !table.operation(operation).actions().contains("iam:PassRole"))
                        .map(OperationModel::name))
                .isEmpty();
    }

    private static boolean namesRole(ServiceModel service, String shape, int depth) {
        return depth < 4
                && service.shape(shape) instanceof ShapeModel.Structure structure
                && structure.members().entrySet().stream()
                        .anyMatch(member -> member.getKey().matches("(?i).*role(arn)?")
                                || namesRole(service, member.getValue().shape(), depth + 1));
    }

    @Test
    void operationsWithoutASignatureAskNothing() {
        ServiceModel service = MODELS.find("sts").orElseThrow();
        AuthorizationTable table = AuthorizationTable.of(service);

        assertThat(service.operations().values().stream()
                        .filter(operation -> table.operation(operation).isFree())
                        .map(OperationModel::name))
                .containsExactly(
                        "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "GetCallerIdentity", "GetSessionToken");
    }

    private static void check(
            ServiceModel service, String operation, AuthorizationTable.Rule rule, List<String> missing) {
        rule.requirements().forEach(wanted -> check(service, operation, List.of(wanted.member()), missing));
        for (List<AuthorizationTable.ResourceType> alternatives : rule.resources()) {
            // Of the alternatives of a type, those must fit whose members the operation has at all.
            boolean any = alternatives.stream()
                    .anyMatch(type -> type.template().members().stream()
                            .allMatch(places -> fits(service, operation, places)
                                    || places.toString().contains("Path")));
            if (!any) {
                missing.add(operation + " has nothing that names " + alternatives);
            }
        }
    }

    private static void check(ServiceModel service, String operation, List<MemberPath> places, List<String> missing) {
        if (!fits(service, operation, places)) {
            missing.add(operation + " has none of " + places);
        }
    }

    private static void check(ServiceModel service, AuthorizationTable.ConditionKey key, List<String> missing) {
        for (List<MemberPath> places : key.template().members()) {
            for (MemberPath place : places) {
                boolean any = service.operations().keySet().stream()
                        .filter(key::isFor)
                        .anyMatch(operation -> fits(service, operation, List.of(place)));
                if (!any) {
                    missing.add(key.name() + " finds " + place + " nowhere");
                }
            }
        }
    }

    private static boolean fits(ServiceModel service, String operation, List<MemberPath> places) {
        return places.stream()
                .anyMatch(path -> SDK_MEMBERS.contains(path.steps().getFirst()) || fits(service, operation, path));
    }

    private static boolean fits(ServiceModel service, String operation, MemberPath path) {
        Optional<ShapeModel> shape =
                service.operation(operation).flatMap(OperationModel::input).map(service::shape);
        for (String step : path.steps()) {
            while (shape.orElse(null) instanceof ShapeModel.ListOf list) {
                shape = Optional.of(service.shape(list.member().shape()));
            }
            if (!(shape.orElse(null) instanceof ShapeModel.Structure structure)
                    || !structure.members().containsKey(step)) {
                return false;
            }
            shape = Optional.of(service.shape(structure.members().get(step).shape()));
        }
        return true;
    }
}
