package dev.hadron.model.arch;

/**
 * The experts of a sparse feed-forward block.
 *
 * @param block the module in a layer that holds them and the router, {@code gate}
 * @param names of an expert's matrices
 * @param count how many there are
 * @param perToken how many each token passes
 * @param intermediate the width between an expert's matrices
 * @param normalized whether the weights of a token's experts are made to sum to 1
 */
public record Experts(String block, MatrixNames names, int count, int perToken, int intermediate, boolean normalized) {}
