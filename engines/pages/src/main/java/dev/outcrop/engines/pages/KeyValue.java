package dev.outcrop.engines.pages;

import java.util.List;
import java.util.Optional;

/**
 * A label and what is filled in.
 *
 * @param key        the words of the label, at least one
 * @param value      what is filled in, in the order of reading; empty where nothing is
 * @param mark       the box to tick that is the value, if it is one
 * @param keyBox     where the label stands
 * @param valueBox   where the value stands or would
 * @param confidence 0 to 1
 */
public record KeyValue(
        List<PlacedWord> key,
        List<PlacedWord> value,
        Optional<SelectionMark> mark,
        Box keyBox,
        Box valueBox,
        double confidence) {
    public KeyValue {
        key = List.copyOf(key);
        value = List.copyOf(value);
    }

    public String keyText() {
        return Segment.text(key);
    }

    public String valueText() {
        return Segment.text(value);
    }
}
