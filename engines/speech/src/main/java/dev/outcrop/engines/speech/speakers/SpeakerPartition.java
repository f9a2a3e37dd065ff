package dev.outcrop.engines.speech.speakers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which stretches of a recording one and the same person speaks, by how alike the voices are.
 *
 * <p>Voices are joined into speakers, the two likest ones first, as long as they are alike or there are more than allowed
 * (agglomerative clustering by the mean of all pairs); who has said next to nothing is taken for one of the others. Words
 * then go to speakers by the likeliest sequence, in which a speaker goes on rather than that another takes over, most of all
 * where there is no pause.
 *
 * <p>Source: Park et al., "A review of speaker diarization: recent advances with deep learning", 2022, section 2.
 * O(n²) for n voices up to {@value #MOST_CLUSTERED}, of more so many are clustered, and the others are compared with them.
 */
public final class SpeakerPartition {
    private static final int MOST_CLUSTERED = 1500;
    /** How alike the mean pair of two groups must be for them to be one speaker. */
    private static final double ALIKE = 0.69;
    /** The same of the means of two groups, which is more the more their own voices differ. */
    private static final double MEANS_ALIKE = 0.88;
    /** Who speaks less than this share of what is said, and less than so many seconds, is no speaker. */
    private static final double SMALLEST_SHARE = 0.03;

    private static final double SHORTEST_SECONDS = 2;
    /** What another speaker must be liker by, summed over the words that he says. */
    private static final double CHANGE = 0.35;

    private static final double CHANGE_BEHIND_PAUSE = 0.12;
    private static final double PAUSE_SECONDS = 0.25;

    private final List<VoicePrint> prints;
    private final float[][] speakers;

    private SpeakerPartition(List<VoicePrint> prints, float[][] speakers) {
        this.prints = prints;
        this.speakers = speakers;
    }

    /**
     * Finds the speakers.
     *
     * @param prints voices of the whole recording
     * @param most   how many speakers there may be, 1 or more
     */
    public static SpeakerPartition of(List<VoicePrint> prints, int most) {
        List<VoicePrint> sorted = prints.stream()
                .sorted(Comparator.comparingDouble(VoicePrint::start))
                .toList();
        int count = Math.min(sorted.size(), MOST_CLUSTERED);
        List<VoicePrint> clustered = IntStream.range(0, count)
                .mapToObj(i -> sorted.get((int) ((long) i * sorted.size() / count)))
                .toList();
        return new SpeakerPartition(sorted, means(clustered, groups(clustered, most)));
    }

    /** How many speakers there are. */
    public int speakers() {
        return speakers.length;
    }

    private static int[] groups(List<VoicePrint> prints, int most) {
        int count = prints.size();
        float[][] alike = new float[count][count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < i; j++) {
                alike[i][j] = product(prints.get(i).vector(), prints.get(j).vector());
                alike[j][i] = alike[i][j];
            }
            alike[i][i] = 1;
        }
        int[] group = IntStream.range(0, count).toArray();
        int[] size = new int[count];
        Arrays.fill(size, 1);
        int[] likest = new int[count];
        for (int i = 0; i < count; i++) {
            likest[i] = likest(alike, size, i);
        }
        for (int left = count; left > 1; left--) {
            int one = -1;
            for (int i = 0; i < count; i++) {
                if (size[i] > 0 && (one < 0 || alike[i][likest[i]] > alike[one][likest[one]])) {
                    one = i;
                }
            }
            int other = likest[one];
            if (alike[one][other] < ALIKE && left <= most) {
                joinByMeans(alike, group, size);
                break;
            }
            join(alike, group, size, one, other);
            for (int i = 0; i < count; i++) {
                if (size[i] > 0 && left > 2 && (i == one || likest[i] == one || likest[i] == other)) {
                    likest[i] = likest(alike, size, i);
                } else if (size[i] > 0 && left > 2 && alike[i][one] > alike[i][likest[i]]) {
                    likest[i] = one;
                }
            }
        }
        return group;
    }

    /** Makes two groups one; how alike a group is to itself is the mean of all its pairs. */
    private static void join(float[][] alike, int[] group, int[] size, int one, int other) {
        float first = (float) size[one] / (size[one] + size[other]);
        float second = 1 - first;
        float own = first * first * alike[one][one]
                + second * second * alike[other][other]
                + 2 * first * second * alike[one][other];
        for (int i = 0; i < group.length; i++) {
            if (size[i] > 0 && i != one && i != other) {
                alike[one][i] = first * alike[one][i] + second * alike[other][i];
                alike[i][one] = alike[one][i];
            }
            if (group[i] == other) {
                group[i] = one;
            }
        }
        alike[one][one] = own;
        size[one] += size[other];
        size[other] = 0;
    }

    /** A voice that varies falls into several groups, whose means are alike all the same. */
    private static void joinByMeans(float[][] alike, int[] group, int[] size) {
        while (true) {
            int one = -1;
            int other = -1;
            double highest = MEANS_ALIKE;
            for (int i = 0; i < size.length; i++) {
                for (int j = 0; j < i && size[i] > 0; j++) {
                    double means = alike[i][j] / Math.sqrt((double) alike[i][i] * alike[j][j]);
                    if (size[j] > 0 && means > highest) {
                        one = i;
                        other = j;
                        highest = means;
                    }
                }
            }
            if (one < 0) {
                return;
            }
            join(alike, group, size, one, other);
        }
    }

    private static int likest(float[][] alike, int[] size, int of) {
        int likest = -1;
        for (int i = 0; i < size.length; i++) {
            if (i != of && size[i] > 0 && (likest < 0 || alike[of][i] > alike[of][likest])) {
                likest = i;
            }
        }
        return likest;
    }

    private static float product(float[] one, float[] other) {
        float sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    /** The mean voice of each group that says enough, who speaks first first; one at least where there is any. */
    private static float[][] means(List<VoicePrint> prints, int[] group) {
        double[] seconds = new double[group.length];
        double all = 0;
        for (int i = 0; i < group.length; i++) {
            VoicePrint before = i == 0 ? null : prints.get(i - 1);
            // Windows overlap: each adds what the one before it has not.
            double begin = before == null
                    ? prints.get(i).start()
                    : Math.max(before.end(), prints.get(i).start());
            double own = Math.max(0, prints.get(i).end() - begin);
            seconds[group[i]] += own;
            all += own;
        }
        double least = Math.max(SHORTEST_SECONDS, SMALLEST_SHARE * all);
        int longest = IntStream.range(0, group.length)
                .boxed()
                .max(Comparator.comparingDouble(i -> seconds[i]))
                .orElse(-1);
        List<float[]> means = new ArrayList<>();
        IntStream.of(group).distinct().forEach(id -> {
            if (id == longest || seconds[id] >= least) {
                means.add(mean(prints, group, id));
            }
        });
        return means.toArray(float[][]::new);
    }

    private static float[] mean(List<VoicePrint> prints, int[] group, int id) {
        float[] mean = new float[prints.getFirst().vector().length];
        for (int i = 0; i < group.length; i++) {
            for (int j = 0; j < mean.length && group[i] == id; j++) {
                mean[j] += prints.get(i).vector()[j];
            }
        }
        float length = (float) Math.sqrt(product(mean, mean));
        for (int j = 0; j < mean.length; j++) {
            mean[j] /= Math.max(length, Float.MIN_NORMAL);
        }
        return mean;
    }

    /**
     * Who says each of the words, counted from 0 in the order in which they begin to speak; all 0 where no voice was heard.
     *
     * @param words in order of time
     */
    public int[] of(List<SpokenSpan> words) {
        int[] spoken = new int[words.size()];
        if (speakers.length < 2 || words.isEmpty()) {
            return spoken;
        }
        double[][] scores = new double[words.size()][speakers.length];
        int[][] before = new int[words.size()][speakers.length];
        int from = 0;
        for (int i = 0; i < words.size(); i++) {
            SpokenSpan word = words.get(i);
            double middle = (word.start() + word.end()) / 2;
            while (from < prints.size() && prints.get(from).end() < middle - 2) {
                from++;
            }
            double[] own = alike(middle, from);
            double change =
                    i > 0 && word.start() - words.get(i - 1).end() >= PAUSE_SECONDS ? CHANGE_BEHIND_PAUSE : CHANGE;
            int best = i == 0 ? 0 : highest(scores[i - 1]);
            for (int speaker = 0; speaker < speakers.length; speaker++) {
                double staying = i == 0 ? 0 : scores[i - 1][speaker];
                double coming = i == 0 ? 0 : scores[i - 1][best] - change;
                before[i][speaker] = staying >= coming ? speaker : best;
                scores[i][speaker] = own[speaker] + Math.max(staying, coming);
            }
        }
        spoken[words.size() - 1] = highest(scores[words.size() - 1]);
        for (int i = words.size() - 1; i > 0; i--) {
            spoken[i - 1] = before[i][spoken[i]];
        }
        return renumbered(spoken);
    }

    /** How alike each speaker is to what is heard around a moment, those windows most whose middle is near. */
    private double[] alike(double middle, int from) {
        double[] alike = new double[speakers.length];
        double all = 0;
        for (int i = from; i < prints.size() && prints.get(i).start() < middle; i++) {
            VoicePrint print = prints.get(i);
            if (print.end() > middle) {
                double half = (print.end() - print.start()) / 2;
                double weight = 0.1 + 1 - Math.abs(middle - print.start() - half) / half;
                all += weight;
                for (int speaker = 0; speaker < speakers.length; speaker++) {
                    alike[speaker] += weight * product(print.vector(), speakers[speaker]);
                }
            }
        }
        for (int speaker = 0; speaker < speakers.length && all > 0; speaker++) {
            alike[speaker] /= all;
        }
        return alike;
    }

    private static int highest(double[] scores) {
        int highest = 0;
        for (int i = 1; i < scores.length; i++) {
            highest = scores[i] > scores[highest] ? i : highest;
        }
        return highest;
    }

    private static int[] renumbered(int[] spoken) {
        List<Integer> order = new ArrayList<>();
        return IntStream.of(spoken)
                .map(speaker -> {
                    if (!order.contains(speaker)) {
                        order.add(speaker);
                    }
                    return order.indexOf(speaker);
                })
                .toArray();
    }
}
