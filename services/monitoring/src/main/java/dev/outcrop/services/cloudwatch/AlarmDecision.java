package dev.outcrop.services.cloudwatch;

import java.util.List;

/**
 * What the data of an alarm say of its state. More points are looked at than are evaluated, so that those that are there
 * stand in for those that are missing.
 *
 * <p>Source: "Configuring how CloudWatch alarms treat missing data" with its tables, Amazon CloudWatch user guide.
 */
enum AlarmDecision {
    OK,
    ALARM,
    INSUFFICIENT_DATA,
    /** The alarm stays in the state in which it is. */
    RETAIN;

    /** How many periods before those to be evaluated are looked at. */
    static final int EARLIER = 2;

    /** A point as an alarm sees it. */
    enum Point {
        BREACHING,
        WITHIN,
        MISSING
    }

    /** What missing points are taken for. */
    enum Missing {
        MISSING("missing"),
        IGNORE("ignore"),
        BREACHING("breaching"),
        NOT_BREACHING("notBreaching");

        private final String text;

        Missing(String text) {
            this.text = text;
        }

        /** The one called {@code text}; {@link #MISSING} where it is null. */
        static Missing of(String text) {
            for (Missing missing : values()) {
                if (missing.text.equals(text)) {
                    return missing;
                }
            }
            return MISSING;
        }
    }

    /**
     * Decides.
     *
     * @param points    all that were looked at, the newest last
     * @param evaluated how many are evaluated
     * @param toAlarm   how many of them make an alarm, at most {@code evaluated}
     */
    static AlarmDecision of(List<Point> points, int evaluated, int toAlarm, Missing missing) {
        List<Point> present =
                points.stream().filter(point -> point != Point.MISSING).toList();
        if (present.size() >= evaluated) {
            return breaching(present.subList(present.size() - evaluated, present.size())) >= toAlarm ? ALARM : OK;
        }
        int filled = evaluated - present.size();
        return switch (missing) {
            case BREACHING -> breaching(present) + filled >= toAlarm ? ALARM : OK;
            case NOT_BREACHING -> breaching(present) >= toAlarm ? ALARM : OK;
            case MISSING, IGNORE -> undecided(points, present, toAlarm, missing);
        };
    }

    private static AlarmDecision undecided(List<Point> points, List<Point> present, int toAlarm, Missing missing) {
        if (breaching(present) >= toAlarm) {
            return ALARM;
        }
        if (present.contains(Point.WITHIN)) {
            return OK;
        }
        if (missing == Missing.IGNORE) {
            return RETAIN;
        }
        // What breaches and is old enough makes an alarm, though what came after it is missing.
        int age = points.size() - points.indexOf(Point.BREACHING);
        return !present.isEmpty() && age >= toAlarm ? ALARM : INSUFFICIENT_DATA;
    }

    private static int breaching(List<Point> points) {
        return (int) points.stream().filter(point -> point == Point.BREACHING).count();
    }
}
