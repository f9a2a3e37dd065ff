package dev.outcrop.engines.documents;

import dev.outcrop.engines.documents.DocumentException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.poi.openxml4j.util.ZipSecureFile;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.microsoft.OfficeParser;
import org.apache.tika.parser.microsoft.OfficeParserConfig;
import org.apache.tika.parser.microsoft.ooxml.OOXMLParser;
import org.apache.tika.sax.SecureContentHandler;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/** Reads Word, Excel and PowerPoint in both of their formats by Tika's parsers, each told its format. */
final class OfficeReader {
    private static final long LARGEST_ZIP_ENTRY = 256L << 20;
    private static final int HIGHEST_COMPRESSION = 1000;

    static {
        ZipSecureFile.setMaxEntrySize(LARGEST_ZIP_ENTRY);
    }

    private OfficeReader() {}

    static Document read(byte[] file, FileFormat format, Limits limits, Deadline deadline)
            throws IOException, SAXException, TikaException {
        boolean newer = format == FileFormat.DOCX || format == FileFormat.XLSX || format == FileFormat.PPTX;
        if (newer && Signatures.compound(file)) {
            throw isEncrypted(file)
                    ? new DocumentException(Reason.ENCRYPTED, "it is encrypted and needs a password")
                    : new DocumentException(Reason.MALFORMED, "it is of the older format, not " + format);
        }
        if (newer ? !Signatures.zip(file) : !Signatures.compound(file)) {
            throw new DocumentException(Reason.MALFORMED, "it is not of the format " + format);
        }
        if (newer && !Signatures.zipEnds(file)) {
            throw new DocumentException(Reason.MALFORMED, "it is incomplete: its end is missing");
        }
        Parser parser = newer ? new OOXMLParser() : new OfficeParser();
        MarkupBlocks blocks = new MarkupBlocks(limits, deadline);
        ParseContext context = new ParseContext();
        context.set(EmbeddedDocumentExtractor.class, new NothingEmbedded());
        OfficeParserConfig office = new OfficeParserConfig();
        office.setExtractMacros(false);
        office.setUseSAXDocxExtractor(true);
        context.set(OfficeParserConfig.class, office);
        try (TikaInputStream stream = TikaInputStream.get(new ByteArrayInputStream(file))) {
            SecureContentHandler secure = new SecureContentHandler(blocks, stream);
            secure.setMaximumDepth(limits.depth());
            secure.setMaximumCompressionRatio(HIGHEST_COMPRESSION);
            parser.parse(stream, secure, new Metadata(), context);
        } catch (EncryptedDocumentException locked) {
            throw new DocumentException(Reason.ENCRYPTED, "it is encrypted and needs a password", locked);
        }
        return blocks.document();
    }

    /** Whether a compound file has the entry that holds an encrypted document. */
    private static boolean isEncrypted(byte[] file) {
        byte[] entry = "EncryptedPackage".getBytes(StandardCharsets.UTF_16LE);
        for (int at = 0; at + entry.length <= file.length; at++) {
            if (file[at] == 'E' && Signatures.starts(file, at, entry)) {
                return true;
            }
        }
        return false;
    }

    /** Leaves embedded files alone. */
    private static final class NothingEmbedded implements EmbeddedDocumentExtractor {
        @Override
        public boolean shouldParseEmbedded(Metadata metadata) {
            return false;
        }

        @Override
        public void parseEmbedded(InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml) {
            // Nothing embedded is read: see shouldParseEmbedded.
        }
    }
}
