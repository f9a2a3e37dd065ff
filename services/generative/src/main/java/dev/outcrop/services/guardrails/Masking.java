package dev.outcrop.services.guardrails;

import dev.outcrop.services.guardrails.Finding.Placed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Puts {@code {EMAIL}} in the place of what is to be masked. Where findings overlap, the first and longest counts. */
final class Masking {
    private final List<Placed> places;

    /** The masks for what is to be anonymized of {@code findings}. */
    Masking(Collection<? extends Finding> findings) {
        List<Placed> sorted = new ArrayList<>();
        for (Finding finding : findings) {
            if (finding.verdict() == Verdict.ANONYMIZED && finding instanceof Placed placed) {
                sorted.add(placed);
            }
        }
        sorted.sort(Comparator.comparingInt(Placed::start)
                .thenComparing(Comparator.comparingInt(Placed::end).reversed()));
        List<Placed> apart = new ArrayList<>();
        int reached = 0;
        for (Placed place : sorted) {
            if (place.start() >= reached) {
                apart.add(place);
                reached = place.end();
            } else if (place.end() > reached) {
                // What sticks out of the mask before it is hidden behind that one's name, too.
                Placed last = apart.removeLast();
                apart.add(new Finding.PersonalFound(last.start(), place.end(), "", last.label(), Verdict.ANONYMIZED));
                reached = place.end();
            }
        }
        this.places = apart;
    }

    /**
     * The part of {@code text} from {@code from} to {@code to}, masked. A mask stands where its place begins; what of a
     * place reaches in from before is left out.
     */
    String masked(CharSequence text, int from, int to) {
        StringBuilder masked = new StringBuilder(to - from);
        int at = from;
        for (Placed place : places) {
            if (place.end() <= from || place.start() >= to) {
                continue;
            }
            masked.append(text, at, Math.max(at, place.start()));
            if (place.start() >= from) {
                masked.append('{').append(place.label()).append('}');
            }
            at = Math.min(to, place.end());
        }
        return masked.append(text, at, to).toString();
    }
}
