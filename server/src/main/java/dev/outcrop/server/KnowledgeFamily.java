package dev.outcrop.server;

import dev.outcrop.kernel.ServedServices;

/** What is known: vectors, knowledge bases, and answers that rest on them. */
final class KnowledgeFamily implements Family {
    @Override
    public void serve(ServedServices services) {
        // None yet.
    }
}
