package io.captioner.training.report;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a chart.
 *
 * @param name as the legend has it
 * @param points in the order of x, all finite
 */
public record Series(String name, List<Point> points) {
    /** A point of the line. */
    public record Point(double x, double y) {}

    public Series {
        points = List.copyOf(points);
    }

    /** Returns the exponential moving average of the line. */
    Series smoothed(double decay) {
        List<Point> smooth = new ArrayList<>();
        double mean = Double.NaN;
        for (Point point : points) {
            mean = Double.isNaN(mean) ? point.y() : decay * mean + (1 - decay) * point.y();
            smooth.add(new Point(point.x(), mean));
        }
        return new Series(name + ", smoothed", smooth);
    }

    /** Returns the line with at most {@code most} evenly spaced points and its last. */
    Series thinned(int most) {
        int stride = Math.max(1, (points.size() + most - 1) / most);
        List<Point> kept = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            if (i % stride == 0 || i == points.size() - 1) {
                kept.add(points.get(i));
            }
        }
        return new Series(name, kept);
    }
}
