package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.embedding.EmbeddingException;
import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.services.bedrockruntime.families.ModelFamilies;
import dev.outcrop.services.foundationmodels.FoundationModels;
import dev.outcrop.services.foundationmodels.InstalledModels;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel.Kind;
import dev.outcrop.services.guardrails.GuardrailLookup;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** One text model and perhaps one embedding model, installed as {@code scripted} and {@code words}. */
public final class SomeModels implements InstalledModels {
    public static final String ACCOUNT = "000000000000";
    public static final FoundationModels PUBLISHED = FoundationModels.load();
    public static final ModelFamilies FAMILIES =
            new ModelFamilies(InstantSource.fixed(Instant.parse("2026-11-22T00:00:00Z")), new Random(1));

    /** Finds no guardrails. */
    public static final GuardrailLookup UNGUARDED = (identifier, _) -> {
        throw AwsError.validation("There is no guardrail " + identifier);
    };

    private static final InstalledModel.Licence LICENCE =
            new InstalledModel.Licence("Apache-2.0", "https://spdx.org/licenses/Apache-2.0.html", false);

    private final Optional<TextModel> text;
    private final Optional<EmbeddingModel> embedding;

    private SomeModels(Optional<TextModel> text, Optional<EmbeddingModel> embedding) {
        this.text = text;
        this.embedding = embedding;
    }

    public static SomeModels none() {
        return new SomeModels(Optional.empty(), Optional.empty());
    }

    public static SomeModels of(TextModel text) {
        return new SomeModels(Optional.of(text), Optional.empty());
    }

    public static SomeModels of(TextModel text, EmbeddingModel embedding) {
        return new SomeModels(Optional.of(text), Optional.of(embedding));
    }

    /** A call in us-east-1. */
    public static CallContext call() {
        return CallContext.builder()
                .requestId("11111111-2222-3333-4444-555555555555")
                .principal(Principal.root(ACCOUNT, Optional.of("test")))
                .build();
    }

    /** Routing to these models by default. */
    public ModelRouting routing() {
        return routing((ModelRouting.ApplicationProfiles) _ -> Optional.empty());
    }

    ModelRouting routing(RoutingTable table) {
        return new ModelRouting(PUBLISHED, this, table, _ -> Optional.empty());
    }

    ModelRouting routing(ModelRouting.ApplicationProfiles profiles) {
        RoutingTable table = new RoutingTable(List.of(), text.map(_ -> "scripted"), embedding.map(_ -> "words"), false);
        return new ModelRouting(PUBLISHED, this, table, profiles);
    }

    @Override
    public List<InstalledModel> all() {
        List<InstalledModel> models = new ArrayList<>();
        text.ifPresent(_ ->
                models.add(new InstalledModel("scripted", "Scripted", "Outcrop", Kind.TEXT, Set.of("TEXT"), LICENCE)));
        embedding.ifPresent(_ ->
                models.add(new InstalledModel("words", "Words", "Outcrop", Kind.EMBEDDING, Set.of("TEXT"), LICENCE)));
        return models;
    }

    @Override
    public boolean offered(String id) {
        return id.equals("offered");
    }

    @Override
    public TextModel text(String id) {
        return text.filter(_ -> id.equals("scripted"))
                .orElseThrow(() -> new TextModelException(
                        TextModelException.Category.NOT_FOUND,
                        "the model " + id + " is not installed: outcrop models pull " + id));
    }

    @Override
    public EmbeddingModel embedding(String id) {
        return embedding
                .filter(_ -> id.equals("words"))
                .orElseThrow(() -> new EmbeddingException(
                        EmbeddingException.Category.NOT_FOUND,
                        "the model " + id + " is not installed: outcrop models pull " + id));
    }
}
