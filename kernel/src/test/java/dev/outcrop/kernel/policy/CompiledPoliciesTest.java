package dev.outcrop.kernel.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.outcrop.kernel.Principal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CompiledPoliciesTest {
    private static final String BUCKET = "arn:aws:s3:::bucket";
    private static final String DAMAGED = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\"";

    private final CompiledPolicies compiled = new CompiledPolicies();
    private final Logger logger = (Logger) LoggerFactory.getLogger(CompiledPolicies.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    private static PolicyQuestion question() {
        return new PolicyQuestion(
                new Principal(
                        Principal.Kind.USER,
                        "arn:aws:iam::123456789012:user/alice",
                        "123456789012",
                        "AIDAALICE",
                        Optional.empty()),
                "s3:GetObject",
                BUCKET + "/key",
                "123456789012",
                key -> Optional.empty());
    }

    @Test
    void aPolicyThatCannotBeReadAnyMoreDeniesWhateverOthersAllow() {
        Policy everything = Policy.parse("""
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}""", PolicyUse.IDENTITY);
        Policy damaged = compiled.kept(DAMAGED, PolicyUse.IDENTITY, "arn:aws:iam::123456789012:user/alice");

        assertThat(PolicyEvaluation.evaluate(question(), PolicySources.ofIdentity(List.of(everything, damaged))))
                .isEqualTo(Verdict.DENIED_BY_IDENTITY_POLICY);
    }

    @Test
    void aResourceWhosePolicyCannotBeReadLetsNobodyInAndSaysSoOnce() {
        ResourcePolicy damaged = ResourcePolicy.of(BUCKET, DAMAGED, false);
        ResourcePolicy.of(BUCKET, DAMAGED, false);

        assertThat(PolicyEvaluation.evaluate(
                        question(),
                        new PolicySources(
                                List.of(), Optional.empty(), Optional.empty(), List.of(), Optional.of(damaged))))
                .isEqualTo(Verdict.DENIED_BY_RESOURCE_POLICY);
        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getFormattedMessage())
                    .contains("a policy of " + BUCKET + " cannot be read, and denies everything until it is replaced");
        });
    }

    @Test
    void aNewDocumentIsRefusedAlthoughAnOldOneLikeItIsKept() {
        compiled.kept(DAMAGED, PolicyUse.IDENTITY, "somebody");

        assertThatThrownBy(() -> compiled.get(DAMAGED, PolicyUse.IDENTITY))
                .isInstanceOf(MalformedPolicyException.class);
    }

    @Test
    void aPolicyTellsWhichServicesItLetsPeopleReach() {
        Policy policy = Policy.parse("""
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Action": ["s3:Get*", "kms*:Decrypt"], "Resource": "*"},
                  {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}""", PolicyUse.IDENTITY);
        Policy others = Policy.parse("""
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": ["iam:*", "s3:Put*"],
                 "Resource": "*"}}""", PolicyUse.IDENTITY);

        assertThat(List.of("s3", "S3", "kms", "iam", "sqs"))
                .filteredOn(policy::grantsAccessTo)
                .containsExactly("s3", "S3", "kms");
        assertThat(List.of("s3", "iam", "sqs"))
                .filteredOn(others::grantsAccessTo)
                .containsExactly("s3", "sqs");
    }
}
