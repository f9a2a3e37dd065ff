package dev.outcrop.engines.voice.english.training;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts sequences of pairs as Kneser and Ney do: the longest by how often they occur, shorter ones by how many different
 * pairs stand before them. Long ones that occur once are left out.
 */
final class PairModel {
    private static final int ORDER = 7;
    private static final int LONG = 6;
    private static final int FEWEST_OF_A_PAIR = 3;
    private static final String BOUNDARY = "";

    private final List<String> names = new ArrayList<>(List.of(BOUNDARY));
    private final Node root = new Node(0);

    private static final class Node {
        private final int pair;
        private int occurrences;
        private int befores;
        private final TreeMap<Integer, Node> children = new TreeMap<>();

        Node(int pair) {
            this.pair = pair;
        }

        int count(int depth) {
            return depth == ORDER ? occurrences : befores;
        }
    }

    PairModel(List<List<String>> words) {
        Map<String, Integer> frequency = new HashMap<>();
        words.forEach(word -> word.forEach(pair -> frequency.merge(pair, 1, Integer::sum)));
        Map<String, Integer> ids = new HashMap<>();
        new TreeMap<>(frequency).forEach((pair, count) -> {
            if (count >= FEWEST_OF_A_PAIR) {
                ids.put(pair, names.size());
                names.add(pair);
            }
        });
        for (List<String> word : words) {
            if (ids.keySet().containsAll(word)) {
                List<Integer> padded = new ArrayList<>();
                for (int i = 1; i < ORDER; i++) {
                    padded.add(0);
                }
                word.forEach(pair -> padded.add(ids.get(pair)));
                padded.add(0);
                count(padded);
            }
        }
        countBefores(root, new ArrayList<>());
    }

    private void count(List<Integer> padded) {
        for (int end = ORDER; end <= padded.size(); end++) {
            for (int length = 1; length <= ORDER; length++) {
                Node node = root;
                for (int i = end - length; i < end; i++) {
                    node = node.children.computeIfAbsent(padded.get(i), Node::new);
                }
                node.occurrences++;
            }
        }
    }

    /** Each sequence with another pair before it says that the rest has one more. */
    private void countBefores(Node node, List<Integer> path) {
        if (path.size() > 1) {
            Node rest = root;
            for (int pair : path.subList(1, path.size())) {
                rest = rest.children.get(pair);
            }
            rest.befores++;
        }
        for (Node child : node.children.values()) {
            path.add(child.pair);
            countBefores(child, path);
            path.removeLast();
        }
    }

    private boolean isKept(Node node, int depth) {
        return depth < LONG || node.occurrences > 1;
    }

    private List<Node> kept(Node node, int depth) {
        return node.children.values().stream()
                .filter(child -> isKept(child, depth + 1) && child.count(depth + 1) > 0)
                .toList();
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(ORDER);
        out.writeInt(names.size());
        for (String name : names) {
            out.writeChar(name.isEmpty() ? ' ' : name.charAt(0));
            out.writeUTF(name.isEmpty() ? "" : name.substring(1));
        }
        List<Node> nodes = new ArrayList<>();
        List<Integer> depths = new ArrayList<>();
        for (Node node : kept(root, 0)) {
            nodes.add(node);
            depths.add(1);
        }
        int rootEnd = nodes.size();
        List<Integer> children = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            int depth = depths.get(i);
            List<Node> kept = depth == ORDER ? List.of() : kept(nodes.get(i), depth);
            children.add(kept.size());
            for (Node child : kept) {
                nodes.add(child);
                depths.add(depth + 1);
            }
        }
        out.writeInt(nodes.size());
        out.writeInt(rootEnd);
        for (int i = 0; i < nodes.size(); i++) {
            number(out, nodes.get(i).pair);
            number(out, nodes.get(i).count(depths.get(i)));
            number(out, children.get(i));
        }
    }

    private static void number(DataOutputStream out, int value) throws IOException {
        int rest = value;
        while (rest > 0x7F) {
            out.writeByte((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }
}
