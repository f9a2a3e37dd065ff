package dev.outcrop.engines.speech.whisper;

import dev.outcrop.engines.speech.SpeechException;
import dev.outcrop.engines.speech.SpeechException.Category;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's weights in the format that CTranslate2's converters write, version 6 ({@code model.bin}). Trusts no number in
 * the file: everything is checked against the file's size before it is used.
 */
final class ConvertedWeights implements AutoCloseable {
    private static final int VERSION = 6;
    private static final int MOST_VARIABLES = 10_000;
    private static final int HIGHEST_RANK = 4;
    private static final int LONGEST_NAME = 512;

    private final Path file;
    private final FileChannel channel;
    private final long size;
    private final Map<String, Variable> variables = new HashMap<>();
    private long position;

    private ConvertedWeights(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.size = channel.size();
    }

    /**
     * Opens a file and reads what is in it, but not the weights.
     *
     * @throws SpeechException {@code MODEL} if it is not such a file
     */
    static ConvertedWeights open(Path file) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file);
            ConvertedWeights weights = new ConvertedWeights(file, channel);
            weights.readVariables();
            return weights;
        } catch (IOException | RuntimeException e) {
            close(channel);
            throw e instanceof SpeechException known
                    ? known
                    : new SpeechException(
                            Category.MODEL, file + " cannot be read as a Whisper model: " + e.getMessage(), e);
        }
    }

    private static void close(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // Nothing was written.
            }
        }
    }

    /** Element types by their numbers in the file. */
    private enum ElementType {
        FLOAT32(4),
        INT8(1),
        INT16(2),
        INT32(4),
        FLOAT16(2);

        private final int bytes;

        ElementType(int bytes) {
            this.bytes = bytes;
        }
    }

    private record Variable(String name, List<Integer> shape, ElementType type, long offset, int bytes) {}

    private void readVariables() throws IOException {
        int version = integer();
        if (version != VERSION) {
            throw damaged("its format must be version " + VERSION + ", but is " + version);
        }
        String kind = text();
        if (!kind.equals("WhisperSpec")) {
            throw damaged("it must hold a WhisperSpec, but holds " + kind);
        }
        integer(); // the specification's revision; what matters of it shows in the variables
        int count = integer();
        if (count < 0 || count > MOST_VARIABLES) {
            throw damaged("it claims to have " + Integer.toUnsignedString(count) + " variables");
        }
        for (int i = 0; i < count; i++) {
            readVariable();
        }
        int aliases = integer();
        if (aliases < 0 || aliases > MOST_VARIABLES) {
            throw damaged("it claims to have " + Integer.toUnsignedString(aliases) + " aliases");
        }
        for (int i = 0; i < aliases; i++) {
            String alias = text();
            String meant = text();
            Variable variable = variables.get(meant);
            if (variable != null) {
                variables.putIfAbsent(alias, variable);
            }
        }
    }

    private void readVariable() throws IOException {
        String name = text();
        int rank = read(1).get();
        if (rank < 0 || rank > HIGHEST_RANK) {
            throw damaged(name + " has " + rank + " dimensions");
        }
        List<Integer> shape = new ArrayList<>();
        long elements = 1;
        for (int i = 0; i < rank; i++) {
            int length = integer();
            if (length < 0) {
                throw damaged(name + " has a dimension of " + Integer.toUnsignedString(length));
            }
            shape.add(length);
            elements *= length;
            if (elements > size) {
                throw damaged(name + " is larger than the file");
            }
        }
        int type = read(1).get();
        if (type < 0 || type >= ElementType.values().length) {
            throw damaged(name + " is of the unknown type " + type);
        }
        ElementType elementType = ElementType.values()[type];
        int bytes = integer();
        if (bytes != elements * elementType.bytes || bytes > size - position) {
            throw damaged(name + " has " + Integer.toUnsignedString(bytes) + " bytes");
        }
        if (variables.put(name, new Variable(name, List.copyOf(shape), elementType, position, bytes)) != null) {
            throw damaged("it has " + name + " twice");
        }
        position += bytes;
    }

    private int integer() throws IOException {
        return read(Integer.BYTES).getInt();
    }

    private String text() throws IOException {
        int length = Short.toUnsignedInt(read(Short.BYTES).getShort());
        if (length < 1 || length > LONGEST_NAME) {
            throw damaged("a name in it has " + length + " bytes");
        }
        byte[] bytes = new byte[length - 1]; // the last one ends the text
        read(length).get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private ByteBuffer read(int count) throws IOException {
        ByteBuffer bytes = read(position, count);
        position += count;
        return bytes;
    }

    private ByteBuffer read(long from, int count) throws IOException {
        if (count > size - from) {
            throw new EOFException("it ends too early");
        }
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new EOFException("it ends too early");
            }
        }
        return bytes.flip();
    }

    private SpeechException damaged(String what) {
        return new SpeechException(Category.MODEL, file + " is not a Whisper model of CTranslate2: " + what);
    }

    /** How many layers there are whose variables' names begin with {@code prefix} and a number. */
    int layers(String prefix) {
        int count = 0;
        while (variables.containsKey(prefix + count + "/ffn/linear_0/weight")) {
            count++;
        }
        return count;
    }

    /** A variable's shape. */
    List<Integer> shape(String name) {
        return variable(name).shape();
    }

    private Variable variable(String name) {
        Variable variable = variables.get(name);
        if (variable == null) {
            throw damaged("it has no " + name);
        }
        return variable;
    }

    /**
     * A variable's values, row by row.
     *
     * @throws SpeechException {@code MODEL} if there is none of this name and shape, or it holds other than real numbers
     */
    float[] values(String name, int... shape) {
        Variable variable = variable(name);
        List<Integer> wanted = Arrays.stream(shape).boxed().toList();
        if (!variable.shape().equals(wanted)) {
            throw damaged(name + " must be of shape " + wanted + ", but is of " + variable.shape());
        }
        ByteBuffer bytes;
        try {
            bytes = read(variable.offset(), variable.bytes());
        } catch (IOException e) {
            throw new SpeechException(Category.MODEL, file + " cannot be read: " + e.getMessage(), e);
        }
        float[] values = new float[variable.bytes() / variable.type().bytes];
        switch (variable.type()) {
            case FLOAT32 -> bytes.asFloatBuffer().get(values);
            case FLOAT16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.float16ToFloat(bytes.getShort());
                }
            }
            default -> throw damaged(name + " must hold real numbers, but holds " + variable.type());
        }
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw damaged(name + " holds a value that is no number");
            }
        }
        return values;
    }

    @Override
    public void close() {
        close(channel);
    }
}
