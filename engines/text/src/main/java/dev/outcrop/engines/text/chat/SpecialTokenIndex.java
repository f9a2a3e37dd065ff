package dev.outcrop.engines.text.chat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds which special tokens begin at a place of a text, by their first character. */
final class SpecialTokenIndex {
    private final Map<Character, List<String>> byFirst = new HashMap<>();

    SpecialTokenIndex(Collection<String> tokens) {
        for (String token : tokens) {
            byFirst.computeIfAbsent(token.charAt(0), first -> new ArrayList<>()).add(token);
        }
        byFirst.values()
                .forEach(list ->
                        list.sort(Comparator.comparingInt(String::length).reversed()));
    }

    /** The tokens at {@code position}, longest first. */
    List<String> at(String text, int position) {
        return byFirst.getOrDefault(text.charAt(position), List.of()).stream()
                .filter(token -> text.startsWith(token, position))
                .toList();
    }
}
