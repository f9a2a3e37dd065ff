package dev.outcrop.services.bedrockagent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.documents.Block;
import dev.outcrop.engines.documents.Document;
import dev.outcrop.engines.documents.DocumentParser;
import dev.outcrop.engines.documents.FileFormat;
import dev.outcrop.engines.documents.Limits;
import dev.outcrop.kernel.Clients;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.bedrockagent.model.BedrockFoundationModelConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;

/**
 * Has a foundation model write a document down page by page, as the role of the knowledge base. The model is given what the
 * parser has read of a page, tables as Markdown; it is not shown the page, so that pictures are not read. A document
 * without pages is given to it in pieces of about three thousand words.
 */
final class ModelParsing {
    private static final String USUAL_PROMPT = "Transcribe the text content of this page and output it in Markdown."
            + " Keep headings, lists and tables, and the order in which the page is read. Do not add, leave out or"
            + " summarize anything. Output only the Markdown.";
    private static final int LONGEST_PIECE = 16_000;

    private final Supplier<Clients> clients;
    private final DocumentParser markdown = new DocumentParser(Limits.KNOWLEDGE_BASE);

    ModelParsing(Supplier<Clients> clients) {
        this.clients = clients;
    }

    /** The document as a model writes it down, with the pages that it had. */
    Document read(
            KnowledgeBase base,
            Document document,
            BedrockFoundationModelConfiguration configuration,
            String identifier) {
        SortedMap<Integer, List<Block>> pages = document.blocks().stream()
                .collect(Collectors.groupingBy(Block::page, TreeMap::new, Collectors.toList()));
        List<Block> blocks = new ArrayList<>();
        pages.forEach((page, read) -> {
            for (String piece : pieces(read)) {
                String written = Indexing.invoked(() -> ask(base, configuration, piece), identifier);
                blocks.addAll(blocks(written, page));
            }
        });
        return new Document(blocks, document.pages(), document.warnings());
    }

    private static List<String> pieces(List<Block> blocks) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (Block block : blocks) {
            String text = block.markdown();
            if (!piece.isEmpty() && piece.length() + text.length() > LONGEST_PIECE) {
                pieces.add(piece.toString());
                piece.setLength(0);
            }
            piece.append(piece.isEmpty() ? "" : "\n\n").append(text);
        }
        if (!piece.isEmpty()) {
            pieces.add(piece.toString());
        }
        return pieces;
    }

    private String ask(KnowledgeBase base, BedrockFoundationModelConfiguration configuration, String piece) {
        String prompt = Optional.ofNullable(configuration.parsingPrompt())
                .map(given -> given.parsingPromptText())
                .orElse(USUAL_PROMPT);
        SystemContentBlock system = SystemContentBlock.fromText(prompt);
        Message message = Message.builder()
                .role(ConversationRole.USER)
                .content(ContentBlock.fromText(piece))
                .build();
        ConverseResponse answer = new BaseRole(clients, base)
                .call(
                        BedrockRuntimeClient.class,
                        runtime -> runtime.converse(
                                request -> request.modelId(EmbeddingModels.invoked(configuration.modelArn()))
                                        .inferenceConfig(inference -> inference.temperature(0f))
                                        .system(system)
                                        .messages(message)));
        return answer.output().message().content().stream()
                .filter(block -> block.text() != null)
                .map(ContentBlock::text)
                .collect(Collectors.joining("\n"));
    }

    private List<Block> blocks(String written, int page) {
        byte[] text = written.getBytes(UTF_8);
        return markdown.parse(text, FileFormat.MARKDOWN).blocks().stream()
                .map(block -> on(block, page))
                .toList();
    }

    private static Block on(Block block, int page) {
        return switch (block) {
            case Block.Heading heading -> new Block.Heading(heading.level(), heading.text(), page);
            case Block.Paragraph paragraph -> new Block.Paragraph(paragraph.text(), page);
            case Block.Preformatted code -> new Block.Preformatted(code.text(), page);
            case Block.Listing list -> new Block.Listing(list.items(), page);
            case Block.Table table -> new Block.Table(table.rows(), page);
        };
    }
}
