package dev.outcrop.engines.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * How well a model finds the paragraph that answers a question: 299 questions on 50 paragraphs of XQuAD.
 *
 * @param recallAt1          share of questions whose paragraph comes first
 * @param recallAt5          share of questions whose paragraph is among the first five
 * @param meanReciprocalRank mean of one over the paragraph's place
 */
record Retrieval(double recallAt1, double recallAt5, double meanReciprocalRank) {
    static Retrieval of(EmbeddingModel model) throws IOException {
        List<String> paragraphs = new ArrayList<>();
        List<String> questions = new ArrayList<>();
        List<Integer> answers = new ArrayList<>();
        try (InputStream in = Retrieval.class.getResourceAsStream("xquad-sample.json")) {
            for (JsonNode article : new ObjectMapper().readTree(in)) {
                for (JsonNode paragraph : article.path("paragraphs")) {
                    for (JsonNode question : paragraph.path("questions")) {
                        questions.add(question.asText());
                        answers.add(paragraphs.size());
                    }
                    paragraphs.add(paragraph.path("text").asText());
                }
            }
        }
        List<EmbeddingModel.Embedding> paragraphVectors = model.embed(paragraphs, Truncation.END);
        List<EmbeddingModel.Embedding> questionVectors = model.embed(questions, Truncation.END);
        double first = 0;
        double firstFive = 0;
        double reciprocal = 0;
        for (int q = 0; q < questions.size(); q++) {
            float[] question = questionVectors.get(q).vector();
            double right = Reference.cosine(
                    question, paragraphVectors.get(answers.get(q)).vector());
            int better = 0;
            for (EmbeddingModel.Embedding paragraph : paragraphVectors) {
                if (Reference.cosine(question, paragraph.vector()) > right) {
                    better++;
                }
            }
            first += better < 1 ? 1 : 0;
            firstFive += better < 5 ? 1 : 0;
            reciprocal += 1.0 / (better + 1);
        }
        int count = questions.size();
        return new Retrieval(first / count, firstFive / count, reciprocal / count);
    }
}
