package dev.hadron.report;

/** How long a stage of a run took. */
public record StageTime(String stage, double seconds) {}
