package dev.outcrop.engines.documents;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.Elements;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;
import org.xml.sax.helpers.AttributesImpl;

/**
 * Reads the main content of HTML: without navigation, headers and footers of the page, forms, scripts and what is hidden; of
 * the {@code main} element or the only {@code article}, where that holds a good part of the text.
 */
final class HtmlReader {
    private static final String ASIDE = "script, style, noscript, template, nav, aside, iframe, svg, button, select,"
            + " [hidden], [aria-hidden=true], [role=navigation], [role=banner], [role=contentinfo], [role=search],"
            + " [role=complementary], body > header, body > footer, body > div > header, body > div > footer";
    private static final double GOOD_PART = 0.25;
    /** Pages of the web nest deeper than documents, and are walked without recursion. */
    private static final int TIMES_DEPTH = 5;

    private HtmlReader() {}

    static Document read(byte[] file, Limits limits, Deadline deadline) throws IOException {
        if (TextReader.isBinary(file, "")) {
            throw new DocumentException(DocumentException.Reason.MALFORMED, "it is not HTML");
        }
        org.jsoup.nodes.Document page = Jsoup.parse(new ByteArrayInputStream(file), null, "");
        deadline.check();
        page.select(ASIDE).remove();
        Limits deeper = new Limits(
                limits.bytes(), limits.characters(), limits.pages(), limits.depth() * TIMES_DEPTH, limits.time());
        MarkupBlocks blocks = new MarkupBlocks(deeper, deadline);
        NodeTraversor.traverse(
                new NodeVisitor() {
                    @Override
                    public void head(Node node, int depth) {
                        if (node instanceof TextNode text) {
                            char[] letters = text.getWholeText().toCharArray();
                            blocks.characters(letters, 0, letters.length);
                        } else if (node instanceof Element element) {
                            AttributesImpl attributes = new AttributesImpl();
                            if (element.hasAttr("colspan")) {
                                attributes.addAttribute("", "colspan", "colspan", "CDATA", element.attr("colspan"));
                            }
                            String name = element.normalName();
                            blocks.startElement("", name, name, attributes);
                        }
                    }

                    @Override
                    public void tail(Node node, int depth) {
                        if (node instanceof Element element) {
                            String name = element.normalName().toLowerCase(Locale.ROOT);
                            blocks.endElement("", name, name);
                        }
                    }
                },
                main(page));
        return blocks.document();
    }

    private static Element main(org.jsoup.nodes.Document page) {
        Element body = page.body();
        Elements mains = page.select("main, [role=main]");
        Elements articles = page.select("article");
        Element main = mains.size() == 1 ? mains.first() : articles.size() == 1 ? articles.first() : null;
        return main != null && main.text().length() >= GOOD_PART * body.text().length() ? main : body;
    }
}
