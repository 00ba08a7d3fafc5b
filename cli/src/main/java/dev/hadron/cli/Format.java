package dev.hadron.cli;

import java.util.Locale;

/** Figures as people read them. */
final class Format {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};
    private static final double STEP = 1000;
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;

    private Format() {}

    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= STEP && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.2f %s", value, UNITS[unit]);
    }

    static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole >= HOUR) {
            return whole / HOUR + " h " + whole % HOUR / MINUTE + " min";
        }
        return whole >= MINUTE ? whole / MINUTE + " min " + whole % MINUTE + " s" : whole + " s";
    }

    /** A text on one line, and with nothing in it that a terminal would obey: names and words come from files and from elsewhere. */
    static String onOneLine(String text) {
        StringBuilder line = new StringBuilder();
        text.strip().replaceAll("\\s*\\R\\s*", " ").chars().forEach(c -> {
            if (Character.isISOControl(c)) {
                line.append(String.format("\\u%04x", c));
            } else {
                line.append((char) c);
            }
        });
        return line.toString();
    }
}
