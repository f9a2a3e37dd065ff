package dev.outcrop.services.textract;

import dev.outcrop.engines.ocr.Page;
import dev.outcrop.engines.pages.IdentityField;
import dev.outcrop.engines.pages.IdentityPapers;
import dev.outcrop.engines.pages.Sheet;
import java.time.LocalDate;
import java.util.List;
import software.amazon.awssdk.services.textract.model.AnalyzeIDDetections;
import software.amazon.awssdk.services.textract.model.IdentityDocument;
import software.amazon.awssdk.services.textract.model.IdentityDocumentField;
import software.amazon.awssdk.services.textract.model.ValueType;

/** What AnalyzeID tells of a page. Source: "Identity Documentation Response Objects", Amazon Textract Developer Guide. */
final class IdentityAnswers {
    private IdentityAnswers() {}

    /** The identity paper that a page is. */
    static IdentityDocument of(Page page, int index, LocalDate today) {
        List<IdentityDocumentField> fields = IdentityPapers.read(Sheet.of(page), today).stream()
                .map(IdentityAnswers::field)
                .toList();
        return IdentityDocument.builder()
                .documentIndex(index)
                .identityDocumentFields(fields)
                .blocks(new BlockList(page).all())
                .build();
    }

    private static IdentityDocumentField field(IdentityField field) {
        AnalyzeIDDetections.Builder value =
                AnalyzeIDDetections.builder().text(field.text()).confidence((float) (100 * field.confidence()));
        field.date()
                .ifPresent(date -> value.normalizedValue(
                        normal -> normal.value(date.atStartOfDay() + ":00").valueType(ValueType.DATE)));
        return IdentityDocumentField.builder()
                .type(type -> type.text(field.type()))
                .valueDetection(value.build())
                .build();
    }
}
