package dev.hadron.cli;

import dev.hadron.execution.ProgressListener;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows progress: a bar with rate and time left on a terminal, a line now and then in a log. */
final class Progress implements ProgressListener {
    private static final long NANOS = 1_000_000_000L;
    private static final long REDRAW_NANOS = NANOS / 10;
    private static final long LOG_NANOS = 10 * NANOS;
    private static final int BAR = 24;
    private static final int SHOWN_PERCENT = 100;

    private final PrintWriter err;
    private final boolean terminal;
    private String stage = "";
    private String unit = "";
    private long total;
    private long done;
    private long start;
    private long last;

    Progress(PrintWriter err) {
        this.err = err;
        this.terminal = Boolean.getBoolean("hadron.terminal");
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
        double seconds = (System.nanoTime() - start) / (double) NANOS;
        String line = String.format(Locale.ROOT, "%s: done in %.1f s", stage, seconds);
        err.println(terminal ? "\r\033[K" + line : line);
        err.flush();
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
                (int) (fraction * SHOWN_PERCENT),
                amount(done / seconds),
                done == 0 ? "?" : Format.duration(seconds / fraction - seconds));
        if (terminal) {
            int filled = (int) (fraction * BAR);
            err.print("\r\033[K[" + "#".repeat(filled) + ".".repeat(BAR - filled) + "] " + text);
        } else {
            err.println(text);
        }
        err.flush();
    }

    private String amount(double value) {
        return unit.equals("bytes") ? Format.bytes((long) value) : String.format(Locale.ROOT, "%.1f %s", value, unit);
    }
}
