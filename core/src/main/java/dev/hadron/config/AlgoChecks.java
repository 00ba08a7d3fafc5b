package dev.hadron.config;

import dev.hadron.error.ConfigException;

/** Checks of numbers that algorithms share. What is sensible is decided when an algorithm runs. */
final class AlgoChecks {
    private AlgoChecks() {}

    static void finite(double value, String field, String name) {
        if (!Double.isFinite(value)) {
            throw new ConfigException(field + " of " + name + " is " + value + "; it must be a number");
        }
    }

    static void positive(int value, String field, String name) {
        if (value < 1) {
            throw new ConfigException(field + " of " + name + " is " + value + "; it must be positive");
        }
    }
}
