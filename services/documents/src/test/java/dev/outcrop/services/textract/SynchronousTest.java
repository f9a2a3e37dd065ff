package dev.outcrop.services.textract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.pages.generated.Canvas;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.textract.TextractClient;
import software.amazon.awssdk.services.textract.model.AnalyzeDocumentResponse;
import software.amazon.awssdk.services.textract.model.AnalyzeExpenseResponse;
import software.amazon.awssdk.services.textract.model.AnalyzeIdResponse;
import software.amazon.awssdk.services.textract.model.BadDocumentException;
import software.amazon.awssdk.services.textract.model.Block;
import software.amazon.awssdk.services.textract.model.BlockType;
import software.amazon.awssdk.services.textract.model.Document;
import software.amazon.awssdk.services.textract.model.EntityType;
import software.amazon.awssdk.services.textract.model.ExpenseField;
import software.amazon.awssdk.services.textract.model.FeatureType;
import software.amazon.awssdk.services.textract.model.InvalidParameterException;
import software.amazon.awssdk.services.textract.model.InvalidS3ObjectException;
import software.amazon.awssdk.services.textract.model.Query;
import software.amazon.awssdk.services.textract.model.Relationship;
import software.amazon.awssdk.services.textract.model.RelationshipType;
import software.amazon.awssdk.services.textract.model.SelectionStatus;
import software.amazon.awssdk.services.textract.model.TextractException;
import software.amazon.awssdk.services.textract.model.UnsupportedDocumentException;

class SynchronousTest {
    @TempDir
    private Path path;

    private TextractHouse house;
    private TextractClient textract;

    @BeforeEach
    void open() {
        house = new TextractHouse(path);
        textract = house.textract();
    }

    @AfterEach
    void close() {
        house.close();
    }

    private List<Block> analyzed(byte[] document, FeatureType... features) {
        return textract.analyzeDocument(request -> request.document(of -> of.bytes(SdkBytes.fromByteArray(document)))
                        .featureTypes(features))
                .blocks();
    }

    private static List<Block> of(List<Block> blocks, BlockType type) {
        return blocks.stream().filter(block -> block.blockType() == type).toList();
    }

    private static List<String> related(Block block, RelationshipType type) {
        return block.relationships().stream()
                .filter(relationship -> relationship.type() == type)
                .flatMap((Relationship relationship) -> relationship.ids().stream())
                .toList();
    }

    /** The text of a block's words. */
    private static String text(List<Block> blocks, Block block) {
        Map<String, Block> byId = blocks.stream().collect(Collectors.toMap(Block::id, Function.identity()));
        List<String> words = new ArrayList<>();
        for (String id : related(block, RelationshipType.CHILD)) {
            Block child = byId.get(id);
            words.add(
                    child.blockType() == BlockType.SELECTION_ELEMENT
                            ? child.selectionStatusAsString()
                            : child.text() == null ? text(blocks, child) : child.text());
        }
        return String.join(" ", words);
    }

    @Test
    void textIsLinesOfWordsOnAPage() {
        List<Block> blocks = textract.detectDocumentText(
                        request -> request.document(of -> of.bytes(SdkBytes.fromByteArray(SamplePages.letter(1)))))
                .blocks();

        assertThat(blocks.getFirst().blockType()).isEqualTo(BlockType.PAGE);
        assertThat(of(blocks, BlockType.LINE))
                .extracting(Block::text)
                .containsExactly("Dear reader, this is page 1 of a letter.", "It has two lines.");
        assertThat(related(blocks.getFirst(), RelationshipType.CHILD))
                .isEqualTo(of(blocks, BlockType.LINE).stream().map(Block::id).toList());
        assertThat(text(blocks, of(blocks, BlockType.LINE).getLast())).isEqualTo("It has two lines.");
        assertThat(blocks).allSatisfy(block -> {
            assertThat(block.geometry().boundingBox().left()).isBetween(0f, 1f);
            assertThat(block.geometry().polygon()).hasSize(4);
            assertThat(block.page()).isEqualTo(1);
        });
    }

    @Test
    void formsAreKeysWithValuesAndBoxesToTick() {
        List<Block> blocks = analyzed(SamplePages.form(), FeatureType.FORMS);

        Map<String, Block> byId = blocks.stream().collect(Collectors.toMap(Block::id, Function.identity()));
        Map<String, String> pairs = of(blocks, BlockType.KEY_VALUE_SET).stream()
                .filter(block -> block.entityTypes().contains(EntityType.KEY))
                .collect(Collectors.toMap(
                        key -> text(blocks, key),
                        key -> text(
                                blocks,
                                byId.get(related(key, RelationshipType.VALUE).getFirst()))));
        assertThat(pairs)
                .containsEntry("Full name:", "Juan Perez")
                .containsEntry("Date of birth:", "05/23/1981")
                .containsEntry("Resident", "SELECTED")
                .containsEntry("Student", "NOT_SELECTED");
        assertThat(of(blocks, BlockType.SELECTION_ELEMENT))
                .extracting(Block::selectionStatus)
                .containsExactlyInAnyOrder(SelectionStatus.SELECTED, SelectionStatus.NOT_SELECTED);
        assertThat(of(blocks, BlockType.TABLE)).isEmpty();
    }

    @Test
    void tablesAreCellsWithHeadersTitlesAndMergedCells() {
        List<Block> blocks = analyzed(SamplePages.form(), FeatureType.TABLES);

        Block table = of(blocks, BlockType.TABLE).getFirst();
        assertThat(of(blocks, BlockType.CELL)).hasSize(12);
        assertThat(of(blocks, BlockType.CELL).stream()
                        .filter(cell -> cell.entityTypes().contains(EntityType.COLUMN_HEADER))
                        .map(Block::rowIndex)
                        .distinct())
                .containsExactly(1, 2);
        assertThat(of(blocks, BlockType.MERGED_CELL))
                .extracting(cell -> cell.rowSpan() + "x" + cell.columnSpan() + " "
                        + text(blocks, cell).strip())
                .containsExactlyInAnyOrder("2x1 Year", "1x2 Fees");
        assertThat(related(table, RelationshipType.MERGED_CELL)).hasSize(2);
        assertThat(text(blocks, of(blocks, BlockType.TABLE_TITLE).getFirst()))
                .isEqualTo("Table 1. Fees of the last years");
        assertThat(table.entityTypes()).containsExactly(EntityType.STRUCTURED_TABLE);
    }

    @Test
    void queriesAreAnsweredUnderTheirAliases() {
        AnalyzeDocumentResponse response = textract.analyzeDocument(request -> request.document(
                        of -> of.bytes(SdkBytes.fromByteArray(SamplePages.form())))
                .featureTypes(FeatureType.QUERIES)
                .queriesConfig(config -> config.queries(
                        Query.builder()
                                .text("What is the date of birth?")
                                .alias("BIRTH")
                                .build(),
                        Query.builder().text("What is the blood pressure?").build())));

        List<Block> asked = of(response.blocks(), BlockType.QUERY);
        assertThat(asked.getFirst().query().alias()).isEqualTo("BIRTH");
        assertThat(related(asked.getFirst(), RelationshipType.ANSWER))
                .containsExactly(
                        of(response.blocks(), BlockType.QUERY_RESULT).getFirst().id());
        assertThat(of(response.blocks(), BlockType.QUERY_RESULT))
                .extracting(Block::text)
                .containsExactly("05/23/1981");
        assertThat(asked.getLast().relationships()).isEmpty();
    }

    @Test
    void layoutIsReadInOrder() {
        List<Block> blocks = analyzed(SamplePages.form(), FeatureType.LAYOUT);

        assertThat(blocks.stream().map(Block::blockTypeAsString).filter(type -> type.startsWith("LAYOUT_")))
                .startsWith("LAYOUT_TITLE", "LAYOUT_KEY_VALUE")
                .endsWith("LAYOUT_TABLE");
    }

    @Test
    void expensesAreFieldsAndLineItems() {
        AnalyzeExpenseResponse response = textract.analyzeExpense(
                request -> request.document(of -> of.bytes(SdkBytes.fromByteArray(SamplePages.invoice()))));

        List<ExpenseField> summary = response.expenseDocuments().getFirst().summaryFields();
        assertThat(summary)
                .extracting(field ->
                        field.type().text() + "=" + field.valueDetection().text())
                .contains(
                        "VENDOR_NAME=Northwind Tools",
                        "INVOICE_RECEIPT_ID=NT-20417",
                        "INVOICE_RECEIPT_DATE=03/14/2026",
                        "DUE_DATE=04/13/2026",
                        "RECEIVER_NAME=Ada Byron",
                        "SUBTOTAL=$59.00",
                        "TAX=$4.72",
                        "TOTAL=$63.72");
        assertThat(summary.stream()
                        .filter(field -> field.type().text().equals("TOTAL"))
                        .map(field -> field.currency().code()))
                .containsExactly("USD");
        assertThat(response.expenseDocuments()
                        .getFirst()
                        .lineItemGroups()
                        .getFirst()
                        .lineItems())
                .hasSize(3)
                .first()
                .satisfies(item -> assertThat(item.lineItemExpenseFields())
                        .extracting(field -> field.type().text() + "="
                                + field.valueDetection().text())
                        .contains(
                                "ITEM=Claw hammer",
                                "QUANTITY=2",
                                "UNIT_PRICE=$18.50",
                                "PRICE=$37.00",
                                "EXPENSE_ROW=Claw hammer 2 $18.50 $37.00"));
    }

    private Map<String, String> paper(byte[] document) {
        AnalyzeIdResponse response = textract.analyzeID(request -> request.documentPages(
                Document.builder().bytes(SdkBytes.fromByteArray(document)).build()));
        return response.identityDocuments().getFirst().identityDocumentFields().stream()
                .collect(Collectors.toMap(
                        field -> field.type().text(),
                        field -> field.valueDetection().normalizedValue() == null
                                ? field.valueDetection().text()
                                : field.valueDetection().normalizedValue().value()));
    }

    @Test
    void passportsAreReadByTheirMachineReadableZone() {
        assertThat(paper(SamplePages.passport()))
                .containsEntry("FIRST_NAME", "ANNA")
                .containsEntry("MIDDLE_NAME", "MARIA")
                .containsEntry("LAST_NAME", "ERIKSSON")
                .containsEntry("DOCUMENT_NUMBER", "L898902C3")
                .containsEntry("DATE_OF_BIRTH", "1974-08-12T00:00:00")
                .containsEntry("EXPIRATION_DATE", "2012-04-15T00:00:00")
                .containsEntry("PLACE_OF_BIRTH", "ZENITH")
                .containsEntry("ID_TYPE", "PASSPORT")
                .containsEntry("CLASS", "");
    }

    @Test
    void drivingLicencesAreReadByTheirLabels() {
        assertThat(paper(SamplePages.licence()))
                .containsEntry("FIRST_NAME", "MARIA")
                .containsEntry("MIDDLE_NAME", "ELENA")
                .containsEntry("LAST_NAME", "GARCIA")
                .containsEntry("DOCUMENT_NUMBER", "S99988801")
                .containsEntry("DATE_OF_BIRTH", "2001-03-18T00:00:00")
                .containsEntry("EXPIRATION_DATE", "2028-01-20T00:00:00")
                .containsEntry("DATE_OF_ISSUE", "2018-03-18T00:00:00")
                .containsEntry("CLASS", "D")
                .containsEntry("ADDRESS", "100 MARKET STREET\nBIGTOWN, MA 02801")
                .containsEntry("ZIP_CODE_IN_ADDRESS", "02801")
                .containsEntry("STATE_NAME", "MASSACHUSETTS")
                .containsEntry("ID_TYPE", "DRIVER LICENSE FRONT");
    }

    private void refused(byte[] document, Class<? extends TextractException> failure) {
        assertThatThrownBy(() -> textract.detectDocumentText(
                        request -> request.document(of -> of.bytes(SdkBytes.fromByteArray(document)))))
                .isInstanceOf(failure);
    }

    @Test
    void documentsThatCannotBeReadAreRefusedAsByAws() {
        byte[] pdf = SamplePages.letter(1);

        refused("no document at all".getBytes(UTF_8), UnsupportedDocumentException.class);
        refused(SamplePages.letter(2), UnsupportedDocumentException.class);
        refused(java.util.Arrays.copyOf(pdf, 40), BadDocumentException.class);
        assertThatThrownBy(() -> textract.detectDocumentText(request -> request.document(
                        of -> of.s3Object(object -> object.bucket("nowhere").name("missing.pdf")))))
                .isInstanceOf(InvalidS3ObjectException.class)
                .hasMessageContaining("Unable to get object metadata from S3.");
        assertThatThrownBy(() -> textract.detectDocumentText(request -> request.document(of -> {})))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Request has invalid parameters");
        assertThatThrownBy(() -> analyzed(pdf, FeatureType.QUERIES)).isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void imagesWithoutAModelAreRefusedWithTheModelsOwnWords() {
        byte[] png = Canvas.png(SamplePages.letter(1), 72);

        assertThatThrownBy(() -> textract.detectDocumentText(
                        request -> request.document(of -> of.bytes(SdkBytes.fromByteArray(png)))))
                .hasMessageContaining("no model is installed here");
    }

    @Test
    void documentsOfOthersAreNotRead() {
        house.put("letters", "letter.pdf", SamplePages.letter(1));

        assertThatThrownBy(() -> house.client(TextractClient.class, TextractHouse.STRANGER)
                        .detectDocumentText(request -> request.document(of ->
                                of.s3Object(object -> object.bucket("letters").name("letter.pdf")))))
                .isInstanceOf(InvalidS3ObjectException.class);
        assertThat(textract.detectDocumentText(request -> request.document(of ->
                                of.s3Object(object -> object.bucket("letters").name("letter.pdf"))))
                        .blocks())
                .isNotEmpty();
    }

    @Test
    void damagedDocumentsAreReadOrRefused() {
        byte[] form = SamplePages.form();
        java.util.Random random = new java.util.Random(42);
        for (int i = 0; i < 40; i++) {
            byte[] damaged = form.clone();
            for (int change = random.nextInt(12); change >= 0; change--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            byte[] document =
                    i % 3 == 0 ? java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length) + 1) : damaged;
            try {
                assertThat(analyzed(document, FeatureType.TABLES, FeatureType.FORMS, FeatureType.LAYOUT))
                        .isNotEmpty();
            } catch (TextractException refusal) {
                assertThat(refusal.statusCode()).as(refusal.getMessage()).isEqualTo(400);
            }
        }
    }

    @Test
    void reviewsByPeopleAreCheckedAndNotBegun() {
        AnalyzeDocumentResponse response = textract.analyzeDocument(
                request -> request.document(of -> of.bytes(SdkBytes.fromByteArray(SamplePages.form())))
                        .featureTypes(FeatureType.FORMS)
                        .humanLoopConfig(loop -> loop.humanLoopName("review")
                                .flowDefinitionArn("arn:aws:sagemaker:us-east-1:111111111111:flow-definition/forms")));

        assertThat(response.humanLoopActivationOutput()).isNull();
        assertThatThrownBy(() -> textract.analyzeDocument(request -> request.document(
                                of -> of.bytes(SdkBytes.fromByteArray(SamplePages.form())))
                        .featureTypes(FeatureType.FORMS)
                        .humanLoopConfig(loop -> loop.humanLoopName("review").flowDefinitionArn("no ARN"))))
                .isInstanceOf(InvalidParameterException.class);
    }
}
