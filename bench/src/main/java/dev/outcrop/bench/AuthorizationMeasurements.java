package dev.outcrop.bench;

import dev.outcrop.kernel.AuthorizationDecision;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs to know who calls and whether it may, for JMH. Public because JMH's generated code calls it. */
@State(Scope.Thread)
public class AuthorizationMeasurements {
    /** What the caller's fifty policies are about. */
    @Param({"one service", "ten services"})
    public String policies;

    private AuthorizationSubject subject;

    @Setup
    public void prepare() throws Exception {
        subject = new AuthorizationSubject(policies.equals("one service"));
        subject.check();
    }

    @TearDown
    public void close() throws Exception {
        subject.close();
    }

    @Benchmark
    public AuthorizationDecision decide() {
        return subject.decide();
    }

    @Benchmark
    public Object verifySignature() {
        return subject.verify();
    }
}
