package dev.outcrop.engines.documents;

import java.nio.charset.StandardCharsets;

/** The first bytes by which formats are known. */
final class Signatures {
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] ZIP_END = {'P', 'K', 5, 6};
    /** The record's 22 bytes and the longest comment. */
    private static final int LONGEST_ZIP_END = 22 + 65_535;

    private static final byte[] COMPOUND = {
        (byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1, 0x1A, (byte) 0xE1
    };

    private Signatures() {}

    /** Whether ASCII {@code text} stands in the first {@code within} bytes. */
    static boolean contains(byte[] file, int within, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at + wanted.length <= Math.min(file.length, within); at++) {
            if (starts(file, at, wanted)) {
                return true;
            }
        }
        return false;
    }

    /** A zip archive, as DOCX, XLSX and PPTX are. */
    static boolean zip(byte[] file) {
        return starts(file, 0, ZIP);
    }

    /** Whether a zip archive has the record at its end that says what is in it. */
    static boolean zipEnds(byte[] file) {
        for (int at = file.length - ZIP_END.length; at >= Math.max(0, file.length - LONGEST_ZIP_END); at--) {
            if (starts(file, at, ZIP_END)) {
                return true;
            }
        }
        return false;
    }

    /** A compound file, as DOC, XLS and PPT are, and encrypted DOCX, XLSX and PPTX. */
    static boolean compound(byte[] file) {
        return starts(file, 0, COMPOUND);
    }

    static boolean starts(byte[] file, int at, byte[] wanted) {
        if (at + wanted.length > file.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (file[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
