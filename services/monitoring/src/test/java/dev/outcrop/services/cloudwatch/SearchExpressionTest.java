package dev.outcrop.services.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of "CloudWatch search expression syntax", Amazon CloudWatch user guide. */
class SearchExpressionTest {
    private static MetricKey metric(String namespace, String name, String... dimensions) {
        SortedMap<String, String> map = new TreeMap<>();
        Arrays.stream(dimensions).map(pair -> pair.split("=", 2)).forEach(pair -> map.put(pair[0], pair[1]));
        return new MetricKey("123456789012", "us-east-1", namespace, name, map);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CustomCount1       | customcount1 custom count 1",
                "SDBFailure         | sdbfailure sdb failure",
                "Project2-trial333  | project2trial333 project 2 trial 333"
            })
    void namesBecomeTokens(String name, String tokens) {
        assertThat(SearchExpression.tokens(name)).containsExactly(tokens.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "count,         true",
        "Count,         true",
        "COUNT,         true",
        "couNT,         false",
        "CustomCount,   true",
        "Count1,        true",
        "customcount,   false",
        "count1,        false",
        "\"CustomCount1\", true",
        "\"customcount1\", false",
        "\"Custom\",    false"
    })
    void termsMatchTokens(String term, boolean found) {
        assertThat(SearchExpression.parse(term).finds(metric("MyNamespace", "CustomCount1")))
                .isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"network/errors", "network+errors", "network-errors", "Network_Errors"})
    void delimitersMakeCompositeTokens(String term) {
        assertThat(SearchExpression.parse(term).finds(metric("N", "Network-Errors-2")))
                .isTrue();
        assertThat(SearchExpression.parse(term).finds(metric("N", "NetworkErrors2")))
                .isTrue();
        assertThat(SearchExpression.parse(term).finds(metric("N", "ErrorsNetwork")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{AWS/EC2,InstanceId} MetricName=\"CPUUtilization\"              | true",
                "{AWS/EC2} MetricName=\"CPUUtilization\"                         | false",
                "{AWS/EC2, InstanceType, InstanceId}                             | false",
                "{\"AWS/EC2\", \"InstanceId\"}                                   | true",
                "InstanceId=i-1234567890abcdef0                                  | true",
                "NOT Namespace=AWS                                               | false",
                "(EC2 OR EBS) AND MetricName=CPUUtilization                      | true",
                "(S3 OR EBS) MetricName=CPUUtilization                           | false",
                "MetricName=\"CPUUtilization\" NOT i-1234567890abcdef0           | false",
                "MetricName=\"Errors\" OR (MetricName=\"CPUUtilization\" AND (EC2 OR EBS)) | true",
                ":aws.AccountId = \"123456789012\"                               | true"
            })
    void searchesFindWhatTheySay(String search, boolean found) {
        MetricKey metric = metric("AWS/EC2", "CPUUtilization", "InstanceId=i-1234567890abcdef0");

        assertThat(SearchExpression.parse(search).finds(metric)).isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{AWS/EC2", "(a", "\"a", "a )", "NOT", "a OR"})
    void malformedSearchesAreRefused(String search) {
        assertThatThrownBy(() -> SearchExpression.parse(search)).isInstanceOf(InvalidExpressionException.class);
    }

    @Test
    void deepAndLongSearchesAreRefused() {
        assertThatThrownBy(() -> SearchExpression.parse("(".repeat(500)))
                .isInstanceOf(InvalidExpressionException.class);
        assertThatThrownBy(() -> SearchExpression.parse("NOT ".repeat(200) + "a"))
                .isInstanceOf(InvalidExpressionException.class);
        assertThatThrownBy(() -> SearchExpression.parse("a".repeat(1025)))
                .isInstanceOf(InvalidExpressionException.class);
    }
}
