package dev.outcrop.shapes.eventstream;

import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/** The value of a header of a {@link Message}: one of the format's ten types. */
public sealed interface HeaderValue {
    /** True or false, types 0 and 1. */
    record OfBoolean(boolean value) implements HeaderValue {}

    /** One byte, type 2. */
    record OfByte(byte value) implements HeaderValue {}

    /** A 16-bit integer, type 3. */
    record OfShort(short value) implements HeaderValue {}

    /** A 32-bit integer, type 4. */
    record OfInteger(int value) implements HeaderValue {}

    /** A 64-bit integer, type 5. */
    record OfLong(long value) implements HeaderValue {}

    /** Up to 65,535 bytes, type 6. */
    record OfBytes(byte[] value) implements HeaderValue {
        @Override
        public boolean equals(Object other) {
            return other instanceof OfBytes(byte[] bytes) && Arrays.equals(value, bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }
    }

    /** Text of up to 65,535 bytes in UTF-8, type 7. */
    record OfString(String value) implements HeaderValue {}

    /** A point in time to the millisecond, type 8. */
    record OfTimestamp(Instant value) implements HeaderValue {}

    /** A UUID, type 9. */
    record OfUuid(UUID value) implements HeaderValue {}
}
