package dev.hadron.model.samples;

import dev.hadron.execution.Cancellation;
import java.util.OptionalLong;

/**
 * Which samples are asked for.
 *
 * @param samples at most so many
 * @param length at most so many tokens of each
 * @param seed of the draw; empty for the first ones
 * @param vocabulary the model's number of tokens
 * @param cancellation asked for now and then
 */
public record SampleRequest(int samples, int length, OptionalLong seed, int vocabulary, Cancellation cancellation) {}
