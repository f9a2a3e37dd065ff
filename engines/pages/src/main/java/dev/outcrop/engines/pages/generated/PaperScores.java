package dev.outcrop.engines.pages.generated;

import dev.outcrop.engines.pages.Expense;
import dev.outcrop.engines.pages.Expenses;
import dev.outcrop.engines.pages.IdentityPapers;
import dev.outcrop.engines.pages.PageStructure;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How much is found on papers of every kind. */
public final class PaperScores {
    private static final LocalDate TODAY = LocalDate.of(2026, 6, 1);

    private final Scores summary = new Scores();
    private final Scores items = new Scores();
    private final Scores identity = new Scores();
    private final Scores layout = new Scores();
    private final Scores signatures = new Scores();
    private int questions;
    private int answered;

    /** A paper of each kind. */
    public static List<KnownPaper> papers(long seed) {
        return List.of(
                KnownExpenses.invoice(seed),
                KnownExpenses.receipt(seed),
                KnownIdentities.licence(seed),
                KnownIdentities.passport(seed),
                KnownAgreements.agreement(seed));
    }

    /** Counts what is found on a page. */
    public void add(KnownPaper paper, PageStructure page) {
        questions += paper.questions().size();
        answered += paper.answered(List.of(page));
        switch (paper.kind()) {
            case EXPENSE -> {
                Expense expense = Expenses.read(page);
                summary.add(KnownPaper.summary(expense), paper.facts(fact -> !fact.startsWith("LINE_")));
                items.add(KnownPaper.items(expense), paper.facts(fact -> fact.startsWith("LINE_")));
            }
            case IDENTITY -> identity.add(KnownPaper.identity(IdentityPapers.read(page.sheet(), TODAY)), paper.facts());
            case AGREEMENT -> {
                layout.add(KnownPaper.layout(page), paper.facts());
                paper.score(page, signatures);
            }
        }
    }

    /** F1 of what was found, and the share of questions that were answered rightly. */
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("F1 of expenses' summaries", summary.f1());
        figures.put("F1 of expenses' line items", items.f1());
        figures.put("F1 of identity papers' fields", identity.f1());
        figures.put("F1 of parts of the layout", layout.f1());
        figures.put("F1 of signatures", signatures.f1());
        figures.put("questions answered rightly", questions == 0 ? 1 : (double) answered / questions);
        return figures;
    }
}
