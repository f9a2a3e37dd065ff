package dev.outcrop.engines.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.documents.Block.Heading;
import dev.outcrop.engines.documents.Block.Item;
import dev.outcrop.engines.documents.Block.Listing;
import dev.outcrop.engines.documents.Block.Paragraph;
import dev.outcrop.engines.documents.Block.Preformatted;
import dev.outcrop.engines.documents.Block.Table;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatsTest {
    private final DocumentParser parser = new DocumentParser(Limits.KNOWLEDGE_BASE);

    private Document read(FileFormat format, String text) {
        return parser.parse(text.getBytes(StandardCharsets.UTF_8), format);
    }

    @Test
    void readsWordWithHeadingsAndTables() throws IOException {
        assertThat(parser.parse(Samples.docx(), FileFormat.DOCX).blocks())
                .containsExactly(
                        new Heading(1, "Stones", 0),
                        new Paragraph("Slate costs four crowns.", 0),
                        new Table(List.of(List.of("stone", "price"), List.of("granite", "nine")), 0));
    }

    @Test
    void readsSheetsOfBothFormats() throws IOException {
        for (FileFormat format : List.of(FileFormat.XLSX, FileFormat.XLS)) {
            assertThat(parser.parse(Samples.of(format), format).blocks())
                    .containsExactly(
                            new Heading(1, "Prices", 0),
                            new Table(List.of(List.of("stone", "price"), List.of("slate", "4.5")), 0));
        }
    }

    @Test
    void readsSlidesAsPages() throws IOException {
        Document slides = parser.parse(Samples.of(FileFormat.PPTX), FileFormat.PPTX);

        assertThat(slides.pages()).isEqualTo(2);
        assertThat(slides.blocks())
                .contains(new Paragraph("Slate costs four crowns.", 1), new Paragraph("Granite costs nine.", 2));
        assertThat(parser.parse(Samples.of(FileFormat.PPT), FileFormat.PPT).text())
                .contains("Slate costs four crowns.");
    }

    @Test
    void readsTheMainContentOfHtml() {
        Document document = read(FileFormat.HTML, """
                <html><head><title>Prices</title><script>alert(1)</script></head><body>
                <nav><a href="/">Home</a></nav><header>Our company</header>
                <main><h1>Slate</h1><p>costs <b>four</b> crowns.<br>Or five.</p>
                <ul><li>thin</li><li>black<ol><li>deep</li></ol></li></ul>
                <pre>a  b
                c</pre>
                <table><thead><tr><th>stone</th><th>price</th></tr></thead>
                <tbody><tr><td><p>slate</p></td><td>4</td></tr><tr><td colspan="2">sold</td></tr></tbody></table>
                <p hidden>secret</p></main><footer>Imprint</footer></body></html>""");

        assertThat(document.blocks())
                .containsExactly(
                        new Heading(1, "Slate", 0),
                        new Paragraph("costs four crowns. Or five.", 0),
                        new Listing(
                                List.of(new Item(0, "-", "thin"), new Item(0, "-", "black"), new Item(1, "1.", "deep")),
                                0),
                        new Preformatted("a  b\nc", 0),
                        new Table(List.of(List.of("stone", "price"), List.of("slate", "4"), List.of("sold", "")), 0));
    }

    @Test
    void readsTheBlocksOfMarkdown() {
        Document document = read(FileFormat.MARKDOWN, """
                Stones
                ======
                Slate is *thin*
                and black.

                ## Kinds ##
                - slate
                  of Wales
                * granite
                    1) pink

                ```java
                # no heading
                ```
                a | b
                --|--
                c \\| d | e

                ---
                The end.""");

        assertThat(document.blocks())
                .containsExactly(
                        new Heading(1, "Stones", 0),
                        new Paragraph("Slate is *thin*\nand black.", 0),
                        new Heading(2, "Kinds", 0),
                        new Listing(
                                List.of(
                                        new Item(0, "-", "slate of Wales"),
                                        new Item(0, "-", "granite"),
                                        new Item(2, "1)", "pink")),
                                0),
                        new Preformatted("# no heading", 0),
                        new Table(List.of(List.of("a", "b"), List.of("c | d", "e")), 0),
                        new Paragraph("The end.", 0));
    }

    @ParameterizedTest
    @CsvSource({"','", "';'", "'|'", "'\t'"})
    void readsValuesWithWhateverPartsThem(String separator) {
        Document document = read(
                FileFormat.CSV,
                "stone,price,note\nslate,4,\"a \"\"b\"\"\nc\"\r\n\n\ngranite,9".replace(",", separator));

        assertThat(document.blocks())
                .containsExactly(new Table(
                        List.of(
                                List.of("stone", "price", "note"),
                                List.of("slate", "4", "a \"b\"\nc"),
                                List.of("granite", "9", "")),
                        0));
        assertThat(document.markdown()).contains("| slate | 4 | a \"b\" c |");
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1252, 'København costs 4€, and Århus is cheaper than that, as everybody in Odense says.'",
        "windows-1251, 'Сланец стоит четыре кроны, а гранит стоит девять крон за каждый метр камня в городе.'",
        "Shift_JIS, 'スレートは四クローネで、花崗岩は九クローネです。石の値段は毎年変わります。屋根に使われます。'",
        "UTF-16LE, 'Slate'",
        "UTF-8, 'K\u00f8benhavn 4\u20ac'"
    })
    void readsTextInItsEncoding(String charset, String text) {
        byte[] bytes = (charset.startsWith("UTF-16") ? "\uFEFF" + text : text).getBytes(Charset.forName(charset));

        assertThat(parser.parse(bytes, FileFormat.TEXT).text()).isEqualTo(text);
    }

    @Test
    void partsTextAtBlankLines() {
        assertThat(read(FileFormat.TEXT, "One\ntwo.\r\n \r\nThree.\n\n\n").blocks())
                .containsExactly(new Paragraph("One\ntwo.", 0), new Paragraph("Three.", 0));
    }

    @Test
    void knowsFormatsByNameAndMediaType() {
        assertThat(FileFormat.ofName("a/B.PDF")).contains(FileFormat.PDF);
        assertThat(FileFormat.ofName("pdf")).isEmpty();
        assertThat(FileFormat.ofMediaType("Text/HTML; charset=utf-8")).contains(FileFormat.HTML);
        assertThat(FileFormat.ofMediaType("image/png")).isEmpty();
    }
}
