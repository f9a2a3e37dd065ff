package dev.outcrop.engines.sources;

/** Pages of HTML made of what an interface gives in pieces. */
public final class HtmlPage {
    private HtmlPage() {}

    /** A page with a title, which is its first heading, too. */
    public static String of(String title, String body) {
        String safe = escaped(title);
        return "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>" + safe + "</title></head><body><h1>" + safe
                + "</h1>" + body + "</body></html>";
    }

    /** A text in which nothing is markup. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
