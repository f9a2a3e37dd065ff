package dev.outcrop.engines.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.poi.hslf.usermodel.HSLFSlideShow;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xslf.usermodel.XSLFSlide;
import org.apache.poi.xslf.usermodel.XSLFTextBox;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;

/** Small files of each format. */
final class Samples {
    private static final String WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    private Samples() {}

    static byte[] of(FileFormat format) throws IOException {
        return switch (format) {
            case PDF ->
                Printed.pages(1)
                        .bold(1, 72, 80, 20, "Stones")
                        .lines(1, 72, 110, "Slate costs four crowns.")
                        .bytes();
            case DOCX -> docx();
            case XLSX -> sheet(new XSSFWorkbook());
            case XLS -> sheet(new HSSFWorkbook());
            case PPTX -> slides();
            case PPT -> oldSlides();
            case DOC -> doc();
            case HTML ->
                "<html><body><h1>Stones</h1><p>Slate costs <b>four</b> crowns.</p><table><tr><td>a<td>b</table></body></html>"
                        .getBytes(StandardCharsets.UTF_8);
            case MARKDOWN ->
                "# Stones\n\nSlate costs four crowns.\n\n|a|b|\n|-|-|\n|c|d|\n".getBytes(StandardCharsets.UTF_8);
            case CSV -> "stone,price\nslate,\"4,50\"\n".getBytes(StandardCharsets.UTF_8);
            case TEXT -> "Slate costs four crowns.\n\nGranite costs nine.".getBytes(StandardCharsets.UTF_8);
        };
    }

    private static byte[] sheet(Workbook workbook) throws IOException {
        try (workbook;
                ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            Sheet sheet = workbook.createSheet("Prices");
            String[][] cells = {{"stone", "price"}, {"slate", "4.5"}};
            for (int i = 0; i < cells.length; i++) {
                Row row = sheet.createRow(i);
                row.createCell(0).setCellValue(cells[i][0]);
                if (i == 0) {
                    row.createCell(1).setCellValue(cells[i][1]);
                } else {
                    row.createCell(1).setCellValue(Double.parseDouble(cells[i][1]));
                }
            }
            workbook.write(bytes);
            return bytes.toByteArray();
        }
    }

    private static byte[] slides() throws IOException {
        try (XMLSlideShow show = new XMLSlideShow();
                ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            for (String text : new String[] {"Slate costs four crowns.", "Granite costs nine."}) {
                XSLFSlide slide = show.createSlide();
                XSLFTextBox box = slide.createTextBox();
                box.setText(text);
            }
            show.write(bytes);
            return bytes.toByteArray();
        }
    }

    private static byte[] oldSlides() throws IOException {
        try (HSLFSlideShow show = new HSLFSlideShow();
                ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            show.createSlide().addTitle().setText("Slate costs four crowns.");
            show.write(bytes);
            return bytes.toByteArray();
        }
    }

    /** No library writes the format: a compound file with nothing of Word in it. */
    private static byte[] doc() throws IOException {
        try (var files = new org.apache.poi.poifs.filesystem.POIFSFileSystem();
                ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            files.createDocument(new java.io.ByteArrayInputStream(new byte[5000]), "WordDocument");
            files.writeFilesystem(bytes);
            return bytes.toByteArray();
        }
    }

    static byte[] docx() throws IOException {
        return docxBody(
                "<w:p><w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr><w:r><w:t>Stones</w:t></w:r></w:p>"
                        + "<w:p><w:r><w:t>Slate costs four crowns.</w:t></w:r></w:p>"
                        + "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>stone</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>price</w:t></w:r>"
                        + "</w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>granite</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>nine"
                        + "</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
                "");
    }

    static byte[] docxOf(String text) throws IOException {
        return docxBody("<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>", "");
    }

    static byte[] docxWith(String prologue, String text) throws IOException {
        return docxBody("<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>", prologue);
    }

    private static byte[] docxBody(String body, String prologue) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String types = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
        String relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            entry(zip, "[Content_Types].xml", """
                    <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
                    <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
                    <Override PartName="/word/document.xml" ContentType="%sdocument.main+xml"/>
                    <Override PartName="/word/styles.xml" ContentType="%sstyles+xml"/>
                    </Types>""".formatted(types, types));
            entry(zip, "_rels/.rels", """
                    <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
                    <Relationship Id="r1" Type="%s/officeDocument" Target="word/document.xml"/>
                    </Relationships>""".formatted(relations));
            entry(zip, "word/_rels/document.xml.rels", """
                    <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
                    <Relationship Id="r1" Type="%s/styles" Target="styles.xml"/>
                    </Relationships>""".formatted(relations));
            entry(zip, "word/styles.xml", """
                    <w:styles xmlns:w="%s"><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>
                    </w:style></w:styles>""".formatted(WORD));
            entry(
                    zip,
                    "word/document.xml",
                    prologue + "<w:document xmlns:w=\"" + WORD + "\"><w:body>" + body + "</w:body></w:document>");
        }
        return bytes.toByteArray();
    }

    private static void entry(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
