package dev.outcrop.engines.speech.speakers;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.speech.SpeechException;
import dev.outcrop.engines.speech.SpeechException.Category;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The tensors of a file that PyTorch wrote before its version 1.6: pickles that say where they lie, and behind them the
 * numbers. Of what a pickle can say only values are read; what it wants called is not, so a file can do nothing.
 *
 * <p>Source: {@code _legacy_save} in torch/serialization.py; the operation codes of Python's pickletools.
 */
final class TorchTensors {
    private static final long MAGIC_PICKLES = 3;
    private static final int MOST_BYTES = 256 << 20;
    private static final int DEEPEST = 4;
    private static final Object MARK = new Object();

    private final ByteBuffer bytes;
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Map<String, float[]> storages = new HashMap<>();

    /** Where a tensor lies; its numbers are beside each other. */
    private record Tensor(String storage, int offset, int size) {}

    /** The name of something to call. */
    private record Named(String name) {}

    private TorchTensors(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads a file.
     *
     * @throws SpeechException {@code MODEL} if it is none that PyTorch wrote so
     */
    static TorchTensors read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw damaged("it is larger than " + MOST_BYTES + " bytes", null);
            }
            TorchTensors read =
                    new TorchTensors(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN));
            read.readAll();
            return read;
        } catch (IOException failure) {
            throw new SpeechException(Category.MODEL, "the voices' model " + file + " cannot be read", failure);
        } catch (BufferUnderflowException
                | ClassCastException
                | ArithmeticException
                | IndexOutOfBoundsException
                | NoSuchElementException malformed) {
            throw damaged("it is no file of tensors", malformed);
        }
    }

    private static SpeechException damaged(String why, Exception cause) {
        return new SpeechException(Category.MODEL, "the voices' model cannot be read: " + why, cause);
    }

    /** The numbers of a tensor. */
    float[] get(String name) {
        Tensor tensor = tensors.get(name);
        float[] storage = tensor == null ? null : storages.get(tensor.storage);
        if (storage == null || tensor.offset < 0 || tensor.offset + tensor.size > storage.length) {
            throw damaged("it has no tensor " + name, null);
        }
        float[] numbers = new float[tensor.size];
        System.arraycopy(storage, tensor.offset, numbers, 0, tensor.size);
        return numbers;
    }

    private void readAll() {
        for (int i = 0; i < MAGIC_PICKLES; i++) {
            pickle();
        }
        collect(pickle(), DEEPEST);
        for (Object key : (List<?>) pickle()) {
            long count = bytes.getLong();
            if (count < 0 || count > bytes.remaining() / Float.BYTES) {
                throw damaged("it ends too early", null);
            }
            float[] numbers = new float[(int) count];
            bytes.asFloatBuffer().get(numbers);
            bytes.position(bytes.position() + numbers.length * Float.BYTES);
            storages.put((String) key, numbers);
        }
    }

    /** Keeps the tensors of the maps within maps; of two of one name, the first. */
    private void collect(Object value, int depth) {
        if (depth > 0 && value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> {
                if (key instanceof String name && inner instanceof Tensor tensor) {
                    tensors.putIfAbsent(name, tensor);
                } else {
                    collect(inner, depth - 1);
                }
            });
        }
    }

    private Object pickle() {
        Deque<Object> stack = new ArrayDeque<>();
        Map<Integer, Object> memory = new HashMap<>();
        while (true) {
            int code = bytes.get() & 0xFF;
            switch (code) {
                case 0x80 -> bytes.get();
                case '.' -> {
                    return stack.pop();
                }
                case '(' -> stack.push(MARK);
                case '}' -> stack.push(new HashMap<>());
                case ']' -> stack.push(new ArrayList<>());
                case ')' -> stack.push(List.of());
                case 'N', 0x88, 0x89 -> stack.push(code);
                case 'K' -> stack.push(bytes.get() & 0xFF);
                case 'M' -> stack.push(bytes.getShort() & 0xFFFF);
                case 'J' -> stack.push(bytes.getInt());
                case 'G' -> stack.push(bytes.getLong());
                case 0x8a -> stack.push(text(bytes.get() & 0xFF));
                case 'X' -> stack.push(text(bytes.getInt()));
                case 'c' -> stack.push(new Named(line() + "." + line()));
                case 'q' -> memory.put(bytes.get() & 0xFF, stack.peek());
                case 'r' -> memory.put(bytes.getInt(), stack.peek());
                case 'h' -> stack.push(remembered(memory, bytes.get() & 0xFF));
                case 'j' -> stack.push(remembered(memory, bytes.getInt()));
                case 't' -> stack.push(sinceMark(stack));
                case 0x85 -> stack.push(last(stack, 1));
                case 0x86 -> stack.push(last(stack, 2));
                case 0x87 -> stack.push(last(stack, 3));
                // A storage is named by its type, key, place and size.
                case 'Q' -> stack.push(((List<?>) stack.pop()).get(2));
                case 'R' -> stack.push(called(last(stack, 2)));
                case 's' -> {
                    List<Object> pair = last(stack, 2);
                    put(stack.peek(), pair);
                }
                case 'u' -> {
                    List<Object> pairs = sinceMark(stack);
                    put(stack.peek(), pairs);
                }
                case 'a' -> {
                    List<Object> item = last(stack, 1);
                    add(stack.peek(), item);
                }
                case 'e' -> {
                    List<Object> items = sinceMark(stack);
                    add(stack.peek(), items);
                }
                // What an object has besides its entries.
                case 'b' -> stack.pop();
                default -> throw damaged("it says what no file of tensors does", null);
            }
        }
    }

    private static Object remembered(Map<Integer, Object> memory, int place) {
        Object value = memory.get(place);
        if (value == null) {
            throw damaged("it speaks of what it did not say", null);
        }
        return value;
    }

    private static Object called(List<Object> call) {
        List<?> arguments = (List<?>) call.get(1);
        if (((Named) call.getFirst()).name().equals("torch._utils._rebuild_tensor_v2")) {
            int size = 1;
            for (Object length : (List<?>) arguments.get(2)) {
                size = Math.multiplyExact(size, (int) length);
            }
            return new Tensor((String) arguments.getFirst(), (int) arguments.get(1), size);
        }
        return new HashMap<>();
    }

    @SuppressWarnings("unchecked") // every map that lies on the stack was made by this class
    private static void put(Object map, List<Object> pairs) {
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            if (!(pairs.get(i) instanceof String) && !(pairs.get(i) instanceof Integer)) {
                throw damaged("it names something by what is no name", null);
            }
            ((Map<Object, Object>) map).put(pairs.get(i), pairs.get(i + 1));
        }
    }

    @SuppressWarnings("unchecked") // every list that something is added to was made by this class
    private static void add(Object list, List<Object> items) {
        ((List<Object>) list).addAll(items);
    }

    private static List<Object> last(Deque<Object> stack, int count) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.addFirst(pop(stack));
        }
        return values;
    }

    private static List<Object> sinceMark(Deque<Object> stack) {
        List<Object> values = new ArrayList<>();
        for (Object value = pop(stack); value != MARK; value = pop(stack)) {
            values.add(value);
        }
        return values.reversed();
    }

    private static Object pop(Deque<Object> stack) {
        if (stack.isEmpty()) {
            throw damaged("it takes more than it gave", null);
        }
        return stack.pop();
    }

    private String text(int length) {
        if (length < 0 || length > bytes.remaining()) {
            throw damaged("it ends too early", null);
        }
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, UTF_8);
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (char next = (char) bytes.get(); next != '\n'; next = (char) bytes.get()) {
            line.append(next);
        }
        return line.toString();
    }
}
