package dev.outcrop.shapes;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * A service as its description has it: operations, shapes, constraints.
 *
 * @param summary    names and protocols
 * @param operations by operation name, in the order of the description
 * @param shapes     by shape name
 */
public record ServiceModel(
        ServiceSummary summary, Map<String, OperationModel> operations, Map<String, ShapeModel> shapes) {
    public ServiceModel {
        operations = Collections.unmodifiableMap(operations);
        shapes = Collections.unmodifiableMap(shapes);
    }

    /** The operation called {@code name}, exactly as the API writes it. */
    public Optional<OperationModel> operation(String name) {
        return Optional.ofNullable(operations.get(name));
    }

    /**
     * The shape called {@code name}.
     *
     * @throws IllegalArgumentException if the description has no such shape
     */
    public ShapeModel shape(String name) {
        ShapeModel shape = shapes.get(name);
        if (shape == null) {
            throw new IllegalArgumentException(summary.id() + " has no shape \"" + name + "\"");
        }
        return shape;
    }
}
