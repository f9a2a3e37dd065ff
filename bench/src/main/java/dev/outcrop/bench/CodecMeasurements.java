package dev.outcrop.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A response read and written by our codec and by the SDK's own, for JMH. Public because JMH's generated code calls it. */
@State(Scope.Thread)
public class CodecMeasurements {
    /** The format of the response. */
    @Param({"JSON", "XML", "CBOR"})
    public String format;

    private CodecSubject subject;

    /** Makes the response, and checks that both sides agree on it. */
    @Setup
    public void prepare() throws Exception {
        subject = CodecSubject.of(format);
        subject.check();
    }

    @Benchmark
    public Object decodeByOutcrop() {
        return subject.read();
    }

    @Benchmark
    public Object decodeBySdk() throws Exception {
        return subject.readBySdk();
    }

    @Benchmark
    public Object encodeByOutcrop() {
        return subject.write();
    }

    @Benchmark
    public Object encodeBySdk() {
        return subject.writeBySdk();
    }
}
