package dev.outcrop.services.textract;

import java.util.List;
import software.amazon.awssdk.services.textract.model.Block;
import software.amazon.awssdk.services.textract.model.DocumentMetadata;
import software.amazon.awssdk.services.textract.model.ExpenseDocument;
import software.amazon.awssdk.services.textract.model.GetDocumentAnalysisResponse;
import software.amazon.awssdk.services.textract.model.GetDocumentTextDetectionResponse;
import software.amazon.awssdk.services.textract.model.GetExpenseAnalysisResponse;
import software.amazon.awssdk.services.textract.model.Warning;

/** The answers of the operations that get results; a {@code next} that is null asks for no more. */
final class Answers {
    /** The version of every model that an answer names. */
    static final String VERSION = "1.0";

    private Answers() {}

    private static DocumentMetadata metadata(StoredJob job) {
        return job.hasEnded()
                ? DocumentMetadata.builder().pages(job.pieces().size()).build()
                : null;
    }

    static GetDocumentTextDetectionResponse text(
            StoredJob job, List<Block> blocks, String next, List<Warning> warnings) {
        return GetDocumentTextDetectionResponse.builder()
                .documentMetadata(metadata(job))
                .jobStatus(job.status())
                .statusMessage(job.message().orElse(null))
                .blocks(job.hasEnded() ? blocks : null)
                .nextToken(next)
                .warnings(warnings.isEmpty() ? null : warnings)
                .detectDocumentTextModelVersion(VERSION)
                .build();
    }

    static GetDocumentAnalysisResponse analysis(
            StoredJob job, List<Block> blocks, String next, List<Warning> warnings) {
        return GetDocumentAnalysisResponse.builder()
                .documentMetadata(metadata(job))
                .jobStatus(job.status())
                .statusMessage(job.message().orElse(null))
                .blocks(job.hasEnded() ? blocks : null)
                .nextToken(next)
                .warnings(warnings.isEmpty() ? null : warnings)
                .analyzeDocumentModelVersion(VERSION)
                .build();
    }

    static GetExpenseAnalysisResponse expense(
            StoredJob job, List<ExpenseDocument> expenses, String next, List<Warning> warnings) {
        return GetExpenseAnalysisResponse.builder()
                .documentMetadata(metadata(job))
                .jobStatus(job.status())
                .statusMessage(job.message().orElse(null))
                .expenseDocuments(job.hasEnded() ? expenses : null)
                .nextToken(next)
                .warnings(warnings.isEmpty() ? null : warnings)
                .analyzeExpenseModelVersion(VERSION)
                .build();
    }
}
