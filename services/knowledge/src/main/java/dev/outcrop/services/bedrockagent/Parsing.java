package dev.outcrop.services.bedrockagent;

import dev.outcrop.engines.documents.Block;
import dev.outcrop.engines.documents.Chunk;
import dev.outcrop.engines.documents.Chunking;
import dev.outcrop.engines.documents.Document;
import dev.outcrop.engines.documents.DocumentException;
import dev.outcrop.engines.documents.DocumentParser;
import dev.outcrop.engines.documents.FileFormat;
import dev.outcrop.engines.documents.Limits;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.services.bedrockagent.Indexing.Piece;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.bedrockagent.model.ChunkingConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.FixedSizeChunkingConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.HierarchicalChunkingConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.ParsingConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.SemanticChunkingConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.VectorIngestionConfiguration;

/**
 * Makes chunks of a file as its data source says.
 *
 * <p>Source: Amazon Bedrock User Guide, "Prerequisites for your Amazon Bedrock knowledge base data", "How content chunking
 * works for knowledge bases". Pictures, which Amazon's own parser passes over, are read where a model is installed for it.
 */
final class Parsing {
    private static final Logger LOG = LoggerFactory.getLogger(Parsing.class);

    /** The longest text that is cut by its meaning. */
    private static final int LONGEST_SEMANTIC = 1_000_000;

    private final DocumentParser parser = new DocumentParser(Limits.KNOWLEDGE_BASE);
    private final Embeddings embeddings;
    private final ModelParsing models;
    private final Pictures pictures;

    Parsing(Embeddings embeddings, ModelParsing models, Pictures pictures) {
        this.embeddings = embeddings;
        this.models = models;
        this.pictures = pictures;
    }

    /**
     * The chunks of a file.
     *
     * @throws DocumentFailure if it has none because it cannot be read
     */
    List<Piece> pieces(
            KnowledgeBase base, DataSource source, FoundDocument found, byte[] content, Attributes attributes) {
        Optional<FileFormat> format = format(found);
        Optional<VectorIngestionConfiguration> configuration =
                Optional.ofNullable(source.vectorIngestionConfiguration());
        Chunking chunking = configuration
                .map(VectorIngestionConfiguration::chunkingConfiguration)
                .map(wanted -> chunking(base, found, wanted))
                .orElse(Chunking.FixedSize.DEFAULT);
        if (attributes.records().isPresent() && format.equals(Optional.of(FileFormat.CSV))) {
            return rows(attributes.records().get(), content, chunking);
        }
        Document parsed = parsed(content, format);
        Optional<ParsingConfiguration> byModel = configuration.map(VectorIngestionConfiguration::parsingConfiguration);
        Document document = byModel.isPresent()
                ? models.read(base, parsed, byModel.get().bedrockFoundationModelConfiguration(), found.identifier())
                : parsed;
        if (chunking instanceof Chunking.Semantic && document.text().length() > LONGEST_SEMANTIC) {
            throw DocumentFailure.failed(
                    "File body text exceeds size limit of " + LONGEST_SEMANTIC + " for semantic chunking.");
        }
        return chunked(document, chunking);
    }

    /** The format of a file; none of a picture. */
    private static Optional<FileFormat> format(FoundDocument found) {
        Optional<FileFormat> byType =
                found.mediaType().isEmpty() ? Optional.empty() : FileFormat.ofMediaType(found.mediaType());
        Optional<FileFormat> format = byType.or(() -> FileFormat.ofName(found.name()));
        if (format.isEmpty() && !Pictures.isPicture(found)) {
            throw DocumentFailure.ignored("Ignored 1 files as their file format was not supported");
        }
        return format;
    }

    private Document parsed(byte[] content, Optional<FileFormat> format) {
        try {
            return format.isPresent() ? parsed(content, format.get()) : parser.parse(pictures.read(content, _ -> true));
        } catch (DocumentException unreadable) {
            throw DocumentFailure.failed(unreadable.getMessage() + ".");
        }
    }

    /**
     * A document whose pages are pictures in part. Where there is text beside them, a document is better without them than
     * not there at all.
     */
    private Document parsed(byte[] content, FileFormat format) {
        Document document = parser.parse(content, format);
        List<Integer> unread = document.pictures();
        if (unread.isEmpty()) {
            return document;
        }
        try {
            return parser.parse(content, format, pictures.read(content, unread::contains));
        } catch (DocumentFailure unreadable) {
            if (document.blocks().isEmpty()) {
                throw unreadable;
            }
            LOG.warn("pages {} of a document are pictures and were left out: {}", unread, unreadable.getMessage());
            return document;
        }
    }

    private static List<Piece> chunked(Document document, Chunking chunking) {
        List<Piece> pieces = new ArrayList<>();
        for (Chunk chunk : chunking.chunks(document)) {
            if (!chunk.text().isBlank()) {
                pieces.add(new Piece(
                        chunk.text(),
                        chunk.firstPage() > 0 ? OptionalInt.of(chunk.firstPage()) : OptionalInt.empty(),
                        chunk.parent() >= 0 ? Optional.of(chunk.parentText()) : Optional.empty(),
                        chunk.parent(),
                        Map.of()));
            }
        }
        return pieces;
    }

    private Chunking chunking(KnowledgeBase base, FoundDocument found, ChunkingConfiguration wanted) {
        return switch (wanted.chunkingStrategy()) {
            case FIXED_SIZE -> {
                FixedSizeChunkingConfiguration fixed = wanted.fixedSizeChunkingConfiguration();
                yield new Chunking.FixedSize(fixed.maxTokens(), fixed.overlapPercentage());
            }
            case HIERARCHICAL -> {
                HierarchicalChunkingConfiguration layers = wanted.hierarchicalChunkingConfiguration();
                yield new Chunking.Hierarchical(
                        layers.levelConfigurations().getFirst().maxTokens(),
                        layers.levelConfigurations().getLast().maxTokens(),
                        layers.overlapTokens());
            }
            case SEMANTIC -> {
                SemanticChunkingConfiguration semantic = wanted.semanticChunkingConfiguration();
                yield new Chunking.Semantic(
                        semantic.maxTokens(),
                        semantic.bufferSize(),
                        semantic.breakpointPercentileThreshold(),
                        texts -> Indexing.invoked(() -> embeddings.ofDocuments(base, texts), found.identifier()));
            }
            default -> new Chunking.None();
        };
    }

    /** Each row is a document of its own: one column its text, others its metadata. */
    private static List<Piece> rows(Attributes.RecordStructure structure, byte[] content, Chunking chunking) {
        List<List<String>> rows = CsvRows.read(content);
        if (rows.isEmpty()) {
            return List.of();
        }
        List<String> header = rows.getFirst();
        int text = header.indexOf(structure.content());
        boolean known = header.containsAll(structure.included()) && header.containsAll(structure.excluded());
        if (text < 0 || !known) {
            throw DocumentFailure.invalidMetadata();
        }
        List<Piece> pieces = new ArrayList<>();
        for (List<String> row : rows.subList(1, rows.size())) {
            if (row.size() != header.size()) {
                throw DocumentFailure.failed("The row " + (rows.indexOf(row) + 1) + " of the file has " + row.size()
                        + " fields, but its header has " + header.size() + ".");
            }
            Map<String, MetadataValue> attributes = columns(structure, header, row);
            Document document = new Document(List.of(new Block.Paragraph(row.get(text), 0)), 0, List.of());
            int parents = pieces.size();
            for (Piece piece : chunked(document, chunking)) {
                pieces.add(new Piece(
                        piece.text(), piece.page(), piece.parentText(), parents + piece.parent(), attributes));
            }
        }
        return pieces;
    }

    private static Map<String, MetadataValue> columns(
            Attributes.RecordStructure structure, List<String> header, List<String> row) {
        Map<String, MetadataValue> attributes = new LinkedHashMap<>();
        for (int column = 0; column < header.size(); column++) {
            String name = header.get(column);
            boolean wanted =
                    structure.included().isEmpty() || structure.included().contains(name);
            if (wanted && !structure.excluded().contains(name) && !name.equals(structure.content())) {
                attributes.put(name, MetadataValue.of(row.get(column)));
            }
        }
        return attributes;
    }
}
