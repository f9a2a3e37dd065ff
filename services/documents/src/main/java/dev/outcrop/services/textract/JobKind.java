package dev.outcrop.services.textract;

/** What a job finds out. */
enum JobKind {
    /** Lines and words. */
    TEXT_DETECTION("StartDocumentTextDetection"),
    /** What AnalyzeDocument tells. */
    ANALYSIS("StartDocumentAnalysis"),
    /** What AnalyzeExpense tells. */
    EXPENSE("StartExpenseAnalysis");

    private final String operation;

    JobKind(String operation) {
        this.operation = operation;
    }

    /** The operation that starts it. */
    String operation() {
        return operation;
    }
}
