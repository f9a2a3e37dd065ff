package dev.outcrop.services.textract;

import dev.outcrop.engines.ocr.Page;
import dev.outcrop.engines.ocr.Point;
import dev.outcrop.engines.pages.Box;
import java.util.List;
import software.amazon.awssdk.services.textract.model.Geometry;

/**
 * Where something stands on a page, as Textract tells it: in parts of the page as it was given. A turned page shows in the order
 * of a polygon's points; {@code RotationAngle} is left out, since the response parser refuses answers that have it.
 */
final class Shape {
    private Shape() {}

    /** The geometry of a polygon on the upright page, in parts of it. */
    static Geometry of(Page page, List<Point> upright) {
        List<Point> given = upright.stream().map(page::asGiven).toList();
        double left = given.stream().mapToDouble(Point::x).min().orElse(0);
        double right = given.stream().mapToDouble(Point::x).max().orElse(0);
        double top = given.stream().mapToDouble(Point::y).min().orElse(0);
        double bottom = given.stream().mapToDouble(Point::y).max().orElse(0);
        return Geometry.builder()
                .boundingBox(box -> box.left(part(left))
                        .top(part(top))
                        .width(part(right) - part(left))
                        .height(part(bottom) - part(top)))
                .polygon(given.stream()
                        .map(point -> software.amazon.awssdk.services.textract.model.Point.builder()
                                .x(part(point.x()))
                                .y(part(point.y()))
                                .build())
                        .toList())
                .build();
    }

    /** The geometry of a box in the pixels of the upright page. */
    static Geometry of(Page page, Box box) {
        double left = box.left() / page.width();
        double right = box.right() / page.width();
        double top = box.top() / page.height();
        double bottom = box.bottom() / page.height();
        return of(
                page,
                List.of(
                        new Point(left, top),
                        new Point(right, top),
                        new Point(right, bottom),
                        new Point(left, bottom)));
    }

    /** The geometry of the whole page. */
    static Geometry whole(Page page) {
        return of(page, new Box(0, 0, page.width(), page.height()));
    }

    private static float part(double value) {
        return (float) Math.clamp(value, 0, 1);
    }
}
