package dev.hadron.report;

import java.util.Optional;

/**
 * How far the outputs of a decoder layer are apart in two models that run over the same text, each on its own inputs. Says nothing
 * of a model whose residual stream is rotated beside one that isn't.
 *
 * @param layer the module's name
 * @param stream of the residual stream that leaves the layer, over all tokens
 * @param added of what the layer adds to the stream, over all tokens
 * @param worstToken of the residual stream, at the token where it is lowest
 * @param worstAt that token; empty where no token differs
 */
public record LayerDifference(
        String layer,
        SignalToNoise stream,
        SignalToNoise added,
        SignalToNoise worstToken,
        Optional<TokenPlace> worstAt) {}
