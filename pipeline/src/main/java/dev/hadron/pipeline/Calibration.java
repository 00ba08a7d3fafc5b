package dev.hadron.pipeline;

import dev.hadron.error.ConfigException;
import java.nio.file.Path;

/**
 * What to calibrate with.
 *
 * @param source where samples come from
 * @param samples at most so many
 * @param length at most so many tokens of each
 * @param shuffle whether samples are drawn, with the job's seed, instead of taken from the beginning
 */
public record Calibration(CalibrationSource source, int samples, int length, boolean shuffle) {
    /** With a file: text, JSON lines or token ids, by its name. */
    public Calibration(Path file, int samples, int length, boolean shuffle) {
        this(CalibrationSource.ofFile(file), samples, length, shuffle);
    }

    /** Checks the counts. */
    public Calibration {
        requirePositive("samples", samples);
        requirePositive("length", length);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new ConfigException(name + " is " + value + "; it must be positive");
        }
    }
}
