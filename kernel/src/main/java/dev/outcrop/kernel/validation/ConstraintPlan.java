package dev.outcrop.kernel.validation;

import dev.outcrop.kernel.validation.Violations.Path;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ShapeModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/** The constraints of one request shape, compiled; parts of the shape without any are left out. */
final class ConstraintPlan {
    private static final int DEEPEST = 64;

    private final StructureCheck root;

    private ConstraintPlan(StructureCheck root) {
        this.root = root;
    }

    /** The plan of {@code shape}, unless it has nothing to check. */
    static Optional<ConstraintPlan> compile(ServiceModel service, ShapeModel.Structure shape, SdkPojo example) {
        Compiler compiler = new Compiler(service);
        StructureCheck root = compiler.structure(shape, example);
        compiler.dropUnneeded();
        return root.needed() ? Optional.of(new ConstraintPlan(root)) : Optional.empty();
    }

    /** What is wrong with {@code request}; empty if nothing is. */
    List<String> violations(SdkPojo request) {
        Violations violations = new Violations();
        root.check(request, null, violations, 0);
        return violations.found();
    }

    /** Turns shapes into checks. Shapes may contain themselves, so each becomes a check once. */
    private static final class Compiler {
        private final ServiceModel service;
        private final Map<String, StructureCheck> structures = new HashMap<>();

        Compiler(ServiceModel service) {
            this.service = service;
        }

        StructureCheck structure(ShapeModel.Structure shape, SdkPojo example) {
            StructureCheck known = structures.get(shape.name());
            if (known != null) {
                return known;
            }
            StructureCheck check = new StructureCheck();
            structures.put(shape.name(), check);
            for (SdkField<?> field : example.sdkFields()) {
                ShapeModel.Member member = shape.members().get(field.memberName());
                if (member != null) {
                    check.members.add(new MemberCheck(
                            pathName(field.memberName()),
                            field,
                            member.required() && !member.idempotencyToken(),
                            value(service.shape(member.shape()), field)));
                }
            }
            return check;
        }

        private ValueCheck value(ShapeModel shape, SdkField<?> field) {
            return switch (shape) {
                case ShapeModel.Structure structure ->
                    structure.document() || structure.eventStream() || field.constructor() == null
                            ? NothingToCheck.INSTANCE
                            : structure(structure, field.constructor().get());
                case ShapeModel.ListOf list -> {
                    ListTrait trait = field.getTrait(ListTrait.class);
                    yield trait == null
                            ? NothingToCheck.INSTANCE
                            : new ListCheck(
                                    list, value(service.shape(list.member().shape()), trait.memberFieldInfo()));
                }
                case ShapeModel.MapOf map -> {
                    MapTrait trait = field.getTrait(MapTrait.class);
                    yield trait == null
                            ? NothingToCheck.INSTANCE
                            : new MapCheck(
                                    map,
                                    scalar(service.shape(map.key().shape())),
                                    value(service.shape(map.value().shape()), trait.valueFieldInfo()));
                }
                case ShapeModel.Text text -> scalar(text);
                case ShapeModel.Numeric numeric -> scalar(numeric);
                case ShapeModel.Blob blob -> scalar(blob);
                case ShapeModel.Bool bool -> NothingToCheck.INSTANCE;
                case ShapeModel.Timestamp timestamp -> NothingToCheck.INSTANCE;
            };
        }

        private static ValueCheck scalar(ShapeModel shape) {
            ScalarCheck check = ScalarCheck.of(shape);
            return check.needed() ? check : NothingToCheck.INSTANCE;
        }

        /** A structure is needed if anything that it contains is, however deep, itself aside. */
        void dropUnneeded() {
            boolean changed;
            do {
                changed = false;
                for (StructureCheck structure : structures.values()) {
                    if (!structure.needed && structure.members.stream().anyMatch(MemberCheck::needed)) {
                        structure.needed = true;
                        changed = true;
                    }
                }
            } while (changed);
            structures.values().forEach(structure -> structure.members.removeIf(member -> !member.needed()));
        }

        /** Paths begin in lower case whatever the member's name does. */
        private static String pathName(String memberName) {
            return memberName.substring(0, 1).toLowerCase(Locale.ROOT) + memberName.substring(1);
        }
    }

    /** Checks a value that is there. */
    sealed interface ValueCheck permits StructureCheck, ListCheck, MapCheck, ScalarCheck, NothingToCheck {
        boolean needed();

        void check(Object value, Path path, Violations violations, int depth);
    }

    enum NothingToCheck implements ValueCheck {
        INSTANCE;

        @Override
        public boolean needed() {
            return false;
        }

        @Override
        public void check(Object value, Path path, Violations violations, int depth) {}
    }

    private record MemberCheck(String name, SdkField<?> field, boolean required, ValueCheck value) {
        boolean needed() {
            return required || value.needed();
        }
    }

    private static final class StructureCheck implements ValueCheck {
        private final List<MemberCheck> members = new ArrayList<>();
        private boolean needed;

        @Override
        public boolean needed() {
            return needed;
        }

        @Override
        public void check(Object structure, Path path, Violations violations, int depth) {
            if (depth > DEEPEST || violations.full()) {
                return;
            }
            for (MemberCheck member : members) {
                Object value = member.field.getValueOrDefault(structure);
                if (value == null || value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap) {
                    if (member.required) {
                        violations.missing(new Path(path, member.name));
                    }
                } else if (member.value.needed()) {
                    member.value.check(value, new Path(path, member.name), violations, depth + 1);
                }
            }
        }
    }

    private record ListCheck(ShapeModel.ListOf shape, ValueCheck element) implements ValueCheck {
        @Override
        public boolean needed() {
            return shape.minimumSize().isPresent() || shape.maximumSize().isPresent() || element.needed();
        }

        @Override
        public void check(Object value, Path path, Violations violations, int depth) {
            List<?> list = (List<?>) value;
            size(list, list.size(), shape.minimumSize(), shape.maximumSize(), shape.sensitive(), path, violations);
            if (!element.needed()) {
                return;
            }
            if (element instanceof ScalarCheck scalar) {
                for (Object item : list) {
                    if (item != null && !scalar.satisfies(item)) {
                        violations.unsatisfied(
                                path,
                                list,
                                shape.sensitive() || scalar.sensitive(),
                                "Member must satisfy constraint: " + scalar.constraints());
                        return;
                    }
                }
            } else {
                int index = 1;
                for (Object item : list) {
                    if (item != null) {
                        Path here = new Path(new Path(path, Integer.toString(index)), "member");
                        element.check(item, here, violations, depth + 1);
                    }
                    index++;
                }
            }
        }
    }

    private record MapCheck(ShapeModel.MapOf shape, ValueCheck key, ValueCheck element) implements ValueCheck {
        @Override
        public boolean needed() {
            return shape.minimumSize().isPresent()
                    || shape.maximumSize().isPresent()
                    || key.needed()
                    || element.needed();
        }

        @Override
        public void check(Object value, Path path, Violations violations, int depth) {
            Map<?, ?> map = (Map<?, ?>) value;
            size(map, map.size(), shape.minimumSize(), shape.maximumSize(), shape.sensitive(), path, violations);
            if (key instanceof ScalarCheck scalar && !map.keySet().stream().allMatch(scalar::satisfies)) {
                violations.unsatisfied(
                        path, map, shape.sensitive(), "Map keys must satisfy constraint: " + scalar.constraints());
            }
            if (element instanceof ScalarCheck scalar
                    && !map.values().stream().allMatch(item -> item == null || scalar.satisfies(item))) {
                violations.unsatisfied(
                        path,
                        map,
                        shape.sensitive() || scalar.sensitive(),
                        "Map value must satisfy constraint: " + scalar.constraints());
            } else if (!(element instanceof ScalarCheck) && element.needed()) {
                map.forEach((name, item) -> {
                    if (item != null) {
                        Path here = new Path(new Path(path, String.valueOf(name)), "member");
                        element.check(item, here, violations, depth + 1);
                    }
                });
            }
        }
    }

    private static void size(
            Object value,
            int size,
            OptionalLong minimum,
            OptionalLong maximum,
            boolean sensitive,
            Path path,
            Violations violations) {
        if (minimum.isPresent() && size < minimum.getAsLong()) {
            violations.unsatisfied(path, value, sensitive, ScalarCheck.lengthAtLeast(minimum.getAsLong()));
        }
        if (maximum.isPresent() && size > maximum.getAsLong()) {
            violations.unsatisfied(path, value, sensitive, ScalarCheck.lengthAtMost(maximum.getAsLong()));
        }
    }
}
