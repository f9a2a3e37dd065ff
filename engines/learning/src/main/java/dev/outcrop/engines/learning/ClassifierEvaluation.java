package dev.outcrop.engines.learning;

import java.util.List;
import java.util.Set;

/**
 * How well a classifier did. Averages over classes are plain ones (macro) or over all decisions (micro); a class that was
 * never found has a precision of 0. Where classes exclude each other the accuracy is the share of texts whose class was
 * found; else it is that of labels found or wanted that were both, averaged over texts.
 *
 * <p>Source: Tsoumakas and Katakis, "Multi-Label Classification: An Overview", 2007.
 *
 * @param hammingLoss the share of decisions about a text and a label that were wrong
 * @param confusion   where classes exclude each other: {@code [wanted][found]}; else for each label
 *     {@code [[right rejections, wrong finds], [misses, right finds]]}
 */
public record ClassifierEvaluation(
        DocumentClassifier.Mode mode,
        List<String> classes,
        double accuracy,
        double precision,
        double recall,
        double f1,
        double microPrecision,
        double microRecall,
        double microF1,
        double hammingLoss,
        List<int[][]> confusion) {

    /**
     * Compares.
     *
     * @param wanted the labels of each text
     * @param found  the labels that were found
     */
    static ClassifierEvaluation of(
            DocumentClassifier.Mode mode, List<String> classes, List<Set<String>> wanted, List<Set<String>> found) {
        int size = classes.size();
        int[][] each = new int[size][4];
        double accuracy = 0;
        for (int i = 0; i < wanted.size(); i++) {
            int both = 0;
            int either = 0;
            for (int c = 0; c < size; c++) {
                boolean isWanted = wanted.get(i).contains(classes.get(c));
                boolean isFound = found.get(i).contains(classes.get(c));
                each[c][(isWanted ? 2 : 0) + (isFound ? 1 : 0)]++;
                both += isWanted && isFound ? 1 : 0;
                either += isWanted || isFound ? 1 : 0;
            }
            if (mode == DocumentClassifier.Mode.MULTI_CLASS) {
                accuracy += both == 1 ? 1 : 0;
            } else {
                accuracy += either == 0 ? 1 : (double) both / either;
            }
        }
        double precision = 0;
        double recall = 0;
        double f1 = 0;
        int right = 0;
        int extra = 0;
        int missed = 0;
        for (int[] counts : each) {
            double classPrecision = share(counts[3], counts[3] + counts[1]);
            double classRecall = share(counts[3], counts[3] + counts[2]);
            precision += classPrecision / size;
            recall += classRecall / size;
            f1 += harmonic(classPrecision, classRecall) / size;
            right += counts[3];
            extra += counts[1];
            missed += counts[2];
        }
        double microPrecision = share(right, right + extra);
        double microRecall = share(right, right + missed);
        return new ClassifierEvaluation(
                mode,
                classes,
                share(accuracy, wanted.size()),
                precision,
                recall,
                f1,
                microPrecision,
                microRecall,
                harmonic(microPrecision, microRecall),
                share(extra + missed, (double) wanted.size() * size),
                mode == DocumentClassifier.Mode.MULTI_CLASS
                        ? List.<int[][]>of(matrix(classes, wanted, found))
                        : java.util.Arrays.stream(each)
                                .map(counts -> new int[][] {{counts[0], counts[1]}, {counts[2], counts[3]}})
                                .toList());
    }

    private static int[][] matrix(List<String> classes, List<Set<String>> wanted, List<Set<String>> found) {
        int[][] matrix = new int[classes.size()][classes.size()];
        for (int i = 0; i < wanted.size(); i++) {
            int row = classes.indexOf(wanted.get(i).iterator().next());
            int column = classes.indexOf(found.get(i).iterator().next());
            // A class that only the test has is in no row.
            if (row >= 0) {
                matrix[row][column]++;
            }
        }
        return matrix;
    }

    private static double share(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }

    private static double harmonic(double precision, double recall) {
        return share(2 * precision * recall, precision + recall);
    }
}
