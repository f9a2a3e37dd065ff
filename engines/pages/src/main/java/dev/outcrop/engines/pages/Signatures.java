package dev.outcrop.engines.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds signatures where a page asks for one: ink that is no printed text, no line and no picture, above or right of words such
 * as "Signature" or "Signed by". A signature that nothing asks for is not found.
 */
final class Signatures {
    private static final Pattern CUE = Pattern.compile(
            ".*\\b(signature|signed|sign here|authori[sz]ed by|signatory)\\b.*", Pattern.CASE_INSENSITIVE);

    private Signatures() {}

    static List<Signature> find(Sheet sheet, List<Ruling> rulings, List<SelectionMark> marks, List<Box> figures) {
        List<Signature> signatures = new ArrayList<>();
        for (List<Segment> row : sheet.rows()) {
            for (Segment segment : row) {
                if (segment.words().size() <= 8 && CUE.matcher(segment.text()).matches()) {
                    signatureAt(sheet, segment.box(), rulings, marks)
                            .filter(found -> signatures.stream()
                                    .noneMatch(other -> other.box().touches(found.box())))
                            .ifPresent(signatures::add);
                }
            }
        }
        return signatures.stream()
                .filter(found -> figures.stream()
                        .noneMatch(figure -> figure.area() > 3 * found.box().area() && figure.holds(found.box())))
                .toList();
    }

    private static Optional<Signature> signatureAt(
            Sheet sheet, Box cue, List<Ruling> rulings, List<SelectionMark> marks) {
        double height = sheet.wordHeight();
        Box right = new Box(
                cue.right() + 0.3 * height,
                cue.top() - 1.8 * height,
                Math.min(sheet.width(), cue.right() + 22 * height),
                cue.bottom() + 0.8 * height);
        Box above = new Box(
                cue.left() - 2 * height,
                cue.top() - 4 * height,
                Math.min(sheet.width(), cue.left() + 20 * height),
                cue.top() - 0.1 * height);
        return ink(sheet, right, rulings, marks).or(() -> ink(sheet, above, rulings, marks));
    }

    /** The bounds of the ink in a place that nothing accounts for, if it is as large as a signature. */
    private static Optional<Signature> ink(Sheet sheet, Box place, List<Ruling> rulings, List<SelectionMark> marks) {
        Ink ink = sheet.ink();
        double height = sheet.wordHeight();
        List<Box> known = new ArrayList<>();
        sheet.words().stream()
                .filter(word -> (word.confidence() > 0.8 && word.text().length() > 1) || Labels.endsLabel(word.text()))
                .forEach(word -> known.add(word.box().grown(0.2 * height)));
        rulings.stream()
                .filter(ruling -> ruling.length() > 3 * height)
                .forEach(ruling -> known.add(ruling.box().grown(0.25 * height)));
        marks.forEach(mark -> known.add(mark.box().grown(0.2 * height)));
        List<Box> inside = known.stream().filter(box -> box.touches(place)).toList();
        int left = Math.clamp((int) (place.left() / ink.scaleX()), 0, ink.width());
        int right = Math.clamp((int) (place.right() / ink.scaleX()), 0, ink.width());
        int top = Math.clamp((int) (place.top() / ink.scaleY()), 0, ink.height());
        int bottom = Math.clamp((int) (place.bottom() / ink.scaleY()), 0, ink.height());
        Optional<Box> found = Optional.empty();
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                double pageX = (x + 0.5) * ink.scaleX();
                double pageY = (y + 0.5) * ink.scaleY();
                if (ink.at(x, y) && inside.stream().noneMatch(box -> box.contains(pageX, pageY))) {
                    Box dot = ink.box(x, y, x + 1, y + 1);
                    found = Optional.of(found.map(dot::union).orElse(dot));
                }
            }
        }
        return found.filter(box -> box.width() > 3 * height && box.height() > 0.8 * height)
                .filter(box -> ink.share(box) > 0.01 && ink.share(box) < 0.5)
                .map(box -> new Signature(box, 0.8));
    }
}
