package dev.outcrop.services.textract;

import dev.outcrop.engines.ocr.DocumentReader;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Pages;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.textract.TextractClient;
import software.amazon.awssdk.services.textract.model.AnalyzeDocumentRequest;
import software.amazon.awssdk.services.textract.model.AnalyzeDocumentResponse;
import software.amazon.awssdk.services.textract.model.AnalyzeExpenseRequest;
import software.amazon.awssdk.services.textract.model.AnalyzeExpenseResponse;
import software.amazon.awssdk.services.textract.model.AnalyzeIdRequest;
import software.amazon.awssdk.services.textract.model.AnalyzeIdResponse;
import software.amazon.awssdk.services.textract.model.Block;
import software.amazon.awssdk.services.textract.model.DetectDocumentTextRequest;
import software.amazon.awssdk.services.textract.model.DetectDocumentTextResponse;
import software.amazon.awssdk.services.textract.model.Document;
import software.amazon.awssdk.services.textract.model.DocumentMetadata;
import software.amazon.awssdk.services.textract.model.ExpenseDocument;
import software.amazon.awssdk.services.textract.model.FeatureType;
import software.amazon.awssdk.services.textract.model.GetDocumentAnalysisRequest;
import software.amazon.awssdk.services.textract.model.GetDocumentAnalysisResponse;
import software.amazon.awssdk.services.textract.model.GetDocumentTextDetectionRequest;
import software.amazon.awssdk.services.textract.model.GetDocumentTextDetectionResponse;
import software.amazon.awssdk.services.textract.model.GetExpenseAnalysisRequest;
import software.amazon.awssdk.services.textract.model.GetExpenseAnalysisResponse;
import software.amazon.awssdk.services.textract.model.IdentityDocument;
import software.amazon.awssdk.services.textract.model.StartDocumentAnalysisRequest;
import software.amazon.awssdk.services.textract.model.StartDocumentAnalysisResponse;
import software.amazon.awssdk.services.textract.model.StartDocumentTextDetectionRequest;
import software.amazon.awssdk.services.textract.model.StartDocumentTextDetectionResponse;
import software.amazon.awssdk.services.textract.model.StartExpenseAnalysisRequest;
import software.amazon.awssdk.services.textract.model.StartExpenseAnalysisResponse;

/** Amazon Textract: what stands in documents, and how it is put together. */
public final class TextractService implements TextractClient {
    private static final DocumentMetadata ONE_PAGE =
            DocumentMetadata.builder().pages(1).build();

    private final Documents documents;
    private final JobStore store;
    private final DocumentJobs documentJobs;
    private final DocumentWork work;
    private final HumanLoops humanLoops;
    private final InstantSource clock;

    /**
     * The service over what is stored. Nothing is opened before it is asked for.
     *
     * @param reader    reads documents; its model need not be installed
     * @param masterKey encrypts results and page tokens
     * @param clients   reach S3, SNS and, through S3, KMS
     */
    public TextractService(
            Supplier<DocumentReader> reader,
            Records records,
            Secrets masterKey,
            ResourceStore resources,
            Supplier<Clients> clients,
            Supplier<Jobs> jobs,
            Ids ids,
            InstantSource clock) {
        documents = new Documents(reader, clients);
        store = new JobStore(records, masterKey, clock);
        OutputBucket output = new OutputBucket(clients);
        documentJobs = new DocumentJobs(
                store,
                documents,
                output,
                resources.idempotencyTokens(),
                new Pages(
                        new PageTokens(masterKey),
                        "textract",
                        DocumentWork.BLOCKS_A_FILE,
                        () -> TextractFailures.invalid("the NextToken is not one of this job")),
                jobs,
                ids,
                clock);
        work = new DocumentWork(store, documents, output, new JobNotices(clients, clock));
        humanLoops = new HumanLoops(records, clock);
        this.clock = clock;
    }

    /** What goes on while nobody calls. */
    public Background background() {
        Chore chore = new Chore("textract-results", Duration.ofHours(1), store::dropExpired);
        return new Background(Map.of(DocumentWork.KIND, work), List.of(chore));
    }

    @Override
    public AnalyzeDocumentResponse analyzeDocument(AnalyzeDocumentRequest request) {
        if (request.featureTypes().isEmpty()) {
            throw TextractFailures.invalid("FeatureTypes must not be empty");
        }
        if (request.adaptersConfig() != null) {
            throw AwsError.notImplemented("textract", "AnalyzeDocument with adapters");
        }
        Queries queries = Queries.of(request.queriesConfig(), request.featureTypes(), Queries.SYNCHRONOUS);
        humanLoops.keep(request.humanLoopConfig());
        Set<FeatureType> features = new HashSet<>(request.featureTypes());
        List<Block> blocks = documents.page(request.document(), page -> Analysis.of(page, features, queries));
        return AnalyzeDocumentResponse.builder()
                .documentMetadata(ONE_PAGE)
                .blocks(blocks)
                .analyzeDocumentModelVersion(Answers.VERSION)
                .build();
    }

    @Override
    public AnalyzeExpenseResponse analyzeExpense(AnalyzeExpenseRequest request) {
        ExpenseDocument expense = documents.page(request.document(), ExpenseAnswers::of);
        return AnalyzeExpenseResponse.builder()
                .documentMetadata(ONE_PAGE)
                .expenseDocuments(expense)
                .build();
    }

    @Override
    public AnalyzeIdResponse analyzeID(AnalyzeIdRequest request) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        List<IdentityDocument> papers = new ArrayList<>();
        for (Document document : request.documentPages()) {
            int index = papers.size() + 1;
            papers.add(documents.page(document, page -> IdentityAnswers.of(page, index, today)));
        }
        return AnalyzeIdResponse.builder()
                .documentMetadata(metadata -> metadata.pages(papers.size()))
                .identityDocuments(papers)
                .analyzeIDModelVersion(Answers.VERSION)
                .build();
    }

    @Override
    public DetectDocumentTextResponse detectDocumentText(DetectDocumentTextRequest request) {
        List<Block> blocks = documents.page(request.document(), page -> new BlockList(page).all());
        return DetectDocumentTextResponse.builder()
                .documentMetadata(ONE_PAGE)
                .blocks(blocks)
                .detectDocumentTextModelVersion(Answers.VERSION)
                .build();
    }

    @Override
    public GetDocumentAnalysisResponse getDocumentAnalysis(GetDocumentAnalysisRequest request) {
        DocumentJobs.Found<Block> found = documentJobs.get(
                JobKind.ANALYSIS,
                request.jobId(),
                request.maxResults(),
                DocumentWork.BLOCKS_A_FILE,
                request.nextToken(),
                piece -> store.result(piece.job(), piece.number(), GetDocumentAnalysisResponse::builder)
                        .blocks());
        return Answers.analysis(found.job(), found.items(), found.next(), found.warnings());
    }

    @Override
    public GetDocumentTextDetectionResponse getDocumentTextDetection(GetDocumentTextDetectionRequest request) {
        DocumentJobs.Found<Block> found = documentJobs.get(
                JobKind.TEXT_DETECTION,
                request.jobId(),
                request.maxResults(),
                DocumentWork.BLOCKS_A_FILE,
                request.nextToken(),
                piece -> store.result(piece.job(), piece.number(), GetDocumentTextDetectionResponse::builder)
                        .blocks());
        return Answers.text(found.job(), found.items(), found.next(), found.warnings());
    }

    @Override
    public GetExpenseAnalysisResponse getExpenseAnalysis(GetExpenseAnalysisRequest request) {
        DocumentJobs.Found<ExpenseDocument> found = documentJobs.get(
                JobKind.EXPENSE,
                request.jobId(),
                request.maxResults(),
                DocumentWork.EXPENSES_A_FILE,
                request.nextToken(),
                piece -> store.result(piece.job(), piece.number(), GetExpenseAnalysisResponse::builder)
                        .expenseDocuments());
        return Answers.expense(found.job(), found.items(), found.next(), found.warnings());
    }

    @Override
    public StartDocumentAnalysisResponse startDocumentAnalysis(StartDocumentAnalysisRequest request) {
        return StartDocumentAnalysisResponse.builder()
                .jobId(documentJobs.start(JobKind.ANALYSIS, request))
                .build();
    }

    @Override
    public StartDocumentTextDetectionResponse startDocumentTextDetection(StartDocumentTextDetectionRequest request) {
        return StartDocumentTextDetectionResponse.builder()
                .jobId(documentJobs.start(JobKind.TEXT_DETECTION, asAnalysis(request)))
                .build();
    }

    @Override
    public StartExpenseAnalysisResponse startExpenseAnalysis(StartExpenseAnalysisRequest request) {
        return StartExpenseAnalysisResponse.builder()
                .jobId(documentJobs.start(JobKind.EXPENSE, asAnalysis(request)))
                .build();
    }

    private static StartDocumentAnalysisRequest asAnalysis(SdkPojo request) {
        return Shapes.copy(request, StartDocumentAnalysisRequest.builder()).build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // The reader is closed by whoever made it.
    }
}
