package io.captioner.jobs;

import java.io.Console;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Progress with count, rate and remaining time: a bar that redraws itself on a terminal, plain lines at intervals
 * elsewhere. The first rate is known after the first step.
 */
final class ProgressBar implements Progress {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressBar.class);
    private static final Duration REDRAW = Duration.ofMillis(200);
    private static final Duration LINE = Duration.ofSeconds(15);
    private static final int CELLS = 24;
    private static final String ERASE_REST = "\u001b[K";

    private final Consumer<String> display;
    private final boolean redraws;
    private final Duration interval;
    private final LongSupplier nanoTime;

    private ProgressBar(Consumer<String> display, boolean redraws, Duration interval, LongSupplier nanoTime) {
        this.display = display;
        this.redraws = redraws;
        this.interval = interval;
        this.nanoTime = nanoTime;
    }

    /** Returns a bar on the terminal if there is one, and lines in the log otherwise. */
    static ProgressBar standard() {
        Console console = System.console();
        return console != null && isTerminal(console)
                ? onTerminal(console.writer(), System::nanoTime)
                : inLines(LOG::info, LINE, System::nanoTime);
    }

    /** Returns a bar that redraws itself on a terminal. */
    static ProgressBar onTerminal(PrintWriter terminal, LongSupplier nanoTime) {
        return new ProgressBar(
                text -> {
                    terminal.print(text);
                    terminal.flush();
                },
                true,
                REDRAW,
                nanoTime);
    }

    /** Returns a progress of plain lines, at most one an interval but for the last. */
    static ProgressBar inLines(Consumer<String> lines, Duration interval, LongSupplier nanoTime) {
        return new ProgressBar(lines, false, interval, nanoTime);
    }

    @Override
    public Task start(String name, long total) {
        return new Bar(name, total);
    }

    /** Java 22 to 24 have a console without a terminal too, and a method that tests it. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException olderJavaHasAConsoleOnlyOnATerminal) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("bug: Console.isTerminal is public", e);
        }
    }

    private final class Bar implements Task {
        private final String name;
        private final long total;
        private final long started = nanoTime.getAsLong();
        private long shown = started;
        private long done;
        private String suffix = "";
        private boolean closed;

        Bar(String name, long total) {
            this.name = name;
            this.total = total;
        }

        @Override
        public void step(long steps, String suffix) {
            done += steps;
            this.suffix = suffix;
            long now = nanoTime.getAsLong();
            if (now - shown >= interval.toNanos() && done < total) {
                shown = now;
                show(now, "");
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                show(nanoTime.getAsLong(), System.lineSeparator());
            }
        }

        private void show(long now, String end) {
            display.accept(redraws ? "\r" + text(now, bar() + " ") + ERASE_REST + end : text(now, ""));
        }

        private String bar() {
            int full = total == 0 ? CELLS : (int) Math.min(CELLS, done * CELLS / total);
            return "[" + "#".repeat(full) + ".".repeat(CELLS - full) + "]";
        }

        private String text(long now, String bar) {
            double seconds = (now - started) / 1e9;
            double rate = seconds > 0 ? done / seconds : 0;
            String text = "%s %s%,d/%,d".formatted(name, bar, done, total);
            if (done < total) {
                String left = rate > 0 ? time((total - done) / rate) : "?";
                text += ", %.1f/s, %s left".formatted(rate, left);
            } else {
                text += ", %.1f/s, took %s".formatted(rate, time(seconds));
            }
            return suffix.isEmpty() ? text : text + ", " + suffix;
        }

        private static String time(double seconds) {
            long whole = Math.round(seconds);
            return whole < 3600
                    ? "%d:%02d".formatted(whole / 60, whole % 60)
                    : "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60);
        }
    }
}
