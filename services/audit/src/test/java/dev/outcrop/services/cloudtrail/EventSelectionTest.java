package dev.outcrop.services.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedEventSelector;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedFieldSelector;
import software.amazon.awssdk.services.cloudtrail.model.DataResource;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.InvalidEventSelectorsException;
import software.amazon.awssdk.services.cloudtrail.model.ReadWriteType;

class EventSelectionTest {
    private static final AuditEvent PUT = data("PutObject", false, "AWS::S3::Object", "arn:aws:s3:::b/in/k");
    private static final AuditEvent GET = data("GetObject", true, "AWS::S3::Object", "arn:aws:s3:::b/in/k");
    private static final AuditEvent INVOKED =
            data("Invoke", false, "AWS::Lambda::Function", "arn:aws:lambda:us-east-1:123456789012:function:hello2");
    private static final AuditEvent CREATED = management("iam.amazonaws.com", "CreateUser", false);
    private static final AuditEvent DECRYPTED = management("kms.amazonaws.com", "Decrypt", true);

    @ParameterizedTest
    @CsvSource({
        "All, true, true, true",
        "WriteOnly, true, true, false",
        "ReadOnly, true, false, true",
        "All, false, false, false",
    })
    void takesManagementEventsByWhetherTheyRead(String type, boolean management, boolean created, boolean decrypted) {
        GetEventSelectorsResponse selectors = basic(EventSelector.builder()
                .readWriteType(type)
                .includeManagementEvents(management)
                .build());

        assertThat(EventSelection.takes(selectors, CREATED)).isEqualTo(created);
        assertThat(EventSelection.takes(selectors, DECRYPTED)).isEqualTo(decrypted);
        assertThat(EventSelection.takes(selectors, PUT)).isFalse();
    }

    @Test
    void leavesOutTheSourcesThatAreExcluded() {
        GetEventSelectorsResponse selectors = basic(EventSelector.builder()
                .excludeManagementEventSources("kms.amazonaws.com")
                .build());

        assertThat(EventSelection.takes(selectors, CREATED)).isTrue();
        assertThat(EventSelection.takes(selectors, DECRYPTED)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "AWS::S3::Object, arn:aws:s3, true, false",
        "AWS::S3::Object, arn:aws:s3:::, true, false",
        "AWS::S3::Object, arn:aws:s3:::b/, true, false",
        "AWS::S3::Object, arn:aws:s3:::b/in/, true, false",
        "AWS::S3::Object, arn:aws:s3:::b/out/, false, false",
        "AWS::S3::Object, arn:aws:s3:::bb/, false, false",
        "AWS::Lambda::Function, arn:aws:lambda, false, true",
        "AWS::Lambda::Function, arn:aws:lambda:us-east-1:123456789012:function:hello2, false, true",
        "AWS::Lambda::Function, arn:aws:lambda:us-east-1:123456789012:function:hello, false, false",
    })
    void takesDataEventsByTheirResources(String type, String value, boolean put, boolean invoked) {
        GetEventSelectorsResponse selectors = basic(EventSelector.builder()
                .readWriteType(ReadWriteType.WRITE_ONLY)
                .includeManagementEvents(false)
                .dataResources(DataResource.builder().type(type).values(value).build())
                .build());

        assertThat(EventSelection.takes(selectors, PUT)).isEqualTo(put);
        assertThat(EventSelection.takes(selectors, INVOKED)).isEqualTo(invoked);
        assertThat(EventSelection.takes(selectors, GET)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "resources.ARN, Equals, arn:aws:s3:::b/in/k, true",
        "resources.ARN, Equals, arn:aws:s3:::b/in, false",
        "resources.ARN, StartsWith, arn:aws:s3:::b/in/, true",
        "resources.ARN, StartsWith, arn:aws:s3:::c/, false",
        "resources.ARN, EndsWith, /k, true",
        "resources.ARN, NotStartsWith, arn:aws:s3:::b/, false",
        "resources.ARN, NotStartsWith, arn:aws:s3:::c/, true",
        "resources.ARN, NotEndsWith, /k, false",
        "eventName, Equals, PutObject, true",
        "eventName, Equals, GetObject|PutObject, true",
        "eventName, NotEquals, PutObject, false",
        "eventName, NotEquals, GetObject, true",
        "eventName, StartsWith, Get|Put, true",
        "readOnly, Equals, true, false",
        "readOnly, Equals, false, true",
        "userIdentity.arn, Equals, arn:aws:iam::123456789012:user/bob, true",
        "userIdentity.arn, NotEndsWith, /bob, false",
        "eventType, Equals, AwsApiCall, true",
    })
    void takesWhatAllFieldsOfAnAdvancedSelectorFit(String field, String operator, String values, boolean taken) {
        List<AdvancedEventSelector> selectors = List.of(advanced(
                equal("eventCategory", "Data"),
                equal("resources.type", "AWS::S3::Object"),
                field(field, operator, values.split("\\|"))));

        assertThat(EventSelection.takes(selectors, PUT)).isEqualTo(taken);
        assertThat(EventSelection.takes(selectors, CREATED)).isFalse();
        assertThat(EventSelection.takes(selectors, INVOKED)).isFalse();
        EventSelectorRules.checkAdvanced(selectors);
    }

    @Test
    void refusesAdvancedSelectorsThatAwsRefuses() {
        refused("eventCategory", equal("readOnly", "true"));
        refused("not supported", equal("eventCategory", "Nothing"));
        refused("resources.type", equal("eventCategory", "Data"));
        refused(
                "not supported for events of category Management",
                equal("eventCategory", "Management"),
                equal("resources.ARN", "arn:aws:s3:::b"));
        refused(
                "can only be set to Equals",
                equal("eventCategory", "Management"),
                field("readOnly", "NotEquals", "true"));
        refused("true or false", equal("eventCategory", "Management"), equal("readOnly", "maybe"));
        refused("must be one", equal("eventCategory", "Management"), equal("eventName", "A"), equal("eventName", "B"));
        refused(
                "must have an operator",
                equal("eventCategory", "Management"),
                AdvancedFieldSelector.builder().field("eventName").build());
        refused("eventSource", equal("eventCategory", "NetworkActivity"));
        String[] many = new String[501];
        Arrays.fill(many, "X");
        refused("500", equal("eventCategory", "Management"), equal("eventName", many));
    }

    @Test
    void refusesBasicSelectorsThatAwsRefuses() {
        refusedBasic("at most 5", Collections.nCopies(6, EventSelector.builder().build()));
        refusedBasic(
                "cannot be excluded",
                List.of(EventSelector.builder()
                        .excludeManagementEventSources("iam.amazonaws.com")
                        .build()));
        refusedBasic(
                "not supported",
                List.of(EventSelector.builder()
                        .dataResources(DataResource.builder()
                                .type("AWS::Bedrock::Model")
                                .values("arn:aws:bedrock")
                                .build())
                        .build()));
        refusedBasic(
                "is invalid",
                List.of(EventSelector.builder()
                        .dataResources(DataResource.builder()
                                .type("AWS::S3::Object")
                                .values("arn:aws:lambda")
                                .build())
                        .build()));
        refusedBasic(
                "must include management events or have data resources",
                List.of(EventSelector.builder().includeManagementEvents(false).build()));
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 251; i++) {
            values.add("arn:aws:s3:::bucket-" + i + "/");
        }
        refusedBasic(
                "at most 250",
                List.of(EventSelector.builder()
                        .dataResources(DataResource.builder()
                                .type("AWS::S3::Object")
                                .values(values)
                                .build())
                        .build()));
    }

    private static void refused(String message, AdvancedFieldSelector... fields) {
        assertThatThrownBy(() -> EventSelectorRules.checkAdvanced(List.of(advanced(fields))))
                .isInstanceOf(InvalidEventSelectorsException.class)
                .hasMessageContaining(message);
    }

    private static void refusedBasic(String message, List<EventSelector> selectors) {
        assertThatThrownBy(() -> EventSelectorRules.checkBasic(selectors))
                .isInstanceOf(InvalidEventSelectorsException.class)
                .hasMessageContaining(message);
    }

    private static GetEventSelectorsResponse basic(EventSelector selector) {
        return GetEventSelectorsResponse.builder().eventSelectors(selector).build();
    }

    private static AdvancedEventSelector advanced(AdvancedFieldSelector... fields) {
        return AdvancedEventSelector.builder().fieldSelectors(fields).build();
    }

    private static AdvancedFieldSelector equal(String field, String... values) {
        return field(field, "Equals", values);
    }

    private static AdvancedFieldSelector field(String field, String operator, String... values) {
        AdvancedFieldSelector.Builder selector = AdvancedFieldSelector.builder().field(field);
        switch (operator) {
            case "Equals" -> selector.equalsValue(values);
            case "StartsWith" -> selector.startsWith(values);
            case "EndsWith" -> selector.endsWith(values);
            case "NotEquals" -> selector.notEquals(values);
            case "NotStartsWith" -> selector.notStartsWith(values);
            default -> selector.notEndsWith(values);
        }
        return selector.build();
    }

    private static AuditEvent data(String name, boolean readOnly, String type, String arn) {
        return event(
                "s3.amazonaws.com",
                name,
                readOnly,
                "Data",
                "\"resources\":[{\"type\":\"" + type + "\",\"ARN\":\"" + arn
                        + "\"},{\"type\":\"AWS::S3::Bucket\",\"ARN\":\"arn:aws:s3:::b\"}],");
    }

    private static AuditEvent management(String source, String name, boolean readOnly) {
        return event(source, name, readOnly, "Management", "");
    }

    private static AuditEvent event(String source, String name, boolean readOnly, String category, String resources) {
        return AuditEvent.read(("{\"userIdentity\":{\"arn\":\"arn:aws:iam::123456789012:user/bob\"},\"eventSource\":\""
                        + source + "\",\"eventName\":\"" + name + "\",\"readOnly\":" + readOnly + "," + resources
                        + "\"eventType\":\"AwsApiCall\",\"eventCategory\":\"" + category + "\"}")
                .getBytes(UTF_8));
    }
}
