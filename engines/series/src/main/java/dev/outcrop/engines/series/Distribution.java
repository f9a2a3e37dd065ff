package dev.outcrop.engines.series;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * How values are distributed: exact as long as there are at most {@value #MOST_EXACT} different ones, and from then on
 * in buckets, each of which stands for values that differ from its own by at most 1 %. Two of them can be merged without
 * losing more. Immutable.
 *
 * <p>Source: Masson, Rim and Lee, "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees",
 * 2019. Where more than {@value #MOST_BUCKETS} buckets would be needed, which takes values that differ by a factor of
 * more than 10^17, those nearest to zero become one, and the guarantee holds for the others.
 */
public final class Distribution {
    /** How many different values are kept as they are. */
    public static final int MOST_EXACT = 32;
    /** How far a value may be from that of its bucket, as a share of it. */
    public static final double RELATIVE_ERROR = 0.01;

    private static final int MOST_BUCKETS = 4096;
    private static final double GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
    private static final double LOG_GAMMA = Math.log(GAMMA);
    /** What is nearer to zero than any value that is to be told from zero. */
    private static final double SMALLEST = 1e-300;

    /** The different values, ascending. */
    private final double[] values;
    /** How often each stands there, all above zero. */
    private final double[] weights;

    private final boolean exact;
    private final double total;

    private Distribution(double[] values, double[] weights, boolean exact) {
        this.values = values;
        this.weights = weights;
        this.exact = exact;
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        total = sum;
    }

    /** One value, {@code weight} times. */
    public static Distribution of(double value, double weight) {
        return new Distribution(new double[] {value}, new double[] {weight}, true);
    }

    /**
     * Values in any order, each as often as it is weighed; those of weight 0 are left out.
     *
     * @throws IllegalArgumentException if there are not as many weights, or none is above zero
     */
    public static Distribution of(double[] values, double[] weights) {
        if (values.length != weights.length) {
            throw new IllegalArgumentException(values.length + " values have " + weights.length + " weights");
        }
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, index -> index);
        Arrays.sort(order, (one, other) -> Double.compare(values[one], values[other]));
        Builder builder = new Builder(values.length);
        for (int index : order) {
            if (weights[index] > 0) {
                builder.add(values[index], weights[index]);
            }
        }
        if (builder.size == 0) {
            throw new IllegalArgumentException("no value has a weight above zero");
        }
        return builder.build(true);
    }

    /** Both together. */
    public Distribution merged(Distribution other) {
        boolean both = exact && other.exact;
        Distribution left = both ? this : bucketed();
        Distribution right = both ? other : other.bucketed();
        Builder builder = new Builder(left.values.length + right.values.length);
        int mine = 0;
        int theirs = 0;
        while (mine < left.values.length || theirs < right.values.length) {
            if (theirs == right.values.length
                    || (mine < left.values.length && left.values[mine] <= right.values[theirs])) {
                builder.add(left.values[mine], left.weights[mine++]);
            } else {
                builder.add(right.values[theirs], right.weights[theirs++]);
            }
        }
        return builder.build(both);
    }

    /** Whether all values are kept as they were. */
    public boolean isExact() {
        return exact;
    }

    /** How many values there are. */
    public double total() {
        return total;
    }

    /**
     * The smallest value that at least {@code fraction} of all values are not above.
     *
     * @param fraction 0 to 1
     */
    public double quantile(double fraction) {
        double wanted = fraction * total;
        double passed = 0;
        for (int index = 0; index < values.length; index++) {
            passed += weights[index];
            if (passed >= wanted * (1 - 1e-12) && passed > 0) {
                return values[index];
            }
        }
        return values[values.length - 1];
    }

    /**
     * What lies between two quantiles.
     *
     * @param from 0 to 1
     * @param to   at least {@code from}, at most 1
     */
    public Share between(double from, double to) {
        double low = from * total;
        double high = to * total;
        double passed = 0;
        double count = 0;
        double sum = 0;
        for (int index = 0; index < values.length; index++) {
            double inside = Math.min(high, passed + weights[index]) - Math.max(low, passed);
            passed += weights[index];
            if (inside > 0) {
                count += inside;
                sum += inside * values[index];
            }
        }
        return new Share(count, sum);
    }

    /**
     * What lies between two values.
     *
     * @param above values up to this do not count
     * @param upTo  values above this do not count
     */
    public Share within(double above, double upTo) {
        double count = 0;
        double sum = 0;
        for (int index = 0; index < values.length; index++) {
            if (values[index] > above && values[index] <= upTo) {
                count += weights[index];
                sum += weights[index] * values[index];
            }
        }
        return new Share(count, sum);
    }

    /** All values, those outside of the limits moved to the nearer one. */
    public Share clamped(double least, double most) {
        double sum = 0;
        for (int index = 0; index < values.length; index++) {
            sum += weights[index] * Math.clamp(values[index], least, most);
        }
        return new Share(total, sum);
    }

    /**
     * Some values.
     *
     * @param count how many, possibly no whole number
     * @param sum   of them
     */
    public record Share(double count, double sum) {}

    void write(DataOutputStream data) throws IOException {
        data.writeBoolean(exact);
        data.writeShort(values.length);
        for (int index = 0; index < values.length; index++) {
            if (exact) {
                data.writeDouble(values[index]);
            } else {
                data.writeShort(bucket(Math.abs(values[index])));
                data.writeByte((int) Math.signum(values[index]));
            }
        }
        for (double weight : weights) {
            data.writeDouble(weight);
        }
    }

    static Distribution read(DataInputStream data) throws IOException {
        boolean exact = data.readBoolean();
        double[] values = new double[data.readUnsignedShort()];
        for (int index = 0; index < values.length; index++) {
            if (exact) {
                values[index] = data.readDouble();
            } else {
                int bucket = data.readShort();
                int sign = data.readByte();
                values[index] = sign == 0 ? 0 : sign * representative(bucket);
            }
        }
        double[] weights = new double[values.length];
        for (int index = 0; index < weights.length; index++) {
            weights[index] = data.readDouble();
        }
        return new Distribution(values, weights, exact);
    }

    private Distribution bucketed() {
        if (!exact) {
            return this;
        }
        Builder builder = new Builder(values.length);
        for (int index = 0; index < values.length; index++) {
            builder.add(snapped(values[index]), weights[index]);
        }
        return new Distribution(
                Arrays.copyOf(builder.values, builder.size), Arrays.copyOf(builder.weights, builder.size), false);
    }

    private static double snapped(double value) {
        double size = Math.abs(value);
        return size < SMALLEST ? 0 : Math.signum(value) * representative(bucket(size));
    }

    /** The bucket of a value above zero: it is above gamma to one less, and not above gamma to this. */
    private static int bucket(double size) {
        // A bucket's own value must come out as that bucket again, whatever rounding does.
        return size < SMALLEST ? 0 : (int) Math.ceil(Math.log(size) / LOG_GAMMA - 1e-9);
    }

    private static double representative(int bucket) {
        return 2 * Math.exp(bucket * LOG_GAMMA) / (GAMMA + 1);
    }

    /** Collects values in ascending order. */
    private static final class Builder {
        private final double[] values;
        private final double[] weights;
        private int size;

        Builder(int most) {
            values = new double[most];
            weights = new double[most];
        }

        void add(double value, double weight) {
            if (size > 0 && values[size - 1] == value) {
                weights[size - 1] += weight;
            } else {
                values[size] = value;
                weights[size++] = weight;
            }
        }

        Distribution build(boolean exact) {
            Distribution all = new Distribution(Arrays.copyOf(values, size), Arrays.copyOf(weights, size), exact);
            if (exact && size > MOST_EXACT) {
                return all.bucketed().limited();
            }
            return exact ? all : all.limited();
        }
    }

    private Distribution limited() {
        if (values.length <= MOST_BUCKETS) {
            return this;
        }
        double[] sizes = Arrays.stream(values).map(Math::abs).sorted().toArray();
        double nearest = sizes[values.length - MOST_BUCKETS];
        Builder builder = new Builder(values.length);
        for (int index = 0; index < values.length; index++) {
            builder.add(Math.abs(values[index]) < nearest ? 0 : values[index], weights[index]);
        }
        return new Distribution(
                Arrays.copyOf(builder.values, builder.size), Arrays.copyOf(builder.weights, builder.size), false);
    }
}
