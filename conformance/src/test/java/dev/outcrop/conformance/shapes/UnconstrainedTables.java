package dev.outcrop.conformance.shapes;

import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ServiceModels;
import dev.outcrop.shapes.ServiceSummary;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.shapes.ShapeModel.Member;
import dev.outcrop.shapes.ShapeModel.Structure;
import dev.outcrop.shapes.ShapeModel.Text;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Services without the constraints that {@link SampleShapes} do not keep to: patterns, long minimums, deep requirements. */
record UnconstrainedTables(ServiceModels tables) implements ServiceModels {
    @Override
    public Collection<ServiceSummary> summaries() {
        return tables.summaries();
    }

    @Override
    public Optional<ServiceModel> find(String id) {
        return tables.find(id).map(UnconstrainedTables::unconstrained);
    }

    private static ServiceModel unconstrained(ServiceModel model) {
        Map<String, ShapeModel> shapes = new LinkedHashMap<>(model.shapes());
        shapes.replaceAll((name, shape) -> switch (shape) {
            case Text text ->
                new Text(
                        name,
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        text.values(),
                        text.sensitive());
            case Structure structure -> unconstrained(structure);
            default -> shape;
        });
        return new ServiceModel(model.summary(), model.operations(), shapes);
    }

    private static Structure unconstrained(Structure structure) {
        Map<String, Member> members = new LinkedHashMap<>(structure.members());
        members.replaceAll((name, member) -> new Member(
                member.shape(),
                false,
                member.idempotencyToken(),
                member.locationName(),
                member.hostLabel(),
                member.location()));
        return new Structure(
                structure.name(),
                members,
                structure.union(),
                structure.error(),
                structure.eventStream(),
                structure.payload(),
                structure.document(),
                structure.elementName(),
                structure.sensitive());
    }
}
