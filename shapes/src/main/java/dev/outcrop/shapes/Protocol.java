package dev.outcrop.shapes;

/** The wire protocols of AWS services, under the names that the service descriptions use. */
public enum Protocol {
    REST_JSON("rest-json"),
    JSON("json"),
    /** JSON's requests in CBOR: what the Java clients of Kinesis speak, though no description says so. */
    JSON_CBOR("cbor"),
    REST_XML("rest-xml"),
    QUERY("query"),
    EC2_QUERY("ec2"),
    RPC_V2_CBOR("smithy-rpc-v2-cbor");

    private final String modelName;

    Protocol(String modelName) {
        this.modelName = modelName;
    }

    /** The name in a service description's {@code protocols}. */
    public String modelName() {
        return modelName;
    }

    /**
     * The protocol that a service description calls {@code modelName}.
     *
     * @throws IllegalArgumentException if no protocol is called that
     */
    public static Protocol named(String modelName) {
        for (Protocol protocol : values()) {
            if (protocol.modelName.equals(modelName)) {
                return protocol;
            }
        }
        throw new IllegalArgumentException("no protocol is called \"" + modelName + "\"");
    }
}
