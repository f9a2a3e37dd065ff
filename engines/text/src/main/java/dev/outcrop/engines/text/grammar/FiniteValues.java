package dev.outcrop.engines.text.grammar;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells schemas that some finite value fulfils from those that demand themselves within themselves. */
final class FiniteValues {
    private static final int MAXIMUM_STEPS = 200_000;
    private static final String PLACE = "#";

    private final SchemaMerge merge;
    private final Set<Object> known = new HashSet<>();
    private final Set<Object> open = new HashSet<>();
    private int steps;

    FiniteValues(SchemaMerge merge) {
        this.merge = merge;
    }

    boolean exist(Object unresolved) {
        Object schema = merge.resolved(unresolved, PLACE);
        if (!(schema instanceof Map<?, ?> keywords) || known.contains(schema)) {
            return true;
        }
        if (++steps > MAXIMUM_STEPS) {
            throw JsonSchemaException.at(PLACE, "refers to itself in too many ways.");
        }
        if (!open.add(schema)) {
            return false;
        }
        List<Object> alternatives = merge.alternatives(keywords, PLACE);
        boolean single = alternatives.size() == 1 && alternatives.getFirst().equals(keywords);
        boolean exist = single ? plain(keywords) : alternatives.stream().anyMatch(this::exist);
        open.remove(schema);
        if (exist) {
            known.add(schema);
        }
        return exist;
    }

    private boolean plain(Map<?, ?> schema) {
        List<String> types = SchemaMerge.types(schema, PLACE).orElse(List.of());
        if (schema.containsKey("enum") || schema.containsKey("const") || types.size() > 1) {
            return true;
        }
        if (types.equals(List.of("array")) || (types.isEmpty() && schema.containsKey("items"))) {
            int least = JsonSchemaGrammar.count(schema, "minItems", PLACE).orElse(0);
            List<Object> needed = new ArrayList<>();
            List<?> prefix = schema.get("prefixItems") instanceof List<?> items ? items : List.of();
            needed.addAll(prefix.subList(0, Math.min(least, prefix.size())));
            if (least > prefix.size() && schema.containsKey("items")) {
                needed.add(schema.get("items"));
            }
            return needed.stream().allMatch(this::exist);
        }
        Map<String, Object> properties = SchemaMerge.properties(schema, PLACE);
        return SchemaMerge.required(schema, PLACE).stream()
                .allMatch(name -> exist(properties.getOrDefault(name, true)));
    }
}
