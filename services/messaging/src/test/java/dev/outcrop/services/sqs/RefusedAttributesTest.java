package dev.outcrop.services.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.services.MessagingHouse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** What no queue is made of; all in one house, since nothing is made. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedAttributesTest {
    private MessagingHouse house;

    @BeforeAll
    void open(@TempDir Path folder) {
        house = new MessagingHouse(folder);
    }

    @AfterAll
    void close() {
        house.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    DelaySeconds                  | 901
                    DelaySeconds                  | -1
                    MaximumMessageSize            | 1023
                    MaximumMessageSize            | 1048577
                    MessageRetentionPeriod        | 59
                    MessageRetentionPeriod        | 1209601
                    ReceiveMessageWaitTimeSeconds | 21
                    VisibilityTimeout             | 43201
                    VisibilityTimeout             | soon
                    KmsDataKeyReusePeriodSeconds  | 59
                    SqsManagedSseEnabled          | maybe
                    FifoQueue                     | true
                    DeduplicationScope            | queue
                    RedrivePolicy                 | {"maxReceiveCount":3}
                    RedrivePolicy                 | {"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:none","maxReceiveCount":3}
                    RedrivePolicy                 | []
                    RedriveAllowPolicy            | {"redrivePermission":"byQueue"}
                    Policy                        | {"Statement":
                    Policy                        | {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}}
                    ApproximateNumberOfMessages   | 1
                    """)
    void attributesThatAwsRefusesAreRefused(String name, String value) {
        assertThatThrownBy(() -> house.sqs(sqs -> sqs.createQueue(request ->
                        request.queueName("bad").attributes(Map.of(QueueAttributeName.fromValue(name), value)))))
                .isInstanceOfSatisfying(
                        SqsException.class,
                        error -> assertThat(error.statusCode()).isEqualTo(400));
        assertThatThrownBy(() -> house.sqs(sqs -> sqs.getQueueUrl(request -> request.queueName("bad"))))
                .isInstanceOf(QueueDoesNotExistException.class);
    }
}
