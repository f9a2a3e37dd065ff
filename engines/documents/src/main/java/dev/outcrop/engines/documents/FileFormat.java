package dev.outcrop.engines.documents;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** A format of files that {@link DocumentParser} reads. */
public enum FileFormat {
    PDF("pdf", "application/pdf"),
    DOCX("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    DOC("doc", "application/msword"),
    XLSX("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    XLS("xls", "application/vnd.ms-excel"),
    PPTX("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    PPT("ppt", "application/vnd.ms-powerpoint"),
    HTML("html htm xhtml", "text/html application/xhtml+xml"),
    MARKDOWN("md markdown", "text/markdown text/x-markdown"),
    CSV("csv", "text/csv application/csv"),
    TEXT("txt text", "text/plain");

    private final String extensions;
    private final String mediaTypes;

    FileFormat(String extensions, String mediaTypes) {
        this.extensions = extensions;
        this.mediaTypes = mediaTypes;
    }

    /** The format that a file's name says, by what follows its last dot. */
    public static Optional<FileFormat> ofName(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? Optional.empty() : first(format -> format.extensions, name.substring(dot + 1));
    }

    /** The format of a media type; its parameters, such as the charset, do not count. */
    public static Optional<FileFormat> ofMediaType(String mediaType) {
        return first(format -> format.mediaTypes, mediaType.split(";", 2)[0].strip());
    }

    private static Optional<FileFormat> first(Function<FileFormat, String> names, String wanted) {
        String name = wanted.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> List.of(names.apply(format).split(" ")).contains(name))
                .findFirst();
    }
}
