package dev.hadron.report;

/**
 * A token of a text.
 *
 * @param window which window it is in, from 0
 * @param position where in the window, from 0
 * @param text the last words up to it, its own included
 */
public record TokenPlace(int window, int position, String text) {}
