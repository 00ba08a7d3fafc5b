package dev.hadron.pipeline;

import java.util.logging.Level;
import java.util.logging.Logger;

/** {@code log_severity_level}: how severe a record of our own log must be to be kept. */
final class LogSeverity {
    /** Of all packages of ours, and of nobody else. Held, because a logger that nobody holds forgets its level. */
    static final Logger OURS = Logger.getLogger("dev.hadron");

    private LogSeverity() {}

    /** Sets the level of our log; a host's other loggers stay as they are. */
    static void apply(int logSeverityLevel) {
        OURS.setLevel(
                switch (logSeverityLevel) {
                    case 0 -> Level.FINE;
                    case 1 -> Level.INFO;
                    case 2 -> Level.WARNING;
                    case 3 -> Level.SEVERE;
                    // Nothing of ours is more severe than an error.
                    case 4 -> Level.OFF;
                    default -> throw new IllegalArgumentException("log_severity_level is " + logSeverityLevel);
                });
    }
}
