package dev.outcrop.engines.sources.crawl;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which documents a crawl fetches: those that Bedrock's knowledge bases support. */
final class MediaTypes {
    static final String HTML = "text/html";

    private static final Set<String> PAGES = Set.of(HTML, "application/xhtml+xml");
    private static final Map<String, String> DOCUMENTS = Map.of(
            "txt", "text/plain",
            "md", "text/markdown",
            "csv", "text/csv",
            "pdf", "application/pdf",
            "doc", "application/msword",
            "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "xls", "application/vnd.ms-excel",
            "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

    /** What no page or document ends with, and need not be asked for. */
    private static final Set<String> OTHERS = Set.of(
            "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "bmp", "tif", "tiff", "css", "js", "mjs", "json", "xml",
            "rss", "atom", "woff", "woff2", "ttf", "eot", "mp3", "mp4", "m4a", "m4v", "mov", "avi", "wav", "webm",
            "ogg", "zip", "gz", "tgz", "tar", "bz2", "xz", "7z", "rar", "jar", "war", "exe", "msi", "dmg", "iso", "apk",
            "deb", "rpm", "bin");

    private MediaTypes() {}

    static boolean isDocument(String ending) {
        return DOCUMENTS.containsKey(ending);
    }

    static boolean isWorthAsking(String ending) {
        return !OTHERS.contains(ending);
    }

    static boolean isPage(String type) {
        return PAGES.contains(type);
    }

    static boolean isWanted(String type) {
        return isPage(type) || DOCUMENTS.containsValue(type);
    }

    /** A content type without its parameters; by the address's ending where the server says nothing of use. */
    static String of(Optional<String> header, String ending) {
        String type = header.map(value -> value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .orElse("");
        if (!type.isEmpty() && !type.equals("application/octet-stream")) {
            return type;
        }
        return DOCUMENTS.getOrDefault(ending, type.isEmpty() ? HTML : type);
    }

    /** The character encoding that a content type names, if the JVM knows it. */
    static Optional<String> charset(Optional<String> header) {
        return header.flatMap(value -> {
            int place = value.toLowerCase(Locale.ROOT).indexOf("charset=");
            if (place < 0) {
                return Optional.empty();
            }
            String name = value.substring(place + "charset=".length())
                    .split("[;\\s]", 2)[0]
                    .replace("\"", "");
            try {
                return Optional.of(Charset.forName(name).name());
            } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
                return Optional.empty();
            }
        });
    }
}
