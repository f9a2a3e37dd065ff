package dev.outcrop.shapes.codec;

import java.nio.charset.StandardCharsets;

/** Goes through the pairs of an {@code application/x-www-form-urlencoded} text. */
final class FormReader {
    private final byte[] form;
    private int position;
    private String name = "";
    private String value = "";

    FormReader(byte[] form) {
        this.form = form;
    }

    /** Goes to the next pair; false if there is none. */
    boolean next() {
        while (position < form.length && isEnd(form[position])) {
            position++;
        }
        if (position >= form.length) {
            return false;
        }
        int start = position;
        int equals = -1;
        while (position < form.length && !isEnd(form[position])) {
            if (form[position] == '=' && equals < 0) {
                equals = position;
            }
            position++;
        }
        name = decode(start, equals < 0 ? position : equals);
        value = equals < 0 ? "" : decode(equals + 1, position);
        return true;
    }

    private static boolean isEnd(byte b) {
        return b == '&' || b == '\n' || b == '\r';
    }

    String name() {
        return name;
    }

    String value() {
        return value;
    }

    private String decode(int start, int end) {
        boolean plain = true;
        for (int i = start; i < end && plain; i++) {
            plain = form[i] != '%' && form[i] != '+';
        }
        if (plain) {
            return new String(form, start, end - start, StandardCharsets.UTF_8);
        }
        byte[] decoded = new byte[end - start];
        int size = 0;
        for (int i = start; i < end; i++) {
            byte b = form[i];
            if (b == '+') {
                decoded[size++] = ' ';
            } else if (b == '%') {
                if (i + 2 >= end) {
                    throw malformed();
                }
                decoded[size++] = (byte) (digit(form[i + 1]) << 4 | digit(form[i + 2]));
                i += 2;
            } else {
                decoded[size++] = b;
            }
        }
        return new String(decoded, 0, size, StandardCharsets.UTF_8);
    }

    private static int digit(byte b) {
        int digit = Character.digit(b, 16);
        if (digit < 0) {
            throw malformed();
        }
        return digit;
    }

    private static SerializationFailure malformed() {
        return new SerializationFailure("", "Malformed percent-encoding");
    }
}
