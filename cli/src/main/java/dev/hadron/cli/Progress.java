package dev.hadron.cli;

import dev.hadron.execution.ProgressListener;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows progress: a bar with rate and time left on a terminal, a line now and then in a log. */
final class Progress implements ProgressListener, AutoCloseable {
    private static final long NANOS = 1_000_000_000L;
    private static final long REDRAW_NANOS = NANOS / 10;
    private static final long LOG_NANOS = 10 * NANOS;
    private static final int USUAL_COLUMNS = 80;
    private static final int LONGEST_BAR = 24;
    private static final int SHORTEST_BAR = 4;
    private static final int BRACKETS = "[] ".length();
    private static final int WHOLE = 100;
    private static final String CLEAR_LINE = "\r\033[K";

    private final PrintWriter err;
    private final boolean terminal;
    private final int columns;
    private String stage = "";
    private String unit = "";
    private long total;
    private long done;
    private long start;
    private long last;
    private boolean drawn;

    Progress(PrintWriter err) {
        this.err = err;
        this.terminal = Boolean.getBoolean("hadron.terminal");
        this.columns = Integer.getInteger("hadron.columns", USUAL_COLUMNS);
    }

    @Override
    public void started(String name, long amount, String counted) {
        stage = name;
        unit = counted;
        total = Math.max(1, amount);
        done = 0;
        start = System.nanoTime();
        last = terminal ? start - REDRAW_NANOS : start;
        show(start);
    }

    @Override
    public void advanced(long now) {
        done = Math.min(now, total);
        show(System.nanoTime());
    }

    @Override
    public void finished() {
        close();
        double seconds = (System.nanoTime() - start) / (double) NANOS;
        err.println(String.format(Locale.ROOT, "%s: done in %.1f s", stage, seconds));
        err.flush();
    }

    /** Removes the bar of a stage that didn't come to its end, so that what is printed next has a line of its own. */
    @Override
    public void close() {
        if (drawn) {
            err.print(CLEAR_LINE);
            err.flush();
            drawn = false;
        }
    }

    private void show(long now) {
        if (now - last < (terminal ? REDRAW_NANOS : LOG_NANOS)) {
            return;
        }
        last = now;
        double seconds = Math.max(1e-9, (now - start) / (double) NANOS);
        double fraction = (double) done / total;
        String text = String.format(
                Locale.ROOT,
                "%s %3d %%  %s/s  %s left",
                stage,
                (int) (fraction * WHOLE),
                amount(done / seconds),
                done == 0 ? "?" : Format.duration(seconds / fraction - seconds));
        if (terminal) {
            err.print(CLEAR_LINE + line(text, fraction));
            drawn = true;
        } else {
            err.println(text);
        }
        err.flush();
    }

    /** Leaves the last column free: terminals differ in what they do when it is written to. */
    private String line(String text, double fraction) {
        int room = Math.max(0, columns - 1);
        int bar = Math.min(LONGEST_BAR, room - text.length() - BRACKETS);
        if (bar < SHORTEST_BAR) {
            return text.substring(0, Math.min(room, text.length()));
        }
        int filled = (int) (fraction * bar);
        return "[" + "#".repeat(filled) + ".".repeat(bar - filled) + "] " + text;
    }

    private String amount(double value) {
        return unit.equals("bytes") ? Format.bytes((long) value) : String.format(Locale.ROOT, "%.1f %s", value, unit);
    }
}
