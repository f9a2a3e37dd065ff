package dev.outcrop.engines.retrieval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.embedding.OnnxEmbeddingModel;
import dev.outcrop.engines.embedding.Pooling;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What engines of retrieval are measured on: questions on paragraphs of XQuAD, and the model that they run with. */
record Examples(List<String> paragraphs, List<Integer> articles, List<Question> questions) {
    /** A question and the paragraph that answers it. */
    record Question(String text, int paragraph) {}

    /** The sample that the tests of embeddings have. */
    static Examples read() throws IOException {
        Path sample = Path.of("..", "embedding", "src", "test", "resources", "dev", "outcrop", "engines", "embedding");
        Examples examples = new Examples(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        int article = 0;
        for (JsonNode written : new ObjectMapper().readTree(Files.readString(sample.resolve("xquad-sample.json")))) {
            for (JsonNode paragraph : written.path("paragraphs")) {
                for (JsonNode question : paragraph.path("questions")) {
                    examples.questions.add(new Question(question.asText(), examples.paragraphs.size()));
                }
                examples.paragraphs.add(paragraph.path("text").asText());
                examples.articles.add(article);
            }
            article++;
        }
        return examples;
    }

    static OnnxEmbeddingModel model() {
        InstalledModel model = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get("all-minilm-l6-v2"), Progress.NONE);
        return OnnxEmbeddingModel.open(
                model.id(),
                model.weights(),
                model.file("tokenizer.json"),
                new OnnxEmbeddingModel.Settings(Pooling.MEAN, 512, 2, 1, 4096, Duration.ofMinutes(1)));
    }

    /** The paragraphs of the article that answers {@code question}, or those of the others. */
    List<String> paragraphs(Question question, boolean ofItsArticle) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < paragraphs.size(); i++) {
            if (articles.get(i).equals(articles.get(question.paragraph())) == ofItsArticle) {
                found.add(paragraphs.get(i));
            }
        }
        return found;
    }
}
