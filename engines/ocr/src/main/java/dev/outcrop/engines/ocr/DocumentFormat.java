package dev.outcrop.engines.ocr;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What is read. */
enum DocumentFormat {
    JPEG,
    PNG,
    TIFF,
    PDF;

    private static final int PDF_HEADER_WITHIN = 1024;

    /** The format that a file's first bytes show, whatever it was said to be. */
    static Optional<DocumentFormat> of(byte[] file) {
        if (starts(file, 0, "\u00FF\u00D8\u00FF")) {
            return Optional.of(JPEG);
        }
        if (starts(file, 0, "\u0089PNG\r\n\u001A\n")) {
            return Optional.of(PNG);
        }
        if (starts(file, 0, "II*\0") || starts(file, 0, "MM\0*")) {
            return Optional.of(TIFF);
        }
        for (int at = 0; at < Math.min(PDF_HEADER_WITHIN, file.length); at++) {
            if (starts(file, at, "%PDF-")) {
                return Optional.of(PDF);
            }
        }
        return Optional.empty();
    }

    private static boolean starts(byte[] file, int at, String signature) {
        byte[] bytes = signature.getBytes(StandardCharsets.ISO_8859_1);
        if (file.length < at + bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (file[at + i] != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
