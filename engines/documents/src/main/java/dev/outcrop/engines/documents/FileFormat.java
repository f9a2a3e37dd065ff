package dev.outcrop.engines.documents;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A format of files that {@link DocumentParser} reads. */
public enum FileFormat {
    PDF(List.of("pdf"), List.of("application/pdf")),
    DOCX(List.of("docx"), List.of("application/vnd.openxmlformats-officedocument.wordprocessingml.document")),
    DOC(List.of("doc"), List.of("application/msword")),
    XLSX(List.of("xlsx"), List.of("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
    XLS(List.of("xls"), List.of("application/vnd.ms-excel")),
    PPTX(List.of("pptx"), List.of("application/vnd.openxmlformats-officedocument.presentationml.presentation")),
    PPT(List.of("ppt"), List.of("application/vnd.ms-powerpoint")),
    HTML(List.of("html", "htm", "xhtml"), List.of("text/html", "application/xhtml+xml")),
    MARKDOWN(List.of("md", "markdown"), List.of("text/markdown", "text/x-markdown")),
    CSV(List.of("csv"), List.of("text/csv", "application/csv")),
    TEXT(List.of("txt", "text"), List.of("text/plain"));

    private final List<String> extensions;
    private final List<String> mediaTypes;

    FileFormat(List<String> extensions, List<String> mediaTypes) {
        this.extensions = extensions;
        this.mediaTypes = mediaTypes;
    }

    /** The format that a file's name says, by what follows its last dot. */
    public static Optional<FileFormat> ofName(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> name.indexOf('.') >= 0 && format.extensions.contains(extension))
                .findFirst();
    }

    /** The format of a media type; its parameters, such as the charset, do not count. */
    public static Optional<FileFormat> ofMediaType(String mediaType) {
        String type = mediaType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> format.mediaTypes.contains(type))
                .findFirst();
    }
}
