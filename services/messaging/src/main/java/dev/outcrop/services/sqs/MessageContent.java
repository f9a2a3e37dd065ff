package dev.outcrop.services.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** What a sender says: a text, and attributes by name. */
record MessageContent(String body, Map<String, MessageAttributeValue> attributes) {
    byte[] write() {
        byte[] text = body.getBytes(UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length + 64 * attributes.size() + 8);
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeInt(text.length);
            data.write(text);
            data.writeByte(attributes.size());
            for (Map.Entry<String, MessageAttributeValue> attribute : attributes.entrySet()) {
                MessageAttributeValue value = attribute.getValue();
                data.writeUTF(attribute.getKey());
                data.writeUTF(value.dataType());
                boolean binary = value.binaryValue() != null;
                byte[] content = binary
                        ? value.binaryValue().asByteArrayUnsafe()
                        : value.stringValue().getBytes(UTF_8);
                data.writeBoolean(binary);
                data.writeInt(content.length);
                data.write(content);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    static MessageContent read(byte[] bytes) {
        try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(bytes))) {
            String body = new String(data.readNBytes(data.readInt()), UTF_8);
            Map<String, MessageAttributeValue> attributes = new TreeMap<>();
            for (int left = data.readByte(); left > 0; left--) {
                String name = data.readUTF();
                MessageAttributeValue.Builder value =
                        MessageAttributeValue.builder().dataType(data.readUTF());
                boolean binary = data.readBoolean();
                byte[] content = data.readNBytes(data.readInt());
                attributes.put(
                        name,
                        binary
                                ? value.binaryValue(SdkBytes.fromByteArrayUnsafe(content))
                                        .build()
                                : value.stringValue(new String(content, UTF_8)).build());
            }
            return new MessageContent(body, attributes);
        } catch (IOException damaged) {
            throw new UncheckedIOException("the content of a message cannot be read", damaged);
        }
    }
}
