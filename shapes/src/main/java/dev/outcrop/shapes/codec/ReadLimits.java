package dev.outcrop.shapes.codec;

/**
 * How much of foreign input a reader takes before it refuses. All are checked while reading, not after.
 *
 * @param bytes        length of a body
 * @param depth        nesting of structures, lists, maps and documents
 * @param values       values, names and brackets in a body (tokens), or parameters of a Query request
 * @param stringLength characters of one string
 * @param numberLength characters of one number
 */
public record ReadLimits(long bytes, int depth, long values, int stringLength, int numberLength) {
    /** Fits the largest requests that AWS takes inline (images and documents of Bedrock, about 100 MB). */
    public static final ReadLimits DEFAULT = new ReadLimits(160L << 20, 200, 10_000_000, 64 << 20, 500);

    public ReadLimits {
        if (bytes < 1 || depth < 1 || values < 1 || stringLength < 1 || numberLength < 1) {
            throw new IllegalArgumentException("every limit must be at least 1");
        }
    }
}
