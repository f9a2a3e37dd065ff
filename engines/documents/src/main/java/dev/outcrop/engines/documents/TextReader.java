package dev.outcrop.engines.documents;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.tika.parser.txt.CharsetDetector;
import org.apache.tika.parser.txt.CharsetMatch;

/** Reads plain text in whatever encoding it is. */
public final class TextReader {
    private static final Charset FALLBACK = Charset.forName("windows-1252");
    private static final int SAMPLE = 1 << 16;
    private static final int FEWEST_TO_GUESS = 64;
    private static final int SURE = 15;

    private TextReader() {}

    /**
     * The text that bytes are: by their mark, as UTF-8 if they are, as UTF-16 if half of them are zero, as what the
     * frequencies of a longer text's bytes tell, and else in the encoding that old Windows programs wrote.
     */
    public static String decode(byte[] bytes) {
        if (marked(bytes, 0xEF, 0xBB, 0xBF)) {
            return new String(bytes, 3, bytes.length - 3, StandardCharsets.UTF_8);
        }
        if (marked(bytes, 0xFF, 0xFE, 0, 0) || marked(bytes, 0, 0, 0xFE, 0xFF)) {
            return withoutMark(new String(bytes, Charset.forName("UTF-32")));
        }
        if (marked(bytes, 0xFF, 0xFE) || marked(bytes, 0xFE, 0xFF)) {
            return new String(bytes, StandardCharsets.UTF_16);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUnicode) {
            return new String(bytes, guessed(bytes));
        }
    }

    private static boolean marked(byte[] bytes, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static Charset guessed(byte[] bytes) {
        if (bytes.length < FEWEST_TO_GUESS) {
            return FALLBACK;
        }
        CharsetMatch match = new CharsetDetector()
                .setText(Arrays.copyOf(bytes, Math.min(bytes.length, SAMPLE)))
                .detect();
        if (match == null || match.getConfidence() < SURE || match.getName().equals("ISO-8859-1")) {
            return FALLBACK;
        }
        try {
            return Charset.forName(match.getName());
        } catch (UnsupportedCharsetException unknown) {
            return FALLBACK;
        }
    }

    /** Whether what was decoded is no text: another format, or full of control characters. */
    static boolean isBinary(byte[] file, String text) {
        if (Signatures.zip(file) || Signatures.compound(file) || Signatures.contains(file, 5, "%PDF-")) {
            return true;
        }
        long controls = text.chars()
                .limit(SAMPLE)
                .filter(letter -> letter < 32 && letter != '\n' && letter != '\r' && letter != '\t' && letter != '\f')
                .count();
        return controls * 100 > Math.min(text.length(), SAMPLE);
    }

    /** Paragraphs are what blank lines part. */
    static Document read(String text) {
        List<Block> blocks = new ArrayList<>();
        for (String paragraph : text.split("\\R[ \\t]*\\R\\s*")) {
            String stripped = paragraph.strip();
            if (!stripped.isEmpty()) {
                blocks.add(new Block.Paragraph(stripped, 0));
            }
        }
        return new Document(blocks, 0, List.of());
    }
}
