package dev.outcrop.shapes.codec;

import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.core.SdkPojo;

/** What the formats of bodies have in common: a shape, or one member of it, to bytes and back. */
public sealed interface BodyFormat permits StructuredCodec, XmlCodec {
    /** The media type of bodies, without the version that AWS JSON appends. */
    String mediaType();

    /**
     * Reads the members that travel in the body; others are left as they are. An empty body sets none.
     *
     * @return {@code builder}
     * @throws SerializationFailure if the body is not what the shape asks for
     * @throws IOException          if {@code body} cannot be read
     */
    <B extends SdkPojo> B read(InputStream body, B builder) throws IOException;

    /** As {@link #read(InputStream, SdkPojo)}. */
    <B extends SdkPojo> B read(byte[] body, B builder);

    /**
     * Reads a body that is all of one member, a structure or document, and sets it on {@code builder}. An empty body
     * sets nothing.
     *
     * @throws SerializationFailure if the body is not what the member asks for
     * @throws IOException          if {@code body} cannot be read
     */
    void readMember(InputStream body, SdkPojo builder, ShapeMember member) throws IOException;
}
