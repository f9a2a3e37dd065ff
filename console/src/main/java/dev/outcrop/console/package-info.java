/** The web console: its pages, and the server's own interface for what AWS has none for. Its sources are in {@code web/}. */
package dev.outcrop.console;
