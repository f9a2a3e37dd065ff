package dev.outcrop.server;

import dev.outcrop.engines.models.Progress;
import java.io.PrintWriter;

/** Draws the progress of an installation: one line that redraws itself on a terminal, few plain lines elsewhere. */
final class ProgressBar implements Progress {
    private static final int WIDTH = 30;
    private static final String ERASE_LINE = "\r\u001b[2K";

    private final PrintWriter out;
    private final boolean terminal;
    private boolean drawn;
    private Phase phase;
    private String file = "";
    private int tenth = -1;

    ProgressBar(PrintWriter out) {
        this.out = out;
        this.terminal = isTerminal();
    }

    /** Since JDK 25 there is no console again where output is redirected, which the check does not know yet. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    @Override
    public void report(Step step) {
        boolean news = step.phase() != phase || !step.file().equals(file);
        int tenths = step.bytesTotal() == 0 ? -1 : (int) (10 * step.bytesDone() / step.bytesTotal());
        phase = step.phase();
        file = step.file();
        if (step.phase() == Phase.SOURCE_FAILED) {
            erase();
            out.println("  " + step.detail());
        } else if (terminal) {
            erase();
            out.print(line(step));
            drawn = true;
        } else if (news || tenths > tenth) {
            out.println(line(step));
        }
        tenth = tenths;
        out.flush();
    }

    private static String line(Step step) {
        StringBuilder line = new StringBuilder(step.model()).append(": ").append(words(step.phase()));
        if (!step.file().isEmpty()) {
            line.append(' ').append(step.file());
        }
        if (step.bytesTotal() > 0) {
            int filled = (int) (WIDTH * Math.min(step.bytesDone(), step.bytesTotal()) / step.bytesTotal());
            line.append(" [").repeat('=', filled).repeat(' ', WIDTH - filled).append("] ");
            line.append(Amount.ofBytes(step.bytesDone())).append(" of ").append(Amount.ofBytes(step.bytesTotal()));
        }
        if (step.bytesPerSecond() > 0) {
            line.append(", ")
                    .append(Amount.ofBytes(Math.round(step.bytesPerSecond())))
                    .append("/s");
        }
        return line.toString();
    }

    private static String words(Phase phase) {
        return switch (phase) {
            case WAITING -> "waiting for another installation";
            case CONNECTING -> "asking for";
            case DOWNLOADING -> "fetching";
            case EXTRACTING -> "unpacking";
            case VERIFYING -> "checking";
            case SOURCE_FAILED -> "failed";
            case REQUANTIZING -> "rewriting for speed";
            case INSTALLED -> "installed";
        };
    }

    private void erase() {
        if (drawn) {
            out.print(ERASE_LINE);
            drawn = false;
        }
    }

    /** Takes the line away, so that what is said next stands alone. */
    void finish() {
        erase();
        out.flush();
    }
}
