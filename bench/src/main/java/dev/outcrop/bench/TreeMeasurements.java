package dev.outcrop.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The same bytes read to Jackson's tree and written from it, for JMH, which needs it public. */
@State(Scope.Thread)
public class TreeMeasurements {
    /** The format of the response. */
    @Param({"JSON", "CBOR"})
    public String format;

    private CodecSubject subject;
    private Object tree;

    /** Makes the response and its tree. */
    @Setup
    public void prepare() throws Exception {
        subject = CodecSubject.of(format);
        tree = subject.readTree();
    }

    @Benchmark
    public Object decodeByTree() throws Exception {
        return subject.readTree();
    }

    @Benchmark
    public Object encodeByTree() throws Exception {
        return subject.writeTree(tree);
    }
}
